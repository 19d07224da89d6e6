#include "sim/report/results.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/csv.hpp"
#include "sim/experiment/document.hpp"
#include "sim/experiment/settings.hpp"
#include "sim/report/csv_rows.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::report {
namespace {

namespace fs = std::filesystem;

/// From here on the larger values of a key would squeeze the smaller ones together.
constexpr double kDecades = 20;

std::string last_name(const std::string& key) { return key.substr(key.rfind('.') + 1); }

/// "mean_sat" where no other key ends so, else all of it.
void give_titles(std::vector<Key>& keys) {
  for (Key& key : keys) {
    const std::string last = last_name(key.name);
    const bool is_clear = std::count_if(keys.begin(), keys.end(), [&](const Key& other) {
                            return last_name(other.name) == last;
                          }) == 1;
    key.title = is_clear ? last : key.name;
  }
}

/// The values of a column, each once.
Key key_of(const CsvTable& table, const std::string& name) {
  Key key;
  key.name = name;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string value(table.at(row, name));
    // Values change slowly: nearly always it is one of the last.
    if (std::find(key.values.rbegin(), key.values.rend(), value) != key.values.rend()) continue;
    key.values.push_back(value);
  }
  // "its mean" leans on the line above it in docs/settings.md, and says nothing here.
  const sim::Setting* const setting = sim::find_setting(name);
  if (setting != nullptr && !setting->help.starts_with("its ")) key.help = setting->help;
  for (const std::string& value : key.values) key.numbers.push_back(number_in(value));
  const auto is_nan = [](double number) { return std::isnan(number); };
  if (std::any_of(key.numbers.begin(), key.numbers.end(), is_nan)) {
    key.numbers.clear();
    return key;
  }
  std::vector<std::size_t> order(key.values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return key.numbers[a] < key.numbers[b]; });
  Key sorted = key;
  for (std::size_t i = 0; i < order.size(); ++i) {
    sorted.values[i] = key.values[order[i]];
    sorted.numbers[i] = key.numbers[order[i]];
  }
  sorted.spans_decades = !sorted.numbers.empty() && sorted.numbers.front() > 0 &&
                         sorted.numbers.back() >= kDecades * sorted.numbers.front();
  return sorted;
}

std::size_t place_of(const Key& key, std::string_view value) {
  return static_cast<std::size_t>(std::find(key.values.begin(), key.values.end(), value) -
                                  key.values.begin());
}

MeasureColumn measure_of(const CsvTable& table, const std::string& name) {
  MeasureColumn column;
  column.name = name;
  column.title = name;
  column.group = "Others";
  if (const sim::MeasureDefinition* known = sim::find_measure(name)) {
    column.title = known->title;
    column.group = known->group;
    column.definition = known->definition;
    column.unit = known->unit;
  }
  for (std::size_t row = 0; row < table.rows(); ++row) {
    column.mean.push_back(number_in(table.at(row, name + "_mean")));
    column.ci95.push_back(number_in(table.at(row, name + "_ci95")));
  }
  return column;
}

std::string name_in(const std::string& settings, const std::string& file) {
  const sim::Document document = sim::parse_document(settings, file, "");
  const sim::Entry* name = sim::find_entry(document, "name");
  return name == nullptr || name->values.empty() ? "experiment"
                                                 : sim::to_plain(name->values[0].value);
}

void refuse_incomplete(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder, ignored)) {
    throw InputError({.file = folder.string()}, "does not exist; allowed: a results folder");
  }
  if (!fs::exists(folder / "experiment.toml", ignored)) {
    throw InputError({.file = folder.string()},
                     "there is no experiment.toml; allowed: a results folder");
  }
  for (const char* name : {"manifest.json", "summary.csv", "runs.csv"}) {
    if (fs::exists(folder / name, ignored)) continue;
    throw InputError({.file = folder.string()},
                     fmt::format("the results are not complete: there is no {}; run the experiment "
                                 "to its end first",
                                 name));
  }
}

}  // namespace

const MeasureColumn* Results::find_measure(const std::string& measure) const {
  const auto found = std::find_if(measures.begin(), measures.end(),
                                  [&](const MeasureColumn& each) { return each.name == measure; });
  return found == measures.end() ? nullptr : &*found;
}

Results read_results(const fs::path& folder) {
  refuse_incomplete(folder);
  Results results;
  results.folder = folder;
  results.settings = topo::text_of_file((folder / "experiment.toml").string());
  results.manifest = topo::text_of_file((folder / "manifest.json").string());
  results.name = name_in(results.settings, (folder / "experiment.toml").string());

  const std::string file = (folder / "summary.csv").string();
  const CsvTable table(topo::text_of_file(file), file);
  table.require_columns({"replicates"});
  if (table.rows() == 0) throw InputError({.file = file}, "found no row; allowed: one a point");
  for (const std::string& name : table.columns()) {
    if (name == "replicates") break;
    results.keys.push_back(key_of(table, name));
  }
  give_titles(results.keys);
  results.replicates = static_cast<std::size_t>(table.integer(0, "replicates", 1, 1'000'000'000));
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::vector<std::size_t>& point = results.points.emplace_back();
    for (const Key& key : results.keys) point.push_back(place_of(key, table.at(row, key.name)));
  }
  const CsvRows runs(folder / "runs.csv");
  for (const std::string& name : runs.columns()) {
    if (!table.has_column(name + "_mean") || !table.has_column(name + "_ci95")) continue;
    results.measures.push_back(measure_of(table, name));
  }
  return results;
}

std::vector<std::size_t> key_measures(const Results& results) {
  constexpr std::array<std::string_view, 15> kFirst = {"success_rate",
                                                       "volume_success_rate",
                                                       "latency_p50_ms",
                                                       "latency_p95_ms",
                                                       "fee_ppm_mean",
                                                       "attempts_mean",
                                                       "parts_mean",
                                                       "partial_payments",
                                                       "efficiency",
                                                       "pairs_linked_by_hash",
                                                       "link_precision",
                                                       "link_recall",
                                                       "attack_locked_msat_s_per_sat",
                                                       "stolen_fee_msat",
                                                       "probe_bits"};
  std::vector<std::size_t> found;
  for (const std::string_view name : kFirst) {
    for (std::size_t i = 0; i < results.measures.size(); ++i) {
      if (results.measures[i].name == name) found.push_back(i);
    }
  }
  return found;
}

Axes usual_axes(const Results& results) {
  const std::vector<Key>& keys = results.keys;
  const auto first = [&](const auto& fits, std::size_t other) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i != other && keys[i].values.size() > 1 && fits(keys[i])) return i;
    }
    return Axes::kNone;
  };
  const auto is_amount = [](const Key& key) {
    return key.is_number() && key.name.starts_with("workload.amount.");
  };
  const auto is_number = [](const Key& key) { return key.is_number(); };
  const auto is_scheme = [](const Key& key) { return key.name == "payment.scheme"; };
  const auto any = [](const Key&) { return true; };

  Axes axes;
  axes.along = first(is_amount, Axes::kNone);
  if (axes.along == Axes::kNone) axes.along = first(is_number, Axes::kNone);
  axes.lines = first(is_scheme, axes.along);
  if (axes.lines == Axes::kNone) axes.lines = first(any, axes.along);
  if (axes.along == Axes::kNone) {
    // Names alone: the second one goes along where there are two.
    const std::size_t second = first(any, axes.lines);
    axes.along = second == Axes::kNone ? axes.lines : second;
    if (axes.along == axes.lines) axes.lines = Axes::kNone;
  }
  return axes;
}

}  // namespace ampsim::report
