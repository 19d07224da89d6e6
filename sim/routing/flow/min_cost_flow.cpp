#include "sim/routing/flow/min_cost_flow.hpp"

#include <algorithm>
#include <limits>

#include <boost/heap/d_ary_heap.hpp>

#include "core/check.hpp"
#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {
namespace {

constexpr std::int64_t kUnreached = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kFull = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kUnknown = -1;
constexpr std::int64_t kDearest = std::int64_t{1} << 52;  ///< of one channel, in a path's cost
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

struct Entry {
  std::int64_t distance;
  std::uint32_t node;
};

struct IsSettledLater {
  bool operator()(const Entry& a, const Entry& b) const {
    return a.distance != b.distance ? a.distance > b.distance : a.node > b.node;
  }
};
using Heap =
    boost::heap::d_ary_heap<Entry, boost::heap::arity<4>, boost::heap::compare<IsSettledLater>>;

struct Node {
  std::int64_t distance = kUnreached;  ///< to the target, of reduced costs
  std::int64_t potential = 0;
  std::uint32_t edge = kNone;        ///< first arc of the way to the target
  std::uint32_t first_flow = kNone;  ///< list of the channels with flow that leave the node
  std::uint32_t first_own = kNone;   ///< list of the source's channels that lead to it
  bool is_back = false;              ///< that arc takes flow back from a channel to the node
};

/// A channel that has, or had, flow.
struct Flow {
  std::uint32_t edge;
  NodeId tail;
  NodeId head;
  std::uint32_t next;  ///< in the list of the tail
  std::int64_t units = 0;
  CostPieces pieces;

  Int128 cost() const {
    Int128 sum = 0;
    std::int64_t left = units;
    for (const CostPiece& piece : pieces) {
      const std::int64_t here = std::min(left, piece.units);
      sum += Int128{here} * piece.unit_cost;
      left -= here;
    }
    return sum;
  }
  /// The piece that the next unit is of, and how many more are; none if it is full.
  CostPiece forward() const {
    std::int64_t end = 0;
    for (const CostPiece& piece : pieces) {
      end += piece.units;
      if (units < end) return {end - units, piece.unit_cost};
    }
    return {0, kFull};
  }
  /// The piece that the last unit is of, and how many are; there must be flow.
  CostPiece backward() const {
    std::int64_t start = 0;
    for (const CostPiece& piece : pieces) {
      if (units <= start + piece.units) return {units - start, piece.unit_cost};
      start += piece.units;
    }
    AMPSIM_UNREACHABLE("more flow than the pieces hold");
  }
};

}  // namespace

struct MinCostFlow::State {
  explicit State(const ChannelGraph& channel_graph)
      : graph(channel_graph),
        channels(channel_graph.incoming()),
        nodes(channel_graph.node_count()),
        next_cost(2 * channel_graph.channel_count()),
        flow_of(2 * channel_graph.channel_count(), kNone) {}

  void begin(NodeId from, NodeId to, FlowCosts& of_channels);
  bool search();
  void settle(std::uint32_t node);
  std::int64_t ask(std::uint32_t edge);
  void reach(std::uint32_t node, std::int64_t distance, std::uint32_t edge, bool is_back);
  void raise_potentials();
  std::int64_t augment(std::int64_t most);
  std::uint32_t open_flow(std::uint32_t edge);
  std::uint32_t widest(std::uint32_t node) const;
  std::int64_t take(std::size_t from);

  std::uint32_t tail_of(std::uint32_t edge) const {
    return static_cast<std::uint32_t>(
        target(IncomingChannels::Rows::edge_descriptor(0, edge), channels.rows));
  }
  AnnouncedChannel at(std::uint32_t edge) const { return channels.of_edge(edge); }
  std::uint32_t row_begin(std::uint32_t node) const {
    return static_cast<std::uint32_t>((*out_edges(node, channels.rows).first).idx);
  }

  const ChannelGraph& graph;
  const IncomingChannels& channels;
  NodeId source;
  NodeId target_node;
  FlowCosts* costs = nullptr;
  std::size_t searches = 0;

  // By node and by edge; between flows as they were made, but next_cost, which begin() resets.
  std::vector<Node> nodes;
  std::vector<std::int64_t> next_cost;  ///< of the next unit; kUnknown, or kFull
  std::vector<std::uint32_t> flow_of;   ///< index into flows

  struct OwnChannel {
    std::uint32_t edge;
    std::uint32_t next;  ///< to the same node
  };
  std::vector<OwnChannel> own;
  std::vector<Flow> flows;
  std::vector<std::uint32_t> reached;  ///< by the search
  std::vector<std::uint32_t> touched;  ///< nodes that have a potential or a list
  Heap heap;

  // For paths().
  std::vector<std::int64_t> left;            ///< by flow
  std::vector<std::uint32_t> walk;           ///< flows, from the source on
  std::vector<std::uint32_t> place_in_walk;  ///< by node: 1 + index in walk of the flow from it
};

MinCostFlow::MinCostFlow(const ChannelGraph& graph) : state_(std::make_unique<State>(graph)) {}
MinCostFlow::~MinCostFlow() = default;

std::int64_t MinCostFlow::solve(NodeId source,
                                NodeId target,
                                std::int64_t units,
                                FlowCosts& costs) {
  AMPSIM_CHECK(source != target, "a flow from a node to itself");
  AMPSIM_CHECK(units > 0, "a flow of nothing");
  State& state = *state_;
  state.begin(source, target, costs);
  std::int64_t left = units;
  while (left > 0 && state.search()) left -= state.augment(left);
  state.costs = nullptr;
  return units - left;
}

void MinCostFlow::State::begin(NodeId from, NodeId to, FlowCosts& of_channels) {
  for (const std::uint32_t node : touched) nodes[node] = Node{};
  for (const Flow& flow : flows) flow_of[flow.edge] = kNone;
  touched.clear();
  flows.clear();
  own.clear();
  searches = 0;
  std::fill(next_cost.begin(), next_cost.end(), kUnknown);
  source = from;
  target_node = to;
  costs = &of_channels;
  // A source that no path passes through stands in the part of the rows that searches pass over.
  const auto row = out_edges(source.index, channels.rows);
  for (auto edge = row.first; edge != row.second; ++edge) {
    const std::uint32_t outgoing = channels.position[channels.channel_of(*edge).reversed().index];
    const std::uint32_t head = target(*edge, channels.rows);
    own.push_back({outgoing, nodes[head].first_own});
    nodes[head].first_own = static_cast<std::uint32_t>(own.size() - 1);
    touched.push_back(head);
  }
}

/// Whether there is a way for one more unit; the nodes then know it.
bool MinCostFlow::State::search() {
  ++searches;
  heap.clear();
  for (const std::uint32_t node : reached) nodes[node].distance = kUnreached;
  reached.clear();
  reach(target_node.index, 0, kNone, false);
  const std::int64_t& goal = nodes[source.index].distance;
  while (!heap.empty()) {
    const Entry top = heap.top();
    if (top.distance >= goal) break;
    heap.pop();
    if (top.distance == nodes[top.node].distance) settle(top.node);
  }
  if (goal == kUnreached) return false;
  raise_potentials();
  return true;
}

void MinCostFlow::State::reach(std::uint32_t node,
                               std::int64_t distance,
                               std::uint32_t edge,
                               bool is_back) {
  Node& way = nodes[node];
  if (way.distance == kUnreached) reached.push_back(node);
  way.distance = distance;
  way.edge = edge;
  way.is_back = is_back;
  heap.push({distance, node});
}

std::int64_t MinCostFlow::State::ask(std::uint32_t edge) {
  const CostPieces pieces = costs->pieces(at(edge));
  return next_cost[edge] = pieces.empty() ? kFull : pieces.begin()->unit_cost;
}

/// Offers the way through the node to all from which an arc leads to it.
void MinCostFlow::State::settle(std::uint32_t node) {
  const Node here = nodes[node];
  const std::int64_t base = here.distance + here.potential;
  const std::int64_t goal = nodes[source.index].distance;
  const auto offer = [&](std::uint32_t edge) {
    const std::uint32_t tail = tail_of(edge);
    const Node& there = nodes[tail];
    // No cost is below zero: most end here, before the channel's is known.
    const std::int64_t least = base - there.potential;
    if (least >= there.distance || least >= goal) return;
    const std::int64_t cost = next_cost[edge] == kUnknown ? ask(edge) : next_cost[edge];
    if (cost == kFull || least + cost >= there.distance) return;
    reach(tail, least + cost, edge, false);
  };
  const std::uint32_t end = channels.transit_end[node];
  for (std::uint32_t edge = row_begin(node); edge < end; ++edge) offer(edge);
  for (std::uint32_t i = here.first_own; i != kNone; i = own[i].next) offer(own[i].edge);
  for (std::uint32_t i = here.first_flow; i != kNone; i = flows[i].next) {
    const Flow& flow = flows[i];
    if (flow.units == 0) continue;
    const std::uint32_t head = flow.head.index;
    const std::int64_t distance = base - nodes[head].potential - flow.backward().unit_cost;
    if (distance < nodes[head].distance) reach(head, distance, flow.edge, true);
  }
}

/// By min(distance, that of the source), and all less the latter: most stay as they are.
void MinCostFlow::State::raise_potentials() {
  const std::int64_t goal = nodes[source.index].distance;
  for (const std::uint32_t index : reached) {
    Node& node = nodes[index];
    if (node.distance >= goal) continue;
    if (node.potential == 0) touched.push_back(index);
    node.potential += node.distance - goal;
  }
}

std::uint32_t MinCostFlow::State::open_flow(std::uint32_t edge) {
  if (flow_of[edge] != kNone) return flow_of[edge];
  const AnnouncedChannel& channel = at(edge);
  const NodeId tail = graph.tail(channel.channel);
  flows.push_back({.edge = edge,
                   .tail = tail,
                   .head = graph.head(channel.channel),
                   .next = nodes[tail.index].first_flow,
                   .pieces = costs->pieces(channel)});
  touched.push_back(tail.index);
  const CostPieces& pieces = flows.back().pieces;
  AMPSIM_CHECK(std::is_sorted(pieces.begin(), pieces.end(),
                              [](const CostPiece& a, const CostPiece& b) {
                                return a.unit_cost < b.unit_cost;
                              }),
               "a channel whose cost is not convex");
  flow_of[edge] = static_cast<std::uint32_t>(flows.size() - 1);
  return nodes[tail.index].first_flow = flow_of[edge];
}

/// Sends as much as the way has room for at its price, at most `most`.
std::int64_t MinCostFlow::State::augment(std::int64_t most) {
  std::int64_t units = most;
  const auto next_node = [&](const Node& node) {
    const Flow& flow = flows[flow_of[node.edge]];
    return node.is_back ? flow.tail.index : flow.head.index;
  };
  for (std::uint32_t i = source.index; i != target_node.index; i = next_node(nodes[i])) {
    const Flow& flow = flows[open_flow(nodes[i].edge)];
    units = std::min(units, nodes[i].is_back ? flow.backward().units : flow.forward().units);
  }
  AMPSIM_CHECK(units > 0, "a way without room");
  for (std::uint32_t i = source.index; i != target_node.index; i = next_node(nodes[i])) {
    Flow& flow = flows[flow_of[nodes[i].edge]];
    flow.units += nodes[i].is_back ? -units : units;
    next_cost[flow.edge] = flow.forward().unit_cost;
  }
  return units;
}

Int128 MinCostFlow::cost() const {
  Int128 sum = 0;
  for (const Flow& flow : state_->flows) sum += flow.cost();
  return sum;
}

std::int64_t MinCostFlow::flow(DirectedChannel channel) const {
  const std::uint32_t index = state_->flow_of[state_->channels.position[channel.index]];
  return index == kNone ? 0 : state_->flows[index].units;
}

std::size_t MinCostFlow::searches() const { return state_->searches; }

/// The flow from the node with most left; of equals the one over the smallest channel.
std::uint32_t MinCostFlow::State::widest(std::uint32_t node) const {
  std::uint32_t best = kNone;
  for (std::uint32_t i = nodes[node].first_flow; i != kNone; i = flows[i].next) {
    if (left[i] == 0) continue;
    const bool is_better =
        best == kNone || left[i] > left[best] ||
        (left[i] == left[best] && at(flows[i].edge).channel < at(flows[best].edge).channel);
    if (is_better) best = i;
  }
  return best;
}

/// Takes the walk from a place on out of what is left: the least along it.
std::int64_t MinCostFlow::State::take(std::size_t from) {
  std::int64_t units = kUnreached;
  for (std::size_t i = from; i < walk.size(); ++i) units = std::min(units, left[walk[i]]);
  for (std::size_t i = from; i < walk.size(); ++i) {
    left[walk[i]] -= units;
    place_in_walk[flows[walk[i]].tail.index] = 0;
  }
  return units;
}

std::vector<FlowPath> MinCostFlow::paths() {
  State& state = *state_;
  std::vector<FlowPath> paths;
  state.left.clear();
  for (const Flow& flow : state.flows) state.left.push_back(flow.units);
  state.place_in_walk.resize(state.nodes.size(), 0);
  while (state.widest(state.source.index) != kNone) {
    std::uint32_t node = state.source.index;
    while (node != state.target_node.index) {
      if (state.place_in_walk[node] != 0) {
        const std::size_t start = state.place_in_walk[node] - 1;
        state.take(start);
        state.walk.resize(start);
      }
      const std::uint32_t next = state.widest(node);
      AMPSIM_CHECK(next != kNone, "a flow that ends before the target");
      state.walk.push_back(next);
      state.place_in_walk[node] = static_cast<std::uint32_t>(state.walk.size());
      node = state.flows[next].head.index;
    }
    FlowPath& path = paths.emplace_back();
    path.units = state.take(0);
    for (const std::uint32_t index : state.walk) {
      const Flow& flow = state.flows[index];
      path.channels.push_back(state.at(flow.edge).channel);
      const Int128 share = flow.cost() * path.units / flow.units;
      path.cost += static_cast<std::int64_t>(std::min<Int128>(share, kDearest));
    }
    state.walk.clear();
  }
  return paths;
}

}  // namespace ampsim::sim
