#include "topologies/describe.hpp"

#include <filesystem>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/clustering_coefficient.hpp>
#include <boost/graph/exterior_property.hpp>
#include <doctest/doctest.h>

#include "tests/topology_files.hpp"
#include "topologies/source.hpp"

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

std::string value_of(const Topology& topology, const std::string& name) {
  for (const Property& property : describe(topology)) {
    if (property.name == name) return property.value;
  }
  return "absent";
}

}  // namespace

TEST_CASE("describe: a triangle with a tail, a double channel and a loner") {
  //   0 === 1      4
  //    \   /
  //      2 --- 3
  const Topology topology = network(5, {{0, 1}, {1, 0}, {1, 2}, {2, 0}, {2, 3}});
  CHECK(value_of(topology, "nodes") == "5");
  CHECK(value_of(topology, "channels") == "5");
  CHECK(value_of(topology, "components") == "2");
  CHECK(value_of(topology, "largest_component_share") == "0.8000");
  CHECK(value_of(topology, "degree_mean") == "2.0000");
  CHECK(value_of(topology, "degree_one_share") == "0.2000");
  CHECK(value_of(topology, "degree_p50") == "3");
  CHECK(value_of(topology, "degree_p25") == "1");
  CHECK(value_of(topology, "degree_max") == "3");
  CHECK(value_of(topology, "neighbour_pairs") == "4");
  CHECK(value_of(topology, "parallel_pairs") == "1");
  // Nodes 0 and 1: 1, node 2: 1/3, nodes 3 and 4: 0.
  CHECK(value_of(topology, "clustering_mean") == "0.4667");
  // Over (2,2) (2,3) (2,3) (3,1) and back: -5/7.
  CHECK(value_of(topology, "assortativity") == "-0.7143");
  CHECK(value_of(topology, "capacity_msat") == "absent");
  CHECK(value_of(topology, "disabled_both_share") == "absent");
}

TEST_CASE("describe: three channels between one pair are one parallel pair") {
  CHECK(value_of(network(3, {{0, 1}, {0, 1}, {1, 0}, {1, 2}}), "parallel_pairs") == "1");
}

TEST_CASE("describe: capacities and policies") {
  Topology topology = network(3, {{0, 1}, {1, 2}, {2, 0}, {0, 1}});
  const ForwardingPolicy open{.fee_base = {5}, .fee_proportional = {10}, .cltv_expiry_delta = {40}};
  const ForwardingPolicy shut{.fee_base = {999}, .is_disabled = true};
  for (std::size_t i = 0; i < 4; ++i) {
    topology.channels[i].capacity = Msat{static_cast<std::int64_t>(i) + 1};
    topology.channels[i].policy = {open, i == 3 ? shut : open};
  }
  topology.channels[0].policy = {shut, shut};
  CHECK(value_of(topology, "capacity_msat") == "10");
  CHECK(value_of(topology, "capacity_p50_msat") == "2");
  CHECK(value_of(topology, "capacity_p75_msat") == "3");
  CHECK(value_of(topology, "capacity_max_msat") == "4");
  CHECK(value_of(topology, "capacity_gini") == "0.2500");
  CHECK(value_of(topology, "disabled_both_share") == "0.2500");
  CHECK(value_of(topology, "disabled_one_share") == "0.2500");
  CHECK(value_of(topology, "fee_base_p50_msat") == "5");
  CHECK(value_of(topology, "fee_proportional_max_ppm") == "10");
  CHECK(value_of(topology, "cltv_expiry_delta_p90_blocks") == "40");
}

TEST_CASE("describe: the karate club is what networkx says of it") {
  // Zachary 1977; the figures are those of networkx 2.8.8, and of the literature.
  const std::string links =
      "0-1 0-2 0-3 0-4 0-5 0-6 0-7 0-8 0-10 0-11 0-12 0-13 0-17 0-19 0-21 0-31 1-2 1-3 1-7 1-13 "
      "1-17 1-19 1-21 1-30 2-3 2-7 2-8 2-9 2-13 2-27 2-28 2-32 3-7 3-12 3-13 4-6 4-10 5-6 5-10 "
      "5-16 6-16 8-30 8-32 8-33 9-33 13-33 14-32 14-33 15-32 15-33 18-32 18-33 19-33 20-32 20-33 "
      "22-32 22-33 23-25 23-27 23-29 23-32 23-33 24-25 24-27 24-31 25-31 26-29 26-33 27-33 28-31 "
      "28-33 29-32 29-33 30-32 30-33 31-32 31-33 32-33 ";
  std::string rows = "u,v\n";
  for (const char c : links) rows += c == '-' ? ',' : c == ' ' ? '\n' : c;
  const Topology club = ampsim::test::read_texts("csv", {rows});
  const std::vector<std::array<const char*, 2>> expected{{"nodes", "34"},
                                                         {"channels", "78"},
                                                         {"components", "1"},
                                                         {"degree_gini", "0.3854"},
                                                         {"clustering_mean", "0.5706"},
                                                         {"transitivity", "0.2557"},
                                                         {"assortativity", "-0.4756"},
                                                         {"articulation_points", "1"},
                                                         {"core_number_max", "4"},
                                                         {"diameter", "5"},
                                                         {"distance_mean", "2.4082"},
                                                         {"path_sources", "34"},
                                                         {"betweenness_mean", "0.04401"},
                                                         {"betweenness_max", "0.4376"},
                                                         {"betweenness_top10_share", "0.9271"},
                                                         {"betweenness_gini", "0.7992"}};
  for (const auto& [name, value] : expected) {
    CAPTURE(name);
    CHECK(value_of(club, name) == value);
  }
}

TEST_CASE("describe: a graph of networkx with ten nodes is what networkx says of it") {
  const std::string file = AMPSIM_SOURCE_DIR "/../shared/data/formats/networkx-10-nodes.graphml";
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: no " << file);
    return;
  }
  const Topology topology = import_file(file);
  const std::vector<std::array<const char*, 2>> expected{{"channels", "16"},
                                                         {"degree_gini", "0.2875"},
                                                         {"clustering_mean", "0.4900"},
                                                         {"transitivity", "0.3600"},
                                                         {"assortativity", "-0.4874"},
                                                         {"articulation_points", "1"},
                                                         {"core_number_max", "2"},
                                                         {"diameter", "3"},
                                                         {"distance_mean", "1.7778"},
                                                         {"betweenness_mean", "0.09722"},
                                                         {"betweenness_max", "0.3588"},
                                                         {"betweenness_gini", "0.6824"},
                                                         {"capacity_msat", "25100000000"},
                                                         {"capacity_gini", "0.6238"}};
  for (const auto& [name, value] : expected) {
    CAPTURE(name);
    CHECK(value_of(topology, name) == value);
  }
}

TEST_CASE("describe: of a policy only what is known is counted") {
  const Topology topology = ampsim::test::read_texts("csv", {"u,v,fee_rate\n0,1,5\n1,2,\n2,3,7\n"});
  CHECK(value_of(topology, "fee_proportional_p50_ppm") == "5");
  CHECK(value_of(topology, "fee_proportional_max_ppm") == "7");
  CHECK(value_of(topology, "fee_base_p50_msat") == "absent");
  CHECK(value_of(topology, "htlc_minimum_max_msat") == "absent");
  CHECK(value_of(topology, "disabled_both_share") == "0.0000");
}

TEST_CASE("describe: distances are those of the largest component") {
  // A line of five, and a pair apart.
  const Topology topology = network(7, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {5, 6}});
  CHECK(value_of(topology, "diameter") == "4");
  CHECK(value_of(topology, "distance_mean") == "2.0000");
  CHECK(value_of(network(2, {}), "diameter") == "absent");
  // Two nodes have no other pair that could pass through them.
  CHECK(value_of(network(2, {{0, 1}}), "distance_mean") == "1.0000");
  CHECK(value_of(network(2, {{0, 1}}), "betweenness_max") == "absent");
}

TEST_CASE("describe: a sample finds the ends of a long network and nearly its mean distance") {
  // 6,000 nodes in a line: 32 rows of a grid would say less about the ends.
  const Topology line = make_topology({.generator = "line", .nodes = 6000}, 1);
  CHECK(value_of(line, "path_sources") == "1000");
  CHECK(value_of(line, "diameter") == "5999");
  CHECK(std::stod(value_of(line, "distance_mean")) == doctest::Approx(6001 / 3.0).epsilon(0.03));
}

TEST_CASE("describe: nothing to describe is no error") {
  CHECK(value_of({}, "nodes") == "0");
  CHECK(value_of(network(2, {}), "components") == "2");
}

TEST_CASE("describe: clustering agrees with Boost.Graph") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    CAPTURE(seed);
    const Topology topology =
        make_topology({.generator = "barabasi_albert", .nodes = 80, .channels_per_node = 4}, seed);
    using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
    Graph graph(topology.nodes.size());
    for (const Channel& channel : topology.channels) {
      boost::add_edge(channel.ends[0].index, channel.ends[1].index, graph);
    }
    std::vector<double> storage(topology.nodes.size());
    const auto map =
        boost::make_iterator_property_map(storage.begin(), boost::get(boost::vertex_index, graph));
    const double mean = boost::all_clustering_coefficients(graph, map);
    CHECK(std::stod(value_of(topology, "clustering_mean")) == doctest::Approx(mean).epsilon(1e-3));
  }
}
