#pragma once

#include <string>
#include <vector>

#include "topologies/topology.hpp"

/// What a topology looks like, in numbers.
///
/// - A node's degree is the number of its channels; its neighbours are counted once each.
/// - clustering_mean: the mean over all nodes of (pairs of neighbours that are neighbours) / (pairs
///   of neighbours), 0 for a node with fewer than two (Watts and Strogatz 1998).
/// - transitivity: of all pairs of neighbours of a node, the share that are neighbours.
/// - assortativity: the correlation of the numbers of neighbours at the two ends of a pair of
///   neighbours (Newman 2002).
/// - articulation_points: nodes without which their component would fall apart.
/// - core_number_max: the innermost core, where every node has so many neighbours in it.
/// - diameter, distance_mean: the longest and the mean distance in channels between two nodes of
///   the largest component. Above 5,000 nodes from a sample of path_sources nodes, always the same:
///   the mean is an estimate, the diameter at least that (topologies/centrality.hpp).
/// - betweenness_mean, _max: as part of all pairs of other nodes; _top10_share: what the ten most
///   central nodes have of the sum.
/// - *_gini: 0 where all are alike, towards 1 where one has everything.
/// - capacity_degree_correlation: of log capacity and log of the product of the ends' degrees.
/// - disabled_both_share, disabled_one_share: of the channels. Quantiles of policies are over the
///   directions that are not disabled.
/// - pNN: the smallest value that at least NN % of the values do not exceed.
///
/// What the topology does not say is left out. Cost: O(m^1.5) for m pairs of neighbours, and up to
/// 10^9 steps along paths.
///
/// Tested by tests/describe_test.cpp.
namespace ampsim::topo {

struct Property {
  std::string name;   ///< with its unit
  std::string value;  ///< a number
};

/// The topology must be valid.
std::vector<Property> describe(const Topology& topology);

}  // namespace ampsim::topo
