#include "topologies/centrality.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "core/random.hpp"

namespace ampsim::topo {
namespace {

constexpr std::size_t kExactNodes = 4000;
constexpr std::size_t kSampledSources = 1000;
constexpr std::uint32_t kUnreached = NodeId::none().index;

/// Every node's neighbours, once each, in order, in one array.
class Neighbours {
 public:
  explicit Neighbours(const Topology& topology) : first_(topology.nodes.size() + 1) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> links;
    links.reserve(2 * topology.channels.size());
    for (const Channel& channel : topology.channels) {
      links.emplace_back(channel.ends[0].index, channel.ends[1].index);
      links.emplace_back(channel.ends[1].index, channel.ends[0].index);
    }
    std::sort(links.begin(), links.end());
    links.erase(std::unique(links.begin(), links.end()), links.end());
    targets_.reserve(links.size());
    for (const auto& [from, to] : links) {
      ++first_[from + 1];
      targets_.push_back(to);
    }
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
  }

  std::span<const std::uint32_t> of(std::uint32_t node) const {
    return std::span(targets_).subspan(first_[node], first_[node + 1] - first_[node]);
  }

 private:
  std::vector<std::size_t> first_;
  std::vector<std::uint32_t> targets_;
};

/// Adds what the shortest paths from one source add. With sigma(v) shortest paths from the source
/// to v, the dependency of the source on v is, over all w that lie one step behind v,
///
///     delta(v) = sum sigma(v) / sigma(w) * (1 + delta(w)).
class Accumulation {
 public:
  explicit Accumulation(const Topology& topology)
      : neighbours_(topology),
        distance_(topology.nodes.size(), kUnreached),
        paths_(topology.nodes.size()),
        dependency_(topology.nodes.size()),
        sums_(topology.nodes.size()) {}

  void add_source(std::uint32_t source) {
    search(source);
    for (std::size_t i = order_.size(); i-- > 1;) {
      const std::uint32_t node = order_[i];
      const double each = (1 + dependency_[node]) / paths_[node];
      for (const std::uint32_t before : neighbours_.of(node)) {
        if (distance_[before] + 1 == distance_[node]) dependency_[before] += paths_[before] * each;
      }
      sums_[node] += dependency_[node];
    }
    for (const std::uint32_t node : order_) distance_[node] = kUnreached;
  }

  /// Over all sources so far, scaled.
  std::vector<double> scaled(double factor) const {
    std::vector<double> values = sums_;
    for (double& value : values) value *= factor;
    return values;
  }

 private:
  /// Breadth first: `order_` takes the nodes by distance, the source first.
  void search(std::uint32_t source) {
    order_.clear();
    reach(source, 0);
    paths_[source] = 1;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const std::uint32_t node = order_[i];
      for (const std::uint32_t next : neighbours_.of(node)) {
        if (distance_[next] == kUnreached) reach(next, distance_[node] + 1);
        if (distance_[next] == distance_[node] + 1) paths_[next] += paths_[node];
      }
    }
  }

  void reach(std::uint32_t node, std::uint32_t distance) {
    distance_[node] = distance;
    paths_[node] = 0;
    dependency_[node] = 0;
    order_.push_back(node);
  }

  Neighbours neighbours_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> distance_;
  std::vector<double> paths_;  ///< a double, since their number can grow exponentially
  std::vector<double> dependency_;
  std::vector<double> sums_;
};

}  // namespace

std::vector<double> betweenness(const Topology& topology, std::uint64_t seed) {
  std::vector<std::uint32_t> sources(topology.nodes.size());
  std::iota(sources.begin(), sources.end(), 0U);
  if (sources.size() > kExactNodes) {
    Rng rng(seed, "betweenness");
    for (std::size_t i = 0; i < kSampledSources; ++i) {
      std::swap(sources[i], sources[i + rng.below(sources.size() - i)]);
    }
    sources.resize(kSampledSources);
  }
  Accumulation accumulation(topology);
  for (const std::uint32_t source : sources) accumulation.add_source(source);
  if (sources.empty()) return {};
  // Every pair was counted from both of its ends.
  return accumulation.scaled(static_cast<double>(topology.nodes.size()) /
                             static_cast<double>(sources.size()) / 2);
}

}  // namespace ampsim::topo
