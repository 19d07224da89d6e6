#pragma once

#include <cstdint>

#include "core/units.hpp"

/// What the router `ldk` and the liquidity view `scorer` are told. Defaults of LDK:
/// lightning/src/routing/scoring.rs (ProbabilisticScoringFeeParameters and -DecayParameters) and
/// router.rs (PaymentParameters).
namespace ampsim::sim {

/// How likely each balance between the two bounds is: all alike, or more so near the ends of the
/// channel.
enum class BalanceDensity : std::uint8_t { edges, uniform };

/// A penalty in msat: a constant, and an addition for each 2^30 or 2^20 msat of the amount.
struct LdkPenalty {
  Msat constant;
  Msat of_amount;
};

struct LdkParams {
  /// Per hop; the second for each 2^30 msat.
  LdkPenalty base{Msat{5'120}, Msat{655'360}};
  /// Times -log10 of what the channel's history says; the second for each 2^20 msat.
  LdkPenalty history{Msat{50'000}, Msat{6'250}};
  /// Likewise, of what the bounds say now.
  LdkPenalty live{Msat{0}, Msat{0}};
  /// Where the largest HTLC is half of the channel or more.
  Msat anti_probing{1'250};
  /// Where the amount is above the upper bound.
  Msat impossible{100'000'000'000};

  /// No part takes more than 2^-this of a channel, unless there is no other way.
  std::uint32_t saturation = 2;
  /// Parts of a payment; each path has to carry this part of it.
  std::uint32_t max_paths = 10;
  BlockDelta cltv_limit{1008};

  /// What is known of a channel's bounds counts half after this time.
  SimDuration liquidity_half_life = std::chrono::minutes{30};
  /// What is known of their history, after so long without news.
  SimDuration history_half_life = std::chrono::hours{14 * 24};
  BalanceDensity density = BalanceDensity::edges;
};

}  // namespace ampsim::sim
