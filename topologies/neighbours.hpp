#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topologies/topology.hpp"

/// Every node's neighbours, once each however many channels there are, in order, in one array: the
/// simple graph below a topology, and what Boost.Graph finds in it.
///
/// Cost: O(m log m) for m channels; 8 bytes a node and 4 a neighbour. The functions O(n + m).
///
/// Tested by tests/neighbours_test.cpp.
namespace ampsim::topo {

class Neighbours {
 public:
  /// The topology must be valid.
  explicit Neighbours(const Topology& topology);

  std::uint32_t node_count() const { return static_cast<std::uint32_t>(first_.size() - 1); }
  /// Pairs of neighbours.
  std::size_t pair_count() const { return targets_.size() / 2; }
  std::size_t count_of(std::uint32_t node) const { return first_[node + 1] - first_[node]; }
  std::span<const std::uint32_t> of(std::uint32_t node) const {
    return std::span(targets_).subspan(first_[node], count_of(node));
  }

 private:
  std::vector<std::size_t> first_;
  std::vector<std::uint32_t> targets_;
};

/// Which component each node is in, numbered in the order of their first nodes, and how many nodes
/// each has.
struct Components {
  std::vector<std::uint32_t> of;
  std::vector<std::uint32_t> sizes;

  /// The one with most nodes, of equal ones the first. There must be a node.
  std::uint32_t largest() const;
};
Components components_of(const Neighbours& neighbours);

/// The largest k of each node for which it is in the k-core: the largest part of the network where
/// every node has k neighbours in it (Seidman 1983).
std::vector<std::uint32_t> core_numbers(const Neighbours& neighbours);

/// The nodes without which their component would fall apart, in order.
std::vector<std::uint32_t> articulation_points(const Neighbours& neighbours);

}  // namespace ampsim::topo
