#include "bench/rival_searches.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <tuple>
#include <utility>

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths_no_color_map.hpp>

#include "core/check.hpp"
#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/routers/lnd/path_cost.hpp"
#include "sim/routing/views/apriori.hpp"
#include "sim/routing/views/bimodal.hpp"

namespace ampsim::bench {

using namespace ampsim::sim;

namespace {

constexpr std::int64_t kUnreached = std::numeric_limits<std::int64_t>::max();

/// What both exact searches know of a directed channel.
struct Edge {
  DirectedChannel channel;
  NodeId tail;
  NodeId head;
  Ppm fee_proportional;
  Msat fee_base;
  Msat htlc_minimum;
  Msat htlc_maximum;
  Msat capacity;
  Msat balance;  ///< of the sender's own, while it searches
  BlockDelta delta;
  bool is_disabled = false;

  bool carries(Msat amount) const {
    return amount >= htlc_minimum && amount <= htlc_maximum && amount <= capacity;
  }
};
static_assert(sizeof(Edge) == 64);

/// By head, tail and channel.
std::vector<Edge> edges_of(const topo::Topology& topology) {
  std::vector<Edge> edges;
  for (std::uint32_t i = 0; i < 2 * topology.channels.size(); ++i) {
    const DirectedChannel channel{i};
    const topo::Channel& c = topology.channels[channel.channel().index];
    const topo::ForwardingPolicy& policy = *c.policy[channel.direction()];
    edges.push_back({.channel = channel,
                     .tail = topology.source(channel),
                     .head = topology.target(channel),
                     .fee_proportional = policy.fee_proportional,
                     .fee_base = policy.fee_base,
                     .htlc_minimum = policy.htlc_minimum,
                     .htlc_maximum = policy.htlc_maximum,
                     .capacity = *c.capacity,
                     .balance = {},
                     .delta = policy.cltv_expiry_delta,
                     .is_disabled = policy.is_disabled});
  }
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
    return std::tuple(a.head, a.tail, a.channel) < std::tuple(b.head, b.tail, b.channel);
  });
  return edges;
}

/// Parallel channels as one hop.
struct Hop1 {
  const Edge* edge = nullptr;
  Msat fee{-1};
  BlockDelta delta;
  Msat capacity;
};

template <class Iterator>
Hop1 unify(Iterator begin, Iterator end, Msat amount, bool is_own) {
  Hop1 hop;
  Msat most;
  for (; begin != end; ++begin) {
    const Edge& edge = *begin;
    if (!edge.carries(amount)) continue;
    if (is_own) {
      if (edge.balance < amount || (hop.edge != nullptr && edge.balance <= most)) continue;
      most = edge.balance;
      hop = {&edge, Msat{0}, BlockDelta{0}, edge.capacity};
      continue;
    }
    if (edge.is_disabled) continue;
    const Msat fee = forwarding_fee(edge.fee_base, edge.fee_proportional, amount);
    if (fee > hop.fee) {
      hop.fee = fee;
      hop.edge = &edge;
    }
    hop.delta = std::max(hop.delta, edge.delta);
    hop.capacity = std::max(hop.capacity, edge.capacity);
  }
  return hop;
}

/// lnd's label, and the hop that made it.
struct Label {
  std::int64_t distance = kUnreached;
  double probability = 0;
  std::int64_t weight = 0;
  Msat amount;
  BlockDelta expiry;
  DirectedChannel channel;
};

/// Whether lnd prefers the label; equal ones by channel.
bool is_better(const Label& a, const Label& b) {
  return std::tuple(a.distance, -a.probability, a.channel) <
         std::tuple(b.distance, -b.probability, b.channel);
}

/// The label one hop further; of infinite distance where that is not allowed. `carries` is asked
/// for the probability of the hop.
template <class Carries>
Label extend(const RoutingParams& params,
             const RouteRequest& request,
             double cost,
             const Label& at,
             const Hop1& hop,
             const Carries& carries) {
  Label label;
  if (hop.edge == nullptr) return label;
  label.expiry = at.expiry + hop.delta;
  if (label.expiry > request.cltv_limit) return label;
  const double probability = at.probability * carries();
  if (probability == 0 || probability < params.min_probability) return label;
  label.probability = probability;
  label.weight = at.weight + edge_weight(at.amount, hop.fee, hop.delta);
  label.amount = at.amount + hop.fee;
  label.channel = hop.edge->channel;
  label.distance = distance(label.weight, cost, probability);
  return label;
}

Route unwind(const topo::Topology& topology,
             const RouteRequest& request,
             const std::vector<Label>& labels) {
  const Label& found = labels[request.source.index];
  Route route{.hops = {}, .probability = found.probability, .cost = found.distance};
  for (NodeId node = request.source; node != request.target;) {
    const DirectedChannel channel = labels[node.index].channel;
    node = topology.target(channel);
    route.hops.push_back({channel, labels[node.index].amount, labels[node.index].expiry});
  }
  return route;
}

Label start_of(const RouteRequest& request) {
  Label start;
  start.distance = 0;
  start.probability = 1;
  start.amount = request.amount;
  start.expiry = request.final_cltv_delta;
  return start;
}

}  // namespace

struct NaiveSearch::State {
  struct Padded : Edge {
    std::uint64_t scid = 0;  ///< what a channel of a graph also has; not read
  };
  static_assert(sizeof(Padded) == 72);
  using Entry = std::tuple<std::int64_t, double, std::uint32_t>;

  const topo::Topology& topology;
  const RoutingParams params;
  std::vector<std::vector<Padded>> rows;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> places;  ///< by directed channel, in rows
  std::vector<Label> labels;
  std::vector<std::uint8_t> is_settled;
  std::vector<const NodeResults*> known;

  Msat& balance(DirectedChannel channel) {
    const auto [row, place] = places[channel.index];
    return rows[row][place].balance;
  }
  template <class View>
  RouteResult search(const RouteRequest& request, const View& view);
  double carries(const Bimodal& view, const RouteRequest& r, const Label& at, const Hop1& hop) {
    const NodeResults* results = known[hop.edge->tail.index];
    const NodeId to = hop.edge->head;
    if (hop.edge->tail == r.source) return view.local_pair_probability(results, to, r.now);
    return view.pair_probability(results, to, at.amount, hop.capacity, r.now);
  }
  double carries(const Apriori& /*view*/, const RouteRequest& r, const Label& at, const Hop1& hop) {
    const NodeResults* results = known[hop.edge->tail.index];
    const NodeId to = hop.edge->head;
    if (hop.edge->tail == r.source) return local_pair_probability(params, results, to, r.now);
    return pair_probability(params, results, to, at.amount, hop.capacity, r.now);
  }
};

NaiveSearch::NaiveSearch(const topo::Topology& topology, const RoutingParams& params)
    : state_(new State{topology, params, {}, {}, {}, {}, {}}) {
  state_->rows.resize(topology.nodes.size());
  state_->places.resize(2 * topology.channels.size());
  for (const Edge& edge : edges_of(topology)) {
    auto& row = state_->rows[edge.head.index];
    state_->places[edge.channel.index] = {edge.head.index, static_cast<std::uint32_t>(row.size())};
    row.push_back({edge, edge.channel.index});
  }
}
NaiveSearch::~NaiveSearch() = default;

template <class View>
RouteResult NaiveSearch::State::search(const RouteRequest& request, const View& view) {
  const double cost = attempt_cost(params, request.amount);
  labels.assign(rows.size(), {});
  is_settled.assign(rows.size(), 0);
  known.assign(rows.size(), nullptr);
  for (const NodeResults& results : view.nodes()) known[results.from.index] = &results;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  labels[request.target.index] = start_of(request);
  queue.emplace(0, -1, request.target.index);
  while (!queue.empty()) {
    const std::uint32_t node = std::get<2>(queue.top());
    queue.pop();
    if (is_settled[node] != 0) continue;
    is_settled[node] = 1;
    if (node == request.source.index) return unwind(topology, request, labels);
    const Label at = labels[node];
    if (at.amount - request.amount > request.fee_limit) continue;
    const std::vector<Padded>& row = rows[node];
    for (std::size_t begin = 0, end = 0; begin < row.size(); begin = end) {
      const NodeId tail = row[begin].tail;
      while (end < row.size() && row[end].tail == tail) ++end;
      if (is_settled[tail.index] != 0) continue;
      const Hop1 hop =
          unify(&row[begin], &row[begin] + (end - begin), at.amount, tail == request.source);
      const Label label =
          extend(params, request, cost, at, hop, [&] { return carries(view, request, at, hop); });
      if (label.distance == kUnreached || !is_better(label, labels[tail.index])) continue;
      labels[tail.index] = label;
      queue.emplace(label.distance, -label.probability, tail.index);
    }
  }
  return NoRoute::no_path;
}

RouteResult NaiveSearch::find(const RouteRequest& request, const LiquidityView& view) {
  for (const LocalChannel& own : request.local) state_->balance(own.channel) = own.available;
  const auto* apriori = dynamic_cast<const Apriori*>(&view);
  return apriori != nullptr ? state_->search(request, *apriori)
                            : state_->search(request, dynamic_cast<const Bimodal&>(view));
}

namespace {

/// All channels from one node to another.
struct Bundle {
  const Edge* begin = nullptr;
  const Edge* end = nullptr;
};

/// lnd's relaxation as Boost's distance_combine.
struct Relax {
  const RoutingParams* params;
  const RouteRequest* request;
  double cost;

  Label operator()(const Label& at, const Bundle& bundle) const {
    if (at.distance == kUnreached || bundle.begin->tail == request->target) return {};
    if (at.amount - request->amount > request->fee_limit) return {};
    const bool is_own = bundle.begin->tail == request->source;
    const Hop1 hop = unify(bundle.begin, bundle.end, at.amount, is_own);
    return extend(*params, *request, cost, at, hop, [&] {
      return is_own ? kSuccessProbability
                    : node_probability(*params, nullptr, at.amount, hop.capacity, request->now);
    });
  }
};

struct IsBetter {
  bool operator()(const Label& a, const Label& b) const { return is_better(a, b); }
  // Boost asks whether a weight alone is below zero; none is.
  bool operator()(const Bundle& /*weight*/, const Label& /*zero*/) const { return false; }
};

struct Arrived {};

struct EndAt : boost::default_dijkstra_visitor {
  std::size_t source;
  template <class Graph>
  void examine_vertex(std::size_t node, const Graph& /*graph*/) const {
    if (node == source) throw Arrived{};
  }
};

}  // namespace

struct BoostSearch::State {
  using Graph = boost::compressed_sparse_row_graph<boost::directedS,
                                                   boost::no_property,
                                                   Bundle,
                                                   boost::no_property,
                                                   std::uint32_t,
                                                   std::uint32_t>;
  const topo::Topology& topology;
  const RoutingParams params;
  std::vector<Edge> edges;
  std::vector<std::uint32_t> places;  ///< by directed channel, in edges
  Graph graph;
  std::vector<Label> labels;
  std::vector<std::uint32_t> predecessors;
};

BoostSearch::BoostSearch(const topo::Topology& topology, const RoutingParams& params)
    : state_(new State{topology, params, edges_of(topology), {}, {}, {}, {}}) {
  State& s = *state_;
  s.places.resize(s.edges.size());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
  std::vector<Bundle> bundles;
  for (const Edge& edge : s.edges) {
    s.places[edge.channel.index] = static_cast<std::uint32_t>(&edge - s.edges.data());
    if (ends.empty() || ends.back() != std::pair(edge.head.index, edge.tail.index)) {
      ends.emplace_back(edge.head.index, edge.tail.index);
      bundles.push_back({&edge, &edge});
    }
    bundles.back().end = &edge + 1;
  }
  const auto nodes = static_cast<std::uint32_t>(topology.nodes.size());
  s.graph = State::Graph(boost::edges_are_sorted, ends.begin(), ends.end(), bundles.begin(), nodes);
  s.labels.resize(nodes);
  s.predecessors.resize(nodes);
}
BoostSearch::~BoostSearch() = default;

RouteResult BoostSearch::find(const RouteRequest& request, const LiquidityView& /*view*/) {
  State& s = *state_;
  for (const LocalChannel& own : request.local) {
    s.edges[s.places[own.channel.index]].balance = own.available;
  }
  const auto index = get(boost::vertex_index, s.graph);
  EndAt visitor;
  visitor.source = request.source.index;
  try {
    boost::dijkstra_shortest_paths_no_color_map(
        s.graph, request.target.index,
        boost::predecessor_map(boost::make_iterator_property_map(s.predecessors.begin(), index))
            .distance_map(boost::make_iterator_property_map(s.labels.begin(), index))
            .weight_map(get(boost::edge_bundle, s.graph))
            .vertex_index_map(index)
            .distance_compare(IsBetter{})
            .distance_combine(Relax{&s.params, &request, attempt_cost(s.params, request.amount)})
            .distance_inf(Label{})
            .distance_zero(start_of(request))
            .visitor(visitor));
  } catch (const Arrived&) {
    return unwind(s.topology, request, s.labels);
  }
  return NoRoute::no_path;
}

StaticSearch::StaticSearch(const topo::Topology& topology) {
  AMPSIM_CHECK(topology.nodes.size() < 1U << 20, "nodes have 20 bits in this queue");
  constexpr Msat kAmount = Msat::from_sat(100'000);
  row_.resize(topology.nodes.size() + 1);
  for (const auto& edge : edges_of(topology)) {
    const Msat fee = forwarding_fee(edge.fee_base, edge.fee_proportional, kAmount);
    const std::int64_t weight = edge_weight(kAmount, fee, edge.delta);
    constexpr std::int64_t kMost = 1LL << 31;
    arcs_.push_back({edge.tail.index, static_cast<std::uint32_t>(std::min(weight, kMost))});
    row_[edge.head.index + 1] = static_cast<std::uint32_t>(arcs_.size());
  }
  for (std::size_t i = 1; i < row_.size(); ++i) row_[i] = std::max(row_[i], row_[i - 1]);
  distances_.resize(topology.nodes.size());
  stamps_.resize(topology.nodes.size(), 0);
}

RouteResult StaticSearch::find(const RouteRequest& request, const LiquidityView& /*view*/) {
  constexpr unsigned kNodeBits = 20;
  constexpr std::uint64_t kNodeMask = (1U << kNodeBits) - 1;
  ++search_;
  queue_.clear();
  const auto push = [&](std::uint64_t key) {
    std::size_t i = queue_.size();
    queue_.push_back(key);
    for (; i > 0 && queue_[(i - 1) / 4] > key; i = (i - 1) / 4) queue_[i] = queue_[(i - 1) / 4];
    queue_[i] = key;
  };
  const auto pop = [&] {
    const std::uint64_t top = queue_.front();
    const std::uint64_t last = queue_.back();
    queue_.pop_back();
    const std::size_t size = queue_.size();
    if (size == 0) return top;
    std::size_t i = 0;
    for (std::size_t child = 1; child < size; child = 4 * i + 1) {
      std::size_t least = child;
      for (std::size_t c = child + 1; c < std::min(child + 4, size); ++c) {
        if (queue_[c] < queue_[least]) least = c;
      }
      if (queue_[least] >= last) break;
      queue_[i] = queue_[least];
      i = least;
    }
    queue_[i] = last;
    return top;
  };
  distances_[request.target.index] = 0;
  stamps_[request.target.index] = search_;
  push(request.target.index);
  while (!queue_.empty()) {
    const std::uint64_t top = pop();
    const auto node = static_cast<std::uint32_t>(top & kNodeMask);
    const std::uint64_t reached = top >> kNodeBits;
    if (reached != distances_[node]) continue;
    if (node == request.source.index) {
      return Route{.hops = {}, .probability = 1, .cost = static_cast<std::int64_t>(reached)};
    }
    for (std::uint32_t i = row_[node]; i < row_[node + 1]; ++i) {
      const std::uint64_t further = reached + arcs_[i].weight;
      const std::uint32_t tail = arcs_[i].tail;
      if (stamps_[tail] == search_ && distances_[tail] <= further) continue;
      stamps_[tail] = search_;
      distances_[tail] = further;
      push(further << kNodeBits | tail);
    }
  }
  return NoRoute::no_path;
}

}  // namespace ampsim::bench
