#pragma once

#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/session.hpp"

namespace ampsim::sim {

/// Everything that must hold between two events, computed anew from all there is:
///  (1) every channel's and the network's sum (Network::check_conservation);
///  (2) what is in flight in a channel, amount and number, is what its unresolved HTLCs lock;
///  (3) a session's parts in flight are its open attempts, in number, amount and fee;
///  (4) no set has more in flight and settled than its total;
///  (5) an attempt that is over is not kept;
///  (6) no channel has more HTLCs or more money in flight than its limits allow.
/// The sum of the shares is checked with every change (core/shard_tracker.hpp), the clock with
/// every event (sim/engine/scheduler.hpp). Throws InvariantError. Costs a pass over all channels,
/// attempts and payments: for `--check`.
///
/// Tested by tests/invariants_test.cpp and, after every event of random runs, by
/// tests/simulation_test.cpp.
void check_invariants(const Network& network,
                      const AttemptTable& attempts,
                      const Sessions& sessions);

}  // namespace ampsim::sim
