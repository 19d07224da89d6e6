#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/experiment/experiment.hpp"
#include "sim/experiment/paired_differences.hpp"
#include "sim/measure/run_result.hpp"
#include "topologies/topology.hpp"

/// The rows of a results folder's CSV files. Columns and their order are a contract with users'
/// scripts: add at the end, never rename.
///
/// Tested by tests/results_test.cpp.
namespace ampsim::sim {

/// One of the tables that a run adds rows to.
struct Table {
  std::string_view name;  ///< the file without ".csv"
  std::string header;     ///< with its line end; "" for runs, whose measures only a run knows
};

/// runs, and of payments, parts and channels those that the experiment records.
std::vector<Table> tables_of(const Experiment& experiment);

/// point,replicate,seed,SWEPT KEYS,MEASURES,WORDS
std::string runs_header(const Experiment& experiment, const RunResult& result);

/// One run and where its rows get their first columns and names from.
struct FinishedRun {
  std::size_t run = 0;
  std::uint64_t seed = 0;
  const topo::Topology& topology;
  const RunResult& result;
};

/// The rows of one run in the table of that name.
std::string rows_of(std::string_view table, const Experiment& experiment, const FinishedRun& run);

/// Makes summary.csv while the rows of runs.csv pass by in their order; holds one point at a time,
/// and the point that it is compared with.
///
/// A column of words has no mean: it says how often each word came, in the order of the alphabet,
/// `interval:7 workload:3`.
class Summary {
 public:
  /// `runs_header` is the first row of runs.csv. `row_of` is only used where the experiment has a
  /// baseline.
  Summary(const Experiment& experiment, std::string_view runs_header, RowOf row_of = {});
  /// The next row of runs.csv; returns what it adds to summary.csv.
  std::string add(std::string_view runs_row);
  /// The first row of summary.csv.
  const std::string& header() const { return header_; }

 private:
  /// Of a row of runs.csv, without the words.
  std::vector<double> measures_of(const std::vector<std::string>& cells) const;

  const Experiment& experiment_;
  std::string header_;
  std::size_t first_ = 0;  ///< column of runs.csv behind the swept keys
  std::size_t rows_ = 0;
  std::vector<bool> is_word_;                              ///< of the columns from there on
  std::vector<std::vector<double>> columns_;               ///< the measures of the point so far
  std::vector<std::map<std::string, std::size_t>> words_;  ///< how often each came, a column each
  std::optional<PairedDifferences> differences_;
};

}  // namespace ampsim::sim
