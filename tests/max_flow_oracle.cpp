#include "tests/max_flow_oracle.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/boykov_kolmogorov_max_flow.hpp>

namespace ampsim::test {

Msat max_flow(const topo::Topology& topology, const sim::Network& network, NodeId from, NodeId to) {
  using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
  using Edge = Traits::edge_descriptor;
  using Graph = boost::adjacency_list<
      boost::vecS, boost::vecS, boost::directedS,
      boost::property<
          boost::vertex_index_t, std::size_t,
          boost::property<boost::vertex_color_t, boost::default_color_type,
                          boost::property<boost::vertex_distance_t, long,
                                          boost::property<boost::vertex_predecessor_t, Edge>>>>,
      boost::property<boost::edge_capacity_t, std::int64_t,
                      boost::property<boost::edge_residual_capacity_t, std::int64_t,
                                      boost::property<boost::edge_reverse_t, Edge>>>>;
  Graph graph(topology.nodes.size());
  for (std::uint32_t i = 0; i < 2 * topology.channels.size(); ++i) {
    const std::size_t tail = topology.source({i}).index;
    const std::size_t head = topology.target({i}).index;
    const auto there = add_edge(tail, head, graph).first;
    const auto back = add_edge(head, tail, graph).first;
    put(boost::edge_capacity, graph, there,
        network.channel(ChannelId{i / 2}).spendable(i % 2).count);
    put(boost::edge_capacity, graph, back, 0);
    put(boost::edge_reverse, graph, there, back);
    put(boost::edge_reverse, graph, back, there);
  }
  return {boost::boykov_kolmogorov_max_flow(graph, from.index, to.index)};
}

}  // namespace ampsim::test
