#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/check.hpp"
#include "core/units.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/router.hpp"

/// The search that LDK and Eclair have in common, from the receiver back to the sender: each node
/// keeps the one label of least score, the score of a label never falls when a hop is put before
/// it, and a node passes its label on when none of a lower score is left. Of two hops that give a
/// node the same score, the one with the smaller directed channel counts; of own channels to one
/// peer the first in the order of the rule. So the result is unique.
///
/// What a label is and how a hop changes it is the rule's affair:
///
///   struct Label { double score; DirectedChannel next; ... };
///   bool extend(const Label& at, const SearchHop& hop, double limit, Label& out);
///   bool extend_own(const Label& at, const LocalChannel& own, const SearchHop& hop, Label& out);
///   double least_rise(const SearchHop& hop);    by how much a hop raises any score at least
///   bool precedes(const LocalChannel& a, const LocalChannel& b);   own channels to one peer
///
/// extend returns false for a hop that is not allowed, or whose score is above the limit.
///
/// Exact short cut (A*): a search from the sender over least rises, which stops after some rows,
/// bounds from below what is left of the way from each node; nodes are settled by the sum of score
/// and bound. It serves all searches between begin and end.
///
/// Cost: nothing is allocated after warm-up. Memory: 40 bytes and a label a node, 2 a channel.
///
/// Tested by tests/ldk_router_test.cpp and tests/eclair_router_test.cpp.
namespace ampsim::sim {

/// Bits of SearchHop::marks.
enum HopMark : std::uint8_t {
  hop_blocked = 1,  ///< until end()
  hop_passed = 2,   ///< blocked until clear_passed()
  hop_used = 4,     ///< other parts pass it: the rule has to look
  hop_met = 8,      ///< the view knows something about it
};

struct SearchHop {
  NodeId tail;
  NodeId head;
  const AnnouncedChannel& channel;
  std::uint8_t marks;
};

template <class Rule>
class BackwardSearch {
 public:
  using Label = typename Rule::Label;

  explicit BackwardSearch(const ChannelGraph& graph)
      : graph_(graph),
        channels_(graph.incoming()),
        state_(graph.node_count(), 0),
        scores_(graph.node_count(), 0),
        labels_(graph.node_count()),
        bound_state_(graph.node_count(), 0),
        bounds_(graph.node_count(), 0),
        local_from_(graph.node_count(), 0),
        marks_(2 * graph.channel_count(), 0) {}

  /// For searches of one request, whose avoided channels are blocked. Own channels that have less
  /// than `least` do not count.
  void begin(Rule& rule, const RouteRequest& request, Msat least);
  void end();
  void mark(DirectedChannel channel, HopMark mark) {
    const std::uint32_t position = channels_.position[channel.index];
    marks_[position] |= mark;
    (mark == hop_passed ? passed_ : marked_).push_back(position);
  }
  void clear_passed();
  /// Measures the way that is left from the sender, by a look at no more than `edges` channels.
  /// More are worth it where more searches follow.
  void aim(Rule& rule, NodeId target, std::uint32_t edges);

  /// From a node that has a label, past none of the nodes given, to the sender; no score above
  /// `limit`. False if there is no way.
  bool run(
      Rule& rule, NodeId from, const Label& label, std::span<const NodeId> closed, double limit);
  /// The label with a hop before it that is not the sender's, and that some path has.
  Label extended(Rule& rule, const Label& label, DirectedChannel channel) const;
  /// The sender's label.
  const Label& found() const { return source_label_; }
  /// Appends the path from the sender to where the search began.
  void append_path(NodeId from, std::vector<DirectedChannel>& path) const;
  /// Of an own channel less is available now.
  void take(Rule& rule, DirectedChannel channel, Msat amount);
  /// What is available of an own channel.
  Msat available(DirectedChannel channel) const;

 private:
  struct Entry {
    double key;
    std::uint32_t node;
    /// For a heap with the least on top.
    bool operator<(const Entry& other) const {
      return key != other.key ? key > other.key : node > other.node;
    }
  };

  static constexpr double kNone = std::numeric_limits<double>::infinity();
  std::uint32_t reached() const { return 2 * generation_; }
  std::uint32_t settled() const { return 2 * generation_ + 1; }
  double bound(std::uint32_t node) const {
    return bound_state_[node] == bound_generation_ * 2 + 1 ? bounds_[node] : radius_;
  }
  std::uint32_t tail_of(std::uint32_t edge) const {
    return target(IncomingChannels::Rows::edge_descriptor(0, edge), channels_.rows);
  }
  AnnouncedChannel at(std::uint32_t edge) const { return channels_.of_edge(edge); }
  std::uint32_t row_begin(NodeId node) const {
    return static_cast<std::uint32_t>((*out_edges(node.index, channels_.rows).first).idx);
  }
  void push(double key, std::uint32_t node) {
    heap_.push_back({key, node});
    std::push_heap(heap_.begin(), heap_.end());
  }
  Entry pop() {
    std::pop_heap(heap_.begin(), heap_.end());
    const Entry top = heap_.back();
    heap_.pop_back();
    return top;
  }
  void sort_local(Rule& rule);
  void relax_row(Rule& rule, NodeId node);
  void relax_local(Rule& rule, NodeId node);
  void spread(Rule& rule, const Entry& top);

  const ChannelGraph& graph_;
  const IncomingChannels& channels_;
  const RouteRequest* request_ = nullptr;

  // By node. The generations tell what of it is of the search at hand.
  std::vector<std::uint32_t> state_;
  std::vector<double> scores_;
  std::vector<Label> labels_;
  std::vector<std::uint32_t> bound_state_;
  std::vector<double> bounds_;
  std::vector<std::uint32_t> local_from_;  ///< 1 + first of the own channels to it, in local_
  std::uint32_t generation_ = 0;
  std::uint32_t bound_generation_ = 0;
  double radius_ = 0;  ///< bound of all nodes that aim() has not reached

  std::vector<std::uint8_t> marks_;  ///< HopMark by edge; all 0 between begin and end
  std::vector<std::uint32_t> marked_;
  std::vector<std::uint32_t> passed_;
  std::vector<LocalChannel> local_;  ///< that can send, by far end and then as the rule has it
  std::vector<Entry> heap_;
  Label source_label_{};
  double source_score_ = 0;
  bool has_source_ = false;
};

template <class Rule>
void BackwardSearch<Rule>::begin(Rule& rule, const RouteRequest& request, Msat least) {
  request_ = &request;
  for (const ChannelId channel : request.avoided) {
    mark(DirectedChannel::of(channel, 0), hop_blocked);
    mark(DirectedChannel::of(channel, 1), hop_blocked);
  }
  for (const LocalChannel& own : request.local) {
    if (own.available >= least) local_.push_back(own);
  }
  sort_local(rule);
  for (auto i = static_cast<std::uint32_t>(local_.size()); i > 0; --i) {
    local_from_[graph_.head(local_[i - 1].channel).index] = i;
  }
}

template <class Rule>
void BackwardSearch<Rule>::sort_local(Rule& rule) {
  std::sort(local_.begin(), local_.end(), [&](const LocalChannel& a, const LocalChannel& b) {
    const NodeId head_a = graph_.head(a.channel);
    const NodeId head_b = graph_.head(b.channel);
    return head_a != head_b ? head_a < head_b : rule.precedes(a, b);
  });
}

template <class Rule>
void BackwardSearch<Rule>::take(Rule& rule, DirectedChannel channel, Msat amount) {
  for (LocalChannel& own : local_) {
    if (own.channel == channel) own.available -= amount;
  }
  sort_local(rule);
}

template <class Rule>
Msat BackwardSearch<Rule>::available(DirectedChannel channel) const {
  for (const LocalChannel& own : local_) {
    if (own.channel == channel) return own.available;
  }
  return Msat{0};
}

template <class Rule>
void BackwardSearch<Rule>::end() {
  clear_passed();
  for (const std::uint32_t edge : marked_) marks_[edge] = 0;
  marked_.clear();
  for (const LocalChannel& own : local_) local_from_[graph_.head(own.channel).index] = 0;
  local_.clear();
  request_ = nullptr;
}

template <class Rule>
void BackwardSearch<Rule>::clear_passed() {
  for (const std::uint32_t edge : passed_) {
    marks_[edge] = static_cast<std::uint8_t>(marks_[edge] & ~hop_passed);
  }
  passed_.clear();
}

template <class Rule>
void BackwardSearch<Rule>::aim(Rule& rule, NodeId target, std::uint32_t edges) {
  ++bound_generation_;
  heap_.clear();
  for (const LocalChannel& own : local_) {
    const std::uint32_t peer = graph_.head(own.channel).index;
    if (bound_state_[peer] == bound_generation_ * 2) continue;
    bound_state_[peer] = bound_generation_ * 2;
    bounds_[peer] = 0;
    push(0, peer);
  }
  while (!heap_.empty()) {
    const Entry top = pop();
    if (bound_state_[top.node] == bound_generation_ * 2 + 1) continue;
    radius_ = top.key;
    bound_state_[top.node] = bound_generation_ * 2 + 1;
    const NodeId node{top.node};
    const std::uint32_t begin = row_begin(node);
    const std::uint32_t size = channels_.transit_end[top.node] - begin;
    if (node == target || size > edges) return;
    edges -= size;
    spread(rule, top);
  }
  radius_ = kNone;  // what was not reached cannot be
}

/// Offers the way to a node to those behind it.
template <class Rule>
void BackwardSearch<Rule>::spread(Rule& rule, const Entry& top) {
  const NodeId node{top.node};
  constexpr double kRounding = 1 - 1e-9;
  const std::uint32_t end = channels_.transit_end[top.node];
  for (std::uint32_t edge = row_begin(node); edge < end; ++edge) {
    const std::uint32_t next = tail_of(edge);
    if (bound_state_[next] == bound_generation_ * 2 + 1) continue;
    const std::uint32_t position = channels_.position[at(edge).channel.reversed().index];
    const AnnouncedChannel& onward = at(position);
    if (onward.is_disabled) continue;
    const double way =
        top.key + rule.least_rise({node, {next}, onward, marks_[position]}) * kRounding;
    if (bound_state_[next] == bound_generation_ * 2 && bounds_[next] <= way) continue;
    if (way == kNone) continue;
    bound_state_[next] = bound_generation_ * 2;
    bounds_[next] = way;
    push(way, next);
  }
}

template <class Rule>
bool BackwardSearch<Rule>::run(
    Rule& rule, NodeId from, const Label& label, std::span<const NodeId> closed, double limit) {
  ++generation_;
  heap_.clear();
  source_score_ = limit;
  has_source_ = false;
  state_[request_->source.index] = settled();
  for (const NodeId node : closed) state_[node.index] = settled();
  state_[from.index] = reached();
  scores_[from.index] = label.score;
  labels_[from.index] = label;
  push(label.score, from.index);
  while (!heap_.empty()) {
    const Entry top = pop();
    if (top.key > source_score_ || top.key == kNone) break;
    // An entry that a better one has overtaken; the better one came first.
    if (state_[top.node] == settled()) continue;
    state_[top.node] = settled();
    if (local_from_[top.node] != 0) relax_local(rule, NodeId{top.node});
    relax_row(rule, NodeId{top.node});
  }
  return has_source_;
}

template <class Rule>
void BackwardSearch<Rule>::relax_row(Rule& rule, NodeId node) {
  const Label& pivot = labels_[node.index];
  const std::uint32_t end = channels_.transit_end[node.index];
  Label label;
  for (std::uint32_t edge = row_begin(node); edge < end; ++edge) {
    const std::uint32_t tail = tail_of(edge);
    if (state_[tail] == settled()) continue;
    const double left = bound(tail);
    double limit = source_score_ - left;
    const bool is_known = state_[tail] == reached();
    if (is_known && scores_[tail] < limit) limit = scores_[tail];
    if (pivot.score > limit || left == kNone) continue;
    const std::uint8_t marks = marks_[edge];
    if ((marks & (hop_blocked | hop_passed)) != 0) continue;
    const AnnouncedChannel& channel = at(edge);
    if (channel.is_disabled) continue;
    if (!rule.extend(pivot, {NodeId{tail}, node, channel, marks}, limit, label)) continue;
    if (is_known && label.score == scores_[tail]) {
      if (labels_[tail].next < channel.channel) continue;
    }
    label.next = channel.channel;
    state_[tail] = reached();
    scores_[tail] = label.score;
    labels_[tail] = label;
    push(label.score + left, tail);
  }
}

template <class Rule>
void BackwardSearch<Rule>::relax_local(Rule& rule, NodeId node) {
  const Label& pivot = labels_[node.index];
  Label best;
  bool has_best = false;
  for (std::size_t i = local_from_[node.index] - 1;
       i < local_.size() && graph_.head(local_[i].channel) == node; ++i) {
    const std::uint32_t position = channels_.position[local_[i].channel.index];
    const std::uint8_t marks = marks_[position];
    if ((marks & (hop_blocked | hop_passed)) != 0) continue;
    Label label;
    if (!rule.extend_own(pivot, local_[i], {request_->source, node, at(position), marks}, label)) {
      continue;
    }
    if (has_best && label.score >= best.score) continue;
    best = label;
    best.next = local_[i].channel;
    has_best = true;
  }
  if (!has_best || best.score > source_score_) return;
  if (has_source_ && best.score == source_score_ && source_label_.next < best.next) return;
  has_source_ = true;
  source_score_ = best.score;
  source_label_ = best;
}

template <class Rule>
typename Rule::Label BackwardSearch<Rule>::extended(Rule& rule,
                                                    const Label& label,
                                                    DirectedChannel channel) const {
  const std::uint32_t position = channels_.position[channel.index];
  Label extended;
  AMPSIM_CHECK(
      rule.extend(label,
                  {graph_.tail(channel), graph_.head(channel), at(position), marks_[position]},
                  kNone, extended),
      "a path that its own rule does not allow");
  extended.next = channel;
  return extended;
}

template <class Rule>
void BackwardSearch<Rule>::append_path(NodeId from, std::vector<DirectedChannel>& path) const {
  DirectedChannel channel = source_label_.next;
  path.push_back(channel);
  for (NodeId node = graph_.head(channel); node != from; node = graph_.head(channel)) {
    channel = labels_[node.index].next;
    path.push_back(channel);
  }
}

}  // namespace ampsim::sim
