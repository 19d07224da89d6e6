#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/experiment/experiment.hpp"

namespace ampsim::sim {
namespace {

/// Writes keys in the order of the table: `key = value` under `[section]`, and keys one level
/// deeper as an inline table, `amount = { distribution = "constant", mean_sat = 1000 }`.
class ResolvedWriter {
 public:
  void add(const std::string& key, const std::string& value) {
    const std::size_t first = key.find('.');
    const std::size_t last = key.rfind('.');
    const std::string section = first == std::string::npos ? "" : key.substr(0, first);
    const std::string table = first == last ? "" : key.substr(first + 1, last - first - 1);
    const std::string name = last == std::string::npos ? key : key.substr(last + 1);
    if (section != section_ || table != table_) close_table();
    if (section != section_) text_ += fmt::format("\n[{}]\n", section);
    section_ = section;
    if (table.empty()) {
      text_ += fmt::format("{} = {}\n", name, value);
      return;
    }
    text_ += table == table_ ? ", " : fmt::format("{} = {{ ", table);
    text_ += fmt::format("{} = {}", name, value);
    table_ = table;
  }

  std::string finish() {
    close_table();
    return std::move(text_);
  }

 private:
  void close_table() {
    if (!table_.empty()) text_ += " }\n";
    table_.clear();
  }

  std::string text_;
  std::string section_;
  std::string table_;
};

std::string in_table(const std::string& key, const Value& value) {
  return fmt::format("\"{}\" = {}", key, to_toml(value));
}

/// The list of points: every joint key that was not sampled.
std::string points_text(const std::vector<SweptKey>& sweep) {
  std::string text = "points = [\n";
  std::size_t count = 0;
  for (const SweptKey& swept : sweep) {
    if (swept.is_joint) count = swept.values.size();
  }
  for (std::size_t point = 0; point < count; ++point) {
    std::vector<std::string> cells;
    for (const SweptKey& swept : sweep) {
      if (swept.is_joint) cells.push_back(in_table(swept.key, swept.values[point]));
    }
    text += fmt::format("  {{ {} }},\n", fmt::join(cells, ", "));
  }
  return text + "]\n";
}

std::string sweep_text(const Experiment& experiment) {
  std::string text = "\n[sweep]\n";
  if (!experiment.plan.sampling.empty()) {
    text += fmt::format("sampling = \"{}\"\nsamples = {}\n", experiment.plan.sampling,
                        experiment.plan.samples);
  }
  bool has_points = false;
  for (const SweptKey& swept : experiment.sweep) {
    if (swept.key == kCase) continue;
    if (swept.is_joint && swept.range.empty()) {
      if (!has_points) text += points_text(experiment.sweep);
      has_points = true;
      continue;
    }
    if (swept.is_joint) {
      text += fmt::format("\"{}\" = {}\n", swept.key, swept.range);
      continue;
    }
    std::vector<std::string> values;
    for (const Value& value : swept.values) values.push_back(to_toml(value));
    text += fmt::format("\"{}\" = [{}]\n", swept.key, fmt::join(values, ", "));
  }
  return text;
}

/// What a value stands for, or says besides, at these points; with which router, if it differs.
std::string note_of(const Setting& setting, const std::vector<const Settings*>& points) {
  if (setting.note) return setting.note(*points.front());
  if (!setting.resolved) return "";
  std::vector<std::pair<std::string, std::vector<std::string>>> routers_of;
  for (const Settings* const settings : points) {
    const std::string name = setting.resolved(*settings);
    if (name.empty()) continue;
    auto place = std::find_if(routers_of.begin(), routers_of.end(),
                              [&](const auto& each) { return each.first == name; });
    if (place == routers_of.end()) place = routers_of.insert(place, {name, {}});
    std::vector<std::string>& names = place->second;
    const std::string& router = settings->routing.algorithm;
    if (std::find(names.begin(), names.end(), router) == names.end()) names.push_back(router);
  }
  if (routers_of.size() == 1) return routers_of.front().first;
  std::vector<std::string> notes;
  notes.reserve(routers_of.size());
  for (const auto& [name, routers] : routers_of) {
    notes.push_back(fmt::format("{} with {}", name, fmt::join(routers, ", ")));
  }
  return fmt::format("{}", fmt::join(notes, "; "));
}

}  // namespace

std::string resolved_text(const Experiment& experiment) {
  const std::vector<Case>& cases = experiment.cases;
  const std::vector<SweptKey>& sweep = experiment.sweep;
  const std::vector<Point>& points = experiment.points;
  const std::size_t points_per_case = points.size() / std::max<std::size_t>(1, cases.size());
  const auto is_set_by_case = [&](const Setting& setting, std::size_t point) {
    if (cases.empty()) return false;
    const std::vector<std::string>& keys = cases[point / points_per_case].keys;
    return std::find(keys.begin(), keys.end(), setting.key) != keys.end();
  };
  ResolvedWriter writer;
  for (const Setting& setting : setting_table()) {
    const bool is_swept = std::any_of(sweep.begin(), sweep.end(), [&](const SweptKey& swept) {
      return swept.key == setting.key;
    });
    std::vector<const Settings*> readers;
    for (std::size_t i = 0; i < points.size() && !is_swept; ++i) {
      if (!readers.empty() && !setting.resolved) break;  // What it says is the same at all of them.
      const Settings& settings = points[i].settings;
      if (setting.applies(settings) && !is_set_by_case(setting, i)) readers.push_back(&settings);
    }
    if (readers.empty()) continue;
    std::string value = to_toml(setting.get(*readers.front()));
    if (const std::string note = note_of(setting, readers); !note.empty()) value += "  # " + note;
    writer.add(setting.key, value);
  }
  std::string text = writer.finish();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    text += fmt::format("\n[case.{}]\n", cases[i].name);
    for (const std::string& key : cases[i].keys) {
      const Value value = find_setting(key)->get(points[i * points_per_case].settings);
      text += fmt::format("{} = {}\n", key, to_toml(value));
    }
  }
  if (sweep.size() > (cases.empty() ? 0 : 1)) text += sweep_text(experiment);
  if (!experiment.baseline.empty()) {
    std::vector<std::string> keys;
    for (const BaselineKey& each : experiment.baseline) {
      keys.push_back(in_table(each.key, each.value));
    }
    text += fmt::format("\n[summary]\nbaseline = {{ {} }}\n", fmt::join(keys, ", "));
  }
  return text;
}

}  // namespace ampsim::sim
