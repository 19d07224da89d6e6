#pragma once

#include "sim/network/network.hpp"
#include "topologies/topology.hpp"

/// Boost.Graph's maximum flow over the balances that could be sent now.
namespace ampsim::test {

Msat max_flow(const topo::Topology& topology, const sim::Network& network, NodeId from, NodeId to);

}  // namespace ampsim::test
