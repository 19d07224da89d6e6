#include "sim/routing/routers/lnd_router.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include <boost/heap/d_ary_heap.hpp>

#include "core/check.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/views/apriori.hpp"
#include "sim/routing/views/mission_control.hpp"

namespace ampsim::sim {
namespace {

constexpr std::int64_t kUnreached = std::numeric_limits<std::int64_t>::max();
constexpr double kRounding = 1 + 1e-9;  // more than a few operations can add to a probability
constexpr std::int64_t kSettled = -1;   // below every distance: no candidate beats it

/// The best known way from a node to the receiver.
struct Label {
  Msat amount;  ///< what the node has to receive
  std::int64_t weight = 0;
  double probability = 1;
  BlockDelta expiry;        ///< of the HTLC that the node receives
  DirectedChannel channel;  ///< first hop of that way
};

/// What an entry of the queue asks for; in this order among equals. 32 bits, so that entries have
/// no padding, around which compilers copy them in overlapping pieces.
enum class Step : std::uint32_t { relax_row, settle };

struct Entry {
  std::int64_t key;  ///< a lower bound of the distance at which it can matter to the sender
  double probability;
  std::uint32_t node;
  Step step;
};

/// Orders entries for a heap with the greatest on top: (key, rows first, larger probability, node).
struct IsSettledLater {
  bool operator()(const Entry& a, const Entry& b) const {
    if (a.key != b.key) return a.key > b.key;
    if (a.step != b.step) return a.step > b.step;
    if (a.probability != b.probability) return a.probability < b.probability;
    return a.node > b.node;
  }
};
using Heap =
    boost::heap::d_ary_heap<Entry, boost::heap::arity<4>, boost::heap::compare<IsSettledLater>>;

/// Parallel channels as one (lnd, routing/unified_edges.go getEdgeNetwork).
struct UnifiedChannel {
  DirectedChannel channel;  ///< none if no channel carries the amount
  Msat fee{-1};
  BlockDelta delta;
  Msat capacity;

  void add(const AnnouncedChannel& announced, Msat amount) {
    if (announced.is_disabled || !announced.carries(amount)) return;
    const Msat its_fee = forwarding_fee(announced.fee_base, announced.fee_proportional, amount);
    if (its_fee > fee) {  // rows are sorted: the first of equals has the smallest index
      fee = its_fee;
      channel = announced.channel;
    }
    delta = std::max(delta, announced.cltv_expiry_delta);
    capacity = std::max(capacity, announced.capacity);
  }
  bool is_none() const { return fee < Msat{0}; }
};

}  // namespace

/// The scratch of a search, reused by the next one, and the search itself.
struct LndRouter::Search {
  Search(const ChannelGraph& channel_graph, const RoutingParams& routing)
      : graph(channel_graph),
        channels(channel_graph.incoming()),
        params(routing),
        highest_unproven(routing.hop_probability * kRounding),
        highest_proven(std::max(kSuccessProbability, routing.hop_probability) * kRounding),
        distances(channel_graph.node_count(), kUnreached),
        labels(channel_graph.node_count()),
        knowledge(channel_graph.node_count(), 0),
        local_from(channel_graph.node_count(), 0),
        is_proven(channel_graph.node_count(), 0),
        is_avoided(channel_graph.channel_count(), 0) {}

  void begin(const RouteRequest& new_request, const MissionControl& new_view);
  bool run();
  void aim();
  bool starts_in_dead_end();
  void settle(NodeId node);
  void relax_row(NodeId node);
  void relax_special();
  template <bool kAvoids>
  std::uint32_t offer_some(std::uint32_t edge, std::uint32_t end);
  std::uint32_t offer(std::uint32_t edge, std::uint32_t end) {
    return is_avoiding ? offer_some<true>(edge, end) : offer_some<false>(edge, end);
  }
  void stand_at(NodeId node);
  void consider(NodeId tail, const UnifiedChannel& hop);
  void relax_local();
  Route unwind() const;
  void end();

  std::uint32_t tail_of(std::uint32_t edge) const {
    return target(IncomingChannels::Rows::edge_descriptor(0, edge), channels.rows);
  }
  /// What a path through the node adds at least to its distance before the sender's own hop.
  std::int64_t way_left(std::uint32_t node) const { return local_from[node] != 0 ? 0 : detour; }

  const NodeResults* known(std::uint32_t node) const {
    return knowledge[node] == 0 ? nullptr : &view->nodes()[knowledge[node] - 1];
  }

  const ChannelGraph& graph;
  const IncomingChannels& channels;
  const RoutingParams params;
  /// No hop is likelier than this, rounding of the average included: from a node without a success
  /// of the amount or more, and from any.
  const double highest_unproven;
  const double highest_proven;

  const RouteRequest* request = nullptr;
  const MissionControl* view = nullptr;
  double cost = 0;  ///< of an attempt
  /// The node that is being expanded, and its label.
  NodeId pivot;
  Label at;
  /// Probability of the path with one more hop, at most, from a node that is not and that is
  /// proven.
  double likeliest_unproven = 1;
  double likeliest_proven = 1;

  /// Least rise of the distance over any hop into a node of `local`, and over the sender's own hop.
  bool is_guided = false;
  std::int64_t detour = 0;
  std::int64_t own_hop = 0;

  // By node. Between searches: kUnreached, anything, 0, 0, 0.
  std::vector<std::int64_t> distances;
  std::vector<Label> labels;
  std::vector<std::uint32_t> knowledge;   ///< 1 + index into view->nodes()
  std::vector<std::uint32_t> local_from;  ///< 1 + first of the own channels to it, in `local`
  std::vector<std::uint8_t> is_proven;    ///< has a success of the amount or more

  bool is_avoiding = false;              ///< some channels; mostly none
  std::vector<std::uint8_t> is_avoided;  ///< by channel; all 0 between searches

  /// Nodes that a settled node is offered to at once: far ends of `local` and proven nodes.
  std::vector<std::uint32_t> special;
  std::vector<LocalChannel> local;  ///< those that can send the amount, sorted by far end
  std::vector<std::uint32_t> touched;
  std::vector<NodeId> reached;  ///< by starts_in_dead_end
  Heap heap;
  /// The sender's label is kept apart: it is compared with on every step.
  Label source_label;
  std::int64_t source_distance = kUnreached;
};

LndRouter::LndRouter(const ChannelGraph& graph, const RoutingParams& params)
    : search_(std::make_unique<Search>(graph, params)) {}
LndRouter::~LndRouter() = default;

RouteResult LndRouter::find(const RouteRequest& request, const LiquidityView& given) {
  const auto& view = dynamic_cast<const MissionControl&>(given);
  AMPSIM_CHECK(request.source != request.target, "a route from a node to itself");
  AMPSIM_CHECK(request.amount > Msat{0}, "a route for nothing");
  Msat total;
  Msat largest;
  for (const LocalChannel& channel : request.local) {
    total += channel.available;
    largest = std::max(largest, channel.available);
  }
  if (total < request.amount) return NoRoute::insufficient_balance;
  if (largest < request.amount) return NoRoute::no_path;

  search_->begin(request, view);
  RouteResult result = NoRoute::no_path;
  if (!search_->starts_in_dead_end() && search_->run()) result = search_->unwind();
  search_->end();
  return result;
}

void LndRouter::Search::begin(const RouteRequest& new_request, const MissionControl& new_view) {
  request = &new_request;
  view = &new_view;
  cost = attempt_cost(params, request->amount);
  source_distance = kUnreached;

  for (std::uint32_t i = 0; i < view->nodes().size(); ++i) {
    const NodeResults& results = view->nodes()[i];
    knowledge[results.from.index] = i + 1;
    if (std::any_of(results.pairs.begin(), results.pairs.end(),
                    [&](const PairResult& pair) { return pair.success >= request->amount; })) {
      is_proven[results.from.index] = 1;
      special.push_back(results.from.index);
    }
  }
  is_avoiding = !request->avoided.empty();
  for (const ChannelId channel : request->avoided) is_avoided[channel.index] = 1;
  for (const LocalChannel& channel : request->local) {
    if (channel.available >= request->amount && is_avoided[channel.channel.channel().index] == 0) {
      local.push_back(channel);
    }
  }
  std::sort(local.begin(), local.end(), [&](const LocalChannel& a, const LocalChannel& b) {
    const NodeId head_a = graph.head(a.channel);
    const NodeId head_b = graph.head(b.channel);
    return head_a != head_b ? head_a < head_b : a.channel < b.channel;
  });
  for (auto i = static_cast<std::uint32_t>(local.size()); i > 0; --i) {
    local_from[graph.head(local[i - 1].channel).index] = i;
  }
  aim();
  // Neither the sender nor the receiver forwards.
  distances[request->source.index] = kSettled;
  distances[request->target.index] = kSettled;
  touched.push_back(request->source.index);
  touched.push_back(request->target.index);
}

void LndRouter::Search::end() {
  for (const std::uint32_t node : touched) distances[node] = kUnreached;
  for (const NodeResults& results : view->nodes()) {
    knowledge[results.from.index] = 0;
    is_proven[results.from.index] = 0;
  }
  for (const LocalChannel& channel : local) local_from[graph.head(channel.channel).index] = 0;
  for (const ChannelId channel : request->avoided) is_avoided[channel.index] = 0;
  touched.clear();
  local.clear();
  special.clear();
  heap.clear();
  request = nullptr;
  view = nullptr;
}

/// Sets what the search may take for granted of the way that is left, and the special nodes.
void LndRouter::Search::aim() {
  // distance(w, cost, P p) - distance(w, cost, P) >= cost (1 / p - 1) for every P <= 1, but for
  // rounding: that of a double is below 1 up to 2^52 msat, and so is that of the floor.
  const auto least_rise = [&](double likeliest) {
    const double rise = cost * (1 / likeliest - 1) * (1 - 1e-9) - 4;
    return static_cast<std::int64_t>(std::clamp(rise, 0.0, 1e15));
  };
  constexpr double kExact = 1LL << 52;
  bool has_proven_local = false;
  const std::size_t proven = special.size();
  for (const LocalChannel& channel : local) {
    const std::uint32_t head = graph.head(channel.channel).index;
    if (is_proven[head] != 0) has_proven_local = true;
    if (is_proven[head] == 0 && (special.size() == proven || special.back() != head)) {
      special.push_back(head);
    }
  }
  is_guided = least_rise(proven > 0 ? highest_proven : highest_unproven) > 0 &&
              cost / params.min_probability < kExact;
  detour = is_guided ? least_rise(has_proven_local ? highest_proven : highest_unproven) : 0;
  own_hop = is_guided ? least_rise(kSuccessProbability) : 0;
}

/// Whether the sender's channels lead to a few nodes only, and not to the receiver: looks at
/// no more than some rows, from the sender's side. A negative answer says nothing.
bool LndRouter::Search::starts_in_dead_end() {
  constexpr std::size_t kNodes = 48;
  std::size_t channels_left = 256;
  reached.clear();
  const auto reach = [&](NodeId node) {
    if (node == request->source) return;
    if (std::find(reached.begin(), reached.end(), node) == reached.end()) reached.push_back(node);
  };
  for (const LocalChannel& channel : local) {
    if (channels_left-- == 0) return false;
    reach(graph.head(channel.channel));
  }
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (reached[i] == request->target || reached.size() > kNodes) return false;
    const auto edges = out_edges(reached[i].index, channels.rows);
    for (auto edge = edges.first; edge != edges.second; ++edge) {
      if (channels_left-- == 0) return false;
      const AnnouncedChannel& onward = channels.at(channels.rows[*edge].channel.reversed());
      // On the way the amount is the receiver's and at most the fee limit more.
      if (onward.is_disabled || onward.htlc_maximum < request->amount ||
          onward.htlc_minimum - request->amount > request->fee_limit) {
        continue;
      }
      reach(graph.head(onward.channel));
    }
  }
  return true;
}

/// Whether the sender was reached.
bool LndRouter::Search::run() {
  labels[request->target.index] = {.amount = request->amount,
                                   .weight = 0,
                                   .probability = 1,
                                   .expiry = request->final_cltv_delta,
                                   .channel = {}};
  settle(request->target);
  while (!heap.empty()) {
    const Entry top = heap.top();
    // Nothing that comes later can change the sender's label.
    if (top.key > source_distance - own_hop) break;
    heap.pop();
    if (top.step == Step::relax_row) {
      stand_at(NodeId{top.node});
      relax_row(NodeId{top.node});
      continue;
    }
    // An entry that a better one has overtaken; the better one comes first.
    if (distances[top.node] == kSettled) continue;
    distances[top.node] = kSettled;
    settle(NodeId{top.node});
  }
  return source_distance != kUnreached;
}

void LndRouter::Search::stand_at(NodeId node) {
  pivot = node;
  at = labels[node.index];
  likeliest_unproven = at.probability * highest_unproven;
  likeliest_proven = at.probability * highest_proven;
}

/// Offers a way through the node to the sender and to the special nodes, and to the others when
/// their turn comes: mostly never.
void LndRouter::Search::settle(NodeId node) {
  stand_at(node);
  if (at.amount - request->amount > request->fee_limit) return;
  if (local_from[node.index] != 0) relax_local();
  if (!is_guided) return relax_row(node);

  relax_special();
  const std::int64_t key = distance(at.weight, cost, likeliest_unproven) + detour;
  if (key <= source_distance - own_hop)
    heap.push({key, at.probability, node.index, Step::relax_row});
}

/// To every node that has a channel to the pivot. The special ones may be passed over if the search
/// is guided: they have had it.
void LndRouter::Search::relax_row(NodeId node) {
  // A tail is passed over where even a hop without fee and delta would not improve its label, or
  // would lie beyond the sender. Most end here: nothing but two arrays has been read.
  const std::int64_t least =
      distance(at.weight, cost, is_guided ? likeliest_unproven : likeliest_proven);
  const std::int64_t limit = source_distance - own_hop - detour;
  if (least > limit) return;
  const std::uint32_t end = channels.transit_end[node.index];
  auto edge = static_cast<std::uint32_t>((*out_edges(node.index, channels.rows).first).idx);
  while (edge < end) {
    edge = distances[tail_of(edge)] < least ? edge + 1 : offer(edge, end);
  }
}

/// To the special nodes that have a channel to the pivot.
void LndRouter::Search::relax_special() {
  const std::uint32_t end = channels.transit_end[pivot.index];
  const auto begin = static_cast<std::uint32_t>((*out_edges(pivot.index, channels.rows).first).idx);
  constexpr std::size_t kStepsOfSearch = 8;
  if (begin >= end) return;
  if (special.size() * kStepsOfSearch > end - begin) {
    for (std::uint32_t edge = begin; edge < end;) {
      const std::uint32_t tail = tail_of(edge);
      const bool is_special = local_from[tail] != 0 || is_proven[tail] != 0;
      edge = is_special && distances[tail] != kSettled ? offer(edge, end) : edge + 1;
    }
    return;
  }
  for (const std::uint32_t tail : special) {
    if (distances[tail] == kSettled) continue;
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
template <bool kAvoids>
std::uint32_t LndRouter::Search::offer_some(std::uint32_t edge, std::uint32_t end) {
  const std::uint32_t tail = tail_of(edge);
  UnifiedChannel hop;
  do {
    const AnnouncedChannel& channel =
        channels.rows[IncomingChannels::Rows::edge_descriptor(0, edge)];
    if constexpr (kAvoids) {
      if (is_avoided[channel.channel.channel().index] == 0) hop.add(channel, at.amount);
    } else {
      hop.add(channel, at.amount);
    }
    ++edge;
  } while (edge < end && tail_of(edge) == tail);
  if (!hop.is_none()) consider(NodeId{tail}, hop);
  return edge;
}

/// The pivot's label extended by a hop becomes the tail's label if it is allowed and better.
void LndRouter::Search::consider(NodeId tail, const UnifiedChannel& hop) {
  const BlockDelta expiry = at.expiry + hop.delta;
  if (expiry > request->cltv_limit) return;
  const std::int64_t weight = at.weight + edge_weight(at.amount, hop.fee, hop.delta);
  std::int64_t& best = distances[tail.index];
  const NodeResults* results = known(tail.index);
  const std::int64_t left = way_left(tail.index);
  const std::int64_t limit = std::min(best, source_distance - own_hop - left);
  const double likeliest = is_proven[tail.index] != 0 ? likeliest_proven : likeliest_unproven;
  if (distance(weight, cost, likeliest) > limit) return;

  const double probability = at.probability * pair_probability(params, results, pivot, at.amount,
                                                               hop.capacity, request->now);
  if (probability == 0 || probability < params.min_probability) return;
  const std::int64_t dist = distance(weight, cost, probability);
  if (dist > limit) return;

  Label& label = labels[tail.index];
  const bool is_tie = dist == best && probability == label.probability;
  if (dist == best) {
    if (probability < label.probability) return;
    if (is_tie && label.channel < hop.channel) return;
  }
  if (best == kUnreached) touched.push_back(tail.index);
  best = dist;
  label = {.amount = at.amount + hop.fee,
           .weight = weight,
           .probability = probability,
           .expiry = expiry,
           .channel = hop.channel};
  if (!is_tie) heap.push({dist + left, probability, tail.index, Step::settle});
}

/// The sender's own channels to the pivot: no fee, no delta, and of several the one that has most
/// to send.
void LndRouter::Search::relax_local() {
  const LocalChannel* best = nullptr;
  for (std::size_t i = local_from[pivot.index] - 1;
       i < local.size() && graph.head(local[i].channel) == pivot; ++i) {
    if (local[i].available < at.amount || !channels.at(local[i].channel).carries(at.amount)) {
      continue;
    }
    if (best == nullptr || local[i].available > best->available) best = &local[i];
  }
  if (best == nullptr || at.expiry > request->cltv_limit) return;

  const double probability =
      at.probability *
      local_pair_probability(params, known(request->source.index), pivot, request->now);
  if (probability == 0 || probability < params.min_probability) return;
  const std::int64_t dist = distance(at.weight, cost, probability);
  if (dist > source_distance) return;
  if (dist == source_distance) {
    if (probability < source_label.probability) return;
    if (probability == source_label.probability && source_label.channel < best->channel) return;
  }
  source_distance = dist;
  source_label = at;
  source_label.probability = probability;
  source_label.channel = best->channel;
}

Route LndRouter::Search::unwind() const {
  Route route;
  route.probability = source_label.probability;
  route.cost = source_distance;
  DirectedChannel channel = source_label.channel;
  while (true) {
    const NodeId head = graph.head(channel);
    const Label& label = labels[head.index];
    route.hops.push_back({channel, label.amount, label.expiry});
    if (head == request->target) return route;
    channel = label.channel;
  }
}

RouterKind lnd_router_kind() {
  return {.name = "lnd",
          .help = "lnd: fees and time locks against the probability of success",
          .liquidity_view = "apriori",
          .counts_own_parts = false,
          .refuses = [](std::string_view view, std::string_view) -> std::string {
            return view == "apriori" ? "" : "lnd's search reads lnd's own memory";
          },
          .make =
              [](const RoutingMeans& means) {
                return std::make_unique<LndRouter>(means.graph, means.params);
              }};
}

}  // namespace ampsim::sim
