#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/experiment/experiment.hpp"
#include "sim/experiment/tables.hpp"

/// The folder that an experiment's results lie in, and that the same experiment goes on with.
///
/// While runs are missing, each finished run is one piece under .pieces/, with its rows of every
/// table; a piece names the experiment, its inputs and the program, and pieces of others are not
/// used. When all are there they are joined in the order of the runs, and manifest.json, written
/// last, says that the folder is complete. Memory does not grow with the number of runs.
///
/// Errors: InputError for a folder that cannot be used, before anything is written; OutputError
/// when writing fails. One process at a time: the folder is locked.
/// Tested by tests/results_test.cpp.
namespace ampsim::sim {

struct InputFile {
  std::string file;
  std::string digest;
};

class ResultsFolder {
 public:
  /// Looks only. Refuses a folder of another experiment, naming the first setting that differs, a
  /// folder whose tables are not all there any more, and a folder of something else; with `restart`
  /// only the latter. Never takes a folder where a file of the user's would be written over: the
  /// experiment file itself, unless it is the resolved one, or an input with a table's name.
  ResultsFolder(std::filesystem::path path, const Experiment& experiment, bool restart);
  ~ResultsFolder();
  ResultsFolder(const ResultsFolder&) = delete;
  ResultsFolder& operator=(const ResultsFolder&) = delete;

  bool is_complete() const { return is_complete_; }
  const std::vector<InputFile>& inputs() const { return inputs_; }

  /// Makes the folder, or starts it over, and locks it.
  void create();
  /// Whether the run is finished. Reads the piece's first line.
  bool has(std::size_t run) const;
  /// Thread-safe for different runs.
  void store(const FinishedRun& run) const;
  /// All pieces into the tables and summary.csv, then `manifest`; removes the pieces.
  void finish(const std::string& manifest);

 private:
  std::filesystem::path piece(std::size_t run) const;
  void refuse_own_files() const;
  void refuse_other() const;
  void refuse_gaps() const;
  void lock();
  std::string runs_row(std::size_t run) const;
  void join(std::size_t table) const;

  std::filesystem::path path_;
  const Experiment& experiment_;
  std::vector<Table> tables_;
  std::vector<InputFile> inputs_;
  std::string identity_;  ///< of settings, inputs and program: what a piece must have
  bool restart_ = false;
  bool is_complete_ = false;
  int lock_ = -1;
};

}  // namespace ampsim::sim
