#include "sim/experiment/preparation.hpp"
#include "sim/simulation.hpp"
#include "sim/workload/workload.hpp"
#include "topologies/source.hpp"

namespace ampsim::sim {

RunSteps run_steps() {
  return {.make_topology =
              [](const Settings& settings, std::uint64_t seed) {
                return topo::make_network(settings.topology, settings.channels, seed);
              },
          .make_workload =
              [](const Settings& settings, const topo::Topology& topology, std::uint64_t seed) {
                return make_workload(settings.workload, topology, seed);
              },
          .make_graph = [](const topo::Topology& topology) { return ChannelGraph(topology); },
          .check_inputs = check_inputs,
          .simulate = simulate};
}

SimulationParams simulation_params(const Settings& settings, std::uint64_t seed) {
  return {.network = settings.network,
          .payment = settings.payment,
          .receiver = as_implemented(settings.receiver),
          .chain = settings.chain,
          .faults = settings.faults,
          .routing = settings.routing,
          .record = settings.record,
          .observer = settings.observer,
          .attack = settings.attack,
          .warm_up = settings.workload.warm_up,
          .stop = settings.stop,
          .seed = seed};
}

}  // namespace ampsim::sim
