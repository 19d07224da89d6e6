#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "sim/experiment/experiment.hpp"
#include "sim/experiment/preparation.hpp"
#include "sim/experiment/shard.hpp"

/// Carries out an experiment: every replicate of every point, spread over threads, into a results
/// folder. A run depends on its settings and its seed alone, so that the files are the same bytes
/// for any number of threads and after any interruption.
///
/// Of several processes each does its shard of the runs, in a folder of its own; merge.hpp joins
/// them. A file that the runs read must stay as it is: a change stops the experiment.
///
/// The seed belongs to the replicate, not to the point (common random numbers): points are compared
/// on the same network and the same payments.
///
/// Errors: InputError before anything is written, of networks and workloads those of the first
/// thousand points; OutputError, InputChanged, InvariantError from a run.
/// Tested by tests/runner_test.cpp.
namespace ampsim::sim {

struct RunnerProgress {
  std::size_t runs = 0;             ///< of the experiment, or of the shard
  std::size_t runs_done = 0;        ///< kept ones included
  std::size_t runs_kept = 0;        ///< finished by an earlier call
  std::uint64_t payments = 0;       ///< all that this call has to carry out; 0 = not known
  std::uint64_t payments_done = 0;  ///< by this call
};

struct RunnerOptions {
  std::filesystem::path folder;
  unsigned jobs = 0;           ///< threads; 0 = as many as there are cores
  std::optional<Shard> shard;  ///< none = all runs
  bool restart = false;
  bool check_every_event = false;
  const std::atomic<bool>* stop = nullptr;  ///< set by a signal
  /// Called a few times a second by the thread that called the runner.
  std::function<void(const RunnerProgress&)> on_progress;
};

enum class RunnerOutcome : std::uint8_t {
  finished,
  already_complete,  ///< the folder had it all; nothing was done
  interrupted,       ///< finished runs are kept; the same call goes on from there
};

RunnerOutcome run_experiment(const Experiment& experiment,
                             const RunSteps& steps,
                             const RunnerOptions& options);

}  // namespace ampsim::sim
