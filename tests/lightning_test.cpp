#include <algorithm>
#include <cmath>
#include <map>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "topologies/describe.hpp"
#include "topologies/generators/lightning_tables.hpp"
#include "topologies/generators/quantile.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::topo;

namespace {

Topology lightning_network(std::uint32_t nodes, std::uint64_t seed) {
  return make_topology({.generator = "lightning", .nodes = nodes}, seed);
}

std::map<std::string, double> properties(const Topology& topology) {
  std::map<std::string, double> values;
  for (const Property& property : describe(topology)) {
    values[property.name] = std::stod(property.value);
  }
  return values;
}

struct Target {
  std::string property;
  double value;  ///< of the public network of 2026-02-03
  double tolerance;
};

void check_targets(const Topology& topology, const std::vector<Target>& targets) {
  const std::map<std::string, double> values = properties(topology);
  for (const Target& target : targets) {
    CAPTURE(target.property);
    CAPTURE(target.value);
    CHECK(std::abs(values.at(target.property) - target.value) <= target.tolerance);
  }
}

/// What holds at every size from some thousand nodes.
const std::vector<Target> every_size{{"degree_one_share", 0.542, 0.02},
                                     {"degree_p50", 1, 0},
                                     {"degree_p75", 3, 0},
                                     {"degree_p90", 8, 1},
                                     {"degree_p95", 17, 3},
                                     {"degree_p99", 74, 15},
                                     {"largest_component_share", 0.897, 0.04},
                                     {"assortativity", -0.19, 0.04},
                                     {"capacity_p10_msat", 20e6, 0},
                                     {"capacity_p25_msat", 200e6, 0},
                                     {"capacity_p50_msat", 1283e6, 20e6},
                                     {"capacity_p90_msat", 15.67e9, 0.1e9},
                                     {"capacity_p99_msat", 200e9, 2e9},
                                     {"capacity_gini", 0.85, 0.005},
                                     {"capacity_degree_correlation", 0.535, 0.05},
                                     {"disabled_both_share", 0.333, 0.03},
                                     {"disabled_one_share", 0.039, 0.012},
                                     {"fee_base_p25_msat", 0, 0},
                                     {"fee_base_p75_msat", 1000, 0},
                                     {"fee_proportional_p25_ppm", 1, 0},
                                     {"fee_proportional_p75_ppm", 569, 150},
                                     {"cltv_expiry_delta_p25_blocks", 40, 0},
                                     {"cltv_expiry_delta_p50_blocks", 80, 0},
                                     {"cltv_expiry_delta_p95_blocks", 144, 0},
                                     {"htlc_minimum_p50_msat", 1000, 0}};

}  // namespace

TEST_CASE("lightning: a quantile table keeps its steps and goes by the logarithm between them") {
  const std::vector<Quantile> points{{0, 0}, {0.5, 0}, {0.6, 9}, {1, 99}};
  CHECK(value_at(points, 0) == 0);
  CHECK(value_at(points, 0.49) == 0);
  CHECK(value_at(points, 0.6) == 9);
  CHECK(value_at(points, 0.8) == doctest::Approx(std::sqrt(10.0 * 100.0) - 1));
  CHECK(value_at(points, 1) == doctest::Approx(99));
}

TEST_CASE("lightning: the tables are distributions") {
  const auto check = [](std::span<const Quantile> points) {
    CHECK(points.front().share == 0);
    CHECK(points.back().share == 1);
    for (std::size_t i = 1; i < points.size(); ++i) {
      CHECK(points[i - 1].share <= points[i].share);
      CHECK(points[i - 1].value <= points[i].value);
    }
  };
  check(kNeighbours);
  check(kParallelChannels);
  check(kCapacitySat);
  check(kOtherDelta);
  check(kOtherBase);
  check(kOtherMinimum);
  check(kPpmWithoutBase);
  check(kPpmWithBase);
  check(kMaximumPart);
  for (std::size_t a = 0; a < kDegreeClasses; ++a) {
    for (std::size_t b = 0; b < a; ++b) CHECK(kMixing[a][b] == kMixing[b][a]);
  }
}

TEST_CASE("lightning: 2,000 nodes look like the public network") {
  const Topology topology = lightning_network(2000, 1);
  CHECK(validate(topology).empty());
  check_targets(topology, every_size);
}

TEST_CASE("lightning: 20,000 nodes look like it in their tails too") {
  const Topology topology = lightning_network(20'000, 2);
  CHECK(validate(topology).empty());
  check_targets(topology, every_size);
  check_targets(topology, {{"degree_mean", 5.866, 0.1},
                           {"degree_p99", 74, 6},
                           {"degree_p99.9", 451, 110},
                           {"degree_max", 1989, 400},
                           {"clustering_mean", 0.0877, 0.015},
                           {"disabled_both_share", 0.333, 0.015},
                           {"fee_proportional_p50_ppm", 100, 40}});
  const std::map<std::string, double> values = properties(topology);
  CHECK(values.at("parallel_pairs") / values.at("neighbour_pairs") ==
        doctest::Approx(0.038).epsilon(0.1));
}

TEST_CASE("lightning: small networks are whole, too") {
  for (const std::uint32_t nodes : {10U, 11U, 100U}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CAPTURE(nodes);
      CAPTURE(seed);
      const Topology topology = lightning_network(nodes, seed);
      CHECK(validate(topology).empty());
      std::vector<int> degree(nodes);
      for (const Channel& channel : topology.channels) {
        REQUIRE(channel.capacity);
        REQUIRE(channel.policy[0]);
        REQUIRE(channel.policy[1]);
        CHECK_FALSE(channel.balance_0);
        for (const NodeId end : channel.ends) ++degree[end.index];
      }
      CHECK(*std::min_element(degree.begin(), degree.end()) >= 1);
    }
  }
  CHECK_THROWS_WITH_AS(lightning_network(9, 1), "topology.nodes: found 9; allowed: 10 or more",
                       InputError);
}

TEST_CASE("lightning: 100 nodes have one channel as often, and the capacities of all") {
  check_targets(lightning_network(100, 3), {{"degree_one_share", 0.542, 0.08},
                                            {"degree_p50", 1, 0},
                                            {"degree_p90", 8, 2},
                                            {"degree_mean", 3.5, 0.7},
                                            {"capacity_p50_msat", 1283e6, 300e6},
                                            {"disabled_both_share", 0.333, 0.15}});
}

TEST_CASE("lightning: a node's channels share its habits") {
  // Two announced directions of one node have the same cltv_expiry_delta more often than two of
  // different nodes.
  const Topology topology = lightning_network(2000, 4);
  std::map<std::uint32_t, std::vector<int>> of_node;
  std::vector<int> all;
  for (const Channel& channel : topology.channels) {
    for (std::size_t direction = 0; direction < 2; ++direction) {
      if (channel.policy[direction]->is_disabled) continue;
      const int delta = channel.policy[direction]->cltv_expiry_delta.count;
      of_node[channel.ends[direction].index].push_back(delta);
      all.push_back(delta);
    }
  }
  int pairs = 0;
  int same = 0;
  for (const auto& node : of_node) {
    for (std::size_t i = 1; i < node.second.size(); ++i) {
      ++pairs;
      if (node.second[i] == node.second[i - 1]) ++same;
    }
  }
  std::map<int, double> share;
  for (const int delta : all) share[delta] += 1.0 / static_cast<double>(all.size());
  double by_chance = 0;
  for (const auto& entry : share) by_chance += entry.second * entry.second;
  CHECK(static_cast<double>(same) / pairs > by_chance + 0.08);
}

TEST_CASE("lightning: a disabled direction has the policy that nobody announced") {
  for (const Channel& channel : lightning_network(300, 5).channels) {
    for (const auto& policy : channel.policy) {
      if (!policy->is_disabled) continue;
      const ForwardingPolicy silent{.htlc_maximum = *channel.capacity, .is_disabled = true};
      CHECK((*policy == silent));
    }
  }
}
