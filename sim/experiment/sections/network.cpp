#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {

void add_network(SettingBuilder& table) {
  using Kind = DistributionKind;
  table.add_distribution("network.latency", "one-way message delay of a channel", "ms",
                         {Kind::constant, Kind::normal, Kind::lognormal, Kind::lightning},
                         &Settings::network, &NetworkParams::latency);
}

}  // namespace ampsim::sim
