#include "tests/reference_flows.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/successive_shortest_path_nonnegative_weights.hpp>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include "sim/routing/incoming_channels.hpp"

namespace ampsim::test {

std::vector<FlowArc> arcs_of(const sim::ChannelGraph& graph,
                             sim::FlowCosts& costs,
                             NodeId source,
                             NodeId target) {
  std::vector<FlowArc> arcs;
  for (std::uint32_t i = 0; i < 2 * graph.channel_count(); ++i) {
    const NodeId tail = graph.tail({i});
    const NodeId head = graph.head({i});
    if (head == source || tail == target) continue;
    for (const sim::CostPiece& piece : costs.pieces(graph.incoming().at({i}))) {
      arcs.push_back({tail.index, head.index, piece.units, piece.unit_cost});
    }
  }
  return arcs;
}

struct LemonFlow::State {
  using Graph = lemon::SmartDigraph;
  Graph graph;
  Graph::ArcMap<std::int64_t> units{graph};
  Graph::ArcMap<std::int64_t> unit_cost{graph};
};

LemonFlow::LemonFlow(std::size_t nodes, const std::vector<FlowArc>& arcs)
    : state_(std::make_unique<State>()) {
  State::Graph& graph = state_->graph;
  graph.reserveNode(static_cast<int>(nodes));
  graph.reserveArc(static_cast<int>(arcs.size()));
  for (std::size_t i = 0; i < nodes; ++i) graph.addNode();
  for (const FlowArc& arc : arcs) {
    const State::Graph::Arc added =
        graph.addArc(State::Graph::nodeFromId(static_cast<int>(arc.tail)),
                     State::Graph::nodeFromId(static_cast<int>(arc.head)));
    state_->units[added] = arc.units;
    state_->unit_cost[added] = arc.unit_cost;
  }
}
LemonFlow::LemonFlow(LemonFlow&&) noexcept = default;
LemonFlow::~LemonFlow() = default;

std::optional<Int128> LemonFlow::solve(NodeId source, NodeId target, std::int64_t units) {
  using Simplex = lemon::NetworkSimplex<State::Graph, std::int64_t, std::int64_t>;
  Simplex simplex(state_->graph);
  simplex.upperMap(state_->units)
      .costMap(state_->unit_cost)
      .stSupply(State::Graph::nodeFromId(static_cast<int>(source.index)),
                State::Graph::nodeFromId(static_cast<int>(target.index)), units);
  if (simplex.run() != Simplex::OPTIMAL) return std::nullopt;
  return simplex.totalCost<Int128>();
}

struct BoostFlow::State {
  using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
  using Graph = boost::adjacency_list<
      boost::vecS,
      boost::vecS,
      boost::directedS,
      boost::no_property,
      boost::property<
          boost::edge_capacity_t,
          std::int64_t,
          boost::property<boost::edge_residual_capacity_t,
                          std::int64_t,
                          boost::property<boost::edge_reverse_t,
                                          Traits::edge_descriptor,
                                          boost::property<boost::edge_weight_t, std::int64_t>>>>>;
  Graph graph;
  std::uint32_t start = 0;  ///< a node before the source, that lets no more through
  std::uint32_t target = 0;
  std::int64_t units = 0;

  void add(std::uint32_t tail, std::uint32_t head, std::int64_t room, std::int64_t unit_cost) {
    const auto there = boost::add_edge(tail, head, graph).first;
    const auto back = boost::add_edge(head, tail, graph).first;
    boost::put(boost::edge_capacity, graph, there, room);
    boost::put(boost::edge_capacity, graph, back, 0);
    boost::put(boost::edge_weight, graph, there, unit_cost);
    boost::put(boost::edge_weight, graph, back, -unit_cost);
    boost::put(boost::edge_reverse, graph, there, back);
    boost::put(boost::edge_reverse, graph, back, there);
  }
};

BoostFlow::BoostFlow(std::size_t nodes,
                     const std::vector<FlowArc>& arcs,
                     NodeId source,
                     NodeId target,
                     std::int64_t units)
    : state_(std::make_unique<State>()) {
  state_->graph = State::Graph(nodes + 1);
  state_->start = static_cast<std::uint32_t>(nodes);
  state_->target = target.index;
  state_->units = units;
  for (const FlowArc& arc : arcs) state_->add(arc.tail, arc.head, arc.units, arc.unit_cost);
  state_->add(state_->start, source.index, units, 0);
}
BoostFlow::BoostFlow(BoostFlow&&) noexcept = default;
BoostFlow::~BoostFlow() = default;

std::optional<Int128> BoostFlow::solve() {
  const State::Graph& graph = state_->graph;
  boost::successive_shortest_path_nonnegative_weights(state_->graph, state_->start, state_->target);
  Int128 cost = 0;
  const auto [begin, end] = boost::edges(graph);
  for (auto edge = begin; edge != end; ++edge) {
    const std::int64_t room = boost::get(boost::edge_capacity, graph, *edge);
    if (room == 0) continue;
    const std::int64_t flow = room - boost::get(boost::edge_residual_capacity, graph, *edge);
    if (boost::source(*edge, graph) == state_->start && flow < state_->units) return std::nullopt;
    cost += Int128{flow} * boost::get(boost::edge_weight, graph, *edge);
  }
  return cost;
}

}  // namespace ampsim::test
