#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

/// `ampsim topology`: networks as files and in numbers.
///
/// Tested by tests/topology_command_test.cpp.
namespace ampsim::cli {

enum class DescriptionFormat {
  table,  ///< for people: one column a network
  csv,    ///< `property,value`; of several networks `file,property,value`
};

/// Every property of every network (topologies/describe.hpp). Files of one network stand together;
/// their names joined by '+' are its name. Errors: InputError of a file, before anything is
/// written.
void run_topology_describe(const std::vector<std::string>& files,
                           DescriptionFormat format,
                           std::ostream& out);

/// Makes the network, endows it and writes it as describegraph. The file is complete or absent: it
/// is written under another name and renamed. Errors: InputError for settings and for a folder
/// that cannot be written to; sim::OutputError where writing fails half-way (a full disk).
void run_topology_generate(const topo::TopologyParams& topology_params,
                           const topo::ChannelParams& channel_params,
                           std::uint64_t seed,
                           const std::string& out_path);

}  // namespace ampsim::cli
