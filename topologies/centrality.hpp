#pragma once

#include <cstdint>
#include <vector>

#include "topologies/topology.hpp"

/// How central a node is: its betweenness, the number of pairs of other nodes whose shortest paths
/// pass through it, where a pair with several shortest paths counts the share of them that do
/// (Freeman 1977; computed as by Brandes 2001). Links have length one and no direction; parallel
/// channels are one link. Nothing is normalised: in a star of n leaves the hub has n(n-1)/2.
///
/// Above 4,000 nodes an estimate without bias from 1,000 sources drawn from the seed (Brandes and
/// Pich 2007): enough to tell the central nodes from the others, not to order those at the edge.
///
/// Cost: O(s(n + m)) for m pairs of neighbours and s sources, n of them up to 4,000 nodes.
///
/// Tested by tests/centrality_test.cpp.
namespace ampsim::topo {

/// One value for each node. The topology must be valid.
std::vector<double> betweenness(const Topology& topology, std::uint64_t seed);

}  // namespace ampsim::topo
