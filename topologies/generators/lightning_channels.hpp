#pragma once

#include <cstdint>

#include "topologies/topology.hpp"

/// Capacities and policies of the generator `lightning`, by the tables of lightning_tables.hpp.
///
/// Tested by tests/lightning_test.cpp.
namespace ampsim::topo {

/// Gives every channel its capacity and both policies. Balances stay absent. Cost: O(m log m).
///
/// Capacities are a Gaussian copula (Nelsen, An Introduction to Copulas, 2006): a normal score that
/// grows with the channels of both ends, has a part that the smaller end's channels share, and
/// noise; the channel of rank r of m then gets the quantile (r + 1/2) / m, so that the
/// distribution is that of the table and the order follows the degrees.
///
/// Whether both directions are disabled depends on that rank and on the smaller end; nodes have
/// habits that most or some of their channels share: silence, (cltv_expiry_delta, fee_base,
/// htlc_minimum), fee_proportional, and the part of the capacity that is htlc_maximum. A disabled
/// direction has the policy that nobody announced: zeros, with the capacity as maximum.
void add_lightning_channels(Topology& topology, std::uint64_t seed);

}  // namespace ampsim::topo
