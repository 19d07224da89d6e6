#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "sim/experiment/settings.hpp"
#include "sim/measure/csv_writer.hpp"

namespace ampsim::sim {
namespace {

std::string bound_text(double bound) {
  const bool is_whole = std::floor(bound) == bound;
  return is_whole ? std::to_string(static_cast<std::int64_t>(bound)) : shortest(bound);
}

std::string section_of(std::string_view key) {
  const std::size_t dot = key.rfind('.');
  return dot == std::string_view::npos ? "" : std::string(key.substr(0, dot));
}

/// Names directly inside a section, without its name.
std::vector<std::string> names_in(std::string_view section) {
  std::vector<std::string> names;
  for (const std::string& name : known_names()) {
    if (section_of(name) == section) {
      names.push_back(section.empty() ? name : name.substr(section.size() + 1));
    }
  }
  return names;
}

bool is_outside(const Setting& setting, double number) {
  // Written so that NaN is outside.
  const bool is_low =
      setting.excludes_minimum ? !(number > setting.minimum) : !(number >= setting.minimum);
  const bool is_high =
      setting.excludes_maximum ? !(number < setting.maximum) : !(number <= setting.maximum);
  return is_low || is_high;
}

std::string absolute_path(const std::string& path, const std::string& folder) {
  return std::filesystem::absolute(std::filesystem::path(folder) / path)
      .lexically_normal()
      .string();
}

[[noreturn]] void fail_value(const Setting& setting, const Entry& entry, const FoundValue& found) {
  std::string hint;
  if (const auto* text = std::get_if<std::string>(&found.value)) {
    hint = did_you_mean(*text, setting.choices);
  }
  throw InputError(entry.where(found), fmt::format("found {}; allowed: {}{}", one_line(found.text),
                                                   allowed_values(setting), one_line(hint)));
}

/// The absolute path of a file that is there. Errors: InputError at the entry's place.
std::string checked_path(const Setting& setting,
                         const Entry& entry,
                         const FoundValue& found,
                         const std::string& text) {
  if (text.empty()) fail_value(setting, entry, found);
  std::string path = absolute_path(text, entry.folder);
  std::error_code status;
  if (!std::filesystem::exists(path, status)) {
    throw InputError(entry.where(found), fmt::format("found {}; {} does not exist",
                                                     one_line(found.text), one_line(path)));
  }
  if (std::filesystem::is_directory(path, status)) fail_value(setting, entry, found);
  return path;
}

/// `a,b,c` of the command line as three values.
std::vector<FoundValue> between_commas(const FoundValue& found, const std::string& text) {
  std::vector<FoundValue> pieces;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    const std::string piece = text.substr(start, end - start);
    pieces.push_back({.value = piece, .text = to_toml(piece), .line = found.line});
    start = end + 1;
  }
  return pieces;
}

}  // namespace

const Setting* find_setting(std::string_view key) {
  for (const Setting& setting : setting_table()) {
    if (setting.key == key) return &setting;
  }
  return nullptr;
}

bool is_section(std::string_view key) {
  const std::string prefix = std::string(key) + ".";
  return key == "sweep" || key == "case" || key == "summary" || key == "summary.baseline" ||
         std::any_of(setting_table().begin(), setting_table().end(), [&](const Setting& setting) {
           return setting.key.compare(0, prefix.size(), prefix) == 0;
         });
}

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  std::set<std::string> sections;
  for (const Setting& setting : setting_table()) {
    for (std::size_t dot = setting.key.find('.'); dot != std::string::npos;
         dot = setting.key.find('.', dot + 1)) {
      const std::string section = setting.key.substr(0, dot);
      if (sections.insert(section).second) names.push_back(section);
    }
    names.push_back(setting.key);
  }
  names.emplace_back("sweep");
  names.emplace_back("case");
  names.emplace_back("summary");
  names.emplace_back("summary.baseline");
  return names;
}

std::string allowed_values(const Setting& setting) {
  if (!setting.choices.empty()) return fmt::format("{}", fmt::join(setting.choices, ", "));
  switch (setting.kind) {
    case ValueKind::boolean:
      return "true or false";
    case ValueKind::text:
      return "text";
    case ValueKind::file:
      return "the path of a file";
    case ValueKind::files:
      return "a list of paths of files";
    case ValueKind::integer:
    case ValueKind::number:
      return fmt::format("{} {} {} {} {}",
                         setting.kind == ValueKind::integer ? "an integer" : "a number",
                         setting.excludes_minimum ? "above" : "from", bound_text(setting.minimum),
                         setting.excludes_maximum   ? "to below"
                         : setting.excludes_minimum ? "up to"
                                                    : "to",
                         bound_text(setting.maximum));
  }
  AMPSIM_CHECK(false, "unknown kind of value");
}

Value checked_value(const Setting& setting, const Entry& entry, const FoundValue& found) {
  const Value& value = found.value;
  switch (setting.kind) {
    case ValueKind::boolean:
      if (std::holds_alternative<bool>(value)) return value;
      break;
    case ValueKind::integer:
      if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        if (!is_outside(setting, static_cast<double>(*integer))) return value;
      }
      break;
    case ValueKind::number: {
      const auto* integer = std::get_if<std::int64_t>(&value);
      const auto* number = std::get_if<double>(&value);
      if (integer == nullptr && number == nullptr) break;
      const double as_double = number != nullptr ? *number : static_cast<double>(*integer);
      // -0.0 and 0 are the same setting.
      if (!is_outside(setting, as_double)) return as_double == 0 ? 0.0 : as_double;
      break;
    }
    case ValueKind::text:
    case ValueKind::file: {
      // `--set name=2026`: what is asked for is text, whatever else it could be.
      const auto* written = std::get_if<std::string>(&value);
      const bool is_bare = written == nullptr && entry.is_override && entry.shape == Shape::scalar;
      if (written == nullptr && !is_bare) break;
      const std::string text = written != nullptr ? *written : found.text;
      if (!setting.choices.empty() && std::find(setting.choices.begin(), setting.choices.end(),
                                                text) == setting.choices.end()) {
        break;
      }
      return setting.kind == ValueKind::text ? text : checked_path(setting, entry, found, text);
    }
    case ValueKind::files:  // has a list: checked_files
      break;
  }
  fail_value(setting, entry, found);
}

Value checked_files(const Setting& setting, const Entry& entry) {
  std::vector<FoundValue> listed = entry.values;
  if (entry.shape == Shape::scalar) {
    const auto* text = std::get_if<std::string>(&entry.values[0].value);
    if (!entry.is_override || text == nullptr) fail_value(setting, entry, entry.values[0]);
    listed = between_commas(entry.values[0], *text);
  }
  if (listed.empty()) {
    throw InputError(entry.where(),
                     fmt::format("found {}; allowed: {}",
                                 entry.shape == Shape::list ? "an empty list" : "a table",
                                 allowed_values(setting)));
  }
  std::vector<std::string> paths;
  for (const FoundValue& found : listed) {
    const auto* text = std::get_if<std::string>(&found.value);
    if (text == nullptr) fail_value(setting, entry, found);
    std::string path = checked_path(setting, entry, found, *text);
    if (std::find(paths.begin(), paths.end(), path) != paths.end()) {
      throw InputError(entry.where(found),
                       fmt::format("found {} twice; allowed: once", one_line(found.text)));
    }
    paths.push_back(std::move(path));
  }
  return paths;
}

void fail_unknown(const Entry& entry) {
  const bool is_swept = entry.key.compare(0, 6, "sweep.") == 0;
  const std::string key = is_swept ? entry.key.substr(6) : entry.key;
  const std::string top = key.substr(0, key.find('.'));
  InputError::Where where = entry.where();
  if (key == "sweep") {
    throw InputError(where, "allowed: a table of lists, \"payment.scheme\" = [\"mpp\", \"amp\"]");
  }
  if (key == "summary.baseline") {
    throw InputError(where, "allowed: a table of swept keys, { \"payment.scheme\" = \"mpp\" }");
  }
  if (is_section(key)) {
    const std::string what = entry.shape == Shape::list ? "a list"
                             : entry.values.empty()     ? "an empty table"
                                                        : entry.values[0].text;
    throw InputError(where, fmt::format("found {}; allowed: {} {}", one_line(what),
                                        is_swept ? "one of its keys:" : "a table with",
                                        fmt::join(names_in(key), ", ")));
  }
  if (key.find('.') != std::string::npos && !is_section(top) && !is_swept) {
    where.key = top;
    throw InputError(where,
                     fmt::format("unknown section; allowed: {}{}", fmt::join(names_in(""), ", "),
                                 did_you_mean(top, names_in(""))));
  }
  // The longest part of the name that is a section: its keys are what could have been meant.
  std::string section = section_of(key);
  while (!section.empty() && !is_section(section)) section = section_of(section);
  const std::string last = key.substr(section.empty() ? 0 : section.size() + 1);
  std::string hint = nearest_name(last, names_in(section));
  if (!hint.empty() && !section.empty()) hint = section + "." + hint;
  if (hint.empty()) hint = nearest_name(key, known_names());
  const std::string problem =
      fmt::format("unknown {}; allowed: {}", entry.shape == Shape::empty_table ? "section" : "key",
                  fmt::join(names_in(section), ", "));
  throw InputError(where,
                   hint.empty() ? problem : fmt::format("{}; did you mean \"{}\"?", problem, hint));
}

}  // namespace ampsim::sim
