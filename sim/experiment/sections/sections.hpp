#pragma once

#include "sim/experiment/setting_builder.hpp"

/// The sections of an experiment file, one function each, in a file of the section's name. They are
/// called in the order in which the resolved file lists the keys.
///
/// Tested by tests/settings_test.cpp and tests/docs_test.cpp.
namespace ampsim::sim {

/// What keeps settings without effect that only a splitter reads, or splitters that make more than
/// one part: the scheme, because it sends one part or equal parts, or the splitter.
std::string unless_splitter(const Settings& settings);
std::string unless_many_parts(const Settings& settings);
/// The same of a setting that a router reads where it divides an amount itself.
std::function<std::string(const Settings&)> unless_flow_of(std::string router);
/// Of one that only these routers read, or a liquidity view.
std::function<std::string(const Settings&)> unless_router(std::vector<std::string> names);
std::function<std::string(const Settings&)> unless_view(std::string name);

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
