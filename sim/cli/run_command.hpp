#pragma once

#include <string>
#include <vector>

#include "sim/experiment/experiment.hpp"

/// `ampsim run` and `ampsim check`: between the command line and sim/experiment/.
///
/// Both return the exit code and throw what main turns into one: InputError (2), anything else (1).
/// Tested by tests/cli_test.cpp.
namespace ampsim::cli {

struct RunOptions {
  std::string experiment;
  std::vector<std::string> overrides;  ///< KEY=VALUE
  std::string out;                     ///< "" = results/NAME, of a shard results/NAME.I-of-N
  std::string shard;                   ///< "I/N"; "" = all runs
  unsigned jobs = 0;                   ///< 0 = one a core
  bool restart = false;
  bool check = false;  ///< every invariant after every event
  bool quiet = false;
};
int run_command(const RunOptions& options);

/// Reads the input files and makes the networks of the first replicate; prints the number of runs,
/// the points and the resolved settings, as one TOML file.
int check_command(const std::string& experiment, const std::vector<std::string>& overrides);

/// Files are read and networks made as a run would, for the first replicate. Errors: InputError.
void try_inputs(const sim::Experiment& experiment);

}  // namespace ampsim::cli
