#include "sim/routing/routers/path_router.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <boost/heap/d_ary_heap.hpp>

#include "core/check.hpp"
#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/path_pricing.hpp"

namespace ampsim::sim {
namespace {

/// What labels are compared by, the smaller the better.
using Key = std::array<std::int64_t, 4>;
constexpr Key kUnreached = {std::numeric_limits<std::int64_t>::max()};

/// The best known way from a node to the receiver.
struct Label {
  Key key = kUnreached;
  Msat amount;  ///< what the node has to receive
  Msat width = Msat::max();
  BlockDelta expiry;        ///< of the HTLC that the node receives
  DirectedChannel channel;  ///< first hop of that way
  std::uint32_t hops = 0;
  bool is_settled = false;
};

struct Entry {
  Key key;
  std::uint32_t node;
};
struct IsSettledLater {
  bool operator()(const Entry& a, const Entry& b) const {
    return a.key != b.key ? a.key > b.key : a.node > b.node;
  }
};
using Heap =
    boost::heap::d_ary_heap<Entry, boost::heap::arity<4>, boost::heap::compare<IsSettledLater>>;

// What is special about a directed channel in one search.
constexpr std::uint8_t kIsOut = 1;   ///< avoided, or has failed
constexpr std::uint8_t kIsUsed = 2;  ///< by other parts

}  // namespace

struct PathRouter::Search {
  explicit Search(const ChannelGraph& channel_graph)
      : graph(channel_graph),
        channels(channel_graph.incoming()),
        labels(channel_graph.node_count()),
        marks(2 * channel_graph.channel_count(), 0),
        local_from(channel_graph.node_count(), 0) {}

  void begin(const RouteRequest& new_request, const LiquidityView& new_view);
  bool run(PathOrder order);
  void relax(const AnnouncedChannel& channel, NodeId tail, bool is_own, Msat available);
  void relax_from(NodeId node);
  /// The pivot's amount does not fit: without the fees in it, it might.
  void refuse() { is_cut = is_cut || labels[pivot.index].amount > request->amount; }
  Route unwind() const;
  void forget();
  void end();

  Key key_of(const Label& label) const {
    const std::int64_t fees = (label.amount - request->amount).count;
    const auto hops = static_cast<std::int64_t>(label.hops);
    const std::int64_t expiry = label.expiry.count;
    switch (order) {
      case PathOrder::cheapest:
        return {fees, hops, expiry, 0};
      case PathOrder::shortest:
        return {hops, fees, expiry, 0};
      case PathOrder::widest:
        return {-label.width.count, hops, fees, expiry};
    }
    AMPSIM_UNREACHABLE("unknown order");
  }
  /// At most, with what other parts use off.
  Msat most_through(const AnnouncedChannel& channel, NodeId tail, Msat amount) const {
    if ((marks[channel.channel.index] & kIsUsed) != 0) {
      return view->bounds(hop_query(graph, channel.channel, amount, *request)).upper;
    }
    return view
        ->bounds({.from = tail,
                  .to = pivot,
                  .channel = channel.channel,
                  .capacity = channel.capacity,
                  .amount = amount,
                  .used = {},
                  .now = request->now})
        .upper;
  }

  const ChannelGraph& graph;
  const IncomingChannels& channels;

  const RouteRequest* request = nullptr;
  const LiquidityView* view = nullptr;
  PathOrder order = PathOrder::cheapest;
  NodeId pivot;         ///< the node that is being expanded
  bool is_cut = false;  ///< fees kept something out

  // Between searches: unreached, 0, 0.
  std::vector<Label> labels;
  std::vector<std::uint8_t> marks;
  std::vector<std::uint32_t> local_from;  ///< 1 + first of the own channels to it, in `local`

  std::vector<LocalChannel> local;  ///< those that can send the amount, sorted by far end
  std::vector<std::uint32_t> touched;
  Heap heap;
};

PathRouter::PathRouter(const ChannelGraph& graph, PathOrder order)
    : search_(std::make_unique<Search>(graph)), order_(order) {}
PathRouter::~PathRouter() = default;

RouteResult PathRouter::find(const RouteRequest& request, const LiquidityView& view) {
  AMPSIM_CHECK(request.source != request.target, "a route from a node to itself");
  AMPSIM_CHECK(request.amount > Msat{0}, "a route for nothing");
  if (request.lacks_balance()) return NoRoute::insufficient_balance;

  search_->begin(request, view);
  RouteResult result = NoRoute::no_path;
  for (const PathOrder order : {order_, PathOrder::cheapest}) {
    const bool is_found = search_->run(order);
    if (is_found) result = search_->unwind();
    search_->forget();
    if (is_found || !search_->is_cut || order == PathOrder::cheapest) break;
  }
  search_->end();
  return result;
}

void PathRouter::Search::begin(const RouteRequest& new_request, const LiquidityView& new_view) {
  request = &new_request;
  view = &new_view;
  for (const ChannelId channel : request->avoided) {
    for (const unsigned direction : {0U, 1U}) {
      marks[DirectedChannel::of(channel, direction).index] |= kIsOut;
    }
  }
  for (const FailedHop& hop : request->failed) {
    if (!is_of_receiver(hop.code)) marks[hop.channel.index] |= kIsOut;
  }
  for (const ChannelUse& use : request->used) marks[use.channel.index] |= kIsUsed;
  for (const LocalChannel& own : request->local) {
    if (own.available >= request->amount && (marks[own.channel.index] & kIsOut) == 0) {
      local.push_back(own);
    }
  }
  std::sort(local.begin(), local.end(), [&](const LocalChannel& a, const LocalChannel& b) {
    return std::pair(graph.head(a.channel), a.channel) <
           std::pair(graph.head(b.channel), b.channel);
  });
  for (auto i = static_cast<std::uint32_t>(local.size()); i > 0; --i) {
    local_from[graph.head(local[i - 1].channel).index] = i;
  }
}

void PathRouter::Search::forget() {
  for (const std::uint32_t node : touched) labels[node] = {};
  touched.clear();
  heap.clear();
}

void PathRouter::Search::end() {
  for (const ChannelId channel : request->avoided) {
    for (const unsigned direction : {0U, 1U}) {
      marks[DirectedChannel::of(channel, direction).index] = 0;
    }
  }
  for (const FailedHop& hop : request->failed) marks[hop.channel.index] = 0;
  for (const ChannelUse& use : request->used) marks[use.channel.index] = 0;
  for (const LocalChannel& own : local) local_from[graph.head(own.channel).index] = 0;
  local.clear();
  request = nullptr;
  view = nullptr;
}

/// Whether the sender was reached.
bool PathRouter::Search::run(PathOrder by) {
  order = by;
  is_cut = false;
  Label& start = labels[request->target.index];
  start.amount = request->amount;
  start.expiry = request->final_cltv_delta;
  start.key = key_of(start);
  touched.push_back(request->target.index);
  heap.push({start.key, request->target.index});
  while (!heap.empty()) {
    const Entry top = heap.top();
    heap.pop();
    Label& label = labels[top.node];
    if (label.is_settled) continue;  // a better entry came first
    label.is_settled = true;
    if (top.node == request->source.index) return true;
    if (label.expiry <= request->cltv_limit) relax_from(NodeId{top.node});
  }
  return false;
}

void PathRouter::Search::relax_from(NodeId node) {
  pivot = node;
  if (const std::uint32_t first = local_from[node.index]; first != 0) {
    for (std::size_t i = first - 1; i < local.size() && graph.head(local[i].channel) == node; ++i) {
      relax(channels.at(local[i].channel), request->source, true, local[i].available);
    }
  }
  const std::uint32_t end = channels.transit_end[node.index];
  auto edge = static_cast<std::uint32_t>((*out_edges(node.index, channels.rows).first).idx);
  for (; edge < end; ++edge) {
    const IncomingChannels::Rows::edge_descriptor at(0, edge);
    const NodeId tail{target(at, channels.rows)};
    if (tail == request->source || labels[tail.index].is_settled) continue;
    relax(channels.of_edge(at), tail, false, {});
  }
}

/// The pivot's label extended by a channel becomes the tail's label if it is allowed and better.
void PathRouter::Search::relax(const AnnouncedChannel& channel,
                               NodeId tail,
                               bool is_own,
                               Msat available) {
  const Label& at = labels[pivot.index];
  if ((channel.is_disabled && !is_own) || (marks[channel.channel.index] & kIsOut) != 0) return;
  if (!channel.carries(at.amount) || (is_own && available < at.amount)) return refuse();
  Label label = at;
  label.is_settled = false;
  label.channel = channel.channel;
  ++label.hops;
  if (!is_own) {
    label.amount += forwarding_fee(channel, at.amount);
    label.expiry = at.expiry + channel.cltv_expiry_delta;
    if (label.expiry > request->cltv_limit) return;
    if (label.amount - request->amount > request->fee_limit) {
      is_cut = true;
      return;
    }
  }
  Label& best = labels[tail.index];
  // The width can only shrink: mostly the view need not be asked.
  if (key_of(label) > best.key) return;
  const Msat most = is_own ? available : most_through(channel, tail, at.amount);
  if (most < at.amount) return refuse();
  label.width = std::min({at.width, most, channel.htlc_maximum});
  label.key = key_of(label);
  if (label.key > best.key || (label.key == best.key && best.channel < label.channel)) return;
  const bool is_new = best.key == kUnreached;
  const bool is_better = label.key < best.key;
  best = label;
  if (is_new) touched.push_back(tail.index);
  if (is_better) heap.push({best.key, tail.index});
}

Route PathRouter::Search::unwind() const {
  const Label& found = labels[request->source.index];
  Route route;
  route.cost = found.key[0];
  for (NodeId node = request->source; node != request->target;) {
    const DirectedChannel channel = labels[node.index].channel;
    const NodeId head = graph.head(channel);
    route.hops.push_back({channel, labels[head.index].amount, labels[head.index].expiry});
    if (node != request->source) {
      const HopQuery query = hop_query(graph, channel, route.hops.back().amount, *request);
      route.probability *= view->probability(query);
    }
    node = head;
  }
  return route;
}

namespace {

RouterKind kind_of(std::string name, std::string help, PathOrder order) {
  return {
      .name = std::move(name), .help = std::move(help), .make = [order](const RoutingMeans& means) {
        return std::make_unique<PathRouter>(means.graph, order);
      }};
}

}  // namespace

RouterKind cheapest_router_kind() {
  return kind_of("cheapest", "the path of least fees", PathOrder::cheapest);
}
RouterKind shortest_router_kind() {
  return kind_of("shortest", "the path of fewest channels", PathOrder::shortest);
}
RouterKind widest_router_kind() {
  return kind_of("widest", "the path through whose narrowest channel most fits", PathOrder::widest);
}

}  // namespace ampsim::sim
