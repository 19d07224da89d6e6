#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/measure/measures.hpp"

/// What a complete results folder says, read back for people: the points of the experiment with the
/// means and intervals of every measure, and where they come from. The big tables are not held:
/// sim/report/payment_curves.hpp and sim/report/network_pictures.hpp go through them.
///
/// Errors: InputError for a folder that is no results folder, or not complete, or whose tables do
/// not fit together.
/// Tested by tests/report_results_test.cpp.
namespace ampsim::report {

/// A swept key and its values, each once: numbers in their order, others as the sweep has them.
struct Key {
  std::string name;   ///< in full, "workload.amount.mean_sat"; "case" for named cases
  std::string title;  ///< as short as is clear, "mean_sat"
  std::string help;   ///< of the setting, "" if it is none
  std::vector<std::string> values;
  std::vector<double> numbers;  ///< of the values; empty where one is no number
  bool spans_decades = false;   ///< the largest is far above the least: shown on a log scale

  bool is_number() const { return !numbers.empty(); }
};

/// A measure of summary.csv: one value a point, NaN where the cell is empty.
struct MeasureColumn {
  std::string name;
  std::string title;
  std::string group;
  std::string definition;  ///< "" for one that sim/measure/measures.hpp does not know
  sim::MeasureUnit unit = sim::MeasureUnit::number;
  std::vector<double> mean;
  std::vector<double> ci95;
};

struct Results {
  std::filesystem::path folder;
  std::string name;
  std::size_t replicates = 1;
  std::vector<Key> keys;
  std::vector<std::vector<std::size_t>> points;  ///< of each key, which value
  std::vector<MeasureColumn> measures;           ///< in the order of runs.csv
  std::string settings;                          ///< experiment.toml
  std::string manifest;                          ///< manifest.json

  /// nullptr if there is none of that name.
  const MeasureColumn* find_measure(const std::string& measure) const;
};

Results read_results(const std::filesystem::path& folder);

/// Which measures people look at first, of those that are there.
std::vector<std::size_t> key_measures(const Results& results);

/// Which key is drawn along the axis, and which has a line for each value, unless somebody chooses:
/// an amount or another number along, schemes or cases as lines. `kNone` where no key is left.
struct Axes {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t along = kNone;
  std::size_t lines = kNone;
};
Axes usual_axes(const Results& results);

}  // namespace ampsim::report
