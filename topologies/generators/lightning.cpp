#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <utility>

#include <boost/unordered/unordered_flat_set.hpp>

#include "core/random.hpp"
#include "topologies/generators/families.hpp"
#include "topologies/generators/lightning_channels.hpp"
#include "topologies/generators/lightning_tables.hpp"
#include "topologies/generators/numbered_network.hpp"
#include "topologies/generators/quantile.hpp"

// A random graph with a given joint distribution of the degrees at both ends of an edge: the "2K"
// graph of Mahadevan, Krioukov, Fall and Vahdat, "Systematic topology analysis and generation using
// degree correlations" (SIGCOMM 2006), with classes of degrees. A configuration model with the
// degrees alone has half the clustering and two thirds of the disassortativity of the public
// network. What clustering the classes leave out comes from positions on a circle: ends meet ends
// at nearby places, as in the hidden-variable model of Serrano, Krioukov and Boguna, "Self-
// similarity of complex networks and hidden metric spaces" (PRL 2008).
//
// Growth models were no choice: preferential attachment gives no node fewer than m channels, and
// here more than half of the nodes have one.
namespace ampsim::topo {
namespace {

constexpr double kNearby = 0.85;  // share of ends that meet an end at a nearby place
constexpr double kReach = 520;    // how many nodes' width of the circle those are spread over

/// One end of a pair of neighbours, until it has met the other end.
struct OpenEnd {
  std::uint32_t node;
  double place;
};
using OpenEnds = std::vector<OpenEnd>;

std::size_t class_of(std::uint32_t neighbours) {
  const auto above = std::upper_bound(kClassStarts.begin(), kClassStarts.end(), neighbours);
  return static_cast<std::size_t>(above - kClassStarts.begin()) - 1;
}

template <class T>
void shuffle(std::vector<T>& values, Rng& rng) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[rng.below(i)]);
}

class LightningGraph {
 public:
  LightningGraph(std::uint32_t nodes, Rng& rng) : node_count_(nodes), rng_(rng) {}

  /// Pairs of neighbours, each once, sorted. Cost: O(m log m).
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs() {
    open_ends();
    for (std::size_t a = 0; a < kDegreeClasses; ++a) {
      for (std::size_t b = a; b < kDegreeClasses; ++b) join_classes(a, b);
    }
    join_rest();
    join_lonely();
    std::sort(pairs_.begin(), pairs_.end());
    return std::move(pairs_);
  }

 private:
  void open_ends() {
    std::array<std::array<double, kDegreeClasses>, kDegreeClasses> below = kMixing;
    for (auto& row : below) std::partial_sum(row.begin(), row.end(), row.begin());
    // One node in every 1/n of the distribution; which node it is says nothing.
    std::vector<std::uint32_t> neighbours(node_count_);
    for (std::uint32_t i = 0; i < node_count_; ++i) {
      const double share = (i + rng_.unit()) / node_count_;
      const auto k = static_cast<std::uint32_t>(value_at(kNeighbours, share) + 1e-9);
      // The largest hub of a small network is joined to half of it.
      neighbours[i] = std::min(k, std::max(1U, node_count_ / 2));
    }
    shuffle(neighbours, rng_);
    const double reach = std::min(1.0, kReach / node_count_);
    for (std::uint32_t node = 0; node < node_count_; ++node) {
      const std::size_t own_class = class_of(neighbours[node]);
      const auto& row = below[own_class];
      const double place = rng_.unit();
      for (std::uint32_t i = 0; i < neighbours[node]; ++i) {
        const auto partner = std::upper_bound(row.begin(), row.end() - 1, rng_.unit() * row.back());
        const double drawn =
            rng_.chance(kNearby) ? place + reach * (rng_.unit() - 0.5) : rng_.unit();
        ends_[own_class][static_cast<std::size_t>(partner - row.begin())].push_back(
            {node, drawn - (drawn >= 1 ? 1 : 0) + (drawn < 0 ? 1 : 0)});
      }
    }
  }

  /// The ends of class a that look for class b meet those of class b that look for class a, in the
  /// order of their places. What is left over goes to the rest.
  void join_classes(std::size_t a, std::size_t b) {
    OpenEnds left = std::move(ends_[a][b]);
    shuffle(left, rng_);
    OpenEnds right;
    if (a == b) {
      right.assign(left.begin() + static_cast<std::ptrdiff_t>(left.size() / 2), left.end());
      left.resize(left.size() / 2);
    } else {
      right = std::move(ends_[b][a]);
      shuffle(right, rng_);
    }
    const std::size_t count = std::min(left.size(), right.size());
    for (OpenEnds* ends : {&left, &right}) {
      rest_.insert(rest_.end(), ends->begin() + static_cast<std::ptrdiff_t>(count), ends->end());
      ends->resize(count);
      std::sort(ends->begin(), ends->end(), [](const OpenEnd& x, const OpenEnd& y) {
        return std::pair(x.place, x.node) < std::pair(y.place, y.node);
      });
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (join(left[i].node, right[i].node)) continue;
      rest_.push_back(left[i]);
      rest_.push_back(right[i]);
    }
  }

  /// At random, some rounds long: hubs run out of partners that they do not have yet.
  void join_rest() {
    constexpr int kRounds = 12;
    for (int round = 0; round < kRounds && rest_.size() > 1; ++round) {
      shuffle(rest_, rng_);
      OpenEnds refused;
      if (rest_.size() % 2 == 1) refused.push_back(rest_.back());
      for (std::size_t i = 0; i + 1 < rest_.size(); i += 2) {
        if (join(rest_[i].node, rest_[i + 1].node)) continue;
        refused.push_back(rest_[i]);
        refused.push_back(rest_[i + 1]);
      }
      rest_ = std::move(refused);
    }
  }

  /// A node whose every end was refused still gets one neighbour: an end of a pair drawn uniformly,
  /// so that nodes with many neighbours are likelier.
  void join_lonely() {
    std::vector<bool> has_neighbour(node_count_);
    for (const auto& pair : pairs_) has_neighbour[pair.first] = has_neighbour[pair.second] = true;
    for (std::uint32_t node = 0; node < node_count_; ++node) {
      if (has_neighbour[node]) continue;
      bool is_joined = false;
      while (!is_joined) {
        const std::uint32_t other = pairs_.empty()
                                        ? static_cast<std::uint32_t>(rng_.below(node_count_))
                                        : pairs_[rng_.below(pairs_.size())].first;
        is_joined = join(node, other);
      }
    }
  }

  /// False where they are joined already, or one and the same.
  bool join(std::uint32_t a, std::uint32_t b) {
    const auto [first, second] = std::minmax(a, b);
    if (a == b || !known_.insert((std::uint64_t{first} << 32U) | second).second) return false;
    pairs_.emplace_back(first, second);
    return true;
  }

  std::uint32_t node_count_;
  Rng& rng_;
  std::array<std::array<OpenEnds, kDegreeClasses>, kDegreeClasses> ends_;
  OpenEnds rest_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs_;
  boost::unordered_flat_set<std::uint64_t> known_;  // looked up, never iterated
};

Topology make(const TopologyParams& params, std::uint64_t seed) {
  constexpr std::uint32_t kFewestNodes = 10;
  constexpr double kChannelsPerNode = 3.5;  // and a little more than it makes
  require_size(params, kFewestNodes, kChannelsPerNode * params.nodes);
  Rng rng(seed, "topology");
  Topology topology = numbered_nodes(params.nodes);
  const auto pairs = LightningGraph(params.nodes, rng).pairs();
  std::vector<std::uint64_t> neighbours(params.nodes);
  for (const auto& pair : pairs) {
    ++neighbours[pair.first];
    ++neighbours[pair.second];
  }
  for (const auto& pair : pairs) {
    const std::string product = std::to_string(neighbours[pair.first] * neighbours[pair.second]);
    const double is_parallel = kParallel[std::min(product.size(), kParallel.size()) - 1];
    const double channels = rng.chance(is_parallel) ? value_at(kParallelChannels, rng.unit()) : 1;
    for (int i = 0; i < static_cast<int>(channels + 1e-9); ++i) {
      connect(topology, pair.first, pair.second);
    }
  }
  add_lightning_channels(topology, seed);
  return topology;
}

}  // namespace

Generator lightning() {
  return {.name = "lightning",
          .summary =
              "shaped after the public Lightning Network of 2026-02-03: its degrees and who "
              "is joined to whom, parallel channels, capacities, policies and disabled "
              "directions (a 2K graph, Mahadevan et al. 2006)",
          .reads = {"nodes"},
          .brings = {.capacities = true, .policies = true},
          .make = make};
}

}  // namespace ampsim::topo
