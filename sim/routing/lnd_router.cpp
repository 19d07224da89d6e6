#include "sim/routing/lnd_router.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include <boost/heap/d_ary_heap.hpp>

#include "core/check.hpp"
#include "sim/routing/apriori.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/liquidity_view.hpp"

namespace ampsim::sim {
namespace {

constexpr std::int64_t kUnreached = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSettled = -1;  // below every distance: no candidate beats it

/// The best known way from a node to the receiver.
struct Label {
  Msat amount;  ///< what the node has to receive
  std::int64_t weight = 0;
  double probability = 1;
  BlockDelta expiry;        ///< of the HTLC that the node receives
  DirectedChannel channel;  ///< first hop of that way
};

struct Entry {
  std::int64_t distance;
  double probability;
  std::uint32_t node;
};

/// Orders entries for a heap with the greatest on top: (distance, larger probability, node).
struct IsSettledLater {
  bool operator()(const Entry& a, const Entry& b) const {
    if (a.distance != b.distance) return a.distance > b.distance;
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
        highest_known(std::max(kSuccessProbability, routing.hop_probability) * (1 + 1e-9)),
        distances(channel_graph.node_count(), kUnreached),
        labels(channel_graph.node_count()),
        knowledge(channel_graph.node_count(), 0),
        local_from(channel_graph.node_count(), 0) {}

  void begin(const RouteRequest& new_request, const LiquidityView& new_view);
  bool run();
  void relax(NodeId pivot);
  void consider(NodeId tail, const UnifiedChannel& hop);
  void relax_local();
  Route unwind() const;
  void end();

  const NodeResults* known(std::uint32_t node) const {
    return knowledge[node] == 0 ? nullptr : &view->nodes()[knowledge[node] - 1];
  }

  const ChannelGraph& graph;
  const IncomingChannels& channels;
  const RoutingParams params;
  /// No hop from a node with results is likelier than this, rounding of the average included, and
  /// none from the others likelier than hop_probability.
  const double highest_known;

  const RouteRequest* request = nullptr;
  const LiquidityView* view = nullptr;
  double cost = 0;  ///< of an attempt
  /// The node that is being expanded, and its label.
  NodeId pivot;
  Label at;
  /// Probability of one more hop, at most, from a node without and with results.
  double likeliest_unknown = 1;
  double likeliest_known = 1;

  // By node. Between searches: kUnreached, anything, 0, 0.
  std::vector<std::int64_t> distances;
  std::vector<Label> labels;
  std::vector<std::uint32_t> knowledge;   ///< 1 + index into view->nodes()
  std::vector<std::uint32_t> local_from;  ///< 1 + first of the own channels to it, in `local`

  std::vector<LocalChannel> local;  ///< those that can send the amount, sorted by far end
  std::vector<std::uint32_t> touched;
  Heap heap;
  /// The sender's label is kept apart: it is compared with on every step.
  Label source_label;
  std::int64_t source_distance = kUnreached;
};

LndRouter::LndRouter(const ChannelGraph& graph, const RoutingParams& params)
    : search_(std::make_unique<Search>(graph, params)) {}
LndRouter::~LndRouter() = default;

RouteResult LndRouter::find(const RouteRequest& request, const LiquidityView& view) {
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
  if (search_->run()) result = search_->unwind();
  search_->end();
  return result;
}

void LndRouter::Search::begin(const RouteRequest& new_request, const LiquidityView& new_view) {
  request = &new_request;
  view = &new_view;
  cost = attempt_cost(params, request->amount);
  source_distance = kUnreached;

  for (std::uint32_t i = 0; i < view->nodes().size(); ++i) {
    knowledge[view->nodes()[i].from.index] = i + 1;
  }
  for (const LocalChannel& channel : request->local) {
    if (channel.available >= request->amount) local.push_back(channel);
  }
  std::sort(local.begin(), local.end(), [&](const LocalChannel& a, const LocalChannel& b) {
    const NodeId head_a = graph.head(a.channel);
    const NodeId head_b = graph.head(b.channel);
    return head_a != head_b ? head_a < head_b : a.channel < b.channel;
  });
  for (auto i = static_cast<std::uint32_t>(local.size()); i > 0; --i) {
    local_from[graph.head(local[i - 1].channel).index] = i;
  }
  // Neither the sender nor the receiver forwards.
  distances[request->source.index] = kSettled;
  distances[request->target.index] = kSettled;
  touched.push_back(request->source.index);
  touched.push_back(request->target.index);
}

void LndRouter::Search::end() {
  for (const std::uint32_t node : touched) distances[node] = kUnreached;
  for (const NodeResults& results : view->nodes()) knowledge[results.from.index] = 0;
  for (const LocalChannel& channel : local) local_from[graph.head(channel.channel).index] = 0;
  touched.clear();
  local.clear();
  heap.clear();
  request = nullptr;
  view = nullptr;
}

/// Whether the sender was reached.
bool LndRouter::Search::run() {
  labels[request->target.index] = {.amount = request->amount,
                                   .weight = 0,
                                   .probability = 1,
                                   .expiry = request->final_cltv_delta,
                                   .channel = {}};
  relax(request->target);
  while (!heap.empty()) {
    const Entry top = heap.top();
    // Nothing that is settled after the sender can change its label.
    if (top.distance > source_distance) break;
    heap.pop();
    // An entry that a better one has overtaken; the better one comes first.
    if (distances[top.node] == kSettled) continue;
    distances[top.node] = kSettled;
    relax(NodeId{top.node});
  }
  return source_distance != kUnreached;
}

/// Offers a way through the pivot to every node that has a channel to it.
void LndRouter::Search::relax(NodeId node) {
  pivot = node;
  at = labels[node.index];
  if (at.amount - request->amount > request->fee_limit) return;
  if (local_from[node.index] != 0) relax_local();

  // A tail is passed over where even a hop without fee and delta would not improve its label, or
  // would lie beyond the sender. Most end here: nothing but two arrays has been read.
  likeliest_unknown = at.probability * params.hop_probability;
  likeliest_known = at.probability * highest_known;
  const std::int64_t least_unknown = distance(at.weight, cost, likeliest_unknown);
  const std::int64_t least_known =
      view->nodes().empty() ? least_unknown : distance(at.weight, cost, likeliest_known);
  if (least_known > source_distance) return;

  const IncomingChannels::Rows& rows = channels.rows;
  const std::uint32_t end = channels.transit_end[node.index];
  auto edge = out_edges(node.index, rows).first;
  while ((*edge).idx < end) {
    const std::uint32_t tail = target(*edge, rows);
    const std::int64_t limit = std::min(distances[tail], source_distance);
    if (limit < least_known || (limit < least_unknown && knowledge[tail] == 0)) {
      ++edge;
      continue;
    }
    UnifiedChannel hop;
    do {
      hop.add(rows[*edge], at.amount);
      ++edge;
    } while ((*edge).idx < end && target(*edge, rows) == tail);
    if (!hop.is_none()) consider(NodeId{tail}, hop);
  }
}

/// The pivot's label extended by a hop becomes the tail's label if it is allowed and better.
void LndRouter::Search::consider(NodeId tail, const UnifiedChannel& hop) {
  const BlockDelta expiry = at.expiry + hop.delta;
  if (expiry > request->cltv_limit) return;
  const std::int64_t weight = at.weight + edge_weight(at.amount, hop.fee, hop.delta);
  std::int64_t& best = distances[tail.index];
  const NodeResults* results = known(tail.index);
  const std::int64_t limit = std::min(best, source_distance);
  const double likeliest = results == nullptr ? likeliest_unknown : likeliest_known;
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
  if (!is_tie) heap.push({dist, probability, tail.index});
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

}  // namespace ampsim::sim
