#pragma once

#include <cstdint>
#include <limits>
#include <queue>
#include <vector>

#include "core/units.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/channel_graph.hpp"

/// One spanning tree a landmark, as nodes build and mend them together (SpeedyMurmurs, Roos et al.
/// 2018, arXiv 1709.05748). The landmarks are the nodes with most channels, the smaller id among
/// equals. A node's coordinate in a tree is its parent's and one element more, so that
///
///   distance(a, b) = depth(a) + depth(b) - 2 * length of the common prefix
///
/// is the way in the tree. Coordinates are not stored: the prefix is the common ancestors.
///
/// A link can carry a tree if both its ends can send something; only nodes that cannot be reached
/// so are attached over links in one of whose directions something can be sent. A node whose link
/// to its parent can do less than when it was attached loses its coordinate, and all below it with
/// it; then they are attached anew, near the root first. The trees are mended when they are asked
/// for: what broke and came back in between is never seen.
///
/// Messages: one for each node that gets a coordinate anew, from its parent. The first trees are
/// there before the run and cost none.
///
/// Memory: 24 bytes a node and landmark. Mending looks at every node's link once; O(log n) for each
/// channel of nodes without a coordinate.
///
/// Tested by tests/landmark_routers_test.cpp.
namespace ampsim::sim {

class SpanningTrees {
 public:
  static constexpr std::uint32_t kUnattached = std::numeric_limits<std::uint32_t>::max();

  /// Graph and network must outlive the trees.
  SpanningTrees(const ChannelGraph& graph, const Network& network, std::uint32_t landmarks);

  std::size_t size() const { return trees_.size(); }
  NodeId landmark(std::size_t tree) const { return landmarks_[tree]; }
  /// To the balances of now.
  void mend();
  std::uint64_t messages() const { return messages_; }

  /// Links up to the landmark; kUnattached if the node has no coordinate.
  std::uint32_t depth(std::size_t tree, NodeId node) const {
    return trees_[tree][node.index].depth;
  }
  /// From the node to its parent; the landmark has none.
  DirectedChannel to_parent(std::size_t tree, NodeId node) const {
    return trees_[tree][node.index].up;
  }
  /// kUnattached if one of them has no coordinate.
  std::uint32_t distance(std::size_t tree, NodeId a, NodeId b) const;

 private:
  enum class Link : std::uint8_t { none, one_way, both_ways };
  struct Place {
    DirectedChannel up;
    std::uint32_t depth = kUnattached;
    Link link = Link::both_ways;  ///< what `up` could do when the node was attached
  };
  struct Offer {
    std::uint32_t depth;
    NodeId node;
    DirectedChannel up;
    bool operator>(const Offer& other) const;
  };
  using Offers = std::priority_queue<Offer, std::vector<Offer>, std::greater<>>;

  Link link_over(DirectedChannel channel) const;
  void detach_broken(std::vector<Place>& tree) const;
  void attach(std::vector<Place>& tree, Link least);
  void offer_to_neighbours(const std::vector<Place>& tree, NodeId node, Link least, Offers& offers);

  const ChannelGraph& graph_;
  const Network& network_;
  std::vector<NodeId> landmarks_;
  std::vector<std::vector<Place>> trees_;
  std::uint64_t messages_ = 0;
};

}  // namespace ampsim::sim
