#include "tests/setting_contexts.hpp"

#include <cstdint>
#include <string>

#include "sim/experiment/document.hpp"

namespace ampsim::sim {

std::vector<std::string> other_values(const Setting& setting) {
  if (setting.key == "routing.liquidity_view") return {"\"apriori\""};
  if (setting.key == "routing.splitter") return {"\"random\""};  // not every router has a flow
  if (setting.key == "workload.arrivals.hour_weights") {
    std::string weights;
    for (int hour = 0; hour < 24; ++hour) weights += std::to_string(hour) + " ";
    return {"\"" + weights + "\""};
  }
  // Those that need no other key.
  if (setting.key == "workload.amount.distribution") return {"\"constant\"", "\"exponential\""};
  if (setting.key == "workload.merchants.choice" || setting.key == "workload.hot_spots.choice") {
    return {"\"degree\"", "\"betweenness\""};
  }
  if (!setting.choices.empty()) return {to_toml(setting.choices.back())};
  if (setting.key == "observer.side_channels") return {"\"settle peers\"", "\"\""};
  switch (setting.kind) {
    case ValueKind::boolean:
      return {"true", "false"};
    case ValueKind::text:
      return {"\"some-text\""};
    case ValueKind::file:
      return {"\"/dev/null\""};
    case ValueKind::files:
      return {"[\"/dev/null\", \"/dev/zero\"]"};
    case ValueKind::integer:
      return {to_toml(Value(static_cast<std::int64_t>(setting.minimum))),
              to_toml(Value(static_cast<std::int64_t>(setting.maximum)))};
    case ValueKind::number: {
      const double inside = setting.minimum + (setting.maximum - setting.minimum) * 0.625;
      return {to_toml(Value(inside))};
    }
  }
  return {};
}

std::vector<std::string> context_of(const Setting& setting) {
  const std::string& key = setting.key;
  if (key == "topology.format") return {"topology.file=/dev/null"};
  if (key == "topology.neighbours" || key == "topology.rewire_probability") {
    return {"topology.generator=watts_strogatz"};
  }
  if (key == "topology.channels_per_node") return {"topology.generator=barabasi_albert"};
  if (key == "topology.mean_degree") return {"topology.generator=erdos_renyi"};
  if (key == "topology.subnetwork_core") return {"topology.subnetwork=core"};
  if (key == "topology.subnetwork_nodes" || key == "topology.subnetwork_neighbours") {
    return {"topology.subnetwork=snowball"};
  }
  if (key == "topology.width") return {"topology.generator=grid"};
  if (key == "payment.parts") return {"routing.splitter=equal"};
  const std::string section = key.substr(0, key.rfind('.'));
  const std::string name = key.substr(key.rfind('.') + 1);
  if (key == "payment.spare_parts") return {"payment.scheme=stuckless"};
  if (key == "receiver.bad_set") return {"receiver.amp_invoice=static"};
  if (key == "sender.misbehaving_share") return {"sender.behaviour=bad_share"};
  if (key == "routing.probes") return {"routing.algorithm=waterfilling"};
  if (key == "routing.landmarks") return {"routing.algorithm=silentwhispers"};
  if (key == "routing.paths" || key == "routing.path_choice" || key == "routing.max_probes" ||
      key == "routing.elephant_above_sat") {
    return {"routing.algorithm=flash"};
  }
  if (section == "routing.ldk") return {"routing.algorithm=ldk"};
  if (key == "routing.eclair.estimate_half_life_s") return {"routing.liquidity_view=estimates"};
  if (section == "routing.eclair") return {"routing.algorithm=eclair"};
  if (section == "routing.bimodal") return {"routing.liquidity_view=bimodal"};
  if (section == "routing.bounds")
    return {"routing.liquidity_view=bounds", "routing.algorithm=cln"};
  if (section == "routing.pickhardt") return {"routing.algorithm=pickhardt_richter"};
  if (key == "routing.cln.bias") return {"routing.algorithm=cln", "routing.cln.biased_hubs=1"};
  if (section == "routing.cln") return {"routing.algorithm=cln"};
  const std::string unit = section.starts_with("network.") ? "ms" : "sat";
  if (section == "network.tor_latency") {
    std::vector<std::string> overrides{"network.tor_share=0.5"};
    if (name != "distribution" && name != "minimum_ms" && name != "maximum_ms") {
      overrides.push_back(section + ".mean_ms=1");
      overrides.push_back(
          section + (name == "sigma_ms" ? ".distribution=normal" : ".distribution=lognormal"));
    } else if (name != "distribution") {
      overrides.push_back(section + ".minimum_ms=0");
      overrides.push_back(section + ".maximum_ms=1000000000000");
    } else {
      overrides.push_back(section + ".mean_ms=1");
    }
    return overrides;
  }
  if (key == "network.commit_batch") return {"network.timing=full"};
  if (key == "faults.offline.mean_up_s") return {"faults.offline.mean_down_s=1"};
  if (key == "faults.stuck_mean_s") return {"faults.stuck_probability=1"};
  if (key == "faults.vanish_mean_s") return {"faults.vanish_probability=1"};
  if (key == "faults.slow_delay_ms") return {"faults.slow_probability=1"};
  if (key == "faults.failure") return {"faults.failure_probability=1"};
  if (key == "attack.listed") return {"attack.kind=wormhole", "attack.choice=listed"};
  if (key == "attack.hold_s" || key == "attack.probability") return {"attack.kind=keep_part"};
  if (key == "attack.htlc_sat") return {"attack.kind=slot_jamming"};
  if (key.starts_with("attack.") && key != "attack.kind") return {"attack.kind=probing"};
  if (setting.key == "observer.listed") return {"observer.choice=listed"};
  if (name == "sigma_" + unit) {
    return {section + ".distribution=normal", section + ".mean_" + unit + "=1"};
  }
  if (name == "sigma" || (name == "mean_ms")) {
    return {section + ".distribution=lognormal", section + ".mean_" + unit + "=1"};
  }
  if (key == "workload.amount.shape") return {"workload.amount.distribution=pareto"};
  if (key == "workload.amount.file") return {"workload.amount.distribution=empirical"};
  if (key == "workload.arrivals.burst_s" || key == "workload.arrivals.pause_s" ||
      key == "workload.arrivals.pause_rate") {
    return {"workload.arrivals.process=bursty"};
  }
  if (section == "workload.arrivals" && name != "process")
    return {"workload.arrivals.process=daily"};
  for (const std::string kind : {"merchants", "hot_spots", "circulation"}) {
    if (section != "workload." + kind) continue;
    std::vector<std::string> overrides{"workload.endpoints=" + kind};
    if (name == "listed") overrides.push_back(section + ".choice=listed");
    return overrides;
  }
  if (key == "stop.interval.measure") return {"stop.interval.half_width=1"};
  if (section == "stop.interval") {
    return {"stop.interval.measure=success_rate", "stop.interval.half_width=1"};
  }
  if (key == "stop.success.window_payments") return {"stop.success.below=1"};
  if (name == "minimum_sat" || name == "maximum_sat") {
    return {section + ".distribution=uniform", section + ".minimum_sat=0",
            section + ".maximum_sat=2100000000000000"};
  }
  return {};
}

}  // namespace ampsim::sim
