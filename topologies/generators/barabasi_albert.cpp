#include <algorithm>

#include <fmt/format.h>

#include "core/random.hpp"
#include "topologies/generators/families.hpp"
#include "topologies/generators/numbered_network.hpp"

namespace ampsim::topo {
namespace {

Topology make(const TopologyParams& params, std::uint64_t seed) {
  const std::uint32_t m = params.channels_per_node;
  require_size(params, 2, static_cast<double>(params.nodes) * m);
  require(m >= 1 && m < params.nodes, "channels_per_node",
          fmt::format("found {}; allowed: from 1 to nodes - 1 = {}", m, params.nodes - 1));
  Rng rng(seed, "topology");
  Topology topology = numbered_nodes(params.nodes);
  // Every channel puts both its ends on this list: a node stands there as often as it has
  // channels, so that a uniform draw from it is preferential attachment.
  std::vector<std::uint32_t> ends;
  const auto join = [&](std::uint32_t a, std::uint32_t b) {
    connect(topology, a, b);
    ends.push_back(a);
    ends.push_back(b);
  };
  for (std::uint32_t a = 0; a <= m; ++a) {
    for (std::uint32_t b = a + 1; b <= m; ++b) join(a, b);
  }
  std::vector<std::uint32_t> chosen;
  for (std::uint32_t node = m + 1; node < params.nodes; ++node) {
    chosen.clear();
    while (chosen.size() < m) {
      const std::uint32_t candidate = ends[rng.below(ends.size())];
      if (std::find(chosen.begin(), chosen.end(), candidate) == chosen.end()) {
        chosen.push_back(candidate);
      }
    }
    for (const std::uint32_t neighbour : chosen) join(node, neighbour);
  }
  return topology;
}

}  // namespace

Generator barabasi_albert() {
  return {.name = "barabasi_albert",
          .summary =
              "growth with preferential attachment: every new node opens channels_per_node "
              "channels to different nodes, drawn by their number of channels; starts as a "
              "clique (Barabasi and Albert 1999)",
          .reads = {"nodes", "channels_per_node"},
          .make = make};
}

}  // namespace ampsim::topo
