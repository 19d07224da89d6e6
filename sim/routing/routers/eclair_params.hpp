#pragma once

#include <cstdint>

#include "core/units.hpp"

/// What the router `eclair` and the liquidity view `estimates` are told. Defaults of Eclair:
/// eclair-core/src/main/resources/reference.conf (router.path-finding.default).
namespace ampsim::sim {

/// How much a part takes of what its path can carry.
enum class PartAmount : std::uint8_t { random, full, expected };

/// A fee that is never paid, by which a path is worse.
struct VirtualFee {
  Msat base;
  Ppm proportional;

  Msat of(Msat amount) const { return base + amount * proportional; }
};

struct EclairParams {
  VirtualFee hop_cost{Msat{500}, Ppm{200}};
  VirtualFee failure_cost{Msat{2'000}, Ppm{500}};
  /// msat for an msat that is locked one block.
  double locked_funds_risk = 1e-8;
  /// The logarithm of the probability is added instead of dividing by it.
  bool uses_log_probability = false;

  std::uint32_t max_parts = 5;
  Msat min_part = Msat::from_sat(15'000);
  PartAmount part_amount = PartAmount::random;
  /// The paths found are taken in random order.
  bool shuffles = true;
  /// Hops of a route; a second search has no such limit.
  std::uint32_t max_hops = 6;
  /// The larger of the two is the limit of the fee.
  Msat max_fee_flat = Msat::from_sat(21);
  double max_fee_proportional = 0.03;
  /// How long a channel is not used after a temporary failure.
  SimDuration exclusion = std::chrono::seconds{60};
  /// What an estimate knows counts half after this time.
  SimDuration estimate_half_life = std::chrono::hours{24};
};

}  // namespace ampsim::sim
