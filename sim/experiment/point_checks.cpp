#include "sim/experiment/point_checks.hpp"

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "sim/routing/registry.hpp"

namespace ampsim::sim {
namespace {

void check_workload(const Choices& choices,
                    const std::string& file,
                    const WorkloadParams& workload) {
  if (workload.amount.kind == DistributionKind::empirical && workload.amount_file.empty()) {
    throw InputError(place_of(choices, file, "workload.amount.file"),
                     "missing; allowed: the path of a file");
  }
  if (workload.arrivals.process != ArrivalProcess::daily) return;
  if (workload.arrivals.hour_weights.empty()) return;
  try {
    hour_weights_of(workload.arrivals.hour_weights);
  } catch (const InputError& error) {
    throw InputError(place_of(choices, file, error.where().key), error.problem());
  }
}

/// A run that stops before anything is measured.
void check_stop(const Choices& choices, const std::string& file, const Settings& settings) {
  const SimDuration stop = settings.stop.time;
  const SimDuration warm_up = settings.workload.warm_up.length;
  if (stop == SimDuration{} || stop > warm_up) return;
  throw InputError(place_of(choices, file, "stop.time_s"),
                   fmt::format("found {}; allowed: 0, or more than workload.warmup_s, {}",
                               to_seconds(stop), to_seconds(warm_up)));
}

/// The values that the router takes beside the other settings.
std::vector<std::string> not_refused(const Setting& setting, const Settings& settings) {
  std::vector<std::string> names;
  for (const std::string& choice : setting.choices) {
    Settings other = settings;
    setting.set(other, choice);
    if (refusal_of(other.routing).key.empty()) names.push_back(choice);
  }
  return names;
}

/// An attack that ends before it begins has no effect.
void check_attack(const Choices& choices, const std::string& file, const AttackParams& attack) {
  if (attack.kind == AttackKind::none || attack.stop == SimDuration{}) return;
  if (attack.stop > attack.start) return;
  throw InputError(place_of(choices, file, "attack.stop_s"),
                   fmt::format("found {}; allowed: 0, or more than attack.start_s, {}",
                               to_seconds(attack.stop), to_seconds(attack.start)));
}

}  // namespace

InputError::Where place_of(const Choices& choices,
                           const std::string& file,
                           const std::string& key) {
  const std::string section = key.substr(0, key.rfind('.'));
  for (const std::string& candidate : {key, section + ".distribution", section + ".measure"}) {
    if (const Chosen* chosen = choices.find(candidate)) {
      InputError::Where where = chosen->entry->where();
      where.key = key;
      return where;
    }
  }
  return {.file = file, .key = key};
}

void check_point(const Choices& choices, const std::string& file, const Settings& settings) {
  for (const Setting& setting : setting_table()) {
    if (!setting.is_required || !setting.applies(settings)) continue;
    const Value value = setting.get(settings);
    const auto* integer = std::get_if<std::int64_t>(&value);
    if (integer != nullptr && *integer == 0) {
      throw InputError(place_of(choices, file, setting.key),
                       fmt::format("missing; allowed: {}", allowed_values(setting)));
    }
  }
  try {
    side_channels_of(settings.observer.side_channels);
  } catch (const InputError& error) {
    throw InputError(place_of(choices, file, error.where().key), error.problem());
  }
  const auto check_bounds = [&](const Distribution& distribution, const std::string& key,
                                std::string_view unit) {
    if (distribution.kind != DistributionKind::uniform ||
        distribution.minimum <= distribution.maximum) {
      return;
    }
    throw InputError(place_of(choices, file, fmt::format("{}.minimum_{}", key, unit)),
                     fmt::format("found {}; allowed: at most maximum_{}, {}", distribution.minimum,
                                 unit, distribution.maximum));
  };
  const SenderBehaviour behaviour = settings.payment.behaviour;
  const bool sends_too_many =
      behaviour == SenderBehaviour::duplicate_part || behaviour == SenderBehaviour::overpay;
  if (sends_too_many && scheme_of(settings.payment).has_spares) {
    throw InputError(place_of(choices, file, "sender.behaviour"),
                     fmt::format("duplicate_part and overpay: not with payment.scheme = {}, whose "
                                 "parts are more than the total anyway",
                                 to_toml(settings.payment.scheme)));
  }
  const RoutingRefusal refusal = refusal_of(settings.routing);
  if (!refusal.key.empty() && !scheme_of(settings.payment).has_spares) {
    const Setting& refused = *find_setting(refusal.key);
    throw InputError(
        place_of(choices, file, refusal.key),
        fmt::format("found {}, not with routing.algorithm = {}: {}; allowed: {}",
                    to_toml(refused.get(settings)), to_toml(settings.routing.algorithm),
                    refusal.reason, fmt::join(not_refused(refused, settings), ", ")));
  }
  check_bounds(settings.channels.capacity, "channels.capacity", "sat");
  if (settings.workload.file.empty()) {
    check_bounds(settings.workload.amount, "workload.amount", "sat");
    check_workload(choices, file, settings.workload);
  }
  check_stop(choices, file, settings);
  check_attack(choices, file, settings.attack);
  if (settings.network.tor_share > 0) {
    check_bounds(settings.network.tor_latency, "network.tor_latency", "ms");
  }
}

}  // namespace ampsim::sim
