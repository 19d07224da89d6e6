#pragma once

#include <cstdint>

#include "core/units.hpp"
#include "sim/routing/announced_channel.hpp"

/// What the node at the start of a channel takes for passing an amount on over it (BOLT 7):
///
///   fee_base + floor(amount * fee_proportional / 10^6)
///
/// Nobody takes it of amounts that are sent over an own channel.
///
/// Tested by tests/pathfinding_vectors_test.cpp.
namespace ampsim::sim {

/// As Msat * Ppm, without a division of 128 bits where 64 do.
inline Msat forwarding_fee(Msat fee_base, Ppm rate, Msat amount) {
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(amount.count, std::int64_t{rate.millionths}, &product)) {
    return fee_base + Msat{product / 1'000'000};
  }
  return fee_base + amount * rate;
}

inline Msat forwarding_fee(const AnnouncedChannel& channel, Msat amount) {
  return forwarding_fee(channel.fee_base, channel.fee_proportional, amount);
}

}  // namespace ampsim::sim
