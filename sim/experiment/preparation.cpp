#include "sim/experiment/preparation.hpp"

namespace ampsim::sim {
namespace {

bool starts_with(const std::string& text, std::string_view prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

}  // namespace

PreparationKeys preparation_keys(const Settings& settings) {
  PreparationKeys keys;
  for (const Setting& setting : setting_table()) {
    const bool is_network =
        starts_with(setting.key, "topology.") || starts_with(setting.key, "channels.");
    if (!(is_network || starts_with(setting.key, "workload.")) || !setting.applies(settings)) {
      continue;
    }
    const std::string text = setting.key + "=" + to_toml(setting.get(settings)) + "\n";
    if (is_network) keys.topology += text;
    keys.workload += text;
  }
  return keys;
}

}  // namespace ampsim::sim
