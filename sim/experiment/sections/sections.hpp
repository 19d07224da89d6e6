#pragma once

#include "sim/experiment/setting_builder.hpp"

/// The sections of an experiment file, one function each, in a file of the section's name. They are
/// called in the order in which the resolved file lists the keys.
///
/// Tested by tests/settings_test.cpp and tests/docs_test.cpp.
namespace ampsim::sim {

/// The key that decides on the liquidity view, or the splitter: its own, or the router's where it
/// is the router's own choice.
inline std::string view_key(const Settings& settings) {
  return settings.routing.liquidity_view == "auto" ? "routing.algorithm" : "routing.liquidity_view";
}
inline std::string splitter_key(const Settings& settings) {
  return settings.routing.splitter == "auto" ? "routing.algorithm" : "routing.splitter";
}

void add_topology(SettingBuilder& table);  ///< [topology], [channels]
void add_network(SettingBuilder& table);   ///< [network], [chain]
void add_workload(SettingBuilder& table);
void add_stop(SettingBuilder& table);
void add_payment(SettingBuilder& table);  ///< [payment], [amp]
void add_ends(SettingBuilder& table);     ///< [receiver], [sender]
void add_routing(SettingBuilder& table);
void add_routing_ldk(SettingBuilder& table);        ///< [routing.ldk]
void add_routing_eclair(SettingBuilder& table);     ///< [routing.eclair]
void add_routing_baselines(SettingBuilder& table);  ///< of routers of papers, in [routing]
void add_routing_flow(SettingBuilder& table);       ///< [routing.bounds], .pickhardt, .cln
void add_routing_lnd(SettingBuilder& table);        ///< of [routing]; called by add_routing
void add_faults(SettingBuilder& table);
void add_observer(SettingBuilder& table);
void add_attack(SettingBuilder& table);
void add_record(SettingBuilder& table);

}  // namespace ampsim::sim
