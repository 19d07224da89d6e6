#include "sim/cli/network_options.hpp"

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "sim/experiment/experiment.hpp"

namespace ampsim::cli {
namespace {

/// Whether the key says something about the network; `allowed` is what does.
bool has_effect(std::string_view key, NetworkKeys keys, std::string& allowed) {
  const bool is_of_part = key.starts_with("topology.subnetwork") || key == "seed";
  switch (keys) {
    case NetworkKeys::of_generator:
      allowed = "topology.*, channels.*, seed";
      return is_of_part || key.starts_with("topology.") || key.starts_with("channels.");
    case NetworkKeys::of_files:
      allowed = "topology.subnetwork and its numbers, channels.*, seed";
      return is_of_part || key.starts_with("channels.");
    case NetworkKeys::of_files_that_are_read_only:
      allowed = "topology.subnetwork and its numbers, seed";
      return is_of_part;
  }
  AMPSIM_UNREACHABLE("unknown kind of keys");
}

}  // namespace

void with_network_settings(const NetworkOptions& options,
                           NetworkKeys keys,
                           const std::function<void(const NetworkSettings&)>& use) {
  sim::Document document;
  const auto set = [&document](const std::string& assignment, const std::string& option) {
    sim::apply_override(document, assignment);
    document.back().file = option;
  };
  // Where there are files, any generator that brings nothing: all of [channels] has an effect then.
  set(fmt::format("topology.generator={}",
                  sim::to_toml(sim::Value(options.generator.value_or("line")))),
      "GENERATOR");
  if (options.nodes) set(fmt::format("topology.nodes={}", *options.nodes), "--nodes");
  if (options.subnetwork) {
    set(fmt::format("topology.subnetwork={}", sim::to_toml(sim::Value(*options.subnetwork))),
        "--subnetwork");
  }
  for (const std::string& assignment : options.overrides) {
    const std::string key = assignment.substr(0, assignment.find('='));
    std::string allowed;
    if (!has_effect(key, keys, allowed)) {
      throw InputError({.file = "--set", .key = key},
                       fmt::format("has no effect on this network; allowed: {}", allowed));
    }
    sim::apply_override(document, assignment);
  }
  const sim::Experiment experiment = sim::resolve_experiment(document, "", "network");
  const sim::Settings& settings = experiment.points.front().settings;
  sim::with_places(experiment, [&] {
    use({.topology = settings.topology,
         .channels = settings.channels,
         .seed = replicate_seed(experiment.seed, 0),
         .warnings = experiment.warnings});
  });
}

}  // namespace ampsim::cli
