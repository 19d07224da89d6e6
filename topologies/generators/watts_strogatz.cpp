#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/small_world_generator.hpp>
#include <fmt/format.h>

#include "core/random.hpp"
#include "topologies/generators/families.hpp"
#include "topologies/generators/numbered_network.hpp"
#include "topologies/generators/stream_engine.hpp"

namespace ampsim::topo {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;

Topology make(const TopologyParams& params, std::uint64_t seed) {
  const std::uint32_t k = params.neighbours;
  require_size(params, 4, static_cast<double>(params.nodes) * k / 2);
  // A node that is joined to all others has nowhere to rewire to.
  require(k >= 2 && k % 2 == 0 && k + 1 < params.nodes, "neighbours",
          fmt::format("found {}; allowed: even, from 2 to nodes - 2 = {}", k, params.nodes - 2));
  require(params.rewire_probability >= 0 && params.rewire_probability <= 1, "rewire_probability",
          fmt::format("found {}; allowed: from 0 to 1", params.rewire_probability));
  Rng rng(seed, "topology");
  StreamEngine engine(rng);
  Topology topology = numbered_nodes(params.nodes);
  using Edges = boost::small_world_iterator<StreamEngine, Graph>;
  const Edges end;
  for (Edges edge(engine, params.nodes, k, params.rewire_probability); edge != end; ++edge) {
    connect(topology, static_cast<std::uint32_t>(edge->first),
            static_cast<std::uint32_t>(edge->second));
  }
  return topology;
}

}  // namespace

Generator watts_strogatz() {
  return {.name = "watts_strogatz",
          .summary =
              "a small world: a ring where every node is joined to its `neighbours` nearest, "
              "and every channel's far end moves with rewire_probability to a node outside "
              "that neighbourhood; two channels may meet on one pair (Watts and Strogatz "
              "1998)",
          .reads = {"nodes", "neighbours", "rewire_probability"},
          .make = make};
}

}  // namespace ampsim::topo
