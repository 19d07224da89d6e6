#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/distribution.hpp"
#include "core/units.hpp"
#include "sim/experiment/settings.hpp"

/// How a key is declared: its name, its help and the way to the field, as member pointers,
///
///   table.add("payment.timeout_s", "no new attempt this long after the start",
///             between(kShortest, kMostSeconds),
///             &Settings::payment, &PaymentParams::timeout);
///
/// from which follow type, default, reading and writing. The unit at the end of a key says how a
/// field with a type of its own stands in the file. Only for sim/experiment/sections/.
///
/// Tested by tests/settings_test.cpp.
namespace ampsim::sim {

/// What an amount may be: all bitcoin there can be.
constexpr double kMostSat = 21e6 * 1e8;
constexpr double kMostMsat = kMostSat * 1000;
/// 30 years; in nanoseconds still far from the end of SimDuration.
constexpr double kMostSeconds = 1e9;
/// In seconds, for durations that must not round to nothing.
constexpr double kShortest = 0.001;

/// From the border types of the file to ours and back. The unit is the end of the key.
inline bool is_in_ms(const std::string& key) {
  return key.size() > 3 && key.compare(key.size() - 3, 3, "_ms") == 0;
}
inline bool is_in_sat(const std::string& key) {
  return key.size() > 4 && key.compare(key.size() - 4, 4, "_sat") == 0;
}

inline Value number_value(double number) {
  // 44700, not 44700.0: both read back as the same double.
  const bool is_whole = std::floor(number) == number && std::abs(number) < 1e15;
  return is_whole ? Value(static_cast<std::int64_t>(number)) : Value(number);
}
inline Value to_value(const std::string& /*key*/, const std::string& field) { return field; }
inline Value to_value(const std::string& /*key*/, const std::vector<std::string>& field) {
  return field;
}
inline Value to_value(const std::string& /*key*/, bool field) { return field; }
inline Value to_value(const std::string& /*key*/, double field) { return number_value(field); }
inline Value to_value(const std::string& key, SimDuration field) {
  return number_value(static_cast<double>(field.count()) / (is_in_ms(key) ? 1e6 : 1e9));
}
inline Value to_value(const std::string& key, Msat field) {
  return is_in_sat(key) ? field.count / 1000 : field.count;
}
inline Value to_value(const std::string& /*key*/, Ppm field) {
  return static_cast<std::int64_t>(field.millionths);
}
inline Value to_value(const std::string& /*key*/, BlockDelta field) {
  return static_cast<std::int64_t>(field.count);
}
template <class Integer>
requires std::is_integral_v<Integer> Value to_value(const std::string& /*key*/, Integer field) {
  return static_cast<std::int64_t>(field);
}

inline void from_value(const std::string& /*key*/, const Value& value, std::string& field) {
  field = std::get<std::string>(value);
}
inline void from_value(const std::string& /*key*/,
                       const Value& value,
                       std::vector<std::string>& field) {
  field = std::get<std::vector<std::string>>(value);
}
inline void from_value(const std::string& /*key*/, const Value& value, bool& field) {
  field = std::get<bool>(value);
}
inline void from_value(const std::string& /*key*/, const Value& value, double& field) {
  field = std::get<double>(value);
}
inline void from_value(const std::string& key, const Value& value, SimDuration& field) {
  field = from_seconds(std::get<double>(value) * (is_in_ms(key) ? 1e-3 : 1));
}
inline void from_value(const std::string& key, const Value& value, Msat& field) {
  const std::int64_t count = std::get<std::int64_t>(value);
  field = is_in_sat(key) ? Msat::from_sat(count) : Msat{count};
}
inline void from_value(const std::string& /*key*/, const Value& value, Ppm& field) {
  field = {static_cast<std::uint32_t>(std::get<std::int64_t>(value))};
}
inline void from_value(const std::string& /*key*/, const Value& value, BlockDelta& field) {
  field = {static_cast<std::int32_t>(std::get<std::int64_t>(value))};
}
template <class Integer>
requires std::is_integral_v<Integer>
void from_value(const std::string& /*key*/, const Value& value, Integer& field) {
  field = static_cast<Integer>(std::get<std::int64_t>(value));
}

template <class T>
constexpr ValueKind kind_of() {
  if constexpr (std::is_same_v<T, bool>) {
    return ValueKind::boolean;
  } else if constexpr (std::is_same_v<T, double> || std::is_same_v<T, SimDuration>) {
    return ValueKind::number;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return ValueKind::text;
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    return ValueKind::files;
  } else {
    return ValueKind::integer;
  }
}

/// settings.*first.*second...
template <class Object, class First, class... Rest>
auto& member(Object& object, First first, Rest... rest) {
  if constexpr (sizeof...(Rest) == 0) {
    return object.*first;
  } else {
    return member(object.*first, rest...);
  }
}

struct Bounds {
  double minimum = 0;
  double maximum = 0;
  bool excludes_minimum = false;
  bool excludes_maximum = false;
};
constexpr Bounds between(double minimum, double maximum) {
  return {.minimum = minimum, .maximum = maximum};
}
constexpr Bounds above(double minimum, double maximum) {
  return {.minimum = minimum, .maximum = maximum, .excludes_minimum = true};
}
constexpr Bounds at_least_and_below(double minimum, double maximum) {
  return {.minimum = minimum, .maximum = maximum, .excludes_maximum = true};
}
constexpr Bounds kProbability = between(0, 1);

template <class Enum>
using Choices = std::vector<std::pair<std::string, Enum>>;

class SettingBuilder {
 public:
  /// A boolean or a text.
  template <class... Members>
  Setting& add(std::string key, std::string help, Members... members) {
    using Field = std::remove_reference_t<decltype(member(std::declval<Settings&>(), members...))>;
    Setting& setting = settings_.emplace_back();
    setting.key = key;
    setting.kind = kind_of<Field>();
    setting.help = std::move(help);
    setting.get = [key, members...](const Settings& s) {
      return to_value(key, member(s, members...));
    };
    setting.set = [key, members...](Settings& s, const Value& value) {
      from_value(key, value, member(s, members...));
    };
    return setting;
  }

  template <class... Members>
  Setting& add(std::string key, std::string help, Bounds bounds, Members... members) {
    Setting& setting = add(std::move(key), std::move(help), members...);
    setting.minimum = bounds.minimum;
    setting.maximum = bounds.maximum;
    setting.excludes_minimum = bounds.excludes_minimum;
    setting.excludes_maximum = bounds.excludes_maximum;
    return setting;
  }

  template <class... Members>
  Setting& add(std::string key,
               std::string help,
               std::vector<std::string> choices,
               Members... members) {
    Setting& setting = add(std::move(key), std::move(help), members...);
    setting.choices = std::move(choices);
    return setting;
  }

  template <class Enum, class... Members>
  Setting& add_choice(std::string key,
                      std::string help,
                      const Choices<Enum>& choices,
                      Members... members) {
    Setting& setting = settings_.emplace_back();
    setting.key = std::move(key);
    setting.help = std::move(help);
    for (const auto& choice : choices) setting.choices.push_back(choice.first);
    setting.get = [choices, members...](const Settings& s) -> Value {
      for (const auto& choice : choices) {
        if (choice.second == member(s, members...)) return choice.first;
      }
      AMPSIM_CHECK(false, "a default that is no choice");
    };
    setting.set = [choices, members...](Settings& s, const Value& value) {
      for (const auto& choice : choices) {
        if (choice.first == std::get<std::string>(value)) member(s, members...) = choice.second;
      }
    };
    return setting;
  }

  /// The keys of a distribution; `unit` is "sat" or "ms".
  template <class... Members>
  void add_distribution(const std::string& key,
                        const std::string& what,
                        const std::string& unit,
                        const std::vector<DistributionKind>& kinds,
                        Members... members);

  void push(Setting setting) { settings_.push_back(std::move(setting)); }
  std::vector<Setting> take() { return std::move(settings_); }

 private:
  std::vector<Setting> settings_;
};

inline bool is_one_of(DistributionKind kind, const std::vector<DistributionKind>& kinds) {
  for (const DistributionKind each : kinds) {
    if (each == kind) return true;
  }
  return false;
}

/// Which kinds read which parameter: core/distribution.hpp.
template <class... Members>
void SettingBuilder::add_distribution(const std::string& key,
                                      const std::string& what,
                                      const std::string& unit,
                                      const std::vector<DistributionKind>& kinds,
                                      Members... members) {
  using Kind = DistributionKind;
  Choices<Kind> choices;
  for (const Kind kind : kinds) choices.emplace_back(name_of(kind), kind);
  add_choice(key + ".distribution", "distribution of the " + what, choices, members...,
             &Distribution::kind);

  const double most = unit == "sat" ? kMostSat : kMostSeconds * 1000;
  const auto add_parameter = [&](const std::string& name, const std::string& help, Bounds bounds,
                                 double Distribution::*field, const std::vector<Kind>& readers) {
    bool has_reader = false;
    for (const Kind kind : kinds) has_reader = has_reader || is_one_of(kind, readers);
    if (!has_reader) return;
    Setting& setting = add(key + "." + name, help, bounds, members..., field);
    setting.is_required = bounds.excludes_minimum;
    setting.blocked_by = [key, readers, members...](const Settings& s) -> std::string {
      return is_one_of(member(s, members...).kind, readers) ? "" : key + ".distribution";
    };
  };
  add_parameter("mean_" + unit, "its mean", above(0, most), &Distribution::mean,
                {Kind::constant, Kind::exponential, Kind::normal, Kind::lognormal, Kind::pareto});
  add_parameter("sigma", "standard deviation of its logarithm", between(0, 20),
                &Distribution::sigma, {Kind::lognormal});
  add_parameter("shape", "exponent of its tail, P(X > x) ~ x to the minus shape", above(1, 1000),
                &Distribution::shape, {Kind::pareto});
  add_parameter("sigma_" + unit, "its standard deviation", above(0, most), &Distribution::deviation,
                {Kind::normal});
  add_parameter("minimum_" + unit, "its lower bound", between(0, most), &Distribution::minimum,
                {Kind::uniform});
  add_parameter("maximum_" + unit, "its upper bound", above(0, most), &Distribution::maximum,
                {Kind::uniform});
}

}  // namespace ampsim::sim
