#include "sim/experiment/choices.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "sim/experiment/sampling.hpp"

namespace ampsim::sim {
namespace {

constexpr std::string_view kSweep = "sweep.";
constexpr std::string_view kCases = "case.";
constexpr std::string_view kBaseline = "summary.baseline.";

bool is_swept_entry(const Entry& entry) { return entry.key.compare(0, kSweep.size(), kSweep) == 0; }

Chosen check_fixed(const Entry& entry) {
  const Setting* setting = find_setting(entry.key);
  if (setting == nullptr) fail_unknown(entry);
  if (setting->kind == ValueKind::files)
    return {.entry = &entry, .setting = setting, .values = {checked_files(*setting, entry)}};
  if (entry.shape != Shape::scalar) {
    throw InputError(entry.where(), fmt::format("found {}; allowed: {}",
                                                entry.shape == Shape::list ? "a list" : "a table",
                                                allowed_values(*setting)));
  }
  return {.entry = &entry,
          .setting = setting,
          .values = {checked_value(*setting, entry, entry.values[0])}};
}

Chosen check_swept(const Entry& entry) {
  const std::string key = entry.key.substr(kSweep.size());
  if (key == "case") {
    throw InputError(entry.where(), "cannot be swept; every [case.NAME] has all points");
  }
  const Setting* setting = find_setting(key);
  if (setting == nullptr) fail_unknown(entry);
  if (!setting->can_be_swept) {
    throw InputError(entry.where(), key == "seed"
                                        ? "cannot be swept; replicates are runs with other seeds"
                                        : "cannot be swept");
  }
  if (setting->kind == ValueKind::files) {
    throw InputError(entry.where(), "cannot be swept; every [case.NAME] can have its own");
  }
  return checked_list(entry, *setting);
}

ChosenCase& case_named(Choices& choices, const std::string& name) {
  for (ChosenCase& each : choices.cases) {
    if (each.name == name) return each;
  }
  return choices.cases.emplace_back(ChosenCase{name, {}});
}

/// `case.NAME.KEY`, or `case.NAME` for a case that sets nothing.
void check_case(const Entry& entry, Choices& choices) {
  const std::string rest = entry.key.substr(kCases.size());
  const std::size_t dot = rest.find('.');
  const std::string name = rest.substr(0, dot);
  const bool is_plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
  });
  if (!is_plain || (dot == std::string::npos && entry.shape != Shape::empty_table)) {
    throw InputError(entry.where(),
                     "allowed: [case.NAME] with keys of the file, NAME of letters, digits, '_' "
                     "and '-'");
  }
  ChosenCase& chosen_case = case_named(choices, name);
  if (dot == std::string::npos) return;
  const Setting& setting = varied_setting(entry, rest.substr(dot + 1));
  if (setting.kind == ValueKind::files) {
    chosen_case.chosen.push_back(
        {.entry = &entry, .setting = &setting, .values = {checked_files(setting, entry)}});
    return;
  }
  if (entry.shape != Shape::scalar) {
    throw InputError(entry.where(), fmt::format("allowed: one value, {}", allowed_values(setting)));
  }
  chosen_case.chosen.push_back({.entry = &entry,
                                .setting = &setting,
                                .values = {checked_value(setting, entry, entry.values[0])}});
}

/// A key that a case sets cannot be swept as well.
void check_cases(const Choices& choices) {
  for (const ChosenCase& each : choices.cases) {
    for (const Chosen& chosen : each.chosen) {
      for (const Chosen& swept : choices.swept) {
        if (swept.setting != chosen.setting) continue;
        throw InputError(chosen.entry->where(), "is swept, and cannot be set by a case");
      }
    }
  }
}

/// `--set` may add a list of values to a range of the file.
void refuse_swept_twice(const std::vector<Chosen>& swept) {
  for (std::size_t i = 0; i < swept.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (swept[j].setting != swept[i].setting) continue;
      throw InputError(swept[i].entry->where(),
                       fmt::format("{} is swept twice; allowed: once", swept[i].setting->key));
    }
  }
}

}  // namespace

Chosen checked_list(const Entry& entry, const Setting& setting) {
  if (entry.shape != Shape::list) {
    const std::string found =
        entry.shape == Shape::scalar ? one_line(entry.values[0].text) : "a table";
    throw InputError(entry.where(),
                     fmt::format("found {}; allowed: a list of values, texts in quotes, each {}",
                                 found, allowed_values(setting)));
  }
  if (entry.values.empty()) {
    throw InputError(entry.where(), "found an empty list; allowed: at least one value");
  }
  Chosen chosen{.entry = &entry, .setting = &setting};
  for (const FoundValue& found : entry.values) {
    Value value = checked_value(setting, entry, found);
    if (std::find(chosen.values.begin(), chosen.values.end(), value) != chosen.values.end()) {
      throw InputError(entry.where(found),
                       fmt::format("found {} twice; allowed: once", one_line(found.text)));
    }
    chosen.values.push_back(std::move(value));
  }
  return chosen;
}

const Setting& varied_setting(const Entry& entry, const std::string& key) {
  const Setting* setting = find_setting(key);
  if (setting == nullptr) {
    Entry plain = entry;
    plain.key = key;
    try {
      fail_unknown(plain);
    } catch (const InputError& error) {
      throw InputError(entry.where(), error.problem());
    }
  }
  if (!setting->can_be_swept) {
    throw InputError(entry.where(), entry.key.starts_with(kCases) ? "cannot differ between cases"
                                                                  : "cannot be swept");
  }
  return *setting;
}

Choices check_entries(const Document& document) {
  Choices choices;
  JointSweep joint;
  for (const Entry& entry : document) {
    if (entry.shape == Shape::empty_table && is_section(entry.key)) continue;
    if (entry.key.starts_with(kCases)) {
      check_case(entry, choices);
    } else if (entry.key.starts_with(kBaseline)) {
      choices.baseline.push_back(&entry);
    } else if (is_swept_entry(entry)) {
      if (!joint.take(entry, choices.swept)) choices.swept.push_back(check_swept(entry));
    } else {
      choices.fixed.push_back(check_fixed(entry));
    }
  }
  refuse_swept_twice(choices.swept);
  const Chosen* seed = choices.find("seed");
  choices.plan = joint.fill(
      choices.swept, seed == nullptr ? find_setting("seed")->get(Settings{}) : seed->values[0]);
  check_cases(choices);
  return choices;
}

std::vector<const std::vector<Chosen>*> Choices::lists() const {
  std::vector<const std::vector<Chosen>*> all = {&fixed, &swept};
  for (const ChosenCase& each : cases) all.push_back(&each.chosen);
  return all;
}

Choices Choices::of_case(std::size_t which) const {
  Choices choices = *this;
  if (!cases.empty()) choices.cases = {cases[which]};
  return choices;
}

const Chosen* Choices::find(std::string_view key) const {
  for (const auto* list : lists()) {
    for (const Chosen& chosen : *list) {
      if (chosen.setting->key == key) return &chosen;
    }
  }
  return nullptr;
}

}  // namespace ampsim::sim
