#pragma once

#include "core/distribution.hpp"
#include "core/units.hpp"

namespace ampsim::sim {

/// `[channels]` as far as it limits HTLCs, and `[network]`.
struct NetworkParams {
  /// Share of the capacity that each end must keep (BOLT 2 channel_reserve_satoshis), in [0, 1).
  double reserve = 0.01;
  /// HTLCs in flight in one direction of a channel, 1 to 483 (BOLT 2 max_accepted_htlcs).
  std::uint16_t max_htlcs = 483;
  /// Share of the capacity in flight in one direction, in (0, 1] (lnd: 0.99).
  double max_in_flight = 0.99;
  /// One-way message delay of a channel in ms, drawn once a channel.
  Distribution latency{.kind = DistributionKind::lightning};
};

}  // namespace ampsim::sim
