#include "topologies/describe.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "topologies/centrality.hpp"
#include "topologies/neighbours.hpp"

namespace ampsim::topo {
namespace {

/// Collects properties, and knows how a number is written.
class Table {
 public:
  void count(std::string name, std::size_t value) {
    rows.push_back({std::move(name), std::to_string(value)});
  }
  void ratio(std::string name, double value) {
    rows.push_back({std::move(name), fmt::format("{:.4f}", value)});
  }
  /// Of a value that may be far below 1.
  void small_ratio(std::string name, double value) {
    rows.push_back({std::move(name), fmt::format("{:.4g}", value)});
  }
  /// One row for each share, with % in the name replaced by it: degree_% -> degree_p50.
  template <class Number>
  void quantiles(std::string_view name, std::vector<Number> values) {
    if (values.empty()) return;
    std::sort(values.begin(), values.end());
    constexpr std::array<std::pair<std::string_view, double>, 8> kShares{{{"p10", 0.1},
                                                                          {"p25", 0.25},
                                                                          {"p50", 0.5},
                                                                          {"p75", 0.75},
                                                                          {"p90", 0.9},
                                                                          {"p95", 0.95},
                                                                          {"p99", 0.99},
                                                                          {"p99.9", 0.999}}};
    const std::size_t place = name.find('%');
    const auto add = [&](std::string_view label, Number value) {
      std::string full(name);
      rows.push_back({full.replace(place, 1, label), fmt::format("{}", value)});
    };
    for (const auto& [label, share] : kShares) {
      const auto rank =
          static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()) - 1e-9));
      add(label, values[std::max<std::size_t>(rank, 1) - 1]);
    }
    add("max", values.back());
  }

  std::vector<Property> rows;
};

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double sum_x = 0;
  double sum_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum_x += x[i];
    sum_y += y[i];
  }
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x[i] - sum_x / n;
    const double dy = y[i] - sum_y / n;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx * yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

/// How unequal values that are 0 or more are: 0 where all are alike, towards 1 where one has all.
template <class Number>
double gini(std::vector<Number> values) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double total = 0;
  double weighted = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = static_cast<double>(values[i]);
    total += value;
    weighted += (2 * (static_cast<double>(i) + 1) - n - 1) * value;
  }
  return total > 0 ? weighted / (n * total) : 0;
}

/// Triangles at every node. Every pair points to its end with more neighbours, so that no list is
/// longer than sqrt(2m); a triangle is then found once, as a common target of one pair's ends.
/// Boost's clustering_coefficient asks for an edge between any two neighbours of a node, which is
/// quadratic in the degree of a hub.
std::vector<double> triangles(const Neighbours& neighbours) {
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(neighbours.count_of(a), a) < std::pair(neighbours.count_of(b), b);
  };
  std::vector<std::vector<std::uint32_t>> targets(neighbours.node_count());
  for (std::uint32_t a = 0; a < targets.size(); ++a) {
    for (const std::uint32_t b : neighbours.of(a)) {
      if (before(a, b)) targets[a].push_back(b);
    }
  }
  std::vector<double> count(targets.size());
  std::vector<std::uint32_t> marked_by(targets.size(), NodeId::none().index);
  for (std::uint32_t a = 0; a < targets.size(); ++a) {
    for (const std::uint32_t b : targets[a]) marked_by[b] = a;
    for (const std::uint32_t b : targets[a]) {
      for (const std::uint32_t c : targets[b]) {
        if (marked_by[c] != a) continue;
        ++count[a];
        ++count[b];
        ++count[c];
      }
    }
  }
  return count;
}

void describe_clustering(const Neighbours& neighbours, Table& table) {
  const std::vector<double> at_node = triangles(neighbours);
  double clustering = 0;
  double closed = 0;
  double open = 0;
  for (std::uint32_t node = 0; node < neighbours.node_count(); ++node) {
    const auto k = static_cast<double>(neighbours.count_of(node));
    if (k < 2) continue;
    const double pairs = k * (k - 1) / 2;
    clustering += at_node[node] / pairs;
    closed += at_node[node];
    open += pairs;
  }
  table.ratio("clustering_mean", clustering / static_cast<double>(neighbours.node_count()));
  table.ratio("transitivity", open > 0 ? closed / open : 0);
}

void describe_shape(const Neighbours& neighbours, Table& table) {
  if (neighbours.node_count() == 0) return;
  describe_clustering(neighbours, table);
  std::vector<double> x;
  std::vector<double> y;
  // Both ways, since a pair has no first end.
  for (std::uint32_t node = 0; node < neighbours.node_count(); ++node) {
    for (const std::uint32_t other : neighbours.of(node)) {
      x.push_back(static_cast<double>(neighbours.count_of(node)));
      y.push_back(static_cast<double>(neighbours.count_of(other)));
    }
  }
  if (!x.empty()) table.ratio("assortativity", correlation(x, y));
  table.count("articulation_points", articulation_points(neighbours).size());
  const std::vector<std::uint32_t> cores = core_numbers(neighbours);
  table.count("core_number_max", *std::max_element(cores.begin(), cores.end()));
}

void describe_paths(const Neighbours& neighbours, Table& table) {
  constexpr std::uint64_t kSeed = 1;
  PathStatistics paths = path_statistics(neighbours, kSeed);
  if (paths.diameter == 0) return;
  table.count("diameter", paths.diameter);
  table.ratio("distance_mean", paths.distance_mean);
  table.count("path_sources", paths.sources);
  const auto n = static_cast<double>(neighbours.node_count());
  if (n < 3) return;
  std::vector<double>& values = paths.betweenness;
  std::sort(values.begin(), values.end(), std::greater<>());
  constexpr std::size_t kTop = 10;
  double total = 0;
  double top = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    total += values[i];
    if (i < kTop) top += values[i];
  }
  const double pairs = (n - 1) * (n - 2) / 2;
  table.small_ratio("betweenness_mean", total / n / pairs);
  table.ratio("betweenness_max", values[0] / pairs);
  table.ratio("betweenness_top10_share", total > 0 ? top / total : 0);
  table.ratio("betweenness_gini", gini(std::move(values)));
}

void describe_components(const Neighbours& neighbours, Table& table) {
  if (neighbours.node_count() == 0) return;
  const Components components = components_of(neighbours);
  table.count("components", components.sizes.size());
  table.ratio("largest_component_share",
              static_cast<double>(components.sizes[components.largest()]) /
                  static_cast<double>(neighbours.node_count()));
}

/// Pairs of neighbours with several channels.
std::size_t parallel_pairs(const Topology& topology) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  pairs.reserve(topology.channels.size());
  for (const Channel& channel : topology.channels) {
    pairs.push_back(std::minmax(channel.ends[0].index, channel.ends[1].index));
  }
  std::sort(pairs.begin(), pairs.end());
  std::size_t parallel = 0;
  for (std::size_t i = 1; i < pairs.size(); ++i) {
    const bool is_second = pairs[i] == pairs[i - 1] && (i < 2 || pairs[i] != pairs[i - 2]);
    if (is_second) ++parallel;
  }
  return parallel;
}

void describe_capacity(const Topology& topology,
                       const std::vector<std::uint32_t>& degree,
                       Table& table) {
  std::vector<std::int64_t> capacities;
  std::vector<double> log_capacity;
  std::vector<double> log_product;
  for (const Channel& channel : topology.channels) {
    if (!channel.capacity) continue;
    capacities.push_back(channel.capacity->count);
    log_capacity.push_back(std::log(static_cast<double>(channel.capacity->count)));
    log_product.push_back(std::log(static_cast<double>(degree[channel.ends[0].index])) +
                          std::log(static_cast<double>(degree[channel.ends[1].index])));
  }
  if (capacities.empty()) return;
  Int128 total = 0;
  for (const std::int64_t capacity : capacities) total += capacity;
  table.rows.push_back({"capacity_msat", fmt::format("{}", total)});
  table.quantiles("capacity_%_msat", capacities);
  table.ratio("capacity_gini", gini(std::move(capacities)));
  table.ratio("capacity_degree_correlation", correlation(log_capacity, log_product));
}

void describe_policies(const Topology& topology, Table& table) {
  std::vector<std::int64_t> base;
  std::vector<std::uint32_t> rate;
  std::vector<std::int32_t> delta;
  std::vector<std::int64_t> minimum;
  std::array<std::size_t, 3> with_disabled{};
  bool says_something = false;
  for (const Channel& channel : topology.channels) {
    std::size_t disabled = 0;
    for (std::size_t side = 0; side < 2; ++side) {
      const std::optional<ForwardingPolicy>& policy = channel.policy[side];
      if (!policy) continue;
      says_something = true;
      if (policy->is_disabled) {
        ++disabled;
        continue;
      }
      const auto has = [&](PolicyFields field) { return (channel.missing[side] & field) == 0; };
      if (has(kFeeBase)) base.push_back(policy->fee_base.count);
      if (has(kFeeProportional)) rate.push_back(policy->fee_proportional.millionths);
      if (has(kCltvExpiryDelta)) delta.push_back(policy->cltv_expiry_delta.count);
      if (has(kHtlcMinimum)) minimum.push_back(policy->htlc_minimum.count);
    }
    ++with_disabled[disabled];
  }
  const auto channels = static_cast<double>(topology.channels.size());
  if (!says_something) return;
  table.ratio("disabled_both_share", static_cast<double>(with_disabled[2]) / channels);
  table.ratio("disabled_one_share", static_cast<double>(with_disabled[1]) / channels);
  table.quantiles("fee_base_%_msat", std::move(base));
  table.quantiles("fee_proportional_%_ppm", std::move(rate));
  table.quantiles("cltv_expiry_delta_%_blocks", std::move(delta));
  table.quantiles("htlc_minimum_%_msat", std::move(minimum));
}

}  // namespace

std::vector<Property> describe(const Topology& topology) {
  Table table;
  table.count("nodes", topology.nodes.size());
  table.count("channels", topology.channels.size());
  std::vector<std::uint32_t> degree(topology.nodes.size());
  for (const Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) ++degree[end.index];
  }
  const Neighbours neighbours(topology);
  describe_components(neighbours, table);
  if (!degree.empty()) {
    table.ratio("degree_mean", 2.0 * static_cast<double>(topology.channels.size()) /
                                   static_cast<double>(degree.size()));
    const auto ones = std::count(degree.begin(), degree.end(), 1U);
    table.ratio("degree_one_share", static_cast<double>(ones) / static_cast<double>(degree.size()));
  }
  table.quantiles("degree_%", degree);
  if (!topology.channels.empty()) table.ratio("degree_gini", gini(degree));
  table.count("neighbour_pairs", neighbours.pair_count());
  table.count("parallel_pairs", parallel_pairs(topology));
  describe_shape(neighbours, table);
  describe_paths(neighbours, table);
  describe_capacity(topology, degree, table);
  describe_policies(topology, table);
  return std::move(table.rows);
}

}  // namespace ampsim::topo
