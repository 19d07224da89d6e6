#pragma once

#include <span>

#include "core/units.hpp"
#include "sim/routing/channel_graph.hpp"

/// How much a path can carry.
///
/// Tested by tests/path_capacity_test.cpp.
namespace ampsim::sim {

/// The largest amount that can be passed on where `amount` comes in: x + fee_base +
/// floor(x * rate / 10^6) <= amount; 0 if there is none.
Msat largest_passed_on(Msat amount, Msat fee_base, Ppm rate);

/// What the receiver can get at most where no channel of the path carries more than its limit; the
/// first one is the sender's own and costs nothing.
Msat largest_delivery(const ChannelGraph& graph,
                      std::span<const DirectedChannel> path,
                      std::span<const Msat> limits);

}  // namespace ampsim::sim
