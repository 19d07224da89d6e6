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
  const double base = params.hop_probability * capacity_factor(amount, capacity);
  if (results == nullptr || params.apriori_weight == 1) return base;
  const double factor = 1 / (1 - params.apriori_weight) - 1;
  double sum = base * factor;
  double weight = factor;
  for (const PairResult& result : results->pairs) {
    if (amount <= result.success) {
      sum += kSuccessProbability;
      weight += 1;
    } else if (result.has_failed(amount)) {
      weight += failure_weight(now - result.failure_time, params.penalty_half_life);
    }
  }
  return weight > 0 ? sum / weight : base;  // 0/0: no prior and nothing learnt about this amount
}

double probability_after(const RoutingParams& params,
                         const PairResult* result,
                         double unknown,
                         Msat amount,
                         SimTime now) {
  if (result == nullptr) return unknown;
  if (amount <= result->success) return kSuccessProbability;
  if (!result->has_failed(amount)) return unknown;
  return unknown * (1 - failure_weight(now - result->failure_time, params.penalty_half_life));
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
