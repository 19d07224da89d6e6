#pragma once

#include "core/units.hpp"

/// What everybody can know of a directed channel, as searches read it.
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

static_assert(sizeof(AnnouncedChannel) == 48);

}  // namespace ampsim::sim
