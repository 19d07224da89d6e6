#include "sim/cli/trace_command.hpp"

#include <cstdint>
#include <ostream>
#include <string>
#include <variant>
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

/// How many payments of a run start: with a warm-up or rules for stopping only the run itself
/// knows.
std::uint64_t payments_started(const sim::RunSteps& steps,
                               const topo::Topology& topology,
                               const std::vector<sim::PaymentSpec>& workload,
                               sim::SimulationParams params) {
  params.record = {.payments = false, .stops = true};
  std::uint64_t started = 0;
  for (const sim::Measure& measure : steps.simulate(topology, workload, params, {}).measures) {
    if (measure.name != "payments" && measure.name != "warmup_payments") continue;
    started += static_cast<std::uint64_t>(std::get<std::int64_t>(measure.value));
  }
  return started;
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
  sim::SimulationParams params = sim::simulation_params(settings, seed);
  std::uint64_t payments = workload.size();
  if (params.stop.is_any()) payments = payments_started(steps, topology, workload, params);
  if (options.payment >= payments) {
    throw InputError({.file = "--payment"}, fmt::format("found {}; the run has {} payments, from 0",
                                                        options.payment, payments));
  }
  // The same run, with a record of every payment that starts.
  params.warm_up = {};
  params.stop = {.payments = payments};
  const auto trace = format.open({.experiment = experiment.name,
                                  .run = options.run,
                                  .seed = seed,
                                  .payment = PaymentId{options.payment},
                                  .scheme = settings.payment.scheme,
                                  .derivation = settings.payment.derivation,
                                  .topology = &topology},
                                 out);
  params.record = {.payments = true};
  const sim::RunResult result = steps.simulate(topology, workload, params, {.trace = trace.get()});
  trace->finish(result.payments.at(options.payment));
  return 0;
}

}  // namespace ampsim::cli
