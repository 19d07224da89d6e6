#pragma once

#include <string>
#include <vector>

/// `ampsim submit`: an experiment as a Slurm array, a shard each task, and a merge that waits for
/// it. The experiment is frozen in the results folder; beside it lie the shards, the scripts, the
/// logs and the numbers of the jobs. Called again, it submits what is neither finished nor in the
/// queue.
///
/// Errors: InputError (exit code 2); std::runtime_error with what Slurm says, or that it is not
/// there (1).
/// Tested by tests/submit_test.cpp and, with Slurm itself, by tests/slurm_test.sh.
namespace ampsim::cli {

struct SubmitOptions {
  std::string experiment;
  std::vector<std::string> overrides;  ///< KEY=VALUE
  std::string out;                     ///< "" = results/NAME
  std::string array;                   ///< "N", or "N%M" for M tasks at a time
  std::vector<std::string> sbatch;     ///< more arguments for sbatch
  bool dry_run = false;                ///< write the scripts and say what would be submitted
};
int submit_command(const SubmitOptions& options);

}  // namespace ampsim::cli
