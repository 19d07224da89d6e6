#pragma once

#include <cstdint>
#include <vector>

#include "core/units.hpp"
#include "sim/attack/params.hpp"
#include "topologies/topology.hpp"

/// Which nodes an attack is about, and which of their channels.
///
/// Tested by tests/attack_targets_test.cpp.
namespace ampsim::sim {

/// The most central ones first, or in the order of the list. Errors: InputError for a listed name
/// that is no node.
std::vector<NodeId> choose_targets(const topo::Topology& topology,
                                   const AttackParams& params,
                                   std::uint64_t seed);

/// Every channel of the nodes, in both directions, each once and in the order of the topology; not
/// those directions that are disabled.
std::vector<DirectedChannel> channels_both_ways(const topo::Topology& topology,
                                                const std::vector<NodeId>& nodes);

/// Every channel of the nodes in one direction: away from the node, unless that is disabled.
std::vector<DirectedChannel> channels_one_way(const topo::Topology& topology,
                                              const std::vector<NodeId>& nodes);

}  // namespace ampsim::sim
