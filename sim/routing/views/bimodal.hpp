#pragma once

#include "core/units.hpp"
#include "sim/routing/views/mission_control.hpp"

/// lnd's other estimator (routing/probability_bimodal.go) on mission control's memory: the
/// liquidity of a channel is believed to lie at one of its ends, and what was learnt is forgotten
/// bit by bit.
///
/// Tested by tests/bimodal_test.cpp.
namespace ampsim::sim {

/// That a channel of capacity c carries the amount a, where `success` is known to be there and
/// `failure` not to be. With the density of its liquidity x
///
///   f(x) ~ e^(-x/s) + e^((x-c)/s) + 1/c,  F its integral,  s the scale:
///
///   0                                          where a > c or a >= failure
///   1                                          where a <= success
///   (F(failure) - F(a)) / (F(failure) - F(success))   in between
///
/// A failure that is not above the success is no knowledge: both are forgotten. A success of the
/// capacity or more counts as c - 1, with failure = c; a failure above the capacity as c.
double bimodal_probability(Msat scale, Msat capacity, Msat success, Msat failure, Msat amount);

/// What is left at a time of what is known of a pair, T the decay:
///
///   success(t) = success e^(-age/T),  failure(t) = c - (c - min(failure, c)) e^(-age/T)
///
/// and 0 and c where nothing is known.
LiquidityBounds decayed(const BimodalParams& params,
                        const PairResult* result,
                        Msat capacity,
                        SimTime now);

/// The liquidity view `bimodal`. Where the pair itself has no result younger than T, the node's
/// results with others count, too: with w = node_weight
///
///   (P + sum w e^(-age of success/T)) / (1 + sum w e^(-age of success/T) + sum w e^(-age of
///   failure/T))
///
/// over those with a success above 0 and those with a failure above 0.
class Bimodal final : public MissionControl {
 public:
  Bimodal(const ChannelGraph& graph, const RoutingParams& params);

  double probability(const HopQuery& query) const override;
  LiquidityBounds bounds(const HopQuery& query) const override;

  /// Of sending from results->from to `to`; results may be null.
  double pair_probability(
      const NodeResults* results, NodeId to, Msat amount, Msat capacity, SimTime now) const;
  /// Of sending over an own channel to `to`: 1, and 1 - e^(-age/T) after a failure.
  double local_pair_probability(const NodeResults* results, NodeId to, SimTime now) const;
  /// No pair of the graph from a node without any success is likelier to carry the amount.
  double highest_without_success(Msat amount) const;

 private:
  Msat largest_capacity_;  ///< of the graph
};

}  // namespace ampsim::sim
