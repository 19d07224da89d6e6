#include "sim/routing/views/bimodal.hpp"

#include <algorithm>
#include <cmath>

#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {
namespace {

double to_double(Msat amount) { return static_cast<double>(amount.count); }

/// s F(x) without the norm, which cancels out.
double primitive(double scale, double capacity, double x) {
  return -std::exp(-x / scale) + std::exp((x - capacity) / scale) + x / (capacity * scale);
}

/// e^(-age / T). A result of the future counts in full.
double weight(const BimodalParams& params, SimTime then, SimTime now) {
  if (then >= now) return 1;
  return std::exp(-static_cast<double>((now - then).count()) /
                  static_cast<double>(params.decay.count()));
}

}  // namespace

double bimodal_probability(Msat scale, Msat capacity, Msat success, Msat failure, Msat amount) {
  if (amount > capacity || capacity <= Msat{0}) return 0;
  if (failure <= success) {
    success = Msat{0};
    failure = capacity;
  }
  if (success >= capacity) {
    success = capacity - Msat{1};
    failure = capacity;
  }
  failure = std::min(failure, capacity);
  if (amount >= failure) return 0;
  if (amount <= success) return 1;
  const double s = to_double(scale);
  const double c = to_double(capacity);
  const double top =
      failure == capacity ? -std::exp(-c / s) + 1 + 1 / s : primitive(s, c, to_double(failure));
  const double bottom =
      success == Msat{0} ? -1 + std::exp(-c / s) : primitive(s, c, to_double(success));
  const double carries = (top - primitive(s, c, to_double(amount))) / (top - bottom);
  return std::clamp(carries, 0.0, 1.0);
}

LiquidityBounds decayed(const BimodalParams& params,
                        const PairResult* result,
                        Msat capacity,
                        SimTime now) {
  LiquidityBounds bounds{Msat{0}, capacity};
  if (result == nullptr) return bounds;
  if (result->failure_time != PairResult::kNever) {
    const Msat missing = capacity - std::min(result->failure, capacity);
    bounds.upper -= Msat{
        static_cast<std::int64_t>(weight(params, result->failure_time, now) * to_double(missing))};
  }
  if (result->success_time != PairResult::kNever) {
    bounds.lower = Msat{static_cast<std::int64_t>(weight(params, result->success_time, now) *
                                                  to_double(result->success))};
  }
  return bounds;
}

Bimodal::Bimodal(const ChannelGraph& graph, const RoutingParams& params)
    : MissionControl(graph, params), largest_capacity_(graph.incoming().largest_capacity) {}

double Bimodal::pair_probability(
    const NodeResults* results, NodeId to, Msat amount, Msat capacity, SimTime now) const {
  const BimodalParams& bimodal = params().bimodal;
  const PairResult* own = results == nullptr ? nullptr : results->find(to);
  const LiquidityBounds known = decayed(bimodal, own, capacity, now);
  const double direct =
      bimodal_probability(bimodal.scale, capacity, known.lower, known.upper, amount);
  if (results == nullptr || bimodal.node_weight == 0) return direct;
  if (own != nullptr) {
    const SimTime latest = std::max(own->success_time, own->failure_time);
    if (latest != PairResult::kNever && now - latest < bimodal.decay) return direct;
  }
  double sum = direct;
  double weights = 1;
  for (const PairResult& other : results->pairs) {
    if (other.to == to) continue;
    if (other.success > Msat{0}) {
      const double w = bimodal.node_weight * weight(bimodal, other.success_time, now);
      sum += w;
      weights += w;
    }
    if (other.failure > Msat{0}) {
      weights += bimodal.node_weight * weight(bimodal, other.failure_time, now);
    }
  }
  return sum / weights;
}

double Bimodal::local_pair_probability(const NodeResults* results, NodeId to, SimTime now) const {
  const PairResult* own = results == nullptr ? nullptr : results->find(to);
  if (own == nullptr || own->failure_time == PairResult::kNever) return 1;
  return 1 - weight(params().bimodal, own->failure_time, now);
}

double Bimodal::highest_without_success(Msat amount) const {
  // Rises with the capacity: with E = e^(-c/s), A = e^(-a/s) and without the constant term it is
  // 1/2 + (A - E/A) / (2 (1 - E)), which falls with E; and the constant term gives 1 - a/c.
  return bimodal_probability(params().bimodal.scale, largest_capacity_, Msat{0}, largest_capacity_,
                             amount);
}

double Bimodal::probability(const HopQuery& query) const {
  const Msat amount = query.amount + query.used;
  if (amount > query.capacity) return 0;  // whatever its node's other results are
  return pair_probability(find(query.from), query.to, amount, query.capacity, query.now);
}

LiquidityBounds Bimodal::bounds(const HopQuery& query) const {
  LiquidityBounds known =
      decayed(params().bimodal, find(query.from, query.to), query.capacity, query.now);
  if (known.upper <= known.lower) known = {Msat{0}, query.capacity};
  known.lower = std::min(known.lower, query.capacity - Msat{1});
  known.upper -= Msat{1};  // the failure itself is not carried
  return {std::clamp(known.lower - query.used, Msat{0}, query.capacity),
          std::clamp(known.upper - query.used, Msat{0}, query.capacity)};
}

}  // namespace ampsim::sim
