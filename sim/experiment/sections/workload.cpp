#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {

void add_workload(SettingBuilder& table) {
  using Kind = DistributionKind;
  const auto workload = &Settings::workload;
  const auto unless_file = [](const Settings& s) -> std::string {
    return s.workload.file.empty() ? "" : "workload.file";
  };
  Setting& file = table.add("workload.file", "CSV of payments; without it they are drawn", workload,
                            &WorkloadParams::file);
  file.kind = ValueKind::file;
  // Only written where it is given.
  file.blocked_by = [](const Settings& s) -> std::string {
    return s.workload.file.empty() ? "workload.payments" : "";
  };
  table
      .add("workload.payments", "number of payments", between(1, 1e9), workload,
           &WorkloadParams::payments)
      .blocked_by = unless_file;
  table
      .add("workload.rate_per_s", "payments per second, Poisson arrivals", above(0, 1e9), workload,
           &WorkloadParams::rate_per_s)
      .blocked_by = unless_file;
  table
      .add_choice("workload.endpoints", "how sender and receiver are chosen",
                  Choices<Endpoints>{{"uniform", Endpoints::uniform},
                                     {"capacity", Endpoints::capacity},
                                     {"degree", Endpoints::degree}},
                  workload, &WorkloadParams::endpoints)
      .blocked_by = unless_file;

  SettingBuilder amount;
  amount.add_distribution("workload.amount", "amount of a payment", "sat",
                          {Kind::constant, Kind::uniform, Kind::exponential, Kind::lognormal},
                          workload, &WorkloadParams::amount);
  for (Setting& setting : amount.take()) {
    setting.blocked_by = [unless_file, inner = setting.blocked_by](const Settings& s) {
      const std::string blocking = unless_file(s);
      return blocking.empty() && inner ? inner(s) : blocking;
    };
    table.push(std::move(setting));
  }
}

}  // namespace ampsim::sim
