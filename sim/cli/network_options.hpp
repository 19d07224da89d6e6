#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

/// What the `ampsim topology` commands are told about a network besides its files: settings of
/// [topology] and [channels] of an experiment file, and its seed.
///
/// Tested by tests/cli_test.cpp.
namespace ampsim::cli {

struct NetworkOptions {
  std::optional<std::string> generator;   ///< absent where the network is in files
  std::optional<std::uint32_t> nodes;     ///< for topology.nodes
  std::optional<std::string> subnetwork;  ///< for topology.subnetwork
  std::vector<std::string> overrides;     ///< KEY=VALUE
};

struct NetworkSettings {
  topo::TopologyParams topology;
  topo::ChannelParams channels;
  std::uint64_t seed = 0;  ///< of the first replicate of an experiment with these settings
  std::vector<std::string> warnings;
};

/// Which keys have an effect. `draws`: whether [channels] may be drawn from.
enum class NetworkKeys : std::uint8_t { of_generator, of_files, of_files_that_are_read_only };

/// Resolves the options and calls `use` with what they say. An InputError of `use` about a setting
/// names the option that set it. Errors: InputError for a key that has no effect here, and for all
/// that is wrong in an experiment file.
void with_network_settings(const NetworkOptions& options,
                           NetworkKeys keys,
                           const std::function<void(const NetworkSettings&)>& use);

}  // namespace ampsim::cli
