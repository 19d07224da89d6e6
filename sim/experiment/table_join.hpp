#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "sim/experiment/experiment.hpp"
#include "sim/experiment/journal.hpp"

/// All finished runs of an experiment into its tables and summary.csv, in the order of the runs.
/// One pass: a run is read once, and no more than one is in memory; runs that others are compared
/// with are read once more for each of these.
///
/// Tested by tests/results_test.cpp and tests/merge_test.cpp.
namespace ampsim::sim {

/// The record of a run. It must be there.
using ReadRun = std::function<JournalRecord(std::size_t run)>;

/// `head` is the header of runs.csv. Every table appears whole when all rows are written, or none
/// does. Errors: OutputError, and whatever `read_run` throws.
void join_tables(const Experiment& experiment,
                 const std::filesystem::path& folder,
                 const std::string& head,
                 const ReadRun& read_run);

}  // namespace ampsim::sim
