#pragma once

#include <ostream>

#include "topologies/topology.hpp"

/// Topologies as `lncli describegraph` prints them, one node or channel a line.
///
/// Tested by tests/importer_test.cpp: what is written is read back equal.
namespace ampsim::topo {

/// Every channel must have a capacity of whole sat and both policies (see `endow`). The format has
/// no place for balances. Stream errors are left in the state of `out`.
void write_lnd(const Topology& topology, std::ostream& out);

}  // namespace ampsim::topo
