#include "sim/experiment/preparation.hpp"

#include <map>
#include <string>
#include <string_view>

#include "core/sha256.hpp"

namespace ampsim::sim {
namespace {

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

/// Every setting that has an effect and whose key starts so, as one text.
std::string settings_text(const Settings& settings, std::string_view prefix) {
  std::string text;
  for (const Setting& setting : setting_table()) {
    if (starts_with(setting.key, prefix) && is_input(setting.key) && setting.applies(settings)) {
      text += setting.key + "=" + to_toml(setting.get(settings)) + "\n";
    }
  }
  return text;
}

}  // namespace

bool is_input(std::string_view key) {
  if (key == "channels.reserve" || key == "channels.max_htlcs" || key == "channels.max_in_flight") {
    return false;
  }
  return starts_with(key, "topology.") || starts_with(key, "channels.") ||
         starts_with(key, "workload.");
}

std::vector<SharedInputs> shared_inputs(const std::vector<Point>& points) {
  // By their digests: the texts of a million points would not fit into memory.
  std::map<Digest, std::size_t> networks;
  std::map<Digest, std::size_t> payments;
  std::vector<SharedInputs> shared;
  for (const Point& point : points) {
    const std::string network =
        settings_text(point.settings, "topology.") + settings_text(point.settings, "channels.");
    const std::string workload = network + settings_text(point.settings, "workload.");
    shared.push_back(
        {.network = networks.emplace(sha256(network), networks.size()).first->second,
         .payments = payments.emplace(sha256(workload), payments.size()).first->second});
  }
  return shared;
}

}  // namespace ampsim::sim
