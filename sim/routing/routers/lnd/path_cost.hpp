#pragma once

#include <cstdint>

#include "core/units.hpp"
#include "sim/routing/params.hpp"

/// What lnd's search orders paths by (routing/pathfind.go): the weight of a path, and its distance,
/// which is the weight and what attempts that fail cost.
///
/// Tested by tests/pathfinding_vectors_test.cpp.
namespace ampsim::sim {

/// msat of virtual cost for 10^9 msat locked one block.
inline constexpr std::int64_t kRiskFactorBillionths = 15;

/// (attempt_cost + amount * attempt_cost_proportional) * (1 / (0.5 - 0.9 time_preference / 2) - 1),
/// in msat.
double attempt_cost(const RoutingParams& params, Msat amount);

/// fee + floor(amount * delta * 15 / 10^9): what a hop adds to the weight of a path.
inline std::int64_t edge_weight(Msat amount, Msat fee, BlockDelta delta) {
  std::int64_t locked = 0;
  if (!__builtin_mul_overflow(amount.count, delta.count * kRiskFactorBillionths, &locked)) {
    return fee.count + locked / 1'000'000'000;
  }
  const Int128 product = Int128{amount.count} * delta.count * kRiskFactorBillionths;
  return fee.count + static_cast<std::int64_t>(product / 1'000'000'000);
}

/// floor(weight + attempt_cost / probability), at most 9e18: what paths are ordered by. Never falls
/// when weight grows and probability shrinks, in floating point too, because every operation
/// rounds monotonically.
inline std::int64_t distance(std::int64_t weight, double attempt_cost, double probability) {
  constexpr double kLargest = 9e18;  // still fits; also what 1 / 0 becomes
  const double exact = static_cast<double>(weight) + attempt_cost / probability;
  return static_cast<std::int64_t>(exact < kLargest ? exact : kLargest);
}

}  // namespace ampsim::sim
