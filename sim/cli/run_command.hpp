#pragma once

#include <string>
#include <vector>

/// `ampsim run` and `ampsim check`: between the command line and sim/experiment/.
///
/// Both return the exit code and throw what main turns into one: InputError (2), anything else (1).
/// Tested by tests/cli_test.cpp.
namespace ampsim::cli {

struct RunOptions {
  std::string experiment;
  std::vector<std::string> overrides;  ///< KEY=VALUE
  std::string out;                     ///< "" = results/NAME
  unsigned jobs = 0;                   ///< 0 = one a core
  bool restart = false;
  bool check = false;  ///< every invariant after every event
  bool quiet = false;
};
int run_command(const RunOptions& options);

/// Reads the input files and makes the networks of the first replicate; prints the number of runs,
/// the points and the resolved settings, as one TOML file.
int check_command(const std::string& experiment, const std::vector<std::string>& overrides);

}  // namespace ampsim::cli
