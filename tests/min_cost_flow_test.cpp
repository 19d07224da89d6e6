#include "sim/routing/flow/min_cost_flow.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

#include "core/check.hpp"
#include "core/random.hpp"
#include "tests/flow_costs.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

constexpr topo::ForwardingPolicy kFree{};
constexpr Msat kAny{1000};

CostPieces pieces(std::initializer_list<CostPiece> list) {
  CostPieces result;
  for (const CostPiece& piece : list) result.add(piece.units, piece.unit_cost);
  return result;
}

Int128 cost_of(const CostPieces& pieces, std::int64_t units) {
  Int128 cost = 0;
  for (const CostPiece& piece : pieces) {
    cost += Int128{std::min(units, piece.units)} * piece.unit_cost;
    units -= std::min(units, piece.units);
  }
  return cost;
}

std::int64_t room(const CostPieces& pieces) {
  std::int64_t sum = 0;
  for (const CostPiece& piece : pieces) sum += piece.units;
  return sum;
}

/// Every way to put so many units on paths without cycles: the least cost, none if there is no
/// room.
class AllFlows {
 public:
  AllFlows(const ChannelGraph& graph, const ListedCosts& costs, NodeId source, NodeId target)
      : graph_(graph), costs_(costs), target_(target), flow_(2 * graph.channel_count(), 0) {
    std::vector<NodeId> visited{source};
    find_paths(source, visited);
  }
  std::optional<Int128> least(std::int64_t units) {
    best_.reset();
    fill(0, units);
    return best_;
  }

 private:
  void find_paths(NodeId from, std::vector<NodeId>& visited) {
    if (from == target_) return paths_.push_back(path_);
    for (const auto& [channel, listed] : costs_.listed) {
      const NodeId to = graph_.head(channel);
      if (graph_.tail(channel) != from || listed.empty()) continue;
      if (std::find(visited.begin(), visited.end(), to) != visited.end()) continue;
      visited.push_back(to);
      path_.push_back(channel);
      find_paths(to, visited);
      path_.pop_back();
      visited.pop_back();
    }
  }
  void fill(std::size_t path, std::int64_t units) {
    if (units == 0) {
      Int128 cost = 0;
      for (const auto& [channel, listed] : costs_.listed) {
        if (flow_[channel.index] > room(listed)) return;
        cost += cost_of(listed, flow_[channel.index]);
      }
      if (!best_ || cost < *best_) best_ = cost;
      return;
    }
    if (path == paths_.size()) return;
    for (std::int64_t here = 0; here <= units; ++here) {
      for (const DirectedChannel channel : paths_[path]) flow_[channel.index] += here;
      fill(path + 1, units - here);
      for (const DirectedChannel channel : paths_[path]) flow_[channel.index] -= here;
    }
  }

  const ChannelGraph& graph_;
  const ListedCosts& costs_;
  NodeId target_;
  std::vector<DirectedChannel> path_;
  std::vector<std::vector<DirectedChannel>> paths_;
  std::vector<std::int64_t> flow_;
  std::optional<Int128> best_;
};

/// Paths from end to end without a node twice, that add up to what the solver says flows.
void check_paths(const ChannelGraph& graph,
                 MinCostFlow& solver,
                 NodeId source,
                 NodeId target,
                 std::int64_t sent) {
  std::vector<std::int64_t> flow(2 * graph.channel_count(), 0);
  std::int64_t sum = 0;
  for (const FlowPath& path : solver.paths()) {
    REQUIRE(path.units > 0);
    sum += path.units;
    std::vector<NodeId> nodes{source};
    for (const DirectedChannel channel : path.channels) {
      CHECK(graph.tail(channel) == nodes.back());
      nodes.push_back(graph.head(channel));
      flow[channel.index] += path.units;
    }
    CHECK(nodes.back() == target);
    std::sort(nodes.begin(), nodes.end());
    CHECK(std::adjacent_find(nodes.begin(), nodes.end()) == nodes.end());
  }
  CHECK(sum == sent);
  for (std::uint32_t i = 0; i < flow.size(); ++i) CHECK(flow[i] <= solver.flow({i}));
}

}  // namespace

TEST_CASE("min_cost_flow: fills the cheaper of two channels up to where the other is cheaper") {
  SmallNetwork network;
  const DirectedChannel first = network.channel("A", "B", kAny, kFree);
  const DirectedChannel second = network.channel("A", "B", kAny, kFree);
  const ChannelGraph graph(network.topology);
  ListedCosts costs;
  costs.listed[first] = pieces({{3, 1}, {3, 4}});
  costs.listed[second] = pieces({{2, 2}, {9, 5}});
  MinCostFlow solver(graph);
  CHECK(solver.solve(network.node("A"), network.node("B"), 7, costs) == 7);
  CHECK(solver.flow(first) == 5);
  CHECK(solver.flow(second) == 2);
  CHECK(solver.cost() == 3 * 1 + 2 * 2 + 2 * 4);
  CHECK(solver.paths().size() == 2);
}

TEST_CASE("min_cost_flow: takes flow back where a later path needs the channel") {
  // The first path is A-B-C-D, cheapest for one unit; for two, A-B-D and A-C-D are.
  SmallNetwork network;
  const auto add = [&](const char* from, const char* to) {
    return network.channel(from, to, kAny, kFree);
  };
  ListedCosts costs;
  costs.listed[add("A", "B")] = pieces({{1, 1}});
  costs.listed[add("A", "C")] = pieces({{1, 10}});
  const DirectedChannel middle = add("B", "C");
  costs.listed[middle] = pieces({{1, 1}});
  costs.listed[add("B", "D")] = pieces({{1, 10}});
  costs.listed[add("C", "D")] = pieces({{1, 1}});
  const ChannelGraph graph(network.topology);
  MinCostFlow solver(graph);
  const NodeId a = network.node("A");
  const NodeId d = network.node("D");
  CHECK(solver.solve(a, d, 1, costs) == 1);
  CHECK(solver.flow(middle) == 1);
  CHECK(solver.cost() == 3);
  CHECK(solver.solve(a, d, 2, costs) == 2);
  CHECK(solver.flow(middle) == 0);
  CHECK(solver.cost() == 22);
  CHECK(solver.paths().size() == 2);
}

TEST_CASE("min_cost_flow: sends what there is room for, and says how much") {
  SmallNetwork network;
  const DirectedChannel only = network.channel("A", "B", kAny, kFree);
  const ChannelGraph graph(network.topology);
  ListedCosts costs;
  MinCostFlow solver(graph);
  const NodeId a = network.node("A");
  const NodeId b = network.node("B");
  CHECK(solver.solve(a, b, 5, costs) == 0);
  CHECK(solver.paths().empty());
  costs.listed[only] = pieces({{3, 0}});
  CHECK(solver.solve(a, b, 5, costs) == 3);
  CHECK(solver.cost() == 0);
  // The other direction has pieces of its own.
  CHECK(solver.solve(b, a, 5, costs) == 0);
  CHECK_THROWS_AS(solver.solve(a, a, 1, costs), InvariantError);
  costs.listed[only] = pieces({{3, 2}, {3, 1}});
  CHECK_THROWS_AS(solver.solve(a, b, 5, costs), InvariantError);
}

TEST_CASE("min_cost_flow: no cheaper flow exists, over all flows of small networks") {
  Rng rng(1, "min_cost_flow");
  int feasible = 0;
  for (int round = 0; round < 400; ++round) {
    CAPTURE(round);
    SmallNetwork network;
    const auto nodes = static_cast<std::uint32_t>(rng.between(2, 5));
    for (std::uint32_t i = 0; i < nodes; ++i) network.node(std::to_string(i));
    ListedCosts costs;
    const auto channels = rng.between(1, 7);
    for (int i = 0; i < channels; ++i) {
      const auto from = static_cast<std::uint32_t>(rng.below(nodes));
      const auto to = static_cast<std::uint32_t>((from + 1 + rng.below(nodes - 1)) % nodes);
      const DirectedChannel channel =
          network.channel(std::to_string(from), std::to_string(to), kAny, kFree);
      for (const DirectedChannel direction : {channel, channel.reversed()}) {
        CostPieces random;
        std::int64_t unit_cost = 0;
        for (int piece = 0; piece < 2; ++piece) {
          unit_cost += rng.between(0, 4);
          random.add(rng.between(0, 2), unit_cost);
        }
        costs.listed[direction] = random;
      }
    }
    const ChannelGraph graph(network.topology);
    AllFlows all(graph, costs, NodeId{0}, NodeId{1});
    MinCostFlow solver(graph);
    for (std::int64_t units = 1; units <= 4; ++units) {
      const std::optional<Int128> least = all.least(units);
      const std::int64_t sent = solver.solve(NodeId{0}, NodeId{1}, units, costs);
      REQUIRE((sent == units) == least.has_value());
      if (least) {
        ++feasible;
        CHECK(solver.cost() == *least);
      } else if (sent > 0) {
        CHECK(solver.cost() == all.least(sent).value());
        CHECK_FALSE(all.least(sent + 1).has_value());
      }
      check_paths(graph, solver, NodeId{0}, NodeId{1}, sent);
    }
  }
  CHECK(feasible > 300);
}
