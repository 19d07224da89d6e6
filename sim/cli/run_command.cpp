#include "sim/cli/run_command.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "sim/cli/progress.hpp"
#include "sim/cli/report_command.hpp"
#include "sim/cli/result_table.hpp"
#include "sim/experiment/output_file.hpp"
#include "sim/experiment/preparation.hpp"
#include "sim/experiment/runner.hpp"
#include "sim/experiment/shard.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::cli {
namespace {

constexpr int kInterrupted = 130;

/// The only thing that a signal does.
std::atomic<bool> stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may set it");

void request_stop(int /*signal*/) { stop_requested = true; }

/// The first signal ends the experiment in order; a second one ends the program.
void listen_to_signals() {
  struct sigaction action {};
  action.sa_handler = request_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

std::filesystem::path folder_of(const RunOptions& options,
                                const sim::Experiment& experiment,
                                const std::optional<sim::Shard>& shard) {
  if (!options.out.empty()) return options.out;
  std::string name = experiment.name;
  if (shard) name += fmt::format(".{}-of-{}", shard->index, shard->count);
  return std::filesystem::path("results") / name;
}

/// A full disk is no reason to lose heart.
sim::RunnerOutcome run_until_full(const sim::Experiment& experiment,
                                  const sim::RunnerOptions& options) {
  try {
    return sim::run_experiment(experiment, sim::run_steps(), options);
  } catch (const sim::OutputError& error) {
    if (!error.is_disk_full()) throw;
    throw std::runtime_error(std::string(error.what()) +
                             "; finished runs are kept, the same command goes on from there");
  }
}

/// The means of all points on stdout.
void print_results(const sim::Experiment& experiment, const std::filesystem::path& folder) {
  fmt::print("{}\n", result_table(topo::text_of_file((folder / "summary.csv").string())));
  if (experiment.replicates > 1) {
    fmt::print(
        "means of {} replicates, ± 95 % intervals; partial: payments a run that were paid "
        "in part\n",
        experiment.replicates);
  }
  if (experiment.points[0].settings.attack.is_on) {
    fmt::print(
        "locked s: how long each sat of the attack's budget locked a sat of others; stolen msat: "
        "fees\n");
  }
}

}  // namespace

int run_command(const RunOptions& options) {
  std::optional<sim::Shard> shard;
  if (!options.shard.empty()) shard = sim::shard_of_text(options.shard);
  const sim::Experiment experiment = sim::load_experiment(options.experiment, options.overrides);
  const std::filesystem::path folder = folder_of(options, experiment, shard);
  if (!options.quiet) {
    for (const std::string& warning : experiment.warnings) spdlog::warn("{}", warning);
  }
  listen_to_signals();
  const auto start = std::chrono::steady_clock::now();
  sim::RunnerOutcome outcome{};
  {
    ProgressLine line(stderr, options.quiet);
    outcome = run_until_full(
        experiment, {.folder = folder,
                     .jobs = options.jobs,
                     .shard = shard,
                     .restart = options.restart,
                     .check_every_event = options.check,
                     .stop = &stop_requested,
                     .on_progress = [&line](const sim::RunnerProgress& each) { line.show(each); }});
  }
  if (outcome == sim::RunnerOutcome::interrupted) {
    spdlog::warn("interrupted; finished runs are kept, the same command goes on from there");
    return kInterrupted;
  }
  const bool has_page = !shard && keep_report_page(folder, outcome == sim::RunnerOutcome::finished);
  if (options.quiet) return 0;
  if (!shard) print_results(experiment, folder);
  if (outcome == sim::RunnerOutcome::already_complete) {
    fmt::print("{}/ was complete already: nothing was done (--restart starts it over)\n",
               folder.string());
  } else {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    if (shard) fmt::print("shard {}: ", sim::to_text(shard));
    fmt::print("{} runs in {}, results in {}/{}\n",
               sim::ShardPlan(experiment.points.size(), experiment.replicates, shard).run_count(),
               duration_text(elapsed.count()), folder.string(),
               has_page ? ", pictures in its report.html" : "");
  }
  return 0;
}

}  // namespace ampsim::cli
