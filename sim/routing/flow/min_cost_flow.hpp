#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/channel_graph.hpp"

/// The cheapest flow of so many units from one node to another, where each directed channel has a
/// convex cost: pieces, one after another, of so many units at so much a unit.
///
/// Successive shortest paths with potentials (Ahuja, Magnanti and Orlin, Network Flows, 1993,
/// 9.7), backwards from the target. A channel is one arc, whatever the number of its pieces: only
/// the cost of its next unit is kept, and pieces are kept of channels that have flow. The residual
/// arcs are lists at the nodes that flow passes. Costs are asked for when a search first looks at a
/// channel, and a search stops at the source.
///
/// The cost is the least there is. Of flows of equal cost the one is taken that the order of ids
/// gives: nodes are settled by (distance, id), a node keeps the first of equal ways, in the order
/// of the rows of ChannelGraph.
///
/// Cost: one search an augmentation; an augmentation fills or empties a piece. Nothing is allocated
/// after warm-up but the paths. One solver serves one thread. bench/flow_bench.cpp compares.
///
/// Tested by tests/min_cost_flow_test.cpp and, against other solvers, by
/// tests/reference_flow_test.cpp.
namespace ampsim::sim {

struct AnnouncedChannel;

/// So many units at so much a unit, both >= 0.
struct CostPiece {
  std::int64_t units = 0;
  std::int64_t unit_cost = 0;
};

/// What a directed channel can carry. The cost of a unit may not fall from one piece to the next; a
/// path's sum of unit costs has to stay below 2^60.
class CostPieces {
 public:
  static constexpr std::size_t kMost = 8;

  /// An empty piece is left out.
  void add(std::int64_t units, std::int64_t unit_cost) {
    if (units > 0) pieces_[count_++] = {units, unit_cost};
  }
  const CostPiece* begin() const { return pieces_.data(); }
  const CostPiece* end() const { return pieces_.data() + count_; }
  bool empty() const { return count_ == 0; }

 private:
  std::array<CostPiece, kMost> pieces_;
  std::size_t count_ = 0;
};

class FlowCosts {
 public:
  virtual ~FlowCosts() = default;
  /// Asked at most twice a channel and flow; empty: the channel is not used.
  virtual CostPieces pieces(const AnnouncedChannel& channel) = 0;
};

/// One path of a flow, from the source to the target, with no node twice.
struct FlowPath {
  std::vector<DirectedChannel> channels;
  std::int64_t units = 0;
  std::int64_t cost = 0;  ///< of each channel its share by units, rounded down
};

class MinCostFlow {
 public:
  /// The graph must outlive the solver.
  explicit MinCostFlow(const ChannelGraph& graph);
  ~MinCostFlow();

  /// How many of the units a cheapest flow could send: all of them, or as many as there is room
  /// for. Nothing flows through the source or the target. `units` > 0, and the two nodes differ.
  std::int64_t solve(NodeId source, NodeId target, std::int64_t units, FlowCosts& costs);

  // Of the last flow.
  Int128 cost() const;
  std::int64_t flow(DirectedChannel channel) const;
  /// The flow as paths, cycles (of cost zero) left out; at each node along the channel with most
  /// left.
  std::vector<FlowPath> paths();
  /// Searches that it took; the last one fails where there is not enough room.
  std::size_t searches() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ampsim::sim
