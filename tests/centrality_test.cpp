#include "topologies/centrality.hpp"

#include <algorithm>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/betweenness_centrality.hpp>
#include <doctest/doctest.h>

#include "core/random.hpp"

using namespace ampsim;
using namespace ampsim::topo;

namespace {

Topology network(std::uint32_t nodes, const std::vector<std::array<std::uint32_t, 2>>& channels) {
  Topology topology;
  for (std::uint32_t i = 0; i < nodes; ++i) topology.nodes.push_back({.name = std::to_string(i)});
  for (const auto& ends : channels) {
    topology.channels.push_back({.id = std::to_string(topology.channels.size()),
                                 .ends = {NodeId{ends[0]}, NodeId{ends[1]}}});
  }
  return topology;
}

/// Each new node takes channels to `links` nodes that are there, hubs more often than others.
Topology growing_network(std::uint32_t nodes, std::uint32_t links, std::uint64_t seed) {
  Rng rng(seed, "growing");
  std::vector<std::array<std::uint32_t, 2>> channels{{0, 1}};
  for (std::uint32_t node = 2; node < nodes; ++node) {
    const std::size_t there = channels.size();
    for (std::uint32_t i = 0; i < links; ++i) {
      channels.push_back({node, channels[rng.below(there)][rng.below(2)]});
    }
  }
  return network(nodes, channels);
}

/// Boost.Graph's, on the simple graph.
std::vector<double> reference(const Topology& topology) {
  boost::adjacency_list<boost::setS, boost::vecS, boost::undirectedS> graph(topology.nodes.size());
  for (const Channel& channel : topology.channels) {
    add_edge(channel.ends[0].index, channel.ends[1].index, graph);
  }
  std::vector<double> values(topology.nodes.size());
  boost::brandes_betweenness_centrality(
      graph, boost::make_iterator_property_map(values.begin(), get(boost::vertex_index, graph)));
  return values;
}

std::vector<std::size_t> highest(const std::vector<double>& values, std::size_t count) {
  std::vector<std::size_t> nodes(values.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i] = i;
  std::stable_sort(nodes.begin(), nodes.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  nodes.resize(count);
  return nodes;
}

}  // namespace

TEST_CASE("centrality: a square with a tail, a double channel and a loner") {
  //   0 === 1
  //   |     |      5
  //   3 --- 2 --- 4
  // Between 2 and 0 there are two paths, so 1 and 3 have a half of the pairs (0, 2) and (0, 4).
  const Topology topology = network(6, {{0, 1}, {1, 0}, {1, 2}, {2, 3}, {3, 0}, {2, 4}});
  CHECK(betweenness(topology, 1) == std::vector<double>{0.5, 1, 3.5, 1, 0, 0});
  CHECK(betweenness({}, 1).empty());
  CHECK(betweenness(network(1, {}), 1) == std::vector<double>{0});
}

TEST_CASE("centrality: on any network as Boost.Graph has it") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "size");
    const auto nodes = static_cast<std::uint32_t>(2 + rng.below(60));
    Topology topology = growing_network(nodes, static_cast<std::uint32_t>(1 + seed % 3), seed);
    // Some links are cut, so that not all networks hang together.
    std::erase_if(topology.channels, [&](const Channel&) { return rng.chance(0.2); });
    const std::vector<double> found = betweenness(topology, seed);
    const std::vector<double> expected = reference(topology);
    for (std::uint32_t node = 0; node < nodes; ++node) {
      CHECK(found[node] == doctest::Approx(expected[node]).epsilon(1e-9));
    }
  }
}

TEST_CASE("centrality: a large star is found from some of its sources") {
  std::vector<std::array<std::uint32_t, 2>> channels;
  for (std::uint32_t leaf = 1; leaf <= 5000; ++leaf) channels.push_back({0, leaf});
  const std::vector<double> values = betweenness(network(5001, channels), 1);
  // Exact, if the hub was not drawn; every source sees 4,999 other leaves behind the hub.
  CHECK(values[0] == doctest::Approx(5000.0 * 4999 / 2).epsilon(0.002));
  CHECK(std::all_of(values.begin() + 1, values.end(), [](double value) { return value == 0; }));
}

TEST_CASE("centrality: the estimate has the central nodes of the exact one, and no bias" *
          doctest::test_suite("slow")) {
  const Topology topology = growing_network(4500, 3, 1);
  const std::vector<double> exact = reference(topology);
  const std::vector<std::size_t> true_top = highest(exact, 20);
  constexpr std::uint64_t kSeeds = 5;
  std::vector<double> mean(true_top.size());
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    const std::vector<double> estimate = betweenness(topology, seed);
    const std::vector<std::size_t> top = highest(estimate, true_top.size());
    const auto found = std::count_if(top.begin(), top.end(), [&](std::size_t node) {
      return std::find(true_top.begin(), true_top.end(), node) != true_top.end();
    });
    CHECK(found >= 16);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += estimate[true_top[i]] / kSeeds;
  }
  for (std::size_t i = 0; i < mean.size(); ++i) {
    CAPTURE(i);
    CHECK(mean[i] == doctest::Approx(exact[true_top[i]]).epsilon(0.15));
  }
  CHECK(betweenness(topology, 1) == betweenness(topology, 1));
  CHECK(betweenness(topology, 1) != betweenness(topology, 2));
}
