#pragma once

#include <cstdint>
#include <vector>

#include "core/distribution.hpp"
#include "core/random.hpp"
#include "core/units.hpp"
#include "sim/network/params.hpp"
#include "topologies/topology.hpp"

/// How long messages take: one one-way delay a channel, the same both ways and for the whole run.
///
/// - latency_of = channel: every channel draws its delay.
/// - latency_of = node: every node draws one, and a channel has the mean of its two ends', so that
///   the channels of a remote node are all slow. The mean over channels is that of the
///   distribution, the spread less.
///
/// A share of the nodes is reached over Tor: a channel with such an end, or two, has a further
/// delay. A node that is so at one share is so at any larger one.
///
/// Streams of the seed: `latency`, `node_latency`, `tor_nodes`, `tor_latency`.
///
/// Tested by tests/latency_test.cpp.
namespace ampsim::sim {

/// A one-way message delay. A day at most: a draw from the far tail must not pass the end of
/// simulated time.
SimDuration draw_delay(const Distribution& latency, Rng& rng);

/// By channel.
std::vector<SimDuration> draw_latencies(const topo::Topology& topology,
                                        const NetworkParams& params,
                                        std::uint64_t seed);

}  // namespace ampsim::sim
