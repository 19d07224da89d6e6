#include "sim/experiment/settings.hpp"

#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {
namespace {

std::vector<Setting> declare() {
  SettingBuilder table;
  table.add("name", "name of the experiment, and of its results folder", &Settings::name)
      .can_be_swept = false;
  table.add("seed", "every random draw follows from it", between(0, 9e18), &Settings::seed)
      .can_be_swept = false;
  table
      .add("replicates", "independent repetitions of every point", between(1, 1'000'000),
           &Settings::replicates)
      .can_be_swept = false;
  add_topology(table);
  add_network(table);
  add_workload(table);
  add_stop(table);
  add_payment(table);
  add_ends(table);
  add_routing(table);
  add_routing_ldk(table);
  add_routing_eclair(table);
  add_routing_flow(table);
  add_faults(table);
  add_observer(table);
  add_attack(table);
  add_record(table);
  return table.take();
}

std::vector<Setting>& table_of_all() {
  static std::vector<Setting> table = declare();
  return table;
}

}  // namespace

const std::vector<Setting>& setting_table() { return table_of_all(); }

void renew_choices() {
  const std::vector<Setting> anew = declare();
  std::vector<Setting>& table = table_of_all();
  for (std::size_t i = 0; i < table.size(); ++i) table[i].choices = anew[i].choices;
}

}  // namespace ampsim::sim
