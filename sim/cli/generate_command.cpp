#include "sim/cli/generate_command.hpp"

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "sim/cli/topology_command.hpp"
#include "sim/experiment/experiment.hpp"

namespace ampsim::cli {

int generate_command(const GenerateOptions& options) {
  sim::Document document;
  sim::apply_override(document, fmt::format("topology.generator=\"{}\"", options.generator));
  document.back().file = "GENERATOR";
  if (options.nodes) {
    sim::apply_override(document, fmt::format("topology.nodes={}", *options.nodes));
    document.back().file = "--nodes";
  }
  for (const std::string& assignment : options.overrides) {
    const std::string key = assignment.substr(0, assignment.find('='));
    if (!key.starts_with("topology.") && !key.starts_with("channels.") && key != "seed") {
      throw InputError({.file = "--set", .key = key},
                       "has no effect on a network; allowed: topology.*, channels.*, seed");
    }
    sim::apply_override(document, assignment);
  }
  const sim::Experiment experiment = sim::resolve_experiment(document, "", "network");
  const sim::Settings& settings = experiment.points.front().settings;
  // The network of an experiment's first replicate.
  sim::with_places(experiment, [&] {
    run_topology_generate(settings.topology, settings.channels, replicate_seed(experiment.seed, 0),
                          options.out);
  });
  return 0;
}

}  // namespace ampsim::cli
