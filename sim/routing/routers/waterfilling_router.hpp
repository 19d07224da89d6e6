#pragma once

#include <vector>

#include "core/units.hpp"
#include "sim/routing/registry.hpp"

/// Waterfilling of Spider (Sivaraman et al., NSDI 2020, section 5.2's heuristic): a sender knows
/// `routing.paths` paths to a receiver that share no channel (sim/routing/disjoint_paths.hpp), asks
/// each what it can carry now, and sends on those that can carry most, so much that what they have
/// left is level:
///
///   amount(i) = max(0, room(i) - level),   level such that the amounts add up
///
/// room: what the target can receive over the path, fees off (sim/routing/flow/path_parts.hpp).
/// With `routing.probes` the sender probes: the answer is the true balance of each channel of the
/// path at that moment, for two messages a channel, and no simulated time passes. Without, no
/// message is sent, and room is what the view believes to be there at most: announced capacities
/// with `none`, the balances with `balances`. One route for a whole amount is the path with most
/// room for one HTLC.
///
/// Spider's routers queue what they cannot forward; here they fail it, as Lightning does, and the
/// sender probes again. A path that has failed this payment is not used again in it.
///
/// Tested by tests/waterfilling_test.cpp.
namespace ampsim::sim {

/// What each room gives so that the amount is reached and what is left is level, to the msat: of
/// those with most room the first ones give 1 msat more. Empty if all together are too small.
std::vector<Msat> fill_level(const std::vector<Msat>& rooms, Msat amount);

RouterKind waterfilling_router_kind();

}  // namespace ampsim::sim
