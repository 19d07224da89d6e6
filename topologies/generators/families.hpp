#pragma once

#include "topologies/source.hpp"

/// One function a generator: its entry in the registry. Each family is in a file of its own.
///
/// Nodes are named "0", "1", ... and channels likewise, in the order in which they are made. No
/// generator makes a channel from a node to itself. Numbers that a generator cannot take are an
/// InputError with the key `topology.NAME`.
///
/// Tested by tests/generators_test.cpp.
namespace ampsim::topo {

Generator barabasi_albert();
Generator complete();
Generator erdos_renyi();
Generator grid();
Generator lightning();
Generator line();
Generator ring();
Generator star();
Generator two_channels();
Generator watts_strogatz();

}  // namespace ampsim::topo
