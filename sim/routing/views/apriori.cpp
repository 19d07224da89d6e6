#include "sim/routing/views/apriori.hpp"

#include <algorithm>
#include <cmath>

namespace ampsim::sim {

double capacity_factor(Msat amount, Msat capacity) {
  if (amount > capacity) return 0;
  const auto c = static_cast<double>(capacity.count);
  const double exponent = -(static_cast<double>(amount.count) - 0.9999 * c) / (0.025 * c);
  // From here on 0.5 / (1 + e^x) is less than half the last bit of 1.
  constexpr double kNoDifference = 37;
  if (exponent > kNoDifference) return 1;
  return 1 - 0.5 / (1 + std::exp(exponent));
}

double failure_weight(SimDuration age, SimDuration half_life) {
  if (half_life <= SimDuration::zero()) return 0;
  return std::exp2(-static_cast<double>(age.count()) / static_cast<double>(half_life.count()));
}

double node_probability(const RoutingParams& params,
                        const NodeResults* results,
                        Msat amount,
                        Msat capacity,
                        SimTime now) {
  if (results == nullptr) return params.hop_probability * capacity_factor(amount, capacity);
  return node_probability(params, *results, amount, capacity, [&](std::size_t i) {
    return failure_weight(now - results->pairs[i].failure_time, params.penalty_half_life);
  });
}

double probability_after(const RoutingParams& params,
                         const PairResult* result,
                         double unknown,
                         Msat amount,
                         SimTime now) {
  if (result == nullptr) return unknown;
  const bool has_failed = result->has_failed(amount);
  return probability_after(
      *result, unknown, amount,
      has_failed ? failure_weight(now - result->failure_time, params.penalty_half_life) : 0);
}

double pair_probability(const RoutingParams& params,
                        const NodeResults* results,
                        NodeId to,
                        Msat amount,
                        Msat capacity,
                        SimTime now) {
  const double unknown = node_probability(params, results, amount, capacity, now);
  if (results == nullptr) return unknown;
  return probability_after(params, results->find(to), unknown, amount, now);
}

double local_pair_probability(const RoutingParams& params,
                              const NodeResults* results,
                              NodeId to,
                              SimTime now) {
  if (results == nullptr) return kSuccessProbability;
  return probability_after(params, results->find(to), kSuccessProbability, Msat::max(), now);
}

double Apriori::probability(const HopQuery& query) const {
  const Msat amount = query.amount + query.used;
  if (amount > query.capacity) return 0;
  return pair_probability(params(), find(query.from), query.to, amount, query.capacity, query.now);
}

LiquidityBounds Apriori::bounds(const HopQuery& query) const {
  const PairResult* result = find(query.from, query.to);
  LiquidityBounds bounds{Msat{0}, query.capacity};
  if (result != nullptr) {
    bounds.lower = std::min(result->success, query.capacity);
    const bool has_failed = result->failure_time != PairResult::kNever &&
                            query.now - result->failure_time < params().penalty_half_life;
    if (has_failed) bounds.upper = std::clamp(result->failure - Msat{1}, Msat{0}, query.capacity);
    bounds.lower = std::min(bounds.lower, bounds.upper);
  }
  bounds.lower = std::max(bounds.lower - query.used, Msat{0});
  bounds.upper = std::max(bounds.upper - query.used, Msat{0});
  return bounds;
}

double Apriori::highest_probability() const {
  return std::max(kSuccessProbability, params().hop_probability);
}

}  // namespace ampsim::sim
