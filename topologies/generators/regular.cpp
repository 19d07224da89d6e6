#include "topologies/generators/families.hpp"
#include "topologies/generators/numbered_network.hpp"

// The shapes without a choice: line, ring, star, complete.
namespace ampsim::topo {
namespace {

Topology make_line(const TopologyParams& params, std::uint64_t /*seed*/) {
  require_size(params, 2, params.nodes - 1.0);
  Topology topology = numbered_nodes(params.nodes);
  for (std::uint32_t i = 1; i < params.nodes; ++i) connect(topology, i - 1, i);
  return topology;
}

Topology make_ring(const TopologyParams& params, std::uint64_t seed) {
  require_size(params, 3, params.nodes);
  Topology topology = make_line(params, seed);
  connect(topology, params.nodes - 1, 0);
  return topology;
}

Topology make_star(const TopologyParams& params, std::uint64_t /*seed*/) {
  require_size(params, 2, params.nodes - 1.0);
  Topology topology = numbered_nodes(params.nodes);
  for (std::uint32_t i = 1; i < params.nodes; ++i) connect(topology, 0, i);
  return topology;
}

Topology make_complete(const TopologyParams& params, std::uint64_t /*seed*/) {
  require_size(params, 2, 0.5 * params.nodes * (params.nodes - 1.0));
  Topology topology = numbered_nodes(params.nodes);
  for (std::uint32_t a = 0; a < params.nodes; ++a) {
    for (std::uint32_t b = a + 1; b < params.nodes; ++b) connect(topology, a, b);
  }
  return topology;
}

}  // namespace

Generator line() {
  return {.name = "line",
          .summary = "every node joined to the next",
          .reads = {"nodes"},
          .make = make_line};
}

Generator ring() {
  return {.name = "ring",
          .summary = "a line whose last node is joined to the first",
          .reads = {"nodes"},
          .make = make_ring};
}

Generator star() {
  return {.name = "star",
          .summary = "node 0 joined to every other node",
          .reads = {"nodes"},
          .make = make_star};
}

Generator complete() {
  return {.name = "complete",
          .summary = "every node joined to every other",
          .reads = {"nodes"},
          .make = make_complete};
}

}  // namespace ampsim::topo
