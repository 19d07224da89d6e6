#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/random.hpp"
#include "sim/cli/run_command.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/preparation.hpp"

namespace ampsim::cli {

void try_inputs(const sim::Experiment& experiment) {
  const sim::RunSteps steps = sim::run_steps();
  const std::vector<sim::SharedInputs> shared = sim::shared_inputs(experiment.points);
  const std::uint64_t seed = replicate_seed(experiment.seed, 0);
  std::vector<std::size_t> points(shared.size());
  std::iota(points.begin(), points.end(), std::size_t{0});
  std::stable_sort(points.begin(), points.end(), [&shared](std::size_t a, std::size_t b) {
    return shared[a].payments < shared[b].payments;
  });
  topo::Topology topology;
  std::vector<sim::PaymentSpec> workload;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const sim::Settings& settings = experiment.points[points[i]].settings;
    if (i == 0 || shared[points[i]].payments != shared[points[i - 1]].payments) {
      topology = steps.make_topology(settings, seed);
      workload = steps.make_workload(settings, topology, seed);
    }
    steps.check_inputs(topology, workload, sim::simulation_params(settings, seed));
  }
}

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
