/// The reference pages agree with the program. docs/settings.md is written from the table of the
/// settings:
///
///   AMPSIM_UPDATE_DOCS=1 ./test -R '^docs'
///
/// docs/results.md is written by hand; every column and measure must be there, and no other.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sim/experiment/manifest.hpp"
#include "sim/experiment/tables.hpp"
#include "sim/measure/attack_books.hpp"
#include "sim/measure/csv_writer.hpp"
#include "sim/measure/metrics.hpp"
#include "tests/experiment_world.hpp"
#include "tests/guide_page.hpp"

using namespace ampsim::sim;
using ampsim::test::lines_of;
namespace fs = std::filesystem;

namespace {

/// What stands above is written by hand.
constexpr const char* kGenerated =
    "<!-- Written by AMPSIM_UPDATE_DOCS=1 ./test -R '^docs' from here on. -->\n";

fs::path doc(const std::string& name) { return fs::path(AMPSIM_SOURCE_DIR) / "docs" / name; }

std::string section_of(const std::string& key) { return key.substr(0, key.find('.')); }

std::string default_of(const Setting& setting) {
  const Settings defaults;
  const Value value = setting.get(defaults);
  if (setting.is_required && (value == Value(std::int64_t{0}) || value == Value(0.0)))
    return "none";
  if (value == Value(std::string()) || value == Value(std::vector<std::string>())) return "none";
  return "`" + to_toml(value) + "`";
}

/// What "auto" stands for is written out: a condition is about that, not about who chose it.
Settings without_auto() {
  Settings settings;
  for (const Setting& setting : setting_table()) {
    if (setting.resolved) setting.set(settings, setting.resolved(settings));
  }
  return settings;
}

/// The values of another setting with which this one has an effect; of all of them, nothing.
std::string fitting_values(const Setting& setting, const Setting& other, const Settings& base) {
  std::vector<std::string> fitting;
  std::size_t count = 0;
  for (const std::string& choice : other.choices) {
    if (choice == "auto") continue;
    ++count;
    Settings settings = base;
    other.set(settings, choice);
    if (setting.applies(settings)) fitting.push_back(choice);
  }
  if (fitting.empty() || fitting.size() == count) return "";
  return fmt::format("`{}` = {}", other.key, fmt::join(fitting, ", "));
}

/// Of a setting without effect: the conditions of what blocks it, one after another, each with the
/// values that no longer do; afterwards it has an effect.
std::vector<std::string> unblock(const Setting& setting,
                                 Settings& settings,
                                 std::vector<std::string>& keys) {
  std::vector<std::string> conditions;
  for (int step = 0; step < 4 && !setting.applies(settings); ++step) {
    const Setting& blocking = *find_setting(setting.blocked_by(settings));
    keys.push_back(blocking.key);
    if (blocking.kind == ValueKind::number || blocking.kind == ValueKind::integer) {
      conditions.push_back(fmt::format("`{}` above 0", blocking.key));
      blocking.set(settings, blocking.kind == ValueKind::number ? Value(blocking.maximum)
                                                                : Value(std::int64_t{1}));
      continue;
    }
    std::vector<std::string> fitting;
    for (const std::string& choice : blocking.choices) {
      if (choice == "auto") continue;
      Settings other = settings;
      blocking.set(other, choice);
      if (setting.blocked_by(other) != blocking.key) fitting.push_back(choice);
    }
    if (fitting.empty()) return {};
    conditions.push_back(fmt::format("`{}` = {}", blocking.key, fmt::join(fitting, ", ")));
    blocking.set(settings, fitting.front());
  }
  return setting.applies(settings) ? conditions : std::vector<std::string>{};
}

/// "with `x` = a, b": what other settings must be for this one to have an effect.
std::string condition_of(const Setting& setting) {
  if (!setting.blocked_by) return "";
  if (setting.kind == ValueKind::file || setting.kind == ValueKind::files) return "";
  const std::string list = ".listed";
  if (setting.key.ends_with(list)) {
    const std::string section = setting.key.substr(0, setting.key.size() - list.size());
    return fmt::format("with `{}.choice` = listed", section);
  }
  if (setting.key == "topology.format") return "with `topology.file` or `topology.files`";
  const Settings base = without_auto();
  Settings settings = base;
  std::vector<std::string> keys = {setting.key};
  std::vector<std::string> conditions = unblock(setting, settings, keys);
  const auto add_others = [&](const Settings& from) {
    for (const Setting& other : setting_table()) {
      if (std::find(keys.begin(), keys.end(), other.key) != keys.end()) continue;
      const std::string fitting = fitting_values(setting, other, from);
      if (!fitting.empty()) conditions.push_back(fitting);
    }
  };
  // Another setting may be enough where it has no effect by default.
  const std::size_t chain = conditions.size();
  if (!setting.applies(base)) add_others(base);
  if (conditions.size() > chain) {
    return fmt::format("with {}{}{}",
                       fmt::join(conditions.begin(),
                                 conditions.begin() + static_cast<std::ptrdiff_t>(chain), " and "),
                       chain > 0 ? " or " : "",
                       fmt::join(conditions.begin() + static_cast<std::ptrdiff_t>(chain),
                                 conditions.end(), " or "));
  }
  add_others(settings);
  if (!conditions.empty()) return fmt::format("with {}", fmt::join(conditions, " and "));
  for (const Setting& file : setting_table()) {
    if (file.kind != ValueKind::file) continue;
    Settings with_file;
    file.set(with_file, Value("a-file"));
    if (!setting.applies(with_file)) return fmt::format("without `{}`", file.key);
  }
  return "";
}

std::string settings_tables() {
  std::string text = kGenerated;
  std::string section = "none";
  for (const Setting& setting : setting_table()) {
    const bool is_top = setting.key.find('.') == std::string::npos;
    const std::string own = is_top ? "" : section_of(setting.key);
    if (own != section) {
      text += own.empty() ? "\n## The experiment\n\n" : fmt::format("\n## `[{}]`\n\n", own);
      text += "| key | values | default | meaning |\n|---|---|---|---|\n";
    }
    section = own;
    const std::string condition = condition_of(setting);
    text +=
        fmt::format("| `{}` | {} | {} | {}{}{} |\n", setting.key, allowed_values(setting),
                    default_of(setting), setting.help, condition.empty() ? "" : "; ", condition);
  }
  return text;
}

/// The names in the first cell of the rows of all tables below a heading: "| `name` | ...".
std::vector<std::string> names_below(const std::string& heading) {
  std::vector<std::string> names;
  bool is_below = false;
  for (const std::string& line : lines_of(content_of(doc("results.md")))) {
    if (line.starts_with("#")) is_below = line.ends_with(heading);
    if (!is_below || !line.starts_with("| `")) continue;
    names.push_back(line.substr(3, line.find('`', 3) - 3));
  }
  return names;
}

/// As text, so that a test that fails shows it.
std::string listed(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<std::string> columns_of(const std::string& header) {
  std::string_view rest = header;
  return take_row(rest);
}

/// The files that a page links to, relative to the page.
std::vector<std::string> links_of(const fs::path& page) {
  std::vector<std::string> links;
  // What stands between fences is code.
  std::string text;
  bool is_code = false;
  for (const std::string& line : lines_of(content_of(page))) {
    if (line.starts_with("```")) is_code = !is_code;
    if (!is_code) text += line + "\n";
  }
  for (std::size_t at = text.find("]("); at != text.npos; at = text.find("](", at + 1)) {
    const std::string link = text.substr(at + 2, text.find_first_of(")#", at) - at - 2);
    if (!link.empty() && link.find("://") == link.npos) links.push_back(link);
  }
  return links;
}

}  // namespace

TEST_CASE("docs: settings.md is what the table of the settings says") {
  const std::string page = content_of(doc("settings.md"));
  const std::size_t start = page.find(kGenerated);
  REQUIRE(start != std::string::npos);
  const std::string tables = settings_tables();
  if (std::getenv("AMPSIM_UPDATE_DOCS") != nullptr) {
    std::ofstream(doc("settings.md"), std::ios::binary) << page.substr(0, start) << tables;
    return;
  }
  CHECK(page.substr(start) == tables);
}

TEST_CASE("docs: results.md has every measure, in the order of runs.csv") {
  std::vector<std::string> names;
  for (const Measure& measure : Metrics(RecordParams{}).measures({})) {
    names.emplace_back(measure.name);
  }
  CHECK(listed(names_below("Measures")) == listed(names));
}

TEST_CASE("docs: results.md has every measure of attacks") {
  std::vector<std::string> names;
  const AttackBooks books(AttackBooks::Public{});
  for (const Measure& measure : books.measures({.honest_success_rate = 0.0})) {
    names.emplace_back(measure.name);
  }
  CHECK(listed(names_below("Measures of attacks")) == listed(names));
}

TEST_CASE("docs: results.md has every measure of messages and stopping and of what could be paid") {
  std::vector<std::string> names;
  const RecordParams record{.messages = true, .stops = true, .interval = true, .feasibility = true};
  for (const Measure& measure : Metrics(record).measures({})) names.emplace_back(measure.name);
  std::vector<std::string> found = names_below("Measures");
  for (const char* heading :
       {"Measures of routers that ask", "Measures of what could be paid", "Measures of stopping"}) {
    const std::vector<std::string> more = names_below(heading);
    CHECK(more.size() >= 2);
    found.insert(found.end(), more.begin(), more.end());
  }
  CHECK(listed(found) == listed(names));
}

TEST_CASE("docs: results.md has every column of every table") {
  const Experiment experiment =
      experiment_of("[record]\nparts = true\nchannels = true\nfeasibility = true\n");
  std::size_t count = 0;
  for (const Table& table : tables_of(experiment)) {
    if (table.header.empty()) continue;
    CAPTURE(table.name);
    CHECK(listed(names_below(fmt::format("`{}.csv`", table.name))) ==
          listed(columns_of(table.header)));
    ++count;
  }
  CHECK(count == 3);
}

TEST_CASE("docs: results.md has every entry of manifest.json") {
  std::vector<std::string> names;
  for (const std::string& text :
       {manifest_text({}), manifest_text({.shard = "1/2"}), merged_manifest_text({}, {})}) {
    for (const std::string& line : lines_of(text)) {
      if (!line.starts_with("  \"")) continue;
      const std::string name = line.substr(3, line.find('"', 3) - 3);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  CHECK(listed(names_below("`manifest.json`")) == listed(names));
}

TEST_CASE("docs: no link leads to nothing") {
  std::vector<fs::path> pages = {doc("../README.md")};
  for (const auto& entry : fs::recursive_directory_iterator(doc(""))) {
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  }
  std::size_t count = 0;
  for (const fs::path& page : pages) {
    CAPTURE(page);
    for (const std::string& link : links_of(page)) {
      CAPTURE(link);
      CHECK(fs::exists(page.parent_path() / link));
      ++count;
    }
  }
  CHECK(count > 20);
}

TEST_CASE("docs: the index has every page") {
  const std::vector<std::string> links = links_of(doc("README.md"));
  for (const auto& entry : fs::recursive_directory_iterator(doc(""))) {
    const std::string page = entry.path().lexically_relative(doc("")).generic_string();
    CAPTURE(page);
    if (!page.ends_with(".md") || page == "README.md") continue;
    CHECK(std::find(links.begin(), links.end(), page) != links.end());
  }
}
