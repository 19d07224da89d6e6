#pragma once

#include <vector>

#include "core/units.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/params.hpp"
#include "sim/routing/router.hpp"

/// What a sender starts the search for a route from, apart from what it believes.
///
/// Tested by tests/sender_test.cpp.
namespace ampsim::sim {

/// lnd adds this to what the receiver asks for: so many blocks may be found on the way.
constexpr BlockDelta kBlockPadding{3};

/// Of a payment or set of that amount.
Msat fee_limit(const PaymentParams& params, Msat amount);

/// What the node could send over each of its channels now; of those below `known` only, since
/// nobody routes over channels that are not in its graph: an attacker's own.
void see_own_channels(const Network& network,
                      std::size_t known,
                      NodeId node,
                      std::vector<LocalChannel>& channels);

}  // namespace ampsim::sim
