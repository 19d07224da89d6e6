#include "topologies/node_choice.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "topologies/centrality.hpp"

namespace ampsim::topo {
namespace {

std::vector<double> degrees_of(const Topology& topology) {
  std::vector<double> degrees(topology.nodes.size());
  for (const Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) ++degrees[end.index];
  }
  return degrees;
}

std::vector<double> capacities_of(const Topology& topology) {
  std::vector<double> capacities(topology.nodes.size());
  for (const Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) {
      capacities[end.index] += static_cast<double>(channel.capacity.value_or(Msat{}).count);
    }
  }
  return capacities;
}

std::vector<NodeId> listed_nodes(const Topology& topology,
                                 const std::string& names,
                                 const std::string& key) {
  std::vector<std::string> known;
  for (const Node& node : topology.nodes) known.push_back(node.name);
  std::vector<NodeId> nodes;
  std::istringstream words(names);
  for (std::string name; words >> name;) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      throw InputError({.key = key}, fmt::format("found \"{}\"; allowed: names of nodes{}", name,
                                                 did_you_mean(name, known)));
    }
    const NodeId node{static_cast<std::uint32_t>(found - known.begin())};
    if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
  }
  if (nodes.empty()) throw InputError({.key = key}, "found no name; allowed: names of nodes");
  return nodes;
}

std::vector<NodeId> all_nodes(const Topology& topology) {
  std::vector<NodeId> nodes(topology.nodes.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i) nodes[i] = NodeId{i};
  return nodes;
}

std::vector<NodeId> by_rank(const Topology& topology, const std::vector<double>& ranks) {
  std::vector<NodeId> nodes = all_nodes(topology);
  std::stable_sort(nodes.begin(), nodes.end(),
                   [&](NodeId a, NodeId b) { return ranks[a.index] > ranks[b.index]; });
  return nodes;
}

std::vector<NodeId> in_random_order(const Topology& topology,
                                    std::string_view purpose,
                                    std::uint64_t seed) {
  Rng rng(seed, purpose);
  const std::vector<double> degrees = degrees_of(topology);
  std::vector<NodeId> nodes = all_nodes(topology);
  std::erase_if(nodes, [&](NodeId node) { return degrees[node.index] < 2; });
  for (std::size_t i = nodes.size(); i > 1; --i) std::swap(nodes[i - 1], nodes[rng.below(i)]);
  return nodes;
}

}  // namespace

std::vector<NodeId> choose_nodes(const Topology& topology,
                                 const NodeChoiceParams& params,
                                 std::string_view purpose,
                                 const std::string& key,
                                 std::uint64_t seed) {
  std::vector<NodeId> nodes;
  switch (params.by) {
    case NodeChoice::degree:
      nodes = by_rank(topology, degrees_of(topology));
      break;
    case NodeChoice::betweenness:
      nodes = by_rank(topology, betweenness(topology, seed));
      break;
    case NodeChoice::capacity:
      nodes = by_rank(topology, capacities_of(topology));
      break;
    case NodeChoice::random:
      nodes = in_random_order(topology, purpose, seed);
      break;
    case NodeChoice::listed:
      return listed_nodes(topology, params.listed, key);
  }
  if (nodes.size() > params.count) nodes.resize(params.count);
  return nodes;
}

}  // namespace ampsim::topo
