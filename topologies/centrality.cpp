#include "topologies/centrality.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/random.hpp"
#include "topologies/neighbours.hpp"

namespace ampsim::topo {
namespace {

constexpr std::size_t kExactNodes = 4000;
constexpr std::size_t kSampledSources = 1000;
constexpr std::uint32_t kUnreached = NodeId::none().index;

/// Adds what the shortest paths from one source add. With sigma(v) shortest paths from the source
/// to v, the dependency of the source on v is, over all w that lie one step behind v,
///
///     delta(v) = sum sigma(v) / sigma(w) * (1 + delta(w)).
class Accumulation {
 public:
  explicit Accumulation(const Neighbours& neighbours)
      : neighbours_(neighbours),
        distance_(neighbours.node_count(), kUnreached),
        paths_(neighbours.node_count()),
        dependency_(neighbours.node_count()),
        sums_(neighbours.node_count()) {}

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
    measure();
    for (const std::uint32_t node : order_) distance_[node] = kUnreached;
  }

  // Of the last source: how many other nodes it reaches, the sum of the distances to them, and
  // the last of those at the longest distance.
  std::size_t reached() const { return order_.size() - 1; }
  std::uint64_t distance_sum() const { return distance_sum_; }
  std::uint32_t eccentricity() const { return eccentricity_; }
  std::uint32_t farthest() const { return order_.back(); }

  /// Over all sources so far, scaled.
  std::vector<double> scaled(double factor) const {
    std::vector<double> values = sums_;
    for (double& value : values) value *= factor;
    return values;
  }

 private:
  void measure() {
    distance_sum_ = 0;
    for (const std::uint32_t node : order_) distance_sum_ += distance_[node];
    eccentricity_ = distance_[order_.back()];
  }

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

  const Neighbours& neighbours_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> distance_;
  std::vector<double> paths_;  ///< a double, since their number can grow exponentially
  std::vector<double> dependency_;
  std::vector<double> sums_;
  std::uint64_t distance_sum_ = 0;
  std::uint32_t eccentricity_ = 0;
};

/// So many different nodes, or all of them in order.
std::vector<std::uint32_t> draw_sources(std::size_t nodes, std::size_t count, std::uint64_t seed) {
  std::vector<std::uint32_t> sources(nodes);
  std::iota(sources.begin(), sources.end(), 0U);
  if (count >= nodes) return sources;
  Rng rng(seed, "betweenness");
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(sources[i], sources[i + rng.below(sources.size() - i)]);
  }
  sources.resize(count);
  return sources;
}

/// Every pair was counted from both of its ends, and stands for those from other sources.
double scale_of(std::size_t nodes, std::size_t sources) {
  return static_cast<double>(nodes) / static_cast<double>(sources) / 2;
}

std::size_t affordable_sources(const Neighbours& neighbours) {
  constexpr std::size_t kExactStatistics = 5000;
  constexpr double kExactSteps = 1e9;
  constexpr double kSampledSteps = 2e8;
  constexpr double kFewest = 32;
  const std::size_t nodes = neighbours.node_count();
  const double steps =
      static_cast<double>(nodes) + 2 * static_cast<double>(neighbours.pair_count());
  if (nodes <= kExactStatistics && static_cast<double>(nodes) * steps <= kExactSteps) return nodes;
  const double sources = std::clamp(kSampledSteps / steps, kFewest, double{kSampledSources});
  return std::min(nodes, static_cast<std::size_t>(sources));
}

}  // namespace

std::vector<double> betweenness(const Topology& topology, std::uint64_t seed) {
  const std::size_t nodes = topology.nodes.size();
  if (nodes == 0) return {};
  const Neighbours neighbours(topology);
  const std::vector<std::uint32_t> sources =
      draw_sources(nodes, nodes > kExactNodes ? kSampledSources : nodes, seed);
  Accumulation accumulation(neighbours);
  for (const std::uint32_t source : sources) accumulation.add_source(source);
  return accumulation.scaled(scale_of(nodes, sources.size()));
}

PathStatistics path_statistics(const Neighbours& neighbours, std::uint64_t seed) {
  const std::size_t nodes = neighbours.node_count();
  PathStatistics statistics;
  if (nodes == 0) return statistics;
  const Components components = components_of(neighbours);
  const std::uint32_t largest = components.largest();
  const std::vector<std::uint32_t> sources =
      draw_sources(nodes, affordable_sources(neighbours), seed);
  Accumulation accumulation(neighbours);
  std::uint64_t sum = 0;
  std::uint64_t pairs = 0;
  std::uint32_t farthest = 0;
  const auto meet = [&] {
    if (accumulation.eccentricity() <= statistics.diameter) return false;
    statistics.diameter = accumulation.eccentricity();
    farthest = accumulation.farthest();
    return true;
  };
  for (const std::uint32_t source : sources) {
    accumulation.add_source(source);
    if (components.of[source] != largest) continue;
    sum += accumulation.distance_sum();
    pairs += accumulation.reached();
    meet();
  }
  statistics.sources = sources.size();
  statistics.betweenness = accumulation.scaled(scale_of(nodes, sources.size()));
  if (pairs > 0) statistics.distance_mean = static_cast<double>(sum) / static_cast<double>(pairs);
  // Longer and longer paths, from the end of the longest one.
  for (bool is_longer = sources.size() < nodes && statistics.diameter > 0; is_longer;) {
    accumulation.add_source(farthest);
    is_longer = meet();
  }
  return statistics;
}

}  // namespace ampsim::topo
