#include "topologies/describe.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/clustering_coefficient.hpp>
#include <boost/graph/exterior_property.hpp>
#include <doctest/doctest.h>

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
