#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/routing/flow/min_cost_flow.hpp"

/// Min-cost flows of well-known libraries, for comparison: every piece of every channel is an arc
/// of its own. Here, and not in the tests, because of what the libraries cost to compile.
namespace ampsim::test {

struct FlowArc {
  std::uint32_t tail;
  std::uint32_t head;
  std::int64_t units;
  std::int64_t unit_cost;
};

/// All that a flow between the two nodes may use: no channels into the source or out of the target.
std::vector<FlowArc> arcs_of(const sim::ChannelGraph& graph,
                             sim::FlowCosts& costs,
                             NodeId source,
                             NodeId target);

/// LEMON's network simplex.
class LemonFlow {
 public:
  LemonFlow(std::size_t nodes, const std::vector<FlowArc>& arcs);
  LemonFlow(LemonFlow&&) noexcept;
  ~LemonFlow();
  /// The least cost; none if there is not enough room.
  std::optional<Int128> solve(NodeId source, NodeId target, std::int64_t units);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Boost.Graph's successive shortest paths: once a graph.
class BoostFlow {
 public:
  BoostFlow(std::size_t nodes,
            const std::vector<FlowArc>& arcs,
            NodeId source,
            NodeId target,
            std::int64_t units);
  BoostFlow(BoostFlow&&) noexcept;
  ~BoostFlow();
  std::optional<Int128> solve();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ampsim::test
