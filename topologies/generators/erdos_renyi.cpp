#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/erdos_renyi_generator.hpp>
#include <fmt/format.h>

#include "core/random.hpp"
#include "topologies/generators/families.hpp"
#include "topologies/generators/numbered_network.hpp"
#include "topologies/generators/stream_engine.hpp"

namespace ampsim::topo {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;

Topology make(const TopologyParams& params, std::uint64_t seed) {
  require_size(params, 2, 0);
  // A probability of 1 would be the generator `complete`; Boost's iterator cannot do it.
  require(params.mean_degree >= 0 && params.mean_degree < params.nodes - 1.0, "mean_degree",
          fmt::format("found {}; allowed: from 0 to below nodes - 1 = {}", params.mean_degree,
                      params.nodes - 1));
  require_size(params, 2, params.nodes * params.mean_degree / 2);
  Rng rng(seed, "topology");
  StreamEngine engine(rng);
  Topology topology = numbered_nodes(params.nodes);
  using Edges = boost::sorted_erdos_renyi_iterator<StreamEngine, Graph>;
  const Edges end;
  const double probability = params.mean_degree / (params.nodes - 1.0);
  // Boost counts how many pairs it can skip, which nothing has to be drawn for if that is all.
  if (1 - probability == 1) return topology;
  for (Edges edge(engine, params.nodes, probability); edge != end; ++edge) {
    connect(topology, static_cast<std::uint32_t>(edge->first),
            static_cast<std::uint32_t>(edge->second));
  }
  return topology;
}

}  // namespace

Generator erdos_renyi() {
  return {.name = "erdos_renyi",
          .summary =
              "every pair of nodes is joined with the same probability, mean_degree / (nodes - "
              "1); parts may stay unconnected (Erdos and Renyi 1959, Gilbert 1959)",
          .reads = {"nodes", "mean_degree"},
          .make = make};
}

}  // namespace ampsim::topo
