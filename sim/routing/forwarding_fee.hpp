#pragma once

#include "core/units.hpp"
#include "sim/routing/announced_channel.hpp"

/// What the node at the start of a channel takes for passing an amount on over it (BOLT 7):
///
///   fee_base + floor(amount * fee_proportional / 10^6)
///
/// Nobody takes it of amounts that are sent over an own channel.
///
/// Tested by tests/path_pricing_test.cpp.
namespace ampsim::sim {

inline Msat forwarding_fee(const AnnouncedChannel& channel, Msat amount) {
  return channel.fee_base + amount * channel.fee_proportional;
}

}  // namespace ampsim::sim
