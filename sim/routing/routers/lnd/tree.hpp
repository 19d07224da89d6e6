#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/routers/lnd/label.hpp"

/// What lnd's search finds for a receiver and an amount where nothing is known of any node: the
/// labels of all, and so a tree of ways to the receiver. A payment that fails is searched for again
/// and again, with a little more known each time. Most labels stay what they are in the tree; only
/// those are found anew whose ways lead over a node that something is known of (on_tree.hpp).
///
/// Memory: up to 64 bytes a node of the network and tree, 16 MB for all trees of a router. Networks
/// of more than 65,536 nodes have none.
///
/// Tested by tests/tree_test.cpp and tests/reference_router_test.cpp.
namespace ampsim::sim::lnd {

/// What a tree is for. The sender is in it because it forwards nothing itself.
struct TreeKey {
  NodeId source;
  NodeId target;
  Msat amount;
  BlockDelta final_cltv_delta;
  BlockDelta cltv_limit;
  bool is_bimodal = false;  ///< the kind of view

  friend bool operator==(const TreeKey&, const TreeKey&) = default;
};

class Tree {
 public:
  /// Without branches, for a network of so many nodes and ways that cost at most the limit.
  void begin(std::size_t nodes, Msat fee_limit);
  /// Below `parent`, which is the target or was added before.
  void add(NodeId node, NodeId parent, std::int64_t distance, const Label& label);
  /// What the way from a node costs in fees. Nothing grows from those that cost more than the
  /// limit.
  void count_fee(Msat fee);

  /// Whether it would be the same under this limit: the same nodes' ways cost more.
  bool holds(Msat fee_limit) const {
    return highest_fee_within_ <= fee_limit && fee_limit < lowest_fee_beyond_;
  }
  /// kUnreached where it has no way.
  std::int64_t distance(std::uint32_t node) const { return distances_[node]; }
  /// Where it has one.
  const Label& label(std::uint32_t node) const { return labels_[node]; }
  /// Calls `use(node)` for those whose ways begin with a hop to this one.
  template <class Use>
  void for_each_child(std::uint32_t node, const Use& use) const {
    for (std::uint32_t child = first_child_[node]; child != kNone; child = next_child_[child]) {
      use(child);
    }
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  // By node.
  std::vector<std::int64_t> distances_;
  std::vector<Label> labels_;
  std::vector<std::uint32_t> first_child_;
  std::vector<std::uint32_t> next_child_;  ///< of the same parent
  std::vector<std::uint32_t> changed_;     ///< nodes that are not as in an empty tree
  Msat fee_limit_;
  Msat highest_fee_within_;  ///< of those that are within the limit
  Msat lowest_fee_beyond_;   ///< of the others
};

/// The trees of the payments that were lately dear to search for.
class Trees {
 public:
  /// Those of a network of so many nodes; none if fewer than four would fit.
  explicit Trees(std::size_t nodes);

  struct Place {
    TreeKey key;
    std::uint64_t steps = 0;  ///< that searches without the tree have cost
    std::uint64_t used = 0;   ///< when, as a count
    bool is_grown = false;
    Tree tree;
  };
  /// Null where no search for it was dear.
  Place* find(const TreeKey& key);
  /// Counts the steps of a search, in the place of the key that was not used for longest.
  void add(const TreeKey& key, std::uint64_t steps);

  /// A search has started from a tree, or could not.
  void count_use(bool was_of_use) { ++(was_of_use ? successes_ : failures_); }
  /// How many times what it costs a tree has to be worth: more where many were of no use.
  std::uint64_t price() const { return 1 + 4 * failures_ / (1 + successes_); }

 private:
  std::vector<Place> places_;
  std::uint64_t successes_ = 0;
  std::uint64_t failures_ = 0;
  std::uint64_t uses_ = 0;
};

}  // namespace ampsim::sim::lnd
