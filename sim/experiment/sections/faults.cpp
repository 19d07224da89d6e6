#include <string>
#include <vector>

#include "sim/experiment/sections/sections.hpp"
#include "sim/network/failure_code.hpp"

namespace ampsim::sim {

void add_faults(SettingBuilder& table) {
  const auto faults = &Settings::faults;
  const auto unless_file = [](const Settings& s) -> std::string {
    return s.faults.offline_file.empty() ? "" : "faults.offline.file";
  };
  table
      .add("faults.offline.mean_up_s", "nodes are there for an exponential time of this mean",
           above(0, kMostSeconds), faults, &FaultParams::mean_up)
      .blocked_by = [unless_file](const Settings& s) -> std::string {
    if (!s.faults.offline_file.empty()) return unless_file(s);
    return s.faults.mean_down > SimDuration{} ? "" : "faults.offline.mean_down_s";
  };
  table
      .add("faults.offline.mean_down_s", "and away for one of this mean; 0 = never",
           between(0, kMostSeconds), faults, &FaultParams::mean_down)
      .blocked_by = unless_file;
  Setting& file =
      table.add("faults.offline.file", "CSV with node,down_s,up_s: when which node is away", faults,
                &FaultParams::offline_file);
  file.kind = ValueKind::file;
  // Only written where it is given.
  file.blocked_by = [](const Settings& s) -> std::string {
    return s.faults.offline_file.empty() ? "faults.offline.mean_down_s" : "";
  };
  const auto add_hitch = [&](const std::string& name, const std::string& help,
                             double FaultParams::*probability, const std::string& other,
                             const std::string& other_help, SimDuration FaultParams::*length) {
    table.add("faults." + name, help, kProbability, faults, probability);
    table.add("faults." + other, other_help, above(0, kMostSeconds), faults, length).blocked_by =
        [name, probability](const Settings& s) -> std::string {
      return s.faults.*probability > 0 ? "" : "faults." + name;
    };
  };
  add_hitch("stuck_probability", "an HTLC hangs at a node, per hop and HTLC",
            &FaultParams::stuck_probability, "stuck_mean_s", "for an exponential time of this mean",
            &FaultParams::stuck_mean);
  add_hitch("vanish_probability", "a peer goes away when it is sent an HTLC, per hop and HTLC",
            &FaultParams::vanish_probability, "vanish_mean_s",
            "for an exponential time of this mean", &FaultParams::vanish_mean);
  add_hitch("slow_probability", "share of nodes that are slow", &FaultParams::slow_probability,
            "slow_delay_ms", "they take this longer for every message", &FaultParams::slow_delay);
  table.add("faults.stale_policy_probability",
            "share of channel directions whose policy is not what senders believe", kProbability,
            faults, &FaultParams::stale_policy_probability);
  table.add("faults.failure_probability", "a node fails an HTLC for no reason, per hop and HTLC",
            kProbability, faults, &FaultParams::failure_probability);
  std::vector<std::string> failures;
  for (const FailureCode code : failure_codes()) failures.emplace_back(name_of(code));
  table.add("faults.failure", "and this is what it says", failures, faults, &FaultParams::failure)
      .blocked_by = [](const Settings& s) -> std::string {
    return s.faults.failure_probability > 0 ? "" : "faults.failure_probability";
  };
}

}  // namespace ampsim::sim
