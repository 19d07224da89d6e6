#include <algorithm>

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

}  // namespace

std::string resolved_text(const std::vector<SweptKey>& sweep, const std::vector<Point>& points) {
  ResolvedWriter writer;
  for (const Setting& setting : setting_table()) {
    const bool is_swept = std::any_of(sweep.begin(), sweep.end(), [&](const SweptKey& swept) {
      return swept.key == setting.key;
    });
    const auto point = std::find_if(points.begin(), points.end(), [&](const Point& each) {
      return setting.applies(each.settings);
    });
    if (!is_swept && point != points.end()) {
      const std::string note = setting.note ? setting.note(point->settings) : "";
      const std::string value = to_toml(setting.get(point->settings));
      writer.add(setting.key, note.empty() ? value : value + "  # " + note);
    }
  }
  std::string text = writer.finish();
  if (!sweep.empty()) text += "\n[sweep]\n";
  for (const SweptKey& swept : sweep) {
    std::vector<std::string> values;
    for (const Value& value : swept.values) values.push_back(to_toml(value));
    text += fmt::format("\"{}\" = [{}]\n", swept.key, fmt::join(values, ", "));
  }
  return text;
}

}  // namespace ampsim::sim
