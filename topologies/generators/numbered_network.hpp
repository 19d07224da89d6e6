#pragma once

#include <cstdint>
#include <string_view>

#include "topologies/source.hpp"

/// What the generators share: numbered nodes and channels, and the refusal of bad numbers.
///
/// Tested by tests/generators_test.cpp.
namespace ampsim::topo {

/// `count` nodes named "0", "1", ..., without channels.
Topology numbered_nodes(std::uint32_t count);

/// One more channel, named by its number.
void connect(Topology& topology, std::uint32_t a, std::uint32_t b);

/// InputError with the key `topology.KEY` unless `holds`.
void require(bool holds, std::string_view key, std::string_view problem);

/// At least `least` nodes, and at most as many channels as a DirectedChannel can number.
void require_size(const TopologyParams& params, std::uint32_t least, double channels);

}  // namespace ampsim::topo
