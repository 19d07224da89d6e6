#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "sim/cli/network_options.hpp"

/// `ampsim topology`: networks as files and in numbers.
///
/// Tested by tests/topology_command_test.cpp and tests/cli_test.cpp.
namespace ampsim::cli {

struct DescribeOptions {
  std::vector<std::string> files;
  std::string format = "table";  ///< for people, one column a network; or csv: `property,value`, of
                                 ///< several networks `file,property,value`
  NetworkOptions network;
};

/// Every property of every network (topologies/describe.hpp). Files of one network stand together;
/// their names joined by '+' are its name. Errors: InputError of a file, before anything is
/// written.
void describe_networks(const DescribeOptions& options, std::ostream& out);

struct ConvertOptions {
  std::vector<std::string> files;  ///< of one network
  std::string to;                  ///< a name of topo::exporters()
  std::string out;                 ///< see sim/cli/network_file.hpp
  NetworkOptions network;
};

/// Writes the network in the files in another format, or a part of it. What the format needs and
/// the files do not say is drawn as [channels] says. Returns warnings, one for each kind of thing
/// that was lost or drawn. Errors: InputError, before anything is written; sim::OutputError.
std::vector<std::string> convert_network(const ConvertOptions& options);

struct GenerateOptions {
  std::string to = "ampsim";
  std::string out;
  NetworkOptions network;
};

/// Writes the network that an experiment with these settings has in its first replicate,
/// capacities, balances and policies drawn. Returns warnings and throws as `convert_network`.
std::vector<std::string> generate_network(const GenerateOptions& options);

}  // namespace ampsim::cli
