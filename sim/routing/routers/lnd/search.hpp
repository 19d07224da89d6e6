#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/router.hpp"
#include "sim/routing/routers/lnd/beliefs.hpp"
#include "sim/routing/routers/lnd/path_cost.hpp"
#include "sim/routing/routers/lnd/scratch.hpp"

/// One search of lnd's router (sim/routing/routers/lnd_router.hpp says what it finds): Dijkstra's
/// from the receiver to the sender, with short cuts that do not change the result. That takes care,
/// because lnd's result is the greedy one: every node must get the label that the plain search
/// gives it, not a better one.
///
/// Let r(p) be the least that a hop of probability p can add to a distance,
///
///   distance(w, P p) - distance(w, P) >= attempt_cost (1/p - 1)   for every P <= 1
///
/// 1. Nodes are settled by distance + potential (A*): 0 for nodes next to the sender, for all
///    others the least that is left to such a node (Outlook). It does not depend on the label, and
///    every hop adds more than it takes off, so each node is settled with its plain label. Where a
///    hop may add nothing the potential is 0 everywhere.
/// 2. A settled node is offered at once to the sender and to the *special* nodes that it has a
///    channel from: those next to the sender and hot ones. All other hops from it have at most
///    highest_plain; the row is relaxed when the queue comes to the distance over such a hop, first
///    to tails of small potential, before nodes of the same key. Mostly the sender's label is below
///    that, and it is never done.
/// 3. A hop is dropped where even at the highest probability it would not improve the tail's label,
///    or would lie beyond the sender's.
/// 4. A search that goes on for long looks at the network from both ends (way_left.hpp): how likely
///    a label is at most, hops away from the receiver, and what is left to the sender. So
///    potentials rise while it goes on; what waits is put back then.
/// The sender's label is not in the queue. Where its own hop adds nothing, nodes of the same
/// distance come before or after it by (larger P, smaller id), as in the plain search.
///
/// Tested by tests/reference_router_test.cpp.
namespace ampsim::sim::lnd {

template <class Beliefs>
class Search {
 public:
  Search(const ChannelGraph& graph,
         const RoutingParams& params,
         const RouteRequest& request,
         const Beliefs& beliefs,
         Scratch& scratch)
      : graph_(graph),
        channels_(graph.incoming()),
        request_(request),
        beliefs_(beliefs),
        scratch_(scratch),
        cost_(attempt_cost(params, request.amount)),
        min_probability_(params.min_probability) {
    begin();
  }
  ~Search() { end(); }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;
  RouteResult run();

 private:
  void begin();
  void end();
  void aim(bool has_hot, bool has_hot_local);
  void look_at_target();
  double highest(std::uint32_t from, std::uint32_t to) const;
  std::int64_t least_rise(double likeliest, double highest_label) const;
  /// No hop of the node is likelier.
  double highest(std::uint32_t node) const {
    const bool is_hot = (scratch_.is_special[node] & kHot) != 0;
    return is_hot ? std::max(beliefs_.highest_hot, beliefs_.highest_plain) : beliefs_.highest_plain;
  }
  /// No way from the node, which is not the receiver, is likelier.
  double highest_label(std::uint32_t node) const {
    const std::uint8_t is_special = scratch_.is_special[node];
    if ((is_special & kNextToTarget) != 0) return highest(node);
    if ((is_special & kTwoFromTarget) != 0) return highest(node) * highest_last_;
    return highest(node) * std::min(highest_last_, highest_two_);
  }
  void look_ahead();
  bool starts_in_dead_end();
  void stand_at(NodeId node, std::int64_t distance_of_node);
  void settle(NodeId node, std::int64_t distance_of_node);
  void relax_row(NodeId node);
  void relax_part(NodeId node, Step part);
  void postpone(NodeId node, Step part);
  std::int64_t least_potential(Step part) const {
    if (part == Step::relax_near) return detour_;
    return part == Step::relax_middle ? step_ : 2 * step_;
  }
  void relax_special();
  template <bool kIsLimited>
  std::uint32_t offer_some(std::uint32_t edge, std::uint32_t end);
  std::uint32_t offer(std::uint32_t edge, std::uint32_t end) {
    return is_limited_ ? offer_some<true>(edge, end) : offer_some<false>(edge, end);
  }
  void consider(NodeId tail, const UnifiedChannel& hop);
  void relax_own();
  const OwnChannel* best_own() const;
  double own_highest() const;
  std::int64_t least_own_hop() const;
  bool is_after_sender(std::int64_t distance_of_node, double probability, NodeId node) const;
  Route unwind() const;
  class Hops;
  std::uint32_t tail_of(std::uint32_t edge) const {
    return target(IncomingChannels::Rows::edge_descriptor(0, edge), channels_.rows);
  }
  const AnnouncedChannel& at(std::uint32_t edge) const {
    return channels_.rows[IncomingChannels::Rows::edge_descriptor(0, edge)];
  }
  std::uint32_t begin_of(NodeId node) const {
    return static_cast<std::uint32_t>((*out_edges(node.index, channels_.rows).first).idx);
  }
  std::int64_t potential(std::uint32_t node) const {
    return (scratch_.is_special[node] & kLocal) != 0 ? 0 : scratch_.outlook.least(node);
  }
  const NodeResults* known(std::uint32_t node) const {
    const std::uint32_t place = scratch_.knowledge[node];
    return place == 0 ? nullptr : &beliefs_.nodes()[place - 1];
  }

  const ChannelGraph& graph_;
  const IncomingChannels& channels_;
  const RouteRequest& request_;
  const Beliefs& beliefs_;
  Scratch& scratch_;
  const double cost_;  ///< of an attempt
  const double min_probability_;
  bool is_limited_ = false;  ///< the request says something against channels

  bool is_guided_ = false;  ///< rows are relaxed later
  bool may_look_ahead_ = false;
  bool has_looked_for_dead_end_ = false;
  bool has_looked_ = false;
  double highest_label_ = 1;  ///< no way from a node but the receiver is likelier
  double highest_last_ = 1;   ///< no hop to the receiver is likelier
  double highest_two_ = 1;    ///< no way of two hops to it is
  std::int64_t step_ = 0;     ///< what a hop about which nothing is known adds at least
  std::int64_t detour_ = 0;   ///< least potential of nodes that are not next to the sender
  std::int64_t own_hop_ = 0;  ///< the sender's own hop adds at least this
  std::uint64_t work_ = 0;    ///< steps so far, and those of the look ahead
  std::uint64_t ahead_work_ = 0;

  /// The node that is being expanded, its label, and the distance of that.
  NodeId pivot_;
  Label at_;
  std::int64_t at_distance_ = 0;
  /// Probability of the path with one more hop, at most: from a node that is not hot, and a hot
  /// one.
  double likeliest_plain_ = 1;
  double likeliest_hot_ = 1;

  Label source_label_;
  std::int64_t source_distance_ = kUnreached;
};

template <class Beliefs>
void Search<Beliefs>::begin() {
  Scratch& s = scratch_;
  is_limited_ = !s.limits.is_empty();
  bool has_hot = false;
  bool has_hot_local = false;
  const auto nodes = beliefs_.nodes();
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const std::uint32_t node = nodes[i].from.index;
    s.knowledge[node] = i + 1;
    if (!beliefs_.is_hot(nodes[i])) continue;
    has_hot = true;
    s.is_special[node] = kHot;
    s.special.push_back(node);
  }
  for (const LocalChannel& local : request_.local) {
    if (local.available < request_.amount) continue;
    if (is_limited_ && s.limits.is_avoided(local.channel)) continue;
    const std::uint32_t head = graph_.head(local.channel).index;
    if (s.own_to[head] == 0) {
      if (s.is_special[head] == 0) s.special.push_back(head);
      if ((s.is_special[head] & kHot) != 0) has_hot_local = true;
      s.is_special[head] |= kLocal;
    }
    s.own.push_back({local, s.own_to[head]});
    s.own_to[head] = static_cast<std::uint32_t>(s.own.size());
  }
  aim(has_hot, has_hot_local);
  s.outlook.begin(detour_);
  s.outlook.exclude(request_.source.index);
  s.outlook.exclude(request_.target.index);
  // Neither the sender nor the receiver forwards.
  s.distances[request_.source.index] = kSettled;
  s.distances[request_.target.index] = kSettled;
  s.touched.push_back(request_.source.index);
  s.touched.push_back(request_.target.index);
}

template <class Beliefs>
void Search<Beliefs>::end() {
  Scratch& s = scratch_;
  for (const std::uint32_t node : s.touched) s.distances[node] = kUnreached;
  for (const NodeResults& results : beliefs_.nodes()) s.knowledge[results.from.index] = 0;
  for (const std::uint32_t node : s.near_target) s.is_special[node] = 0;
  for (const std::uint32_t node : s.special) {
    s.is_special[node] = 0;
    s.own_to[node] = 0;
  }
  s.outlook.end();
  s.near_target.clear();
  s.touched.clear();
  s.own.clear();
  s.special.clear();
  s.queue.clear();
}

template <class Beliefs>
RouteResult Search<Beliefs>::run() {
  scratch_.labels[request_.target.index] = {.amount = request_.amount,
                                            .weight = 0,
                                            .probability = 1,
                                            .expiry = request_.final_cltv_delta,
                                            .channel = {}};
  settle(request_.target, 0);
  Queue& queue = scratch_.queue;
  while (!queue.empty()) {
    const Entry top = queue.top();
    // Nothing that comes later can change the sender's label.
    if (top.key > source_distance_ - own_hop_) break;
    const bool is_settling = top.step == Step::settle;
    if (detour_ == 0 && is_settling &&
        is_after_sender(top.key, top.probability, NodeId{top.node})) {
      break;
    }
    queue.pop();
    const NodeId node{top.node};
    if (!is_settling) {
      relax_part(node, top.step);
      look_ahead();
      continue;
    }
    // An entry that a better one has overtaken; the better one comes first.
    std::int64_t& best = scratch_.distances[top.node];
    if (best == kSettled) continue;
    // Or one whose way is longer than it seemed.
    const std::int64_t distance_of_node = best;
    const std::int64_t key = distance_of_node + potential(top.node);
    if (key > top.key) {
      if (key <= source_distance_ - own_hop_) {
        queue.push({key, scratch_.labels[top.node].probability, top.node, top.step});
      }
      continue;
    }
    best = kSettled;
    settle(node, distance_of_node);
    look_ahead();
  }
  if (source_distance_ == kUnreached) return NoRoute::no_path;
  return unwind();
}

template <class Beliefs>
void Search<Beliefs>::stand_at(NodeId node, std::int64_t distance_of_node) {
  pivot_ = node;
  at_ = scratch_.labels[node.index];
  at_distance_ = distance_of_node;
  likeliest_plain_ = at_.probability * beliefs_.highest_plain;
  likeliest_hot_ = at_.probability * std::max(beliefs_.highest_plain, beliefs_.highest_hot);
}

/// Offers a way through the node to the sender and to the special nodes, and to the others when
/// their turn comes.
template <class Beliefs>
void Search<Beliefs>::settle(NodeId node, std::int64_t distance_of_node) {
  stand_at(node, distance_of_node);
  if (at_.amount - request_.amount > request_.fee_limit) return;
  if (scratch_.own_to[node.index] != 0) relax_own();
  if (!is_guided_) return relax_row(node);

  relax_special();
  const Step first = detour_ < step_ ? Step::relax_near : Step::relax_middle;
  postpone(node, step_ == 0 ? Step::relax_far : first);
}

/// The part of the row whose tails have potentials of 0, 1 or 2 plain rises at least; each when the
/// queue comes to that.
template <class Beliefs>
void Search<Beliefs>::postpone(NodeId node, Step part) {
  const std::int64_t from = least_potential(part);
  // There is nobody so far away.
  if (part != Step::relax_near && from > scratch_.outlook.frontier()) return;
  const std::int64_t key = distance(at_.weight, cost_, likeliest_plain_) + from;
  if (key <= source_distance_ - own_hop_) {
    scratch_.queue.push({key, at_.probability, node.index, part});
  }
}

template <class Beliefs>
void Search<Beliefs>::relax_part(NodeId node, Step part) {
  stand_at(node, 0);
  const std::int64_t least = distance(at_.weight, cost_, likeliest_plain_);
  const bool is_last = part == Step::relax_far;
  const std::int64_t from = least_potential(part);
  const Step next = part == Step::relax_near ? Step::relax_middle : Step::relax_far;
  const std::int64_t until = is_last ? Outlook::kFar : least_potential(next);
  if (least > source_distance_ - own_hop_ - from) return;
  const std::uint32_t end = channels_.transit_end[node.index];
  const std::uint32_t begin = begin_of(node);
  work_ += end > begin ? end - begin : 0;
  for (std::uint32_t edge = begin; edge < end;) {
    const std::uint32_t tail = tail_of(edge);
    if (scratch_.distances[tail] < least) {
      ++edge;
      continue;
    }
    const std::int64_t left = potential(tail);
    edge = left < from || left >= until ? edge + 1 : offer(edge, end);
  }
  if (!is_last) postpone(node, next);
}

/// To every node that has a channel to the pivot.
template <class Beliefs>
void Search<Beliefs>::relax_row(NodeId node) {
  // A tail is passed over where even a hop without fee and delta would not improve its label, or
  // would lie beyond the sender. Most end here: nothing but two arrays has been read.
  const std::int64_t least = distance(at_.weight, cost_, likeliest_hot_);
  if (least > source_distance_ - own_hop_ - detour_) return;
  const std::uint32_t end = channels_.transit_end[node.index];
  std::uint32_t edge = begin_of(node);
  work_ += end > edge ? end - edge : 0;
  while (edge < end) {
    edge = scratch_.distances[tail_of(edge)] < least ? edge + 1 : offer(edge, end);
  }
}

/// To the special nodes that have a channel to the pivot.
template <class Beliefs>
void Search<Beliefs>::relax_special() {
  constexpr std::size_t kStepsOfSearch = 8;
  const Scratch& s = scratch_;
  const std::uint32_t end = channels_.transit_end[pivot_.index];
  const std::uint32_t begin = begin_of(pivot_);
  if (begin >= end) return;
  if (s.special.size() * kStepsOfSearch > end - begin) {
    for (std::uint32_t edge = begin; edge < end;) {
      const std::uint32_t tail = tail_of(edge);
      const bool is_due =
          (s.is_special[tail] & (kLocal | kHot)) != 0 && s.distances[tail] != kSettled;
      edge = is_due ? offer(edge, end) : edge + 1;
    }
    return;
  }
  for (const std::uint32_t tail : s.special) {
    if (s.distances[tail] == kSettled) continue;
    std::uint32_t first = begin;
    for (std::uint32_t last = end; first < last;) {
      const std::uint32_t middle = first + (last - first) / 2;
      if (tail_of(middle) < tail) {
        first = middle + 1;
      } else {
        last = middle;
      }
    }
    if (first < end && tail_of(first) == tail) offer(first, end);
  }
}

/// The parallel channels that start at `edge` as one, to their tail; returns the edge behind them.
template <class Beliefs>
template <bool kIsLimited>
std::uint32_t Search<Beliefs>::offer_some(std::uint32_t edge, std::uint32_t end) {
  const std::uint32_t tail = tail_of(edge);
  UnifiedChannel hop;
  do {
    const AnnouncedChannel& channel = at(edge);
    if constexpr (kIsLimited) {
      if (scratch_.limits.allow(channel, at_.amount)) hop.add(channel, at_.amount);
    } else {
      hop.add(channel, at_.amount);
    }
    ++edge;
  } while (edge < end && tail_of(edge) == tail);
  work_ += 8;
  if (!hop.is_none()) consider(NodeId{tail}, hop);
  return edge;
}

/// The pivot's label extended by a hop becomes the tail's label if it is allowed and better.
template <class Beliefs>
void Search<Beliefs>::consider(NodeId tail, const UnifiedChannel& hop) {
  const BlockDelta expiry = at_.expiry + hop.delta;
  if (expiry > request_.cltv_limit) return;
  const std::int64_t weight = at_.weight + edge_weight(at_.amount, hop.fee, hop.delta);
  std::int64_t& best = scratch_.distances[tail.index];
  const std::int64_t left = potential(tail.index);
  const std::int64_t limit = std::min(best, source_distance_ - own_hop_ - left);
  const bool is_hot = (scratch_.is_special[tail.index] & kHot) != 0;
  if (distance(weight, cost_, is_hot ? likeliest_hot_ : likeliest_plain_) > limit) return;

  const HopQuery query{
      .from = tail,
      .to = pivot_,
      .channel = hop.channel,
      .capacity = hop.capacity,
      .amount = at_.amount,
      .used = is_limited_ ? scratch_.limits.used(hop.channel) : Msat{0},
      .now = request_.now,
  };
  const double probability = at_.probability * beliefs_.remote(query, known(tail.index));
  if (probability == 0 || probability < min_probability_) return;
  const std::int64_t dist = distance(weight, cost_, probability);
  if (dist > limit) return;

  Label& label = scratch_.labels[tail.index];
  const bool is_tie = dist == best && probability == label.probability;
  if (dist == best) {
    if (probability < label.probability) return;
    if (is_tie && label.channel < hop.channel) return;
  }
  if (best == kUnreached) scratch_.touched.push_back(tail.index);
  best = dist;
  label = {.amount = at_.amount + hop.fee,
           .weight = weight,
           .probability = probability,
           .expiry = expiry,
           .channel = hop.channel};
  if (!is_tie) scratch_.queue.push({dist + left, probability, tail.index, Step::settle});
}

/// Of the sender's channels to the pivot that can send what it has to receive, the one that has
/// most to send.
template <class Beliefs>
const OwnChannel* Search<Beliefs>::best_own() const {
  const OwnChannel* best = nullptr;
  for (std::uint32_t i = scratch_.own_to[pivot_.index]; i != 0; i = scratch_.own[i - 1].next) {
    const OwnChannel& own = scratch_.own[i - 1];
    const AnnouncedChannel& channel = channels_.at(own.local.channel);
    if (own.local.available < at_.amount || !channel.carries(at_.amount)) continue;
    if (is_limited_ && !scratch_.limits.allow(channel, at_.amount)) continue;
    const bool is_better =
        best == nullptr || own.local.available > best->local.available ||
        (own.local.available == best->local.available && own.local.channel < best->local.channel);
    if (is_better) best = &own;
  }
  return best;
}

/// Whether the plain search settles the sender, with the label that it has, before the node.
template <class Beliefs>
bool Search<Beliefs>::is_after_sender(std::int64_t distance_of_node,
                                      double probability,
                                      NodeId node) const {
  if (distance_of_node != source_distance_) return distance_of_node > source_distance_;
  if (probability != source_label_.probability) return probability < source_label_.probability;
  return node > request_.source;
}

/// The sender's own channels to the pivot: no fee, no delta.
template <class Beliefs>
void Search<Beliefs>::relax_own() {
  const OwnChannel* best = best_own();
  if (best == nullptr || at_.expiry > request_.cltv_limit) return;
  if (is_after_sender(at_distance_, at_.probability, pivot_)) return;
  const double probability = at_.probability * beliefs_.own(known(request_.source.index), pivot_);
  if (probability == 0 || probability < min_probability_) return;
  const std::int64_t dist = distance(at_.weight, cost_, probability);
  if (dist > source_distance_) return;
  if (dist == source_distance_) {
    if (probability < source_label_.probability) return;
    if (probability == source_label_.probability && source_label_.channel < best->local.channel) {
      return;
    }
  }
  source_distance_ = dist;
  source_label_ = at_;
  source_label_.probability = probability;
  source_label_.channel = best->local.channel;
}

template <class Beliefs>
Route Search<Beliefs>::unwind() const {
  const auto head_of = [&](DirectedChannel channel) { return graph_.head(channel); };
  std::size_t hops = 1;
  for (NodeId node = head_of(source_label_.channel); node != request_.target; ++hops) {
    node = head_of(scratch_.labels[node.index].channel);
  }
  Route route;
  route.hops.reserve(hops);
  route.probability = source_label_.probability;
  route.cost = source_distance_;
  for (DirectedChannel channel = source_label_.channel; hops > 0; --hops) {
    const Label& label = scratch_.labels[head_of(channel).index];
    route.hops.push_back({channel, label.amount, label.expiry});
    channel = label.channel;
  }
  return route;
}

}  // namespace ampsim::sim::lnd

#include "sim/routing/routers/lnd/way_left.hpp"
