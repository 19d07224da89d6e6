#include "sim/cli/trace_command.hpp"

#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/preparation.hpp"
#include "sim/measure/trace_format.hpp"

namespace ampsim::cli {
namespace {

const sim::TraceFormat& format_named(const std::string& name) {
  std::vector<std::string> known;
  for (const sim::TraceFormat& format : sim::trace_formats()) {
    if (format.name == name) return format;
    known.emplace_back(format.name);
  }
  throw InputError({.file = "--format"},
                   fmt::format("found \"{}\"; allowed: {}{}", name, fmt::join(known, ", "),
                               did_you_mean(name, known)));
}

}  // namespace

int trace_command(const TraceOptions& options, std::ostream& out) {
  const sim::TraceFormat& format = format_named(options.format);
  const sim::Experiment experiment = sim::load_experiment(options.experiment, options.overrides);
  if (options.run >= experiment.run_count()) {
    throw InputError({.file = "--run"}, fmt::format("found {}; the experiment has {} runs, from 0",
                                                    options.run, experiment.run_count()));
  }
  const sim::Settings& settings = experiment.points[options.run / experiment.replicates].settings;
  const std::uint64_t seed = replicate_seed(experiment.seed, options.run % experiment.replicates);
  const RunLabel label(fmt::format("experiment {}, run {}", experiment.name, options.run));

  const sim::RunSteps steps = sim::run_steps();
  const topo::Topology topology =
      sim::with_places(experiment, [&] { return steps.make_topology(settings, seed); });
  const std::vector<sim::PaymentSpec> workload =
      sim::with_places(experiment, [&] { return steps.make_workload(settings, topology, seed); });
  if (options.payment >= workload.size()) {
    throw InputError({.file = "--payment"}, fmt::format("found {}; the run has {} payments, from 0",
                                                        options.payment, workload.size()));
  }
  const auto trace = format.open({.experiment = experiment.name,
                                  .run = options.run,
                                  .seed = seed,
                                  .payment = PaymentId{options.payment},
                                  .scheme = settings.payment.scheme,
                                  .derivation = settings.payment.derivation,
                                  .topology = &topology},
                                 out);
  sim::SimulationParams params = sim::simulation_params(settings, seed);
  params.record = {.payments = true};
  const sim::RunResult result = steps.simulate(topology, workload, params, {.trace = trace.get()});
  trace->finish(result.payments.at(options.payment));
  return 0;
}

}  // namespace ampsim::cli
