#include "sim/attack/targets.hpp"

#include <algorithm>
#include <string>

#include "core/check.hpp"
#include "topologies/node_choice.hpp"

namespace ampsim::sim {
namespace {

bool is_disabled(const topo::Topology& topology, DirectedChannel d) {
  return topology.channels[d.channel().index].policy[d.direction()]->is_disabled;
}

std::vector<bool> marked(const topo::Topology& topology, const std::vector<NodeId>& nodes) {
  std::vector<bool> marks(topology.nodes.size(), false);
  for (const NodeId node : nodes) marks[node.index] = true;
  return marks;
}

}  // namespace

std::vector<NodeId> choose_targets(const topo::Topology& topology,
                                   const AttackParams& params,
                                   std::uint64_t seed) {
  return topo::choose_nodes(topology,
                            {.by = params.choice, .count = params.targets, .listed = params.listed},
                            "attack_targets", "attack.listed", seed);
}

std::vector<DirectedChannel> channels_both_ways(const topo::Topology& topology,
                                                const std::vector<NodeId>& nodes) {
  const std::vector<bool> is_target = marked(topology, nodes);
  std::vector<DirectedChannel> channels;
  for (std::uint32_t index = 0; index < 2 * topology.channels.size(); ++index) {
    const DirectedChannel d{index};
    const bool has_target =
        is_target[topology.source(d).index] || is_target[topology.target(d).index];
    if (has_target && !is_disabled(topology, d)) channels.push_back(d);
  }
  return channels;
}

std::vector<DirectedChannel> channels_one_way(const topo::Topology& topology,
                                              const std::vector<NodeId>& nodes) {
  const std::vector<bool> is_target = marked(topology, nodes);
  std::vector<DirectedChannel> channels;
  for (std::uint32_t i = 0; i < topology.channels.size(); ++i) {
    const auto& ends = topology.channels[i].ends;
    if (!is_target[ends[0].index] && !is_target[ends[1].index]) continue;
    const DirectedChannel away =
        DirectedChannel::of(ChannelId{i}, is_target[ends[0].index] ? 0U : 1U);
    for (const DirectedChannel d : {away, away.reversed()}) {
      if (is_disabled(topology, d)) continue;
      channels.push_back(d);
      break;
    }
  }
  return channels;
}

}  // namespace ampsim::sim
