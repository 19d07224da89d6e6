#pragma once

#include <optional>
#include <string>
#include <vector>

/// `ampsim topology generate`: a generator's network in a file, with the settings that [topology]
/// and [channels] of an experiment file have.
///
/// Errors: InputError for a wrong generator, key or value, and a folder that cannot be written to.
/// Tested by tests/cli_test.cpp.
namespace ampsim::cli {

struct GenerateOptions {
  std::string generator;
  std::optional<std::uint32_t> nodes;
  std::vector<std::string> overrides;  ///< KEY=VALUE of topology.*, channels.* or seed
  std::string out;
};
int generate_command(const GenerateOptions& options);

}  // namespace ampsim::cli
