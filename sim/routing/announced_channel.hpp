#pragma once

#include <algorithm>
#include <cstdint>

#include "core/units.hpp"
#include "sim/network/announcements.hpp"

/// What everybody can know of a directed channel, as searches read it: made from its announcement,
/// which takes half the memory, when it is asked for.
///
/// Tested by tests/channel_graph_test.cpp.
namespace ampsim::sim {

struct AnnouncedChannel {
  Msat htlc_minimum;
  Msat htlc_maximum;  ///< at most the capacity
  Msat capacity;
  Msat fee_base;
  Ppm fee_proportional;
  BlockDelta cltv_expiry_delta;
  DirectedChannel channel;
  bool is_disabled = false;

  /// Capacity and policy allow the amount; says nothing about balances.
  bool carries(Msat amount) const { return htlc_minimum <= amount && amount <= htlc_maximum; }
};

/// The announcement at `index`.
[[gnu::always_inline]] inline AnnouncedChannel announced_at(const Announcements& announcements,
                                                            std::uint32_t index) {
  const Announcement known = announcements[index];
  return {.htlc_minimum = known.policy.htlc_minimum,
          .htlc_maximum = std::min(known.policy.htlc_maximum, known.capacity),
          .capacity = known.capacity,
          .fee_base = known.policy.fee_base,
          .fee_proportional = known.policy.fee_proportional,
          .cltv_expiry_delta = known.policy.cltv_expiry_delta,
          .channel = known.channel,
          .is_disabled = known.policy.is_disabled};
}

}  // namespace ampsim::sim
