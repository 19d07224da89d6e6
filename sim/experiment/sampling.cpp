#include "sim/experiment/sampling.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "core/random.hpp"

namespace ampsim::sim {
namespace {

constexpr std::string_view kSweep = "sweep.";
constexpr std::string_view kPoints = "points.";
constexpr std::int64_t kMostSamples = 1'000'000;
constexpr std::string_view kRangeHelp =
    "a range { min = ..., max = ..., scale = \"linear\" or \"log\" }, or { choices = [...] }";

const std::vector<std::string>& part_names() {
  static const std::vector<std::string> names = {"min", "max", "scale", "choices"};
  return names;
}

std::string text_of(const Entry& entry) {
  const auto* text =
      entry.shape == Shape::scalar ? std::get_if<std::string>(&entry.values[0].value) : nullptr;
  return text == nullptr ? "" : *text;
}

std::string found_text(const Entry& entry) {
  if (entry.shape == Shape::scalar) return one_line(entry.values[0].text);
  return entry.shape == Shape::list ? "a list" : "a table";
}

/// One of the words, or InputError.
std::string word_of(const Entry& entry, const std::vector<std::string>& words) {
  std::string text = text_of(entry);
  if (std::find(words.begin(), words.end(), text) != words.end()) return text;
  throw InputError(entry.where(), fmt::format("found {}; allowed: {}{}", found_text(entry),
                                              fmt::join(words, ", "), did_you_mean(text, words)));
}

double number_of(const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

/// As the settings have it: 5 and not 5.0.
std::string plain_text(const Setting& setting, const Value& value) {
  Settings settings;
  setting.set(settings, value);
  return to_toml(setting.get(settings));
}

/// To six digits, as a table shows it.
double rounded(double number) {
  const std::string text = fmt::format("{:.6g}", number);
  double result = number;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

/// Numbers from [0, 1), one a sample.
std::vector<double> draw_places(const SweepPlan& plan, const std::string& key, const Value& seed) {
  Rng rng(static_cast<std::uint64_t>(std::get<std::int64_t>(seed)), "sweep " + key);
  const auto count = static_cast<std::size_t>(plan.samples);
  std::vector<double> places(count);
  if (plan.sampling == "random") {
    for (double& place : places) place = rng.unit();
    return places;
  }
  std::vector<std::size_t> strata(count);
  std::iota(strata.begin(), strata.end(), 0);
  for (std::size_t i = count; i > 1; --i) std::swap(strata[i - 1], strata[rng.below(i)]);
  for (std::size_t i = 0; i < count; ++i) {
    places[i] = (static_cast<double>(strata[i]) + rng.unit()) / static_cast<double>(count);
  }
  return places;
}

Value one_value(const Setting& setting, const Entry& entry) {
  if (entry.shape != Shape::scalar) {
    throw InputError(entry.where(), fmt::format("found {}; allowed: one value, {}",
                                                found_text(entry), allowed_values(setting)));
  }
  return checked_value(setting, entry, entry.values[0]);
}

Value value_at(double place, const Setting& setting, double low, double high, bool is_log) {
  const bool is_integer = setting.kind == ValueKind::integer;
  const double end = is_integer ? high + 1 : high;
  const double at = is_log ? std::exp(std::log(low) + place * (std::log(end) - std::log(low)))
                           : low + place * (end - low);
  if (is_integer) return static_cast<std::int64_t>(std::clamp(std::floor(at), low, high));
  return std::clamp(rounded(at), low, high);
}

}  // namespace

bool JointSweep::take(const Entry& entry, std::vector<Chosen>& swept) {
  const std::string key = entry.key.substr(kSweep.size());
  if (key == "sampling" || key == "samples") {
    (key == "sampling" ? sampling_ : samples_) = &entry;
    return true;
  }
  if (key == "points") {
    throw InputError(entry.where(),
                     "allowed: a list of tables, each with the same keys of the "
                     "file, [ { \"payment.scheme\" = \"mpp\" }, ... ]");
  }
  if (key.starts_with(kPoints)) {
    take_cell(entry, key.substr(kPoints.size()), swept);
    return true;
  }
  if (find_setting(key) != nullptr) return false;
  if (take_part(entry, key, swept)) return true;
  const std::string hint = key.find('.') == std::string::npos && !is_section(key)
                               ? nearest_name(key, {"sampling", "samples", "points"})
                               : "";
  if (hint.empty()) return false;
  throw InputError(entry.where(), fmt::format("unknown key; did you mean \"{}\"?", hint));
}

bool JointSweep::take_part(const Entry& entry, const std::string& key, std::vector<Chosen>& swept) {
  const std::size_t dot = key.rfind('.');
  if (dot == std::string::npos || find_setting(key.substr(0, dot)) == nullptr) return false;
  const Setting& setting = varied_setting(entry, key.substr(0, dot));
  const std::string part = key.substr(dot + 1);
  auto range = std::find_if(ranges_.begin(), ranges_.end(),
                            [&](const Range& each) { return each.setting == &setting; });
  if (range == ranges_.end()) {
    ranges_.push_back({.setting = &setting, .first = &entry});
    range = ranges_.end() - 1;
    swept.push_back({.entry = &entry, .setting = &setting, .is_joint = true});
  }
  if (part == "min") {
    range->min = &entry;
  } else if (part == "max") {
    range->max = &entry;
  } else if (part == "scale") {
    range->scale = &entry;
  } else if (part == "choices") {
    range->choices = &entry;
  } else {
    throw InputError(entry.where(),
                     fmt::format("unknown key; allowed: {}{}", fmt::join(part_names(), ", "),
                                 did_you_mean(part, part_names())));
  }
  return true;
}

void JointSweep::take_cell(const Entry& entry,
                           const std::string& rest,
                           std::vector<Chosen>& swept) {
  const std::size_t dot = rest.find('.');
  std::size_t point = 0;
  std::from_chars(rest.data(), rest.data() + std::min(dot, rest.size()), point);
  const Setting& setting =
      varied_setting(entry, dot == std::string::npos ? "" : rest.substr(dot + 1));
  if (setting.kind == ValueKind::files) {
    throw InputError(entry.where(), "cannot be swept; every [case.NAME] can have its own");
  }
  if (points_.size() <= point) points_.resize(point + 1);
  points_[point].push_back({&entry, &setting});
  if (point == 0) swept.push_back({.entry = &entry, .setting = &setting, .is_joint = true});
}

void JointSweep::refuse_idle() const {
  const std::string kind =
      sampling_ == nullptr ? "grid" : word_of(*sampling_, {"grid", "random", "latin_hypercube"});
  const bool is_sampled = sampling_ != nullptr && kind != "grid";
  if (!ranges_.empty() && !is_sampled) {
    throw InputError(ranges_[0].first->where(),
                     "found a range; allowed with sweep.sampling = \"random\" or "
                     "\"latin_hypercube\" alone; a grid has lists of values");
  }
  if (!points_.empty() && is_sampled) {
    throw InputError(sampling_->where(), "found sampling and points; allowed: one of them");
  }
  if (ranges_.empty() && is_sampled) {
    throw InputError(
        sampling_->where(),
        fmt::format("nothing is sampled; allowed: at least one swept key with {}", kRangeHelp));
  }
  if (samples_ != nullptr && !is_sampled) {
    throw InputError(samples_->where(), "has no effect with sweep.sampling = \"grid\"");
  }
  if (samples_ == nullptr && is_sampled) {
    InputError::Where where = sampling_->where();
    where.key = "sweep.samples";
    throw InputError(where, fmt::format("missing; allowed: an integer from 1 to {}", kMostSamples));
  }
}

SweepPlan JointSweep::fill(std::vector<Chosen>& swept, const Value& seed) const {
  refuse_idle();
  if (!points_.empty()) fill_points(swept);
  if (ranges_.empty()) return {};
  const auto* samples = samples_->shape == Shape::scalar
                            ? std::get_if<std::int64_t>(&samples_->values[0].value)
                            : nullptr;
  if (samples == nullptr || *samples < 1 || *samples > kMostSamples) {
    throw InputError(samples_->where(), fmt::format("found {}; allowed: an integer from 1 to {}",
                                                    found_text(*samples_), kMostSamples));
  }
  SweepPlan plan{.sampling = text_of(*sampling_), .samples = *samples};
  for (const Range& range : ranges_) {
    const auto chosen = std::find_if(swept.begin(), swept.end(), [&](const Chosen& each) {
      return each.setting == range.setting;
    });
    fill_range(range, plan, seed, *chosen);
  }
  return plan;
}

void JointSweep::fill_range(const Range& range,
                            const SweepPlan& plan,
                            const Value& seed,
                            Chosen& chosen) {
  const Setting& setting = *range.setting;
  const std::vector<double> places = draw_places(plan, setting.key, seed);
  if (range.choices != nullptr) {
    for (const Entry* other : {range.min, range.max, range.scale}) {
      if (other == nullptr) continue;
      throw InputError(other->where(),
                       fmt::format("found beside choices; allowed: {}", kRangeHelp));
    }
    Chosen listed = checked_list(*range.choices, setting);
    std::vector<std::string> texts;
    for (const Value& value : listed.values) texts.push_back(plain_text(setting, value));
    chosen.range = fmt::format("{{ choices = [{}] }}", fmt::join(texts, ", "));
    for (const double place : places) {
      const auto count = static_cast<double>(listed.values.size());
      chosen.values.push_back(listed.values[static_cast<std::size_t>(place * count)]);
    }
    return;
  }
  if (setting.kind != ValueKind::integer && setting.kind != ValueKind::number) {
    throw InputError(range.first->where(),
                     "is no number and has no range; allowed: { choices = [...] }");
  }
  if (range.min == nullptr || range.max == nullptr) {
    throw InputError(range.first->where(), fmt::format("allowed: {}", kRangeHelp));
  }
  const Value min = one_value(setting, *range.min);
  const Value max = one_value(setting, *range.max);
  const std::string scale =
      range.scale == nullptr ? "linear" : word_of(*range.scale, {"linear", "log"});
  if (number_of(min) >= number_of(max)) {
    throw InputError(range.min->where(),
                     fmt::format("found {}; allowed: less than max, {}", plain_text(setting, min),
                                 plain_text(setting, max)));
  }
  if (scale == "log" && number_of(min) <= 0) {
    throw InputError(
        range.min->where(),
        fmt::format("found {}; allowed with scale = \"log\": above 0", plain_text(setting, min)));
  }
  chosen.range = fmt::format("{{ min = {}, max = {}, scale = \"{}\" }}", plain_text(setting, min),
                             plain_text(setting, max), scale);
  for (const double place : places) {
    chosen.values.push_back(
        value_at(place, setting, number_of(min), number_of(max), scale == "log"));
  }
}

void JointSweep::fill_points(std::vector<Chosen>& swept) const {
  for (Chosen& chosen : swept) {
    if (!chosen.is_joint) continue;
    for (std::size_t point = 0; point < points_.size(); ++point) {
      const auto cell =
          std::find_if(points_[point].begin(), points_[point].end(),
                       [&](const Cell& each) { return each.setting == chosen.setting; });
      if (cell == points_[point].end()) {
        throw InputError(chosen.entry->where(),
                         fmt::format("point {} of sweep.points does not set {}; allowed: the same "
                                     "keys in all",
                                     point, chosen.setting->key));
      }
      chosen.values.push_back(one_value(*cell->setting, *cell->entry));
    }
  }
  for (const PointCells& cells : points_) {
    for (const Cell& cell : cells) {
      const bool is_first =
          std::any_of(points_[0].begin(), points_[0].end(),
                      [&](const Cell& each) { return each.setting == cell.setting; });
      if (is_first) continue;
      throw InputError(cell.entry->where(),
                       "is not set by point 0 of sweep.points; allowed: the same keys in all");
    }
  }
}

}  // namespace ampsim::sim
