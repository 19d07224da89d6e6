#include <fmt/format.h>

#include "core/check.hpp"
#include "sim/attack/targets.hpp"
#include "sim/network/availability.hpp"
#include "sim/network/fee_rates.hpp"
#include "sim/payment/timetable.hpp"
#include "sim/simulation.hpp"

namespace ampsim::sim {

void check_inputs(const topo::Topology& topology,
                  const std::vector<PaymentSpec>& workload,
                  const SimulationParams& params) {
  if (Timetable(workload, params.warm_up, params.stop).is_all_warm_up()) {
    throw InputError({.key = "stop.time_s"},
                     fmt::format("found {}, when the warm-up has not ended; allowed: more, so that "
                                 "there are payments to measure",
                                 to_seconds(params.stop.time)));
  }
  if (!params.chain.feerate_file.empty()) FeeRates::from_file(params.chain.feerate_file);
  if (!params.faults.offline_file.empty()) read_absences(params.faults.offline_file, topology);
  choose_observers(topology, params.observer, params.seed);
  const bool has_list = params.attack.choice == TargetChoice::listed;
  if (params.attack.kind != AttackKind::none && has_list) {
    choose_targets(topology, params.attack, params.seed);
  }
}

}  // namespace ampsim::sim
