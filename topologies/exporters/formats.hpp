#pragma once

#include "topologies/target.hpp"

/// One function a file format: its entry in the registry. Each format is in a file of its own, and
/// is that of the importer of the same name (topologies/importers/formats.hpp).
///
/// Tested by tests/exporters_test.cpp and tests/convert_test.cpp.
namespace ampsim::topo {

/// All of it, and only what is known.
Exporter ampsim_network_target();

/// CLoTH's three files. Nodes, channels and edges are numbered from 0, as CLoTH wants them; edges
/// 2i and 2i + 1 are the directions of channel i. A disabled direction gets a `min_htlc` above the
/// capacity.
Exporter cloth_target();

/// listchannels and listnodes. `direction` is 0 from the node with the smaller name, as Core
/// Lightning has it. What nobody knows here (features, times of updates) is empty or 0.
Exporter cln_target();

/// An edge list with the columns that some channel needs.
Exporter edge_list_target();

/// An undirected graph whose edges say which of their nodes is node1: networkx may turn them.
Exporter graphml_target();

/// `lncli describegraph`, one node or channel a line.
Exporter lnd_target();

/// sim-ln's `sim_network`, with 483 HTLCs and the whole capacity in flight; for a disabled
/// direction both are 0.
Exporter sim_ln_target();

}  // namespace ampsim::topo
