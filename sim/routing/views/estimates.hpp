#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "core/units.hpp"
#include "sim/network/failure_code.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/liquidity_view.hpp"
#include "sim/routing/router.hpp"

/// Eclair's balance estimates (eclair-core/.../router/BalanceEstimate.scala): for each directed
/// pair of nodes that was met, an amount that once got through, one that did not, and when. With
/// the largest capacity c between the two, and p fading towards that of a uniform balance,
///
///   faded(v, p, age) = (1 - v / c) (1 - 2^(-age / half life)) + p 2^(-age / half life)
///   P(0) = 1,  P(low) = faded(low, 1, age of low),  P(high) = faded(high, 0, age of high),
///   P(c) = 0,  and on straight lines between them.
///
/// A failure of an amount a: high = a, and low = 0 if a <= low; one that is above the known high
/// counts only if it makes that less likely than it has become. A part that went on and failed
/// later: the same of the balance of the other end, c - a. A success: both move down by a. Nothing
/// is learnt about the sender's own channels.
///
/// Memory: 48 bytes a pair that was part of an attempt; nothing for the rest of the network.
///
/// Tested by tests/estimates_test.cpp.
namespace ampsim::sim {

struct BalanceEstimate {
  Msat low;
  SimTime low_at;
  Msat high;
  SimTime high_at;
  Msat capacity;
  bool has_one_channel = true;

  double probability(Msat amount, SimTime now, SimDuration half_life) const;
  BalanceEstimate mirrored() const;
  BalanceEstimate after_failure(Msat amount, SimTime now, SimDuration half_life) const;
  BalanceEstimate after_relay(Msat amount, SimTime now, SimDuration half_life) const;
  /// The amount has left for good.
  BalanceEstimate after_sending(Msat amount, SimTime now, SimDuration half_life) const;
};

class Estimates final : public LiquidityView {
 public:
  /// The graph must outlive the view.
  Estimates(const ChannelGraph& graph, SimDuration half_life)
      : graph_(&graph), half_life_(half_life) {}

  double probability(const HopQuery& query) const override;
  /// What is left of both by now.
  LiquidityBounds bounds(const HopQuery& query) const override;
  void report_success(const Route& route, SimTime now) override;
  void report_failure(const Route& route,
                      std::size_t erring_node,
                      FailureCode code,
                      SimTime now) override;

 private:
  /// Of the pair that the channel is one of.
  const BalanceEstimate* find(DirectedChannel channel) const;
  BalanceEstimate& meet(DirectedChannel channel, SimTime now);
  /// Nothing known yet.
  BalanceEstimate unknown(DirectedChannel channel, SimTime now) const;

  const ChannelGraph* graph_;
  SimDuration half_life_;
  std::unordered_map<std::uint64_t, BalanceEstimate> pairs_;  ///< only looked up
};

}  // namespace ampsim::sim
