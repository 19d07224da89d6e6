#include <cmath>

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

// G(n, M). Boost's G(n, p), sorted_erdos_renyi_iterator, is no use: it was written for a geometric
// distribution that starts at 1, and since Boost 1.47 that one starts at 0.
Topology make(const TopologyParams& params, std::uint64_t seed) {
  const double channels = std::round(params.nodes * params.mean_degree / 2);
  require(params.mean_degree >= 0, "mean_degree",
          fmt::format("found {}; allowed: 0 or more", params.mean_degree));
  require_size(params, 2, channels);
  Rng rng(seed, "topology");
  StreamEngine engine(rng);
  Topology topology = numbered_nodes(params.nodes);
  using Edges = boost::erdos_renyi_iterator<StreamEngine, Graph>;
  const Edges end;
  for (Edges edge(engine, params.nodes, static_cast<std::size_t>(channels)); edge != end; ++edge) {
    connect(topology, static_cast<std::uint32_t>(edge->first),
            static_cast<std::uint32_t>(edge->second));
  }
  return topology;
}

}  // namespace

Generator erdos_renyi() {
  return {.name = "erdos_renyi",
          .summary =
              "nodes * mean_degree / 2 channels, each between two different nodes drawn "
              "uniformly; a pair may be drawn again, and parts may stay unconnected (Erdos "
              "and Renyi 1959, with replacement)",
          .reads = {"nodes", "mean_degree"},
          .make = make};
}

}  // namespace ampsim::topo
