#include <cstddef>
#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "sim/cli/run_command.hpp"
#include "sim/experiment/experiment.hpp"

namespace ampsim::cli {

int check_command(const std::string& file, const std::vector<std::string>& overrides) {
  const sim::Experiment experiment = sim::load_experiment(file, overrides);
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
