#include "sim/cli/init_command.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/check.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/settings.hpp"

namespace ampsim::cli {
namespace {

using sim::Setting;

/// What the file sets: a small network, so that the first run takes seconds.
const std::vector<std::pair<std::string, sim::Value>>& set_keys() {
  static const std::vector<std::pair<std::string, sim::Value>> keys = {
      {"replicates", std::int64_t{3}},           {"topology.generator", "lightning"},
      {"topology.nodes", std::int64_t{300}},     {"workload.payments", std::int64_t{300}},
      {"workload.amount.mean_sat", 1'000'000.0}, {"workload.endpoints", "degree"},
  };
  return keys;
}
constexpr std::string_view kSwept = "payment.scheme";
constexpr std::array<std::string_view, 3> kSweptValues = {"single", "mpp", "amp"};

/// One a point.
std::vector<sim::Settings> settings_of_points() {
  sim::Settings base;
  for (const auto& [key, value] : set_keys()) sim::find_setting(key)->set(base, value);
  std::vector<sim::Settings> points;
  for (const std::string_view value : kSweptValues) {
    sim::find_setting(kSwept)->set(points.emplace_back(base), std::string(value));
  }
  return points;
}

bool has_no_default(const sim::Value& value) {
  return value == sim::Value(std::string()) || value == sim::Value(std::vector<std::string>());
}

/// `KEY = VALUE`, what it means and what it may be; without its section.
std::string line_of(const Setting& setting, const sim::Settings& settings, const std::string& key) {
  const bool is_set = std::any_of(set_keys().begin(), set_keys().end(),
                                  [&](const auto& each) { return each.first == setting.key; });
  const std::string meaning = fmt::format("{}: {}", setting.help, sim::allowed_values(setting));
  const sim::Value value = setting.get(settings);
  if (setting.key == kSwept) return fmt::format("# {} is swept below\n", key);
  // Nothing that could be taken as it is.
  if (has_no_default(value)) return fmt::format("#   {}   {}\n", key, meaning);
  constexpr std::size_t kColumn = 40;
  const std::string assignment =
      fmt::format("{}{} = {}", is_set ? "" : "# ", key, sim::to_toml(value));
  return fmt::format("{:<{}}  # {}\n", assignment, kColumn, meaning);
}

void write_new(const std::string& file, const std::string& text) {
  std::FILE* const stream = std::fopen(file.c_str(), "wxe");
  if (stream == nullptr && errno == EEXIST) {
    throw InputError({.file = file}, "is there already; allowed: a new file");
  }
  const auto fail = [&](int error) {
    throw InputError({.file = file},
                     "cannot be written: " + std::generic_category().message(error));
  };
  if (stream == nullptr) fail(errno);
  const bool is_written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  const int error = errno;
  if (std::fclose(stream) == 0 && is_written) return;
  std::remove(file.c_str());
  fail(is_written ? errno : error);
}

}  // namespace

std::string starting_experiment(const std::string& file) {
  std::string text = fmt::format(
      "# An experiment: every key that has an effect here, its default, what it means and may be.\n"
      "#\n"
      "#   ampsim check {0}   what would run, and all settings\n"
      "#   ampsim run {0}     a table, and CSV files in results/{1}/\n"
      "#\n"
      "# What does not begin with # is set. Take the # off a line to set its key, too. More keys\n"
      "# have an effect with other values; docs/settings.md has them all.\n\n",
      file, std::filesystem::path(file).stem().string());
  const std::vector<sim::Settings> points = settings_of_points();
  std::string section;
  for (const Setting& setting : sim::setting_table()) {
    const auto point = std::find_if(points.begin(), points.end(),
                                    [&](const auto& each) { return setting.applies(each); });
    if (point == points.end() || setting.key == "name") continue;
    const std::size_t dot = setting.key.find('.');
    const std::string own = dot == std::string::npos ? "" : setting.key.substr(0, dot);
    if (own != section) text += fmt::format("\n[{}]\n", own);
    section = own;
    text += line_of(setting, *point, own.empty() ? setting.key : setting.key.substr(dot + 1));
  }
  text += fmt::format(
      "\n# Every combination of these is a point; all points see the same networks and payments.\n"
      "[sweep]\n\"{}\" = [\"{}\"]\n",
      kSwept, fmt::join(kSweptValues, "\", \""));
  return text;
}

int init_command(const std::string& name) {
  const std::string file = name.ends_with(".toml") ? name : name + ".toml";
  write_new(file, starting_experiment(file));
  fmt::print("{0} is written. ampsim check {0} says what it would run, ampsim run {0} runs it.\n",
             file);
  return 0;
}

}  // namespace ampsim::cli
