#include "sim/cli/trace_command.hpp"

#include <ostream>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/preparation.hpp"
#include "sim/measure/trace.hpp"

namespace ampsim::cli {
namespace {

class TextTrace final : public sim::TraceSink {
 public:
  TextTrace(PaymentId payment,
            const topo::Topology& topology,
            amp::Derivation derivation,
            std::ostream& out)
      : TraceSink(payment), topology_(topology), derivation_(derivation), out_(out) {}

  void tell(const sim::TraceEvent& event) override {
    out_ << to_text(event,
                    {.from = name(event.from),
                     .to = name(event.to),
                     .channel = event.channel ? topology_.channels[event.channel->index].id : ""},
                    derivation_)
         << '\n';
  }

 private:
  /// Public keys are cut to what tells nodes apart on a screen.
  std::string name(NodeId node) const {
    if (node.is_none()) return "";
    const topo::Node& it = topology_.nodes[node.index];
    return it.name.size() <= 16 ? it.name : it.name.substr(0, 10);
  }

  const topo::Topology& topology_;
  amp::Derivation derivation_;
  std::ostream& out_;
};

}  // namespace

int trace_command(const TraceOptions& options, std::ostream& out) {
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
  TextTrace trace(PaymentId{options.payment}, topology, settings.payment.derivation, out);
  steps.simulate(topology, workload, sim::simulation_params(settings, seed), {.trace = &trace});
  return 0;
}

}  // namespace ampsim::cli
