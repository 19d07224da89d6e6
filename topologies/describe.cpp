#include "topologies/describe.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/connected_components.hpp>
#include <fmt/format.h>

namespace ampsim::topo {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;
using Neighbours = std::vector<std::vector<std::uint32_t>>;

/// Collects properties, and knows how a number is written.
class Table {
 public:
  void count(std::string name, std::size_t value) {
    rows.push_back({std::move(name), std::to_string(value)});
  }
  void ratio(std::string name, double value) {
    rows.push_back({std::move(name), fmt::format("{:.4f}", value)});
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

/// Pairs of neighbours, each once, the smaller number first; sorted.
std::vector<Pair> neighbour_pairs(const Topology& topology) {
  std::vector<Pair> pairs;
  pairs.reserve(topology.channels.size());
  for (const Channel& channel : topology.channels) {
    pairs.push_back(std::minmax(channel.ends[0].index, channel.ends[1].index));
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

/// Triangles at every node. Every pair points to its end with more neighbours, so that no list is
/// longer than sqrt(2m); a triangle is then found once, as a common target of one pair's ends.
/// Boost's clustering_coefficient asks for an edge between any two neighbours of a node, which is
/// quadratic in the degree of a hub.
std::vector<double> triangles(const Neighbours& neighbours) {
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(neighbours[a].size(), a) < std::pair(neighbours[b].size(), b);
  };
  Neighbours targets(neighbours.size());
  for (std::uint32_t a = 0; a < neighbours.size(); ++a) {
    for (const std::uint32_t b : neighbours[a]) {
      if (before(a, b)) targets[a].push_back(b);
    }
  }
  std::vector<double> count(neighbours.size());
  std::vector<std::uint32_t> marked_by(neighbours.size(), NodeId::none().index);
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

void describe_shape(const std::vector<Pair>& pairs, std::size_t node_count, Table& table) {
  Neighbours neighbours(node_count);
  for (const Pair& pair : pairs) {
    neighbours[pair.first].push_back(pair.second);
    neighbours[pair.second].push_back(pair.first);
  }
  const std::vector<double> at_node = triangles(neighbours);
  double clustering = 0;
  for (std::size_t node = 0; node < node_count; ++node) {
    const auto k = static_cast<double>(neighbours[node].size());
    if (k >= 2) clustering += at_node[node] / (k * (k - 1) / 2);
  }
  if (node_count > 0) table.ratio("clustering_mean", clustering / static_cast<double>(node_count));
  std::vector<double> x;
  std::vector<double> y;
  for (const Pair& pair : pairs) {
    const auto a = static_cast<double>(neighbours[pair.first].size());
    const auto b = static_cast<double>(neighbours[pair.second].size());
    // Both ways, since a pair has no first end.
    x.insert(x.end(), {a, b});
    y.insert(y.end(), {b, a});
  }
  if (!pairs.empty()) table.ratio("assortativity", correlation(x, y));
}

void describe_components(const std::vector<Pair>& pairs, std::size_t node_count, Table& table) {
  const boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS> graph(
      pairs.begin(), pairs.end(), node_count);
  std::vector<std::size_t> component(node_count);
  if (node_count == 0) return;
  const std::size_t count = boost::connected_components(graph, component.data());
  std::vector<std::size_t> size(count);
  for (const std::size_t c : component) ++size[c];
  const std::size_t largest = *std::max_element(size.begin(), size.end());
  table.count("components", count);
  table.ratio("largest_component_share",
              static_cast<double>(largest) / static_cast<double>(node_count));
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
  std::sort(capacities.begin(), capacities.end());
  Int128 total = 0;
  double weighted = 0;
  const auto n = static_cast<double>(capacities.size());
  for (std::size_t i = 0; i < capacities.size(); ++i) {
    total += capacities[i];
    weighted += (2 * (static_cast<double>(i) + 1) - n - 1) * static_cast<double>(capacities[i]);
  }
  table.rows.push_back({"capacity_msat", fmt::format("{}", total)});
  table.quantiles("capacity_%_msat", capacities);
  table.ratio("capacity_gini", weighted / (n * static_cast<double>(total)));
  table.ratio("capacity_degree_correlation", correlation(log_capacity, log_product));
}

void describe_policies(const Topology& topology, Table& table) {
  std::vector<std::int64_t> base;
  std::vector<std::uint32_t> rate;
  std::vector<std::int32_t> delta;
  std::vector<std::int64_t> minimum;
  std::array<std::size_t, 3> with_disabled{};
  for (const Channel& channel : topology.channels) {
    std::size_t disabled = 0;
    for (const std::optional<ForwardingPolicy>& policy : channel.policy) {
      if (!policy) continue;
      if (policy->is_disabled) {
        ++disabled;
        continue;
      }
      base.push_back(policy->fee_base.count);
      rate.push_back(policy->fee_proportional.millionths);
      delta.push_back(policy->cltv_expiry_delta.count);
      minimum.push_back(policy->htlc_minimum.count);
    }
    ++with_disabled[disabled];
  }
  const auto channels = static_cast<double>(topology.channels.size());
  if (base.empty() && with_disabled[1] + with_disabled[2] == 0) return;
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
  std::vector<Pair> pairs = neighbour_pairs(topology);
  describe_components(pairs, topology.nodes.size(), table);
  if (!degree.empty()) {
    table.ratio("degree_mean", 2.0 * static_cast<double>(topology.channels.size()) /
                                   static_cast<double>(degree.size()));
    const auto ones = std::count(degree.begin(), degree.end(), 1U);
    table.ratio("degree_one_share", static_cast<double>(ones) / static_cast<double>(degree.size()));
  }
  table.quantiles("degree_%", degree);
  std::size_t parallel = 0;
  for (std::size_t i = 1; i < pairs.size(); ++i) {
    const bool is_second = pairs[i] == pairs[i - 1] && (i < 2 || pairs[i] != pairs[i - 2]);
    if (is_second) ++parallel;
  }
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  table.count("neighbour_pairs", pairs.size());
  table.count("parallel_pairs", parallel);
  describe_shape(pairs, topology.nodes.size(), table);
  describe_capacity(topology, degree, table);
  describe_policies(topology, table);
  return std::move(table.rows);
}

}  // namespace ampsim::topo
