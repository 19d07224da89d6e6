#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {
namespace {

void add_tor(SettingBuilder& table) {
  using Kind = DistributionKind;
  table.add("network.tor_share", "share of the nodes that are reached over Tor", kProbability,
            &Settings::network, &NetworkParams::tor_share);
  SettingBuilder tor;
  tor.add_distribution("network.tor_latency", "one-way delay that Tor adds to a channel", "ms",
                       {Kind::constant, Kind::uniform, Kind::normal, Kind::lognormal},
                       &Settings::network, &NetworkParams::tor_latency);
  for (Setting& setting : tor.take()) {
    setting.blocked_by = [inner = setting.blocked_by](const Settings& s) -> std::string {
      if (s.network.tor_share == 0) return "network.tor_share";
      return inner ? inner(s) : "";
    };
    table.push(std::move(setting));
  }
}

}  // namespace

void add_network(SettingBuilder& table) {
  using Kind = DistributionKind;
  table.add_distribution("network.latency", "one-way message delay of a channel", "ms",
                         {Kind::constant, Kind::normal, Kind::lognormal, Kind::lightning},
                         &Settings::network, &NetworkParams::latency);
  table.add_choice("network.latency_of",
                   "each channel draws one, or each node and a channel has their mean",
                   Choices<LatencyOf>{{"channel", LatencyOf::channel}, {"node", LatencyOf::node}},
                   &Settings::network, &NetworkParams::latency_of);
  add_tor(table);
}

}  // namespace ampsim::sim
