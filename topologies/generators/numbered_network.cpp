#include "topologies/generators/numbered_network.hpp"

#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim::topo {

Topology numbered_nodes(std::uint32_t count) {
  Topology topology;
  topology.nodes.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) topology.nodes[i].name = std::to_string(i);
  return topology;
}

void connect(Topology& topology, std::uint32_t a, std::uint32_t b) {
  topology.channels.push_back(
      {.id = std::to_string(topology.channels.size()), .ends = {NodeId{a}, NodeId{b}}});
}

void require(bool holds, std::string_view key, std::string_view problem) {
  if (!holds) throw InputError({.key = fmt::format("topology.{}", key)}, problem);
}

void require_size(const TopologyParams& params, std::uint32_t least, double channels) {
  constexpr double kMostChannels = 2e9;
  require(params.nodes >= least, "nodes",
          fmt::format("found {}; allowed: {} or more", params.nodes, least));
  require(channels <= kMostChannels, "nodes",
          fmt::format("found {}, which makes {:.0f} channels; allowed: up to {:.0f} channels",
                      params.nodes, channels, kMostChannels));
}

}  // namespace ampsim::topo
