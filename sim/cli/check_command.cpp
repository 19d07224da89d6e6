#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/random.hpp"
#include "sim/cli/run_command.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/preparation.hpp"

namespace ampsim::cli {
namespace {

/// Files are read and networks made as a run would, for the first replicate: what is wrong in them
/// is said now.
void try_inputs(const sim::Experiment& experiment) {
  const sim::RunSteps steps = sim::run_steps();
  const std::vector<sim::SharedInputs> shared = sim::shared_inputs(experiment.points);
  const std::uint64_t seed = replicate_seed(experiment.seed, 0);
  std::set<std::size_t> tried;
  for (std::size_t i = 0; i < experiment.points.size(); ++i) {
    if (!tried.insert(shared[i].payments).second) continue;
    const sim::Settings& settings = experiment.points[i].settings;
    const topo::Topology topology = steps.make_topology(settings, seed);
    steps.make_workload(settings, topology, seed);
    for (std::size_t other = i; other < experiment.points.size(); ++other) {
      if (shared[other].payments != shared[i].payments) continue;
      steps.check_inputs(topology, sim::simulation_params(experiment.points[other].settings, seed));
    }
  }
}

}  // namespace

int check_command(const std::string& file, const std::vector<std::string>& overrides) {
  const sim::Experiment experiment = sim::load_experiment(file, overrides);
  for (const std::string& warning : experiment.warnings) spdlog::warn("{}", warning);
  sim::with_places(experiment, [&] { try_inputs(experiment); });
  const auto counted = [](std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
  };
  fmt::print("# {}: {}, {} each\n", counted(experiment.run_count(), "run"),
             counted(experiment.points.size(), "point"),
             counted(experiment.replicates, "replicate"));
  for (std::size_t i = 0; i < experiment.points.size() && !experiment.sweep.empty(); ++i) {
    std::string line = fmt::format("# point {}:", i);
    for (std::size_t key = 0; key < experiment.sweep.size(); ++key) {
      line += fmt::format("{} {} = {}", key > 0 ? "," : "", experiment.sweep[key].key,
                          sim::to_toml(experiment.points[i].swept[key]));
    }
    fmt::print("{}\n", line);
  }
  fmt::print("\n{}", experiment.resolved);
  return 0;
}

}  // namespace ampsim::cli
