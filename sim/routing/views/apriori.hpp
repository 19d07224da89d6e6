#pragma once

#include <cstdint>

#include "core/units.hpp"
#include "sim/routing/router.hpp"
#include "sim/routing/views/mission_control.hpp"

/// How likely lnd thinks a hop is by default: the apriori estimator of success (routing/
/// probability_apriori.go) on mission control's memory.
///
/// Tested by tests/pathfinding_vectors_test.cpp and tests/mission_control_test.cpp.
namespace ampsim::sim {

/// Success probability of a pair that has carried the amount before, and prior of own channels.
inline constexpr double kSuccessProbability = 0.95;

/// Lowers the prior where the amount comes close to the capacity c:
///
///   1 - 0.5 / (1 + exp(-(amount - 0.9999 c) / (0.025 c)))   and 0 above c
double capacity_factor(Msat amount, Msat capacity);

/// 2^(-age / half life): what a failure still counts. A half life of zero forgets at once.
double failure_weight(SimDuration age, SimDuration half_life);

/// Success probability of a pair about which its start node's other results are all we know:
///
///   f = 1 / (1 - apriori_weight) - 1,  base = hop_probability * capacity_factor
///   (f base + 0.95 #{amount <= success}) / (f + #{amount <= success} + sum of failure weights)
///
/// `weight_of(i)` is that of the failure of the i-th pair.
template <class Weight>
double node_probability(const RoutingParams& params,
                        const NodeResults& results,
                        Msat amount,
                        Msat capacity,
                        const Weight& weight_of) {
  const double base = params.hop_probability * capacity_factor(amount, capacity);
  if (params.apriori_weight == 1) return base;
  const double factor = 1 / (1 - params.apriori_weight) - 1;
  double sum = base * factor;
  double weight = factor;
  for (std::size_t i = 0; i < results.pairs.size(); ++i) {
    const PairResult& result = results.pairs[i];
    if (amount <= result.success) {
      sum += kSuccessProbability;
      weight += 1;
    } else if (result.has_failed(amount)) {
      weight += weight_of(i);
    }
  }
  return weight > 0 ? sum / weight : base;  // 0/0: no prior and nothing learnt about this amount
}

/// The same; `results` may be null: nothing known.
double node_probability(const RoutingParams& params,
                        const NodeResults* results,
                        Msat amount,
                        Msat capacity,
                        SimTime now);

/// 0.95 for an amount that got through; otherwise `unknown`, times (1 - failure weight) for an
/// amount that failed. `weight` is that of the failure.
inline double probability_after(const PairResult& result,
                                double unknown,
                                Msat amount,
                                double weight) {
  if (amount <= result.success) return kSuccessProbability;
  return result.has_failed(amount) ? unknown * (1 - weight) : unknown;
}

/// The same; `result` may be null: nothing known.
double probability_after(const RoutingParams& params,
                         const PairResult* result,
                         double unknown,
                         Msat amount,
                         SimTime now);

/// Of sending from results->from to `to`, for nodes other than the sender.
double pair_probability(const RoutingParams& params,
                        const NodeResults* results,
                        NodeId to,
                        Msat amount,
                        Msat capacity,
                        SimTime now);

/// Of sending over an own channel to `to`: its balance is known, so only failures count, and those
/// whatever the amount is.
double local_pair_probability(const RoutingParams& params,
                              const NodeResults* results,
                              NodeId to,
                              SimTime now);

/// The liquidity view `apriori`. An amount that failed less than a half life ago bounds what is
/// believed to get through.
class Apriori final : public MissionControl {
 public:
  using MissionControl::MissionControl;

  double probability(const HopQuery& query) const override;
  LiquidityBounds bounds(const HopQuery& query) const override;
  double highest_probability() const override;
};

}  // namespace ampsim::sim
