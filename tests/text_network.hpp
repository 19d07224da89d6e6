#pragma once

#include <string_view>

#include "topologies/topology.hpp"

/// A small network written in the test. One channel a line, both balances in sat between the names
/// of its ends:
///
///     alice 100 -- 50 bob
///     bob   80 -- 80 carol  base=1000 ppm=10 delta=40
///
/// Options hold for both directions: base (msat, default 0), ppm (0), delta (40), min (1 msat),
/// max (sat, the capacity); off=0 or off=1 disables the direction that starts at that end.
/// Throws std::invalid_argument for a line that is no channel.
namespace ampsim::test {

topo::Topology parse_network(std::string_view text);

}  // namespace ampsim::test
