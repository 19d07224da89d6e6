#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sim/experiment/experiment.hpp"
#include "sim/experiment/input_files.hpp"
#include "sim/experiment/journal.hpp"
#include "sim/experiment/shard.hpp"
#include "sim/experiment/table_join.hpp"
#include "sim/experiment/tables.hpp"

/// The folder that an experiment's results lie in, and that the same experiment goes on with.
///
/// While runs are missing, finished ones are in runs.journal, with their rows of every table. When
/// all are there they are joined in the order of the runs, and manifest.json, written last, says
/// that the folder is complete. The folder of a shard keeps its journal, for `merge`, and has no
/// tables. Memory: 16 bytes a run.
///
/// Errors: InputError for a folder that cannot be used, before anything is written; OutputError
/// when writing fails. One process at a time: the journal is locked.
/// Tested by tests/results_test.cpp.
namespace ampsim::sim {

constexpr const char* kSettingsFile = "experiment.toml";
constexpr const char* kManifestFile = "manifest.json";
constexpr const char* kJournalFile = "runs.journal";

/// What a folder is opened for.
struct FolderUse {
  std::optional<Shard> shard;  ///< none = the whole experiment
  bool restart = false;
  /// The inputs of runs that are finished, where these alone are wanted; none = as they are now.
  std::optional<std::vector<InputFile>> inputs;
};

class ResultsFolder {
 public:
  /// Looks only. Refuses a folder of another experiment, naming the first setting that differs, of
  /// other inputs, another shard or another program, a folder whose files are not all there any
  /// more, and a folder of something else; with `restart` only the latter. Never takes a folder
  /// where a file of the user's would be written over: the experiment file itself, unless it is the
  /// resolved one, or an input with a table's name.
  ResultsFolder(std::filesystem::path path, const Experiment& experiment, const FolderUse& use);

  bool is_complete() const { return is_complete_; }
  const InputFiles& inputs() const { return inputs_; }

  /// Makes the folder, or starts it over, locks it and finds the finished runs.
  void create();
  bool has(std::size_t run) const { return places_[run].size > 0; }
  /// What the runs took that were finished when the folder was opened.
  const RunCost& kept_cost() const { return kept_cost_; }
  /// Thread-safe for different runs, which all have the same measures. When it returns, the run
  /// survives the end of this process.
  void store(const FinishedRun& run, const RunCost& cost);
  /// Makes what is stored survive a power cut. Errors: also where the folder is gone. Thread-safe.
  void sync() { journal_->sync(); }

  /// All finished runs into the tables, then what `manifest` returns when that is done; removes the
  /// journal. A shard only gets its manifest.
  using MakeManifest = std::function<std::string()>;
  void finish(const MakeManifest& manifest);
  /// The same for runs that lie elsewhere.
  void finish(const MakeManifest& manifest, const std::string& head, const ReadRun& read_run);

 private:
  void refuse_own_files() const;
  void refuse_other_settings() const;
  void refuse_other_manifest() const;
  void refuse_other_journal(const JournalTitle& found) const;
  void refuse_gaps() const;
  void start_over() const;
  void find_runs();
  [[noreturn]] void refuse(const std::string& problem) const;

  std::filesystem::path path_;
  const Experiment& experiment_;
  FolderUse use_;
  std::vector<Table> tables_;
  InputFiles inputs_;
  JournalTitle title_;
  bool is_complete_ = false;
  std::unique_ptr<Journal> journal_;
  std::vector<RecordPlace> places_;  ///< of each run
  RunCost kept_cost_;
  std::mutex mutex_;
  std::string head_;  ///< as the journal has it
};

/// What a journal of this program says of itself.
JournalTitle journal_title(const Experiment& experiment,
                           const InputFiles& inputs,
                           const std::optional<Shard>& shard);

/// The first setting in which the resolved text of `theirs` differs from `ours`, as a message;
/// `where` is its place.
InputError other_experiment(const std::filesystem::path& where,
                            const std::string& theirs,
                            const std::string& ours);

}  // namespace ampsim::sim
