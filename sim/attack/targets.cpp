#include "sim/attack/targets.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "topologies/centrality.hpp"

namespace ampsim::sim {
namespace {

std::vector<double> degrees_of(const topo::Topology& topology) {
  std::vector<double> degrees(topology.nodes.size());
  for (const topo::Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) ++degrees[end.index];
  }
  return degrees;
}

std::vector<double> capacities_of(const topo::Topology& topology) {
  std::vector<double> capacities(topology.nodes.size());
  for (const topo::Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) {
      capacities[end.index] += static_cast<double>(channel.capacity.value_or(Msat{}).count);
    }
  }
  return capacities;
}

std::vector<NodeId> listed_nodes(const topo::Topology& topology, const std::string& names) {
  std::vector<std::string> known;
  for (const topo::Node& node : topology.nodes) known.push_back(node.name);
  std::vector<NodeId> nodes;
  std::istringstream words(names);
  for (std::string name; words >> name;) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      throw InputError(
          {.key = "attack.listed"},
          fmt::format("found \"{}\"; allowed: names of nodes{}", name, did_you_mean(name, known)));
    }
    const NodeId node{static_cast<std::uint32_t>(found - known.begin())};
    if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
  }
  return nodes;
}

std::vector<NodeId> all_nodes(const topo::Topology& topology) {
  std::vector<NodeId> nodes(topology.nodes.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i) nodes[i] = NodeId{i};
  return nodes;
}

std::vector<NodeId> by_rank(const topo::Topology& topology, const std::vector<double>& ranks) {
  std::vector<NodeId> nodes = all_nodes(topology);
  std::stable_sort(nodes.begin(), nodes.end(),
                   [&](NodeId a, NodeId b) { return ranks[a.index] > ranks[b.index]; });
  return nodes;
}

std::vector<NodeId> in_random_order(const topo::Topology& topology, std::uint64_t seed) {
  Rng rng(seed, "attack_targets");
  const std::vector<double> degrees = degrees_of(topology);
  std::vector<NodeId> nodes = all_nodes(topology);
  std::erase_if(nodes, [&](NodeId node) { return degrees[node.index] < 2; });
  for (std::size_t i = nodes.size(); i > 1; --i) std::swap(nodes[i - 1], nodes[rng.below(i)]);
  return nodes;
}

std::vector<NodeId> candidates(const topo::Topology& topology,
                               const AttackParams& params,
                               std::uint64_t seed) {
  switch (params.choice) {
    case TargetChoice::degree:
      return by_rank(topology, degrees_of(topology));
    case TargetChoice::betweenness:
      return by_rank(topology, topo::betweenness(topology, seed));
    case TargetChoice::capacity:
      return by_rank(topology, capacities_of(topology));
    case TargetChoice::random:
      return in_random_order(topology, seed);
    case TargetChoice::listed:
      return listed_nodes(topology, params.listed);
  }
  AMPSIM_UNREACHABLE("unknown choice");
}

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
  std::vector<NodeId> nodes = candidates(topology, params, seed);
  if (params.choice != TargetChoice::listed && nodes.size() > params.targets) {
    nodes.resize(params.targets);
  }
  return nodes;
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
