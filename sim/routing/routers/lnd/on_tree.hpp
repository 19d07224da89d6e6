#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/check.hpp"
#include "sim/routing/routers/lnd/search.hpp"

/// How a search of lnd's router starts from a tree (tree.hpp) instead of from the receiver; part of
/// search.hpp.
///
/// In the tree every node has the label that the plain search gives it where nothing is known. What
/// is known of a node changes the probabilities of its own hops. So loose are the nodes that
/// something is known of, and those whose ways lead over them; the labels of all others are firm. A
/// loose node asks all its neighbours that have a label, firm or settled, for the best one, and
/// then loose nodes are settled by distance, and offered to their neighbours, as in the plain
/// search. Rarely a firm node gets a better label so: by a hop that is likelier than in the tree,
/// or because the new label is better to extend, or within a limit, where the old one was not. Then
/// it and what hangs on it is loose from there on.
///
/// Every hop adds to a distance, or no tree is used: when a node is settled, all firm nodes of less
/// distance stay firm. So each label is the best of all offers, as in the plain search.
///
/// Tested by tests/tree_test.cpp and tests/reference_router_test.cpp.
namespace ampsim::sim::lnd {

/// All labels, as if nothing was known of nodes: the view must not know anything.
template <class Beliefs>
void Search<Beliefs>::grow(Tree& tree) {
  AMPSIM_CHECK(may_use_tree() && beliefs_.nodes().empty(), "a tree of other than plain ways");
  Scratch& s = scratch_;
  tree.begin(graph_.node_count(), request_.fee_limit);
  begin_plain();
  settle_plain(request_.target);
  while (!s.queue.empty()) {
    const Entry top = s.queue.top();
    s.queue.pop();
    std::int64_t& best = s.distances[top.node];
    if (best != top.key) continue;
    best = kSettled;
    const NodeId node{top.node};
    const Label& label = s.labels[top.node];
    tree.count_fee(label.amount - request_.amount);
    tree.add(node, graph_.head(label.channel), top.key, label);
    settle_plain(node);
  }
}

/// No potentials: by distance.
template <class Beliefs>
void Search<Beliefs>::begin_plain() {
  is_guided_ = false;
  detour_ = 0;
  bar_ = kUnreached;
  scratch_.outlook.begin(0);
  scratch_.labels[request_.target.index] = first_label();
}

/// Offers a way through the node to all that forward.
template <class Beliefs>
void Search<Beliefs>::settle_plain(NodeId node) {
  stand_at(node, scratch_.labels[node.index], 0);
  if (at_.amount - request_.amount > request_.fee_limit) return;
  relax_row(node);
}

/// The same route as run() finds, or nothing if too many nodes are loose.
template <class Beliefs>
std::optional<RouteResult> Search<Beliefs>::run_on(const Tree& tree) {
  AMPSIM_CHECK(may_use_tree(), "a tree for ways that are not as in a tree");
  Scratch& s = scratch_;
  if (heads_left_ == 0) return NoRoute::no_path;
  tree_ = &tree;
  for (const NodeResults& results : beliefs_.nodes()) loosen_all(results.from.index);
  std::uint64_t edges = 0;
  for (const std::uint32_t node : s.loose) edges += width(node);
  constexpr std::uint64_t kFew = 64;
  if (edges > std::max(kFew, channels_.tails().size() / 8)) {
    for (const std::uint32_t node : s.loose) s.distances[node] = kUnreached;
    s.loose.clear();
    tree_ = nullptr;
    return {};
  }
  begin_plain();
  gather_firm_heads();
  for (std::size_t i = 0; i < s.loose.size(); ++i) find_anew(s.loose[i]);
  if (s.own_to[request_.target.index] != 0) settle_head(request_.target, first_label(), 0);
  settle_loose();
  if (source_distance_ == kUnreached) return NoRoute::no_path;
  for (NodeId node = graph_.head(source_label_.channel); node != request_.target;) {
    if (s.distances[node.index] == kUnreached) s.labels[node.index] = tree.label(node.index);
    node = graph_.head(s.labels[node.index].channel);
  }
  return unwind();
}

template <class Beliefs>
void Search<Beliefs>::loosen(std::uint32_t node) {
  std::int64_t& known = scratch_.distances[node];
  if (known != kUnreached) return;  // loose, or an end of the route
  known = kLoose;
  scratch_.touched.push_back(node);
  scratch_.loose.push_back(node);
}

/// The node and all whose ways in the tree lead over it.
template <class Beliefs>
void Search<Beliefs>::loosen_all(std::uint32_t node) {
  std::size_t next = scratch_.loose.size();
  loosen(node);
  for (; next < scratch_.loose.size(); ++next) {
    tree_->for_each_child(scratch_.loose[next], [&](std::uint32_t child) { loosen(child); });
  }
}

/// Those next to the sender whose labels may stay, in the order in which they are settled.
template <class Beliefs>
void Search<Beliefs>::gather_firm_heads() {
  Scratch& s = scratch_;
  s.firm_heads.clear();
  for (std::size_t i = 0; i < s.own.size(); ++i) {
    const std::uint32_t head = graph_.head(s.own[i].local.channel).index;
    const bool is_first = s.own_to[head] == i + 1;
    if (!is_first || s.distances[head] != kUnreached) continue;
    if (tree_->distance(head) == kUnreached) continue;
    s.firm_heads.push_back(
        {tree_->distance(head), tree_->label(head).probability, head, Step::settle});
  }
  std::sort(s.firm_heads.begin(), s.firm_heads.end(),
            [](const Entry& a, const Entry& b) { return IsSettledLater{}(b, a); });
}

/// The best label of a loose node, of those that nodes with a final one offer.
template <class Beliefs>
void Search<Beliefs>::find_anew(std::uint32_t node) {
  Scratch& s = scratch_;
  s.distances[node] = kLoose;
  const bool is_hot = (s.is_special[node] & kHot) != 0;
  const std::uint32_t end = channels_.transit_end[node];
  std::uint32_t edge = begin_of(node);
  work_ += width(node);
  while (edge < end) {
    const std::uint32_t first = edge;
    const std::uint32_t head = tail_of(edge);
    do {
      ++edge;
    } while (edge < end && tail_of(edge) == head);
    const std::int64_t known = s.distances[head];
    const bool is_firm = known == kUnreached;
    // Nearer than the best so far, or settled; the ends of the route are not asked.
    if (is_firm ? tree_->distance(head) >= s.distances[node] : known != kSettled) continue;
    if (head == request_.source.index || head == request_.target.index) continue;
    stand_at(NodeId{head}, is_firm ? tree_->label(head) : s.labels[head], 0);
    if (at_.amount - request_.amount > request_.fee_limit) continue;
    const double likeliest = is_hot ? likeliest_hot_ : likeliest_plain_;
    if (distance(at_.weight, cost_, likeliest) > s.distances[node]) continue;
    UnifiedChannel hop;
    for (std::uint32_t i = first; i < edge; ++i) {
      hop.add(channels_.at(channels_.channel_of_edge(i).reversed()), at_.amount);
    }
    work_ += kOffer;
    if (!hop.is_none()) consider(NodeId{node}, hop);
  }
  stand_at(request_.target, s.labels[request_.target.index], 0);
  const std::uint32_t last = channels_.transit_end[request_.target.index];
  const std::uint32_t channel = first_from(node, begin_of(request_.target.index), last);
  if (channel < last && tail_of(channel) == node) offer(channel, last);
}

/// Settles nodes until nothing that is left can change the sender's label.
template <class Beliefs>
void Search<Beliefs>::settle_loose() {
  Scratch& s = scratch_;
  std::size_t next_firm = 0;
  while (heads_left_ > 0) {
    const Entry* const top = s.queue.empty() ? nullptr : &s.queue.top();
    const Entry* const firm = next_firm < s.firm_heads.size() ? &s.firm_heads[next_firm] : nullptr;
    if (firm != nullptr && (top == nullptr || IsSettledLater{}(*top, *firm))) {
      if (firm->key > bar_) return;
      ++next_firm;
      const bool is_still = s.distances[firm->node] == kUnreached;
      if (is_still) settle_head(NodeId{firm->node}, tree_->label(firm->node), firm->key);
      continue;
    }
    if (top == nullptr || top->key > bar_) return;
    const Entry entry = *top;
    s.queue.pop();
    std::int64_t& best = s.distances[entry.node];
    if (best != entry.key || s.labels[entry.node].probability != entry.probability) continue;
    best = kSettled;
    const NodeId node{entry.node};
    if (s.own_to[entry.node] != 0) settle_head(node, s.labels[entry.node], entry.key);
    relax_loose(node);
  }
}

template <class Beliefs>
void Search<Beliefs>::settle_head(NodeId node, const Label& label, std::int64_t its_distance) {
  stand_at(node, label, its_distance);
  --heads_left_;
  if (at_.amount - request_.amount <= request_.fee_limit) relax_own();
}

/// Offers a way through a node that was loose to all others.
template <class Beliefs>
void Search<Beliefs>::relax_loose(NodeId node) {
  Scratch& s = scratch_;
  stand_at(node, s.labels[node.index], 0);
  if (at_.amount - request_.amount > request_.fee_limit) return;
  const std::int64_t least = distance(at_.weight, cost_, likeliest_hot_);
  if (least > bar_) return;
  const std::size_t loose = s.loose.size();
  const std::uint32_t end = channels_.transit_end[node.index];
  work_ += width(node.index);
  for (std::uint32_t edge = begin_of(node.index); edge < end;) {
    const std::uint32_t tail = tail_of(edge);
    const std::int64_t known = s.distances[tail];
    if (known < least || (known == kUnreached && tree_->distance(tail) < least)) {
      ++edge;
    } else {
      edge = known == kUnreached ? offer_to_firm(edge, end) : offer(edge, end);
    }
  }
  if (s.loose.size() > loose) spread(loose);
}

/// A firm node that takes the offer is loose from now on, and what hangs on it, too.
template <class Beliefs>
std::uint32_t Search<Beliefs>::offer_to_firm(std::uint32_t edge, std::uint32_t end) {
  Scratch& s = scratch_;
  const std::uint32_t tail = tail_of(edge);
  const std::int64_t before = tree_->distance(tail);
  s.distances[tail] = before;
  s.labels[tail] = tree_->label(tail);
  const std::uint32_t next = offer(edge, end);
  const std::int64_t now = s.distances[tail];
  const Label& label = s.labels[tail];
  if (now == before && (now == kUnreached || label.channel == tree_->label(tail).channel)) {
    s.distances[tail] = kUnreached;
    return next;
  }
  s.distances[tail] = kUnreached;
  loosen_all(tail);
  return next;
}

/// Finds new labels for the nodes that are loose since `from`, and those that hang on them.
template <class Beliefs>
void Search<Beliefs>::spread(std::size_t from) {
  Scratch& s = scratch_;
  work_ += s.loose.size();
  for (std::size_t i = 0; i < s.loose.size(); ++i) {
    const std::uint32_t node = s.loose[i];
    const std::int64_t known = s.distances[node];
    if (known == kSettled) continue;
    bool is_due = i >= from;
    if (!is_due && known != kLoose) {
      const NodeId parent = graph_.head(s.labels[node].channel);
      const std::int64_t of_parent = s.distances[parent.index];
      is_due = of_parent != kUnreached && of_parent != kSettled;
    }
    if (is_due) find_anew(node);
  }
}

}  // namespace ampsim::sim::lnd
