#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/units.hpp"
#include "sim/network/failure_code.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/liquidity_view.hpp"
#include "sim/routing/router.hpp"

/// What one sender has learnt from its own attempts: lnd's mission control (routing/
/// missioncontrol_state.go for the memory, routing/result_interpretation.go for what a result
/// means). What is made of it is the estimator's affair: Apriori (sim/routing/views/apriori.hpp) or
/// Bimodal (sim/routing/views/bimodal.hpp).
///
/// Results are kept per directed pair of nodes, not per channel, because a forwarder may use any of
/// its channels to the next node. A pair has an amount that got through and an amount that did not;
/// success < failure whenever there was a failure of an amount above zero.
///
/// Memory: 48 bytes a pair that was part of an attempt and 32 a node; nothing for the rest of the
/// network. lnd writes its last 1000 results to disk, to start from after a restart; what it
/// remembers while it runs is not bounded either. Look-ups are O(log) of what was learnt.
/// Everything is kept in order of node ids, so that sums over results do not depend on the history.
///
/// Tested by tests/mission_control_test.cpp.
namespace ampsim::sim {

/// What is known about sending from one node to another.
struct PairResult {
  static constexpr SimTime kNever = SimTime::min();

  NodeId to;
  Msat success;  ///< largest amount that got through; 0 if none
  Msat failure;  ///< smallest that failed; 0: fails whatever the amount is
  SimTime success_time = kNever;
  SimTime failure_time = kNever;

  bool has_failed(Msat amount) const { return failure_time != kNever && amount >= failure; }
};

/// The results of all pairs that start at one node, in the order of their other ends.
struct NodeResults {
  NodeId from;
  std::vector<PairResult> pairs;
  Msat largest_success;  ///< of all pairs

  const PairResult* find(NodeId to) const;
};

class MissionControl : public LiquidityView {
 public:
  /// A second failure less than this after a first may not raise the failed amount; and a pair
  /// gets a second chance after a policy failure at most this often (lnd: one minute each).
  static constexpr SimDuration kRelaxInterval = std::chrono::minutes{1};

  /// Graph and parameters must outlive the view.
  MissionControl(const ChannelGraph& graph, const RoutingParams& params)
      : graph_(&graph), params_(&params) {}

  bool remembers() const override { return true; }
  void report_success(const Route& route, SimTime now) override;
  /// Nothing is learnt from the sender's own failures: it knows its channels better.
  void report_failure(const Route& route,
                      std::size_t erring_node,
                      FailureCode code,
                      SimTime now) override;

  /// All that is known, in the order of the nodes that the pairs start from.
  std::span<const NodeResults> nodes() const { return nodes_; }
  /// The results of pairs that start at a node, or null.
  const NodeResults* find(NodeId from) const;
  /// What is known of a pair, or null.
  const PairResult* find(NodeId from, NodeId to) const;

 protected:
  const ChannelGraph& graph() const { return *graph_; }
  const RoutingParams& params() const { return *params_; }

 private:
  struct Chance {
    NodeId from;
    NodeId to;
    SimTime given;
  };

  NodeResults& results_of(NodeId from);
  void succeed(NodeId from, NodeId to, Msat amount, SimTime now);
  void fail(NodeId from, NodeId to, Msat amount, SimTime now);
  void succeed_until(const Route& route, std::size_t end, SimTime now);
  void fail_hop(const Route& route, std::size_t hop, SimTime now);
  void fail_node(const Route& route, std::size_t node, SimTime now);
  void interpret_final(const Route& route, FailureCode code, SimTime now);
  bool second_chance(const Hop& hop, SimTime now);

  const ChannelGraph* graph_;
  const RoutingParams* params_;
  std::vector<NodeResults> nodes_;  ///< sorted by from
  std::vector<Chance> chances_;     ///< sorted by (from, to)
};

}  // namespace ampsim::sim
