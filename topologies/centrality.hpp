#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "topologies/neighbours.hpp"
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

/// What the shortest paths from some nodes, or from all, say of a network.
struct PathStatistics {
  std::vector<double> betweenness;  ///< of each node, as above
  // In the largest component:
  double distance_mean = 0;    ///< between two different nodes
  std::uint32_t diameter = 0;  ///< exact from all nodes, otherwise the longest distance met
  std::size_t sources = 0;     ///< how many nodes the paths start from
};

/// From all nodes up to 5,000 of them, as long as that takes up to 10^9 steps of n + 2m each;
/// otherwise from as many random ones as take 2 * 10^8, at least 32 and at most 1,000. The diameter
/// of a sample is looked for once more from the ends of the longest path met.
PathStatistics path_statistics(const Neighbours& neighbours, std::uint64_t seed);

}  // namespace ampsim::topo
