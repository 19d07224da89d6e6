#pragma once

#include <string>
#include <vector>

#include "topologies/target.hpp"

/// Networks on their way to files.
///
/// Tested by tests/topology_command_test.cpp.
namespace ampsim::cli {

/// Writes a network that has what the format needs to a file, compressed if its name ends in .gz;
/// a format of several files to a folder, which is made if it is not there. Every file is complete
/// or absent: it is written under another name and renamed, all of them at the end. Errors:
/// InputError where `out` cannot be written to, sim::OutputError where writing fails half-way (a
/// full disk).
void write_network(const topo::Topology& topology,
                   const topo::Exporter& exporter,
                   const std::string& out);

}  // namespace ampsim::cli
