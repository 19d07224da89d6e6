#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/router.hpp"
#include "sim/routing/routers/lnd/beliefs.hpp"
#include "sim/routing/routers/lnd/path_cost.hpp"
#include "sim/routing/routers/lnd/scratch.hpp"
#include "sim/routing/routers/lnd/tree.hpp"

/// One search of lnd's router (sim/routing/routers/lnd_router.hpp says what it finds): Dijkstra's
/// from the receiver to the sender, with short cuts that do not change the result. That takes care,
/// because lnd's result is the greedy one: every node must get the label that the plain search
/// gives it, not a better one. Tested by tests/reference_router_test.cpp.
///
/// Let r(p) be the least that a hop of probability p can add to a distance,
///
///   distance(w, P p) - distance(w, P) >= attempt_cost (1/p - 1)   for every P <= 1
///
/// 1. Nodes are settled by distance + potential (A*): what is left to the sender at least, its own
///    hop included (Outlook). It does not depend on the label, and every hop adds more than it
///    takes off, so each node is settled with its plain label. Where a hop may add nothing the
///    potential is the same everywhere.
/// 2. A settled node is offered at once to the sender and to the *special* nodes that it has a
///    channel from: those next to the sender and hot ones. All other hops from it have at most
///    highest_plain; the row is relaxed when the queue comes to the distance over such a hop and
///    the potential behind it, first to tails of small potential, before nodes of the same key.
///    Mostly the sender's label is below that, and it is never done.
/// 3. A hop is dropped where even at the highest probability it would not improve the tail's label,
///    or would lie beyond the sender's.
/// 4. Potentials come from looks from the sender's side (way_left.hpp), each over what is not
///    settled yet, as long as they cost less than the rest. So potentials rise while the search
///    goes on; what waits is put back then.
/// 5. Once all nodes next to the sender are settled, its label is final. Those from which no way
///    can be likelier than min_probability do not count.
/// The sender's label is not in the queue. Where its own hop adds nothing, nodes of the same
/// distance come before or after it by (larger P, smaller id), as in the plain search.
/// relaxation.hpp has 2 and 3, way_left.hpp the bounds, on_tree.hpp another way to the same result.
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

  /// Whether it may start from a tree, in which nothing is said against channels: every hop must
  /// add to a distance.
  bool may_use_tree() const { return !is_flat_ && !is_limited_; }
  void grow(Tree& tree);
  std::optional<RouteResult> run_on(const Tree& tree);
  /// What it has cost so far.
  std::uint64_t steps() const { return work_; }

 private:
  static constexpr std::uint64_t kFirstLook = 192;  ///< steps; mostly there is a way before that
  static constexpr std::uint64_t kOffer = 24;       ///< steps of an offer
  static constexpr std::uint64_t kLook = 6;         ///< steps of a hop of a look

  void begin();
  bool begin_own();
  void end();
  void settle(NodeId node, std::int64_t distance_of_node);
  Route unwind() const;

  /// The receiver's.
  Label first_label() const {
    return {.amount = request_.amount,
            .weight = 0,
            .probability = 1,
            .expiry = request_.final_cltv_delta,
            .channel = {}};
  }

  // on_tree.hpp
  void begin_plain();
  void settle_plain(NodeId node);
  void loosen(std::uint32_t node);
  void loosen_all(std::uint32_t node);
  void gather_firm_heads();
  void find_anew(std::uint32_t node);
  void settle_loose();
  void settle_head(NodeId node, const Label& label, std::int64_t its_distance);
  void relax_loose(NodeId node);
  std::uint32_t offer_to_firm(std::uint32_t edge, std::uint32_t end);
  void spread(std::size_t from);

  // relaxation.hpp
  void stand_at(NodeId node, const Label& label, std::int64_t its_distance);
  void relax_row(NodeId node);
  void relax_part(const Entry& part);
  void postpone(std::int64_t least, std::int64_t left, Step step);
  void relax_special();
  std::uint32_t first_from(std::uint32_t tail, std::uint32_t first, std::uint32_t last) const;
  template <bool kIsLimited>
  std::uint32_t offer_some(std::uint32_t edge, std::uint32_t end);
  std::uint32_t offer(std::uint32_t edge, std::uint32_t end) {
    return is_limited_ ? offer_some<true>(edge, end) : offer_some<false>(edge, end);
  }
  void consider(NodeId tail, const UnifiedChannel& hop);
  void relax_own();
  const OwnChannel* best_own() const;
  bool is_after_sender(std::int64_t distance_of_node, double probability, NodeId node) const;

  // way_left.hpp
  class Hops;
  void aim(bool has_hot, bool has_hot_head);
  double own_probability(NodeId head) const;
  double highest(std::uint32_t node) const;
  double highest_label(std::uint32_t node) const;
  std::int64_t least_rise(double likeliest, double highest_label) const;
  std::uint64_t mark_near_target(std::uint64_t budget);
  /// Bounds of some hops.
  struct Hop {
    double likeliest = 0;
    Msat fee = Msat::max();
  };
  Hop mark(std::uint32_t head, std::uint8_t bit);
  bool may_carry(const AnnouncedChannel& channel) const;
  bool starts_in_dead_end();
  void look_for_dead_end();
  void look_ahead(std::uint64_t now, std::int64_t left);

  std::uint32_t tail_of(std::uint32_t edge) const {
    return target(IncomingChannels::Rows::edge_descriptor(0, edge), channels_.rows);
  }
  [[gnu::always_inline]] AnnouncedChannel at(std::uint32_t edge) const {
    return channels_.of_edge(edge);
  }
  std::uint32_t begin_of(std::uint32_t node) const {
    return static_cast<std::uint32_t>((*out_edges(node, channels_.rows).first).idx);
  }
  /// Channels to the node from those that a path can pass.
  std::uint32_t width(std::uint32_t node) const {
    const std::uint32_t begin = begin_of(node);
    const std::uint32_t end = channels_.transit_end[node];
    return end > begin ? end - begin : 0;
  }
  /// The least distance that the row's tails may get over one of its hops that is not hot.
  std::int64_t least_of_row(std::uint32_t node) const {
    const Label& label = scratch_.labels[node];
    return distance(label.weight, cost_, label.probability * beliefs_.highest_plain);
  }
  /// The potential that the entry waited for.
  std::int64_t left_of(const Entry& entry) const {
    const bool is_row = entry.step != Step::settle;
    return entry.key - (is_row ? least_of_row(entry.node) : scratch_.distances[entry.node]);
  }
  bool put_back(Entry& entry) const;
  /// Steps that the entry costs at least: tails without a label get one.
  std::uint64_t work_of(const Entry& row) const {
    if (row.step == Step::relax_rest) return scratch_.rest[row.node].size();
    const std::uint64_t tails = width(row.node);
    const std::uint64_t touched = scratch_.touched.size();
    return tails + (tails > touched ? kOffer * (tails - touched) : 0);
  }
  std::int64_t potential(std::uint32_t node) const { return scratch_.outlook.least(node); }
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
  bool is_flat_ = true;     ///< potentials are the same everywhere
  bool may_look_ahead_ = false;
  bool has_looked_for_dead_end_ = false;
  bool has_marked_ = false;                   ///< nodes next to the receiver
  bool has_marked_two_ = false;               ///< and those two hops off
  double highest_label_ = 1;                  ///< no way from a node but the receiver is likelier
  double highest_last_ = 1;                   ///< no hop to the receiver is likelier
  double highest_two_ = 1;                    ///< no way of two hops to it is
  std::size_t next_to_target_ = 0;            ///< nodes
  const NodeResults* own_results_ = nullptr;  ///< of the sender's channels, if any has failed
  Msat fee_last_;                             ///< no hop to the receiver is cheaper
  Msat fee_second_;                           ///< nor one to a node next to it
  std::int64_t own_hop_ = 0;                  ///< the sender's own hop adds at least this
  std::int64_t detour_ = 0;                   ///< least potential of nodes that are not special
  std::int64_t slack_ = 0;        ///< potentials that differ by less are relaxed together
  std::uint32_t heads_left_ = 0;  ///< nodes next to the sender that are not settled
  std::uint64_t work_ = 0;        ///< steps so far
  std::uint64_t next_look_ = 0;   ///< so many, and a look from the sender's side is due

  /// The node that is being expanded, its label, and the distance of that.
  NodeId pivot_;
  Label at_;
  std::int64_t at_distance_ = 0;
  /// Probability of the path with one more hop, at most: from a node that is not hot, and a hot
  /// one.
  double likeliest_plain_ = 1;
  double likeliest_hot_ = 1;

  const Tree* tree_ = nullptr;  ///< that the search starts from

  Label source_label_;
  std::int64_t source_distance_ = kUnreached;
  std::int64_t bar_ = kUnreached;  ///< what lies beyond does not matter to the sender
};

template <class Beliefs>
void Search<Beliefs>::begin() {
  Scratch& s = scratch_;
  is_limited_ = !s.limits.is_empty();
  bool has_hot = false;
  const auto nodes = beliefs_.nodes();
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const std::uint32_t node = nodes[i].from.index;
    s.knowledge[node] = i + 1;
    if (!beliefs_.is_hot(nodes[i])) continue;
    has_hot = true;
    s.is_special[node] = kHot;
    s.special.push_back(node);
  }
  highest_label_ =
      has_hot ? std::max(beliefs_.highest_hot, beliefs_.highest_plain) : beliefs_.highest_plain;
  const NodeResults* results = known(request_.source.index);
  const auto has_failed = [](const PairResult& pair) {
    return pair.failure_time != PairResult::kNever;
  };
  if (results != nullptr && std::any_of(results->pairs.begin(), results->pairs.end(), has_failed)) {
    own_results_ = results;
  }
  aim(has_hot, begin_own());
  // Neither the sender nor the receiver forwards.
  s.distances[request_.source.index] = kSettled;
  s.distances[request_.target.index] = kSettled;
  s.touched.push_back(request_.source.index);
  s.touched.push_back(request_.target.index);
}

/// The sender's channels that may be the first of a route; whether one leads to a hot node.
template <class Beliefs>
bool Search<Beliefs>::begin_own() {
  Scratch& s = scratch_;
  bool has_hot_head = false;
  for (const LocalChannel& local : request_.local) {
    if (local.available < request_.amount) continue;
    if (is_limited_ && s.limits.is_avoided(local.channel)) continue;
    const NodeId head = graph_.head(local.channel);
    if (s.own_to[head.index] == 0) {
      const double way = head == request_.target ? 1 : highest(head.index);
      const double likeliest = own_probability(head) * way * kRounding;
      if (likeliest < min_probability_ || likeliest == 0) continue;
      ++heads_left_;
      if (s.is_special[head.index] == 0) s.special.push_back(head.index);
      if ((s.is_special[head.index] & kHot) != 0) has_hot_head = true;
      s.is_special[head.index] |= kLocal;
    }
    s.own.push_back({local, s.own_to[head.index]});
    s.own_to[head.index] = static_cast<std::uint32_t>(s.own.size());
  }
  return has_hot_head;
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
  s.loose.clear();
  s.rests_end = 0;
  s.queue.clear();
}

template <class Beliefs>
RouteResult Search<Beliefs>::run() {
  scratch_.labels[request_.target.index] = first_label();
  if (heads_left_ > 0) settle(request_.target, 0);
  Queue& queue = scratch_.queue;
  while (!queue.empty() && heads_left_ > 0) {
    const Entry top = queue.top();
    // Nothing that comes later can change the sender's label.
    if (top.key > bar_) break;
    std::int64_t& best = scratch_.distances[top.node];
    const bool is_row = top.step != Step::settle;
    // An entry that a better one has overtaken; the better one comes first.
    if (!is_row && best == kSettled) {
      queue.pop();
      continue;
    }
    const std::uint64_t now = work_ + (is_row ? work_of(top) : 0);
    if (is_row && may_look_ahead_ && now >= next_look_) {
      look_ahead(now, left_of(top));
      continue;  // another one may come first now
    }
    queue.pop();
    if (is_row) {
      relax_part(top);
      continue;
    }
    // Or one whose way is longer than it seemed.
    const std::int64_t distance_of_node = best;
    const std::int64_t key = distance_of_node + potential(top.node);
    if (key > top.key) {
      if (key <= bar_) {
        queue.push({key, scratch_.labels[top.node].probability, top.node, top.step});
      }
      continue;
    }
    const NodeId node{top.node};
    if (is_flat_ && is_after_sender(distance_of_node, top.probability, node)) break;
    best = kSettled;
    settle(node, distance_of_node);
    if (!may_look_ahead_ && work_ >= next_look_) look_for_dead_end();
  }
  if (source_distance_ == kUnreached) return NoRoute::no_path;
  return unwind();
}

/// Offers a way through the node to the sender and to the special nodes, and to the others when
/// their turn comes.
template <class Beliefs>
void Search<Beliefs>::settle(NodeId node, std::int64_t distance_of_node) {
  stand_at(node, scratch_.labels[node.index], distance_of_node);
  const bool is_own = scratch_.own_to[node.index] != 0;
  if (is_own) --heads_left_;
  if (at_.amount - request_.amount > request_.fee_limit) return;
  if (is_own) relax_own();
  if (!is_guided_) return relax_row(node);

  relax_special();
  postpone(distance(at_.weight, cost_, likeliest_plain_), detour_, Step::relax);
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

#include "sim/routing/routers/lnd/on_tree.hpp"
#include "sim/routing/routers/lnd/relaxation.hpp"
#include "sim/routing/routers/lnd/way_left.hpp"
