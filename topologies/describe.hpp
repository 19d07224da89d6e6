#pragma once

#include <string>
#include <vector>

#include "topologies/topology.hpp"

/// What a topology looks like, in numbers.
///
/// - A node's degree is the number of its channels; its neighbours are counted once each.
/// - clustering_mean: the mean over all nodes of (pairs of neighbours that are neighbours) / (pairs
///   of neighbours), 0 for a node with fewer than two (Watts and Strogatz 1998).
/// - assortativity: the correlation of the numbers of neighbours at the two ends of a pair of
///   neighbours (Newman 2002).
/// - capacity_gini: 0 where all channels are alike, towards 1 where one has everything.
/// - capacity_degree_correlation: of log capacity and log of the product of the ends' degrees.
/// - disabled_both_share, disabled_one_share: of the channels. Quantiles of policies are over the
///   directions that are not disabled.
/// - pNN: the smallest value that at least NN % of the values do not exceed.
///
/// What the topology does not say is left out. Cost: O(m^1.5) for m pairs of neighbours.
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
