#pragma once

#include <cstdint>

#include "core/distribution.hpp"
#include "core/units.hpp"

namespace ampsim::sim {

/// What has a delay of its own (sim/network/latency.hpp).
enum class LatencyOf : std::uint8_t { channel, node };

/// `[channels]` as far as it limits HTLCs, and `[network]`.
struct NetworkParams {
  /// Share of the capacity that each end must keep (BOLT 2 channel_reserve_satoshis), in [0, 1).
  double reserve = 0.01;
  /// HTLCs in flight in one direction of a channel, 1 to 483 (BOLT 2 max_accepted_htlcs).
  std::uint16_t max_htlcs = 483;
  /// Share of the capacity in flight in one direction, in (0, 1] (lnd: 0.99).
  double max_in_flight = 0.99;
  /// One-way message delay in ms, drawn once a channel or once a node.
  Distribution latency{.kind = DistributionKind::lightning};
  LatencyOf latency_of = LatencyOf::channel;
  /// Share of the nodes that are reached over Tor, in [0, 1] ...
  double tor_share = 0;
  /// ... and what that adds to the one-way delay of their channels, in ms.
  Distribution tor_latency{.kind = DistributionKind::uniform, .minimum = 200, .maximum = 600};
};

}  // namespace ampsim::sim
