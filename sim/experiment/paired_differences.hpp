#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/experiment/choices.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/measure/csv_writer.hpp"

/// Points that see the same networks and payments, compared replicate by replicate.
///
///   [summary]
///   baseline = { "payment.scheme" = "mpp" }
///
/// The partner of a point is the one with these values and else the same. For each measure x of the
/// point and y of its partner, the differences x - y of equal replicates, which do not depend on
/// each other, give a mean, a standard deviation and a Student interval
/// (sim/measure/confidence.hpp). What network, balances and payments do to both cancels out, so
/// that the interval is as a rule narrower than those of the means (Law, Simulation Modeling and
/// Analysis, on common random numbers and paired-t intervals).
///
/// Memory: the measures of one point.
///
/// Tested by tests/paired_differences_test.cpp.
namespace ampsim::sim {

/// Fills in the experiment's baseline and partners, from its points. Errors: InputError for a key
/// that is not swept or is sampled, for a value that it does not have, where a point and its
/// partner do not see the same payments, and where no point has a partner.
void find_partners(const Choices& choices, Experiment& experiment);

/// The row of runs.csv of that number, of any finished run.
using RowOf = std::function<std::string(std::size_t run)>;
/// The measures in a row of runs.csv.
using MeasuresOf = std::function<std::vector<double>(const std::string& row)>;

class PairedDifferences {
 public:
  PairedDifferences(const Experiment& experiment, RowOf row_of, MeasuresOf measures_of)
      : experiment_(experiment), row_of_(std::move(row_of)), measures_of_(std::move(measures_of)) {}

  /// `<measure>_diff_mean`, `_diff_sd` and `_diff_ci95` for each measure.
  static void write_header(const std::vector<std::string>& measures, CsvWriter& row);
  /// The cells of a point, empty where it has no partner. `columns`: its measures, each with one
  /// value a replicate.
  void write(std::size_t point, const std::vector<std::vector<double>>& columns, CsvWriter& row);

 private:
  const Experiment& experiment_;
  RowOf row_of_;
  MeasuresOf measures_of_;
  std::size_t partner_ = kNoPartner;
  std::vector<std::vector<double>> partner_rows_;  ///< one a replicate
};

}  // namespace ampsim::sim
