#include <cmath>

#include <boost/array.hpp>
#include <boost/graph/grid_graph.hpp>
#include <fmt/format.h>

#include "topologies/generators/families.hpp"
#include "topologies/generators/numbered_network.hpp"

namespace ampsim::topo {
namespace {

Topology make(const TopologyParams& params, std::uint64_t /*seed*/) {
  require_size(params, 2, 2.0 * params.nodes);
  require(params.width <= params.nodes, "width",
          fmt::format("found {}; allowed: from 1 to nodes = {}, or 0 for as square as possible",
                      params.width, params.nodes));
  const auto square = static_cast<std::uint32_t>(std::ceil(std::sqrt(params.nodes)));
  const std::size_t width = params.width == 0 ? square : params.width;
  const std::size_t rows = (params.nodes + width - 1) / width;
  using Grid = boost::grid_graph<2>;
  const Grid graph(boost::array<std::size_t, 2>{width, rows});
  Topology topology = numbered_nodes(params.nodes);
  // Every edge is there in both directions, and the last row may be longer than the nodes last.
  for (std::size_t node = 0; node < params.nodes; ++node) {
    const auto edges = out_edges(vertex(node, graph), graph);
    for (auto edge = edges.first; edge != edges.second; ++edge) {
      const std::size_t neighbour = get(boost::vertex_index, graph, target(*edge, graph));
      if (node < neighbour && neighbour < params.nodes) {
        connect(topology, static_cast<std::uint32_t>(node), static_cast<std::uint32_t>(neighbour));
      }
    }
  }
  return topology;
}

}  // namespace

Generator grid() {
  return {.name = "grid",
          .summary =
              "rows of `width` nodes (0: as square as possible), each joined to its left, "
              "right, upper and lower neighbour; the last row may be shorter",
          .reads = {"nodes", "width"},
          .make = make};
}

}  // namespace ampsim::topo
