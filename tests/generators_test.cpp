#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "topologies/describe.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::topo;

namespace {

std::vector<std::uint32_t> degrees(const Topology& topology) {
  std::vector<std::uint32_t> degree(topology.nodes.size());
  for (const Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) ++degree[end.index];
  }
  return degree;
}

std::uint32_t max_degree(const Topology& topology) {
  const std::vector<std::uint32_t> degree = degrees(topology);
  return *std::max_element(degree.begin(), degree.end());
}

double property(const Topology& topology, const std::string& name) {
  for (const Property& each : describe(topology)) {
    if (each.name == name) return std::stod(each.value);
  }
  FAIL("no property " << name);
  return 0;
}

std::vector<std::array<NodeId, 2>> ends_of(const Topology& topology) {
  std::vector<std::array<NodeId, 2>> ends;
  for (const Channel& channel : topology.channels) ends.push_back(channel.ends);
  return ends;
}

std::string refusal(const TopologyParams& params) {
  try {
    make_topology(params, 1);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("generators: every one makes a valid topology of the size asked for") {
  for (const Generator& generator : generators()) {
    CAPTURE(generator.name);
    CHECK_FALSE(generator.summary.empty());
    const Topology topology =
        make_topology({.generator = std::string(generator.name), .nodes = 300, .neighbours = 6}, 5);
    CHECK(validate(topology).empty());
    CHECK(topology.nodes.size() == (generator.name == "two_channels" ? 2 : 300));
    CHECK(topology.channels[1].id == "1");
    if (generator.name != "two_channels") CHECK(topology.nodes[299].name == "299");
  }
}

TEST_CASE("generators: the seed decides") {
  for (const std::string name : {"lightning", "barabasi_albert", "watts_strogatz", "erdos_renyi"}) {
    CAPTURE(name);
    const auto ends = [&name](std::uint64_t seed) {
      return ends_of(make_topology({.generator = name, .nodes = 200}, seed));
    };
    CHECK((ends(1) == ends(1)));
    CHECK((ends(1) != ends(2)));
  }
}

TEST_CASE("generators: line, ring, star and complete") {
  const auto make = [](const std::string& name) {
    return make_topology({.generator = name, .nodes = 7}, 1);
  };
  CHECK(make("line").channels.size() == 6);
  CHECK(max_degree(make("line")) == 2);
  CHECK(make("ring").channels.size() == 7);
  CHECK((degrees(make("ring")) == std::vector<std::uint32_t>(7, 2)));
  CHECK(make("star").channels.size() == 6);
  CHECK(degrees(make("star"))[0] == 6);
  CHECK(make("complete").channels.size() == 21);
  CHECK((degrees(make("complete")) == std::vector<std::uint32_t>(7, 6)));
  for (const std::string name : {"line", "ring", "star", "complete"}) {
    CHECK(property(make(name), "components") == 1);
    CHECK(property(make(name), "parallel_pairs") == 0);
  }
}

TEST_CASE("generators: grid") {
  // 0 1 2
  // 3 4 5
  // 6
  const Topology topology = make_topology({.generator = "grid", .nodes = 7}, 1);
  const std::vector<std::uint32_t> expected{2, 3, 2, 3, 3, 2, 1};
  CHECK((degrees(topology) == expected));
  const Topology wide = make_topology({.generator = "grid", .nodes = 12, .width = 4}, 1);
  CHECK(wide.channels.size() == 3 * 3 + 2 * 4);
  CHECK(property(wide, "components") == 1);
}

TEST_CASE("generators: barabasi_albert has m channels a node, no parallel ones, and hubs") {
  const TopologyParams params{
      .generator = "barabasi_albert", .nodes = 2000, .channels_per_node = 3};
  const Topology topology = make_topology(params, 1);
  CHECK(topology.channels.size() == 6 + 3 * (2000 - 4));
  CHECK(property(topology, "components") == 1);
  CHECK(property(topology, "parallel_pairs") == 0);
  const std::vector<std::uint32_t> degree = degrees(topology);
  CHECK(*std::min_element(degree.begin(), degree.end()) == 3);
  // P(k) = 2m(m+1) / (k(k+1)(k+2)): two fifths of the nodes have m = 3 channels, and the largest
  // has about m * sqrt(n) = 134.
  const auto smallest = static_cast<double>(std::count(degree.begin(), degree.end(), 3U));
  CHECK(smallest / 2000 == doctest::Approx(0.4).epsilon(0.08));
  CHECK(max_degree(topology) > 67);
  CHECK(max_degree(topology) < 268);
  const Topology tree =
      make_topology({.generator = "barabasi_albert", .nodes = 50, .channels_per_node = 1}, 1);
  CHECK(tree.channels.size() == 49);
  CHECK(property(tree, "components") == 1);
}

TEST_CASE("generators: watts_strogatz goes from a ring of cliques to random") {
  const auto make = [](double p) {
    return make_topology(
        {.generator = "watts_strogatz", .nodes = 1000, .neighbours = 10, .rewire_probability = p},
        1);
  };
  for (const double p : {0.0, 0.1, 1.0}) CHECK(make(p).channels.size() == 5000);
  CHECK((degrees(make(0)) == std::vector<std::uint32_t>(1000, 10)));
  // C(0) = 3(k-2) / 4(k-1), and C(p) ~ C(0) (1-p)^3 (Barrat and Weigt 2000).
  const double lattice = 3.0 * 8 / (4.0 * 9);
  CHECK(property(make(0), "clustering_mean") == doctest::Approx(lattice).epsilon(1e-3));
  CHECK(property(make(0.1), "clustering_mean") ==
        doctest::Approx(lattice * std::pow(0.9, 3)).epsilon(0.06));
  CHECK(property(make(1), "clustering_mean") < 0.03);
}

TEST_CASE("generators: erdos_renyi has the mean degree asked for, and Poisson degrees") {
  const Topology topology =
      make_topology({.generator = "erdos_renyi", .nodes = 4000, .mean_degree = 5}, 1);
  // Binomial: 10,000 channels, give or take 3 standard deviations of 100.
  CHECK(std::abs(static_cast<double>(topology.channels.size()) - 10'000) < 300);
  CHECK(property(topology, "parallel_pairs") == 0);
  const std::vector<std::uint32_t> degree = degrees(topology);
  double variance = 0;
  for (const std::uint32_t k : degree) variance += (k - 5.0) * (k - 5.0) / 4000;
  CHECK(variance == doctest::Approx(5).epsilon(0.08));
  CHECK(make_topology({.generator = "erdos_renyi", .nodes = 5, .mean_degree = 0}, 1)
            .channels.empty());
}

TEST_CASE("generators: two_channels is alice and bob with 1 BTC of hers in each") {
  const Topology topology = make_topology({.generator = "two_channels"}, 1);
  CHECK(topology.nodes[0].name == "alice");
  CHECK(topology.nodes[1].name == "bob");
  REQUIRE(topology.channels.size() == 2);
  for (const Channel& channel : topology.channels) {
    CHECK(channel.ends[0].index == 0);
    CHECK(channel.ends[1].index == 1);
    CHECK(channel.capacity->count == 100'000'000'000);
    CHECK((channel.balance_0 == channel.capacity));
    for (const auto& policy : channel.policy) {
      CHECK(policy->fee({1'000'000'000}).count == 0);
      CHECK(policy->cltv_expiry_delta.count == 40);
      CHECK(policy->htlc_minimum.count == 1);
      CHECK((policy->htlc_maximum == *channel.capacity));
    }
  }
}

TEST_CASE("generators: numbers that cannot be are refused by their key") {
  CHECK(refusal({.generator = "barabasi_albert", .nodes = 5, .channels_per_node = 5}) ==
        "topology.channels_per_node: found 5; allowed: from 1 to nodes - 1 = 4");
  CHECK(refusal({.generator = "barabasi_albert", .channels_per_node = 0}) ==
        "topology.channels_per_node: found 0; allowed: from 1 to nodes - 1 = 1999");
  CHECK(refusal({.generator = "watts_strogatz", .neighbours = 7}) ==
        "topology.neighbours: found 7; allowed: even, from 2 to nodes - 2 = 1998");
  CHECK(refusal({.generator = "watts_strogatz", .nodes = 10, .neighbours = 10}) ==
        "topology.neighbours: found 10; allowed: even, from 2 to nodes - 2 = 8");
  CHECK(refusal({.generator = "watts_strogatz", .rewire_probability = 1.5}) ==
        "topology.rewire_probability: found 1.5; allowed: from 0 to 1");
  CHECK(refusal({.generator = "watts_strogatz", .rewire_probability = std::nan("")}) ==
        "topology.rewire_probability: found nan; allowed: from 0 to 1");
  CHECK(refusal({.generator = "erdos_renyi", .mean_degree = -1}) ==
        "topology.mean_degree: found -1; allowed: from 0 to below nodes - 1 = 1999");
  CHECK(refusal({.generator = "erdos_renyi", .nodes = 5, .mean_degree = 4}) ==
        "topology.mean_degree: found 4; allowed: from 0 to below nodes - 1 = 4");
  CHECK(refusal({.generator = "line", .nodes = 1}) ==
        "topology.nodes: found 1; allowed: 2 or more");
  CHECK(refusal({.generator = "ring", .nodes = 2}) ==
        "topology.nodes: found 2; allowed: 3 or more");
  CHECK(refusal({.generator = "complete", .nodes = 100'000}) ==
        "topology.nodes: found 100000, which makes 4999950000 channels; allowed: up to 2000000000 "
        "channels");
  CHECK(refusal({.generator = "grid", .nodes = 10, .width = 11}) ==
        "topology.width: found 11; allowed: from 1 to nodes = 10, or 0 for as square as possible");
  CHECK(refusal({.generator = "lightening"}).find("did you mean \"lightning\"?") !=
        std::string::npos);
}

TEST_CASE("generators: the largest and smallest neighbourhoods of watts_strogatz end") {
  for (const std::uint32_t k : {2U, 8U}) {
    const Topology topology = make_topology(
        {.generator = "watts_strogatz", .nodes = 10, .neighbours = k, .rewire_probability = 1}, 3);
    CHECK(topology.channels.size() == 10 * k / 2);
    CHECK(validate(topology).empty());
  }
}
