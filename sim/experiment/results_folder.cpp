#include "sim/experiment/results_folder.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/experiment/digest.hpp"
#include "sim/experiment/output_file.hpp"
#include "sim/experiment/version.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kTables = {"summary.csv", "runs.csv",     "payments.csv",
                                                     "parts.csv",   "channels.csv", "privacy.csv"};
constexpr std::string_view kAdvice = "choose another --out, or start it over with --restart";

std::string content_of(const fs::path& file) {
  return std::string(topo::text_of_file(file.string()));
}

/// Hidden files are ours, or nobody misses them; a journal is ours even before the settings are
/// there.
bool holds_other_files(const fs::path& folder) {
  std::error_code status;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, status)) {
    const std::string name = entry.path().filename().string();
    if (name[0] != '.' && (name != kJournalFile || !may_be_journal(entry.path()))) return true;
  }
  return false;
}

std::string entry_text(const Entry& entry) {
  std::vector<std::string> texts;
  for (const FoundValue& found : entry.values) texts.push_back(found.text);
  const std::string text = fmt::format("{}", fmt::join(texts, ", "));
  return entry.shape == Shape::list ? "[" + text + "]" : text;
}

/// The first key, in our order, whose value is not the same in both; "" as value = absent.
struct Difference {
  Entry there;
  std::string theirs;
  std::string ours;
};
Difference first_difference(const Document& theirs, const Document& ours) {
  for (const Entry& entry : ours) {
    const Entry* other = find_entry(theirs, entry.key);
    if (other == nullptr) return {entry, "", entry_text(entry)};
    if (entry_text(*other) != entry_text(entry)) {
      return {*other, entry_text(*other), entry_text(entry)};
    }
  }
  for (const Entry& entry : theirs) {
    if (find_entry(ours, entry.key) == nullptr) return {entry, entry_text(entry), ""};
  }
  return {};
}

std::string shard_text(const std::string& shard) {
  return shard.empty() ? "the whole experiment" : "shard " + shard;
}

}  // namespace

JournalTitle journal_title(const Experiment& experiment,
                           const InputFiles& inputs,
                           const std::optional<Shard>& shard) {
  return {.experiment = digest_of(experiment.resolved),
          .program = fmt::format("{} ({}, {}, {})", version().number, version().commit,
                                 version().compiler, version().build_type),
          .shard = to_text(shard),
          .inputs = inputs.list()};
}

InputError other_experiment(const fs::path& where,
                            const std::string& theirs,
                            const std::string& ours) {
  const std::string file = (where / kSettingsFile).string();
  const Difference difference = first_difference(parse_document(theirs, file, where.string()),
                                                 parse_document(ours, file, where.string()));
  const auto shown = [](const std::string& text) { return text.empty() ? "nothing" : text; };
  return {{.file = where.string(), .key = difference.there.key},
          fmt::format("the results are of another experiment, with {} and not {}",
                      one_line(shown(difference.theirs)), one_line(shown(difference.ours)))};
}

ResultsFolder::ResultsFolder(fs::path path, const Experiment& experiment, const FolderUse& use)
    : path_(std::move(path)),
      experiment_(experiment),
      use_(use),
      tables_(tables_of(experiment)),
      inputs_(use.inputs ? InputFiles(*use.inputs) : InputFiles(experiment.input_files)),
      title_(journal_title(experiment, inputs_, use.shard)) {
  std::error_code status;
  if (!fs::exists(path_, status)) return;
  if (!fs::is_directory(path_, status)) {
    throw InputError({.file = path_.string()}, "found a file; allowed: a folder for the results");
  }
  if (!fs::exists(path_ / kSettingsFile, status)) {
    if (!holds_other_files(path_)) return;
    throw InputError({.file = path_.string()},
                     "found a folder with other files in it; allowed: a new or empty folder, or "
                     "the results of this experiment");
  }
  refuse_own_files();
  if (use_.restart) return;
  refuse_other_settings();
  is_complete_ = fs::exists(path_ / kManifestFile, status);
  if (is_complete_) refuse_other_manifest();
  if (const auto journal = JournalReader::open(path_ / kJournalFile)) {
    // Beside the manifest of the whole, it is left over from an end that was cut off.
    if (!is_complete_ || use_.shard) refuse_other_journal(journal->title());
  }
  if (is_complete_) refuse_gaps();
}

void ResultsFolder::refuse(const std::string& problem) const {
  throw InputError({.file = path_.string()}, fmt::format("{}; {}", problem, kAdvice));
}

void ResultsFolder::refuse_own_files() const {
  std::error_code ignored;
  if (fs::equivalent(path_ / kSettingsFile, experiment_.file, ignored) &&
      content_of(path_ / kSettingsFile) != experiment_.resolved) {
    throw InputError({.file = path_.string()},
                     "found the experiment file itself where the resolved one is to be written; "
                     "allowed: another --out");
  }
  for (const std::string& input : experiment_.input_files) {
    for (const std::string_view table : kTables) {
      if (!fs::equivalent(path_ / table, input, ignored)) continue;
      throw InputError({.file = path_.string()},
                       fmt::format("found the input {} where a table is to be written; allowed: "
                                   "another --out",
                                   one_line(input)));
    }
  }
}

/// A complete folder has every table, or its journal; somebody has taken one away.
void ResultsFolder::refuse_gaps() const {
  std::error_code ignored;
  std::vector<std::string> names;
  if (use_.shard) {
    names = {kJournalFile};
  } else {
    names = {"summary.csv"};
    for (const Table& table : tables_) names.push_back(std::string(table.name) + ".csv");
  }
  for (const std::string& name : names) {
    if (fs::exists(path_ / name, ignored)) continue;
    refuse(fmt::format("the results are complete but for {}, which is gone", name));
  }
}

void ResultsFolder::refuse_other_settings() const {
  const std::string theirs = content_of(path_ / kSettingsFile);
  if (theirs == experiment_.resolved) return;
  const InputError other = other_experiment(path_, theirs, experiment_.resolved);
  throw InputError(other.where(), fmt::format("{}; {}", other.problem(), kAdvice));
}

void ResultsFolder::refuse_other_manifest() const {
  const nlohmann::json manifest =
      nlohmann::json::parse(content_of(path_ / kManifestFile), nullptr, /*allow_exceptions=*/false);
  if (!manifest.is_object()) return;
  const std::string shard = manifest.value("shard", "");
  if (shard != title_.shard) {
    refuse(fmt::format("the results are of {}, and not of {}", shard_text(shard),
                       shard_text(title_.shard)));
  }
  if (!manifest.contains("inputs")) return;
  for (const InputFile& input : inputs_.list()) {
    for (const nlohmann::json& other : manifest["inputs"]) {
      if (other.value("file", "") == input.file && other.value("sha256", "") != input.digest) {
        refuse(fmt::format("the results are of another content of {}", one_line(input.file)));
      }
    }
  }
}

/// Finished runs of something else would be lost, or mixed with ours.
void ResultsFolder::refuse_other_journal(const JournalTitle& found) const {
  if (found.shard != title_.shard) {
    refuse(fmt::format("the finished runs are of {}, and not of {}", shard_text(found.shard),
                       shard_text(title_.shard)));
  }
  for (const InputFile& input : inputs_.list()) {
    for (const InputFile& other : found.inputs) {
      if (other.file == input.file && other.digest != input.digest) {
        refuse(
            fmt::format("the finished runs are of another content of {}: put it back and the "
                        "same command goes on",
                        one_line(input.file)));
      }
    }
  }
  if (found.program != title_.program) {
    refuse(
        fmt::format("the finished runs are of ampsim {}, and this is {}: that one goes on with "
                    "them",
                    one_line(found.program), title_.program));
  }
  if (found != title_) refuse("the finished runs are of another experiment");
}

/// The manifest first: without it nobody takes the rest for a complete result.
void ResultsFolder::start_over() const {
  fs::remove(path_ / kManifestFile);
  fs::remove(path_ / "report.html");
  for (const std::string_view table : kTables) fs::remove(path_ / table);
  fs::remove(path_ / kSettingsFile);
}

void ResultsFolder::create() {
  std::error_code status;
  fs::create_directories(path_, status);
  if (status == std::errc::no_space_on_device) throw OutputError(path_, status.value());
  if (status) {
    throw InputError({.file = path_.string()}, "cannot be written: " + status.message());
  }
  try {
    journal_ = std::make_unique<Journal>(path_ / kJournalFile);
    if (use_.restart) start_over();
    find_runs();
    if (!fs::exists(path_ / kSettingsFile)) write_file(path_ / kSettingsFile, experiment_.resolved);
    sync_folder(path_);
  } catch (const OutputError& error) {
    // Nothing has run yet: the folder is the wrong one, unless it is only full.
    if (error.is_disk_full()) throw;
    throw InputError(error.what());
  } catch (const fs::filesystem_error& error) {
    throw InputError({.file = path_.string()}, "cannot be written: " + error.code().message());
  }
}

void ResultsFolder::find_runs() {
  places_.assign(experiment_.run_count(), {});
  std::optional<JournalReader> reader = JournalReader::open(path_ / kJournalFile);
  if (use_.restart || !reader) {
    journal_->start(title_);
    return;
  }
  // It may have changed before it was locked.
  refuse_other_journal(reader->title());
  journal_->go_on(reader->scan(
      /*thorough=*/true, [this](const JournalRecord& record, const RecordPlace& place) {
        AMPSIM_CHECK(record.run < places_.size(), "a journal has runs of its experiment");
        places_[record.run] = place;
        kept_cost_ += record.cost;
      }));
  head_ = reader->head();
  if (!head_.empty()) return;
  // Rows say nothing without their header: one run is done again, which writes it anew.
  const auto kept = std::find_if(places_.begin(), places_.end(),
                                 [](const RecordPlace& place) { return place.size > 0; });
  if (kept != places_.end()) *kept = {};
}

void ResultsFolder::store(const FinishedRun& run, const RunCost& cost) {
  const std::string head = runs_header(experiment_, run.result);
  {
    const std::lock_guard lock(mutex_);
    if (head_.empty()) {
      journal_->append_head(head);
      head_ = head;
    }
    AMPSIM_CHECK(head_ == head, "all runs have the same measures");
  }
  JournalRecord record{.run = run.run, .cost = cost, .blocks = {}};
  for (const Table& table : tables_) {
    record.blocks.push_back(rows_of(table.name, experiment_, run));
  }
  places_[run.run] = journal_->append(record);
}

void ResultsFolder::finish(const MakeManifest& manifest) {
  journal_->sync();
  if (use_.shard) {
    write_file(path_ / kManifestFile, manifest());
    sync_folder(path_);
    return;
  }
  const std::optional<JournalReader> reader = JournalReader::open(path_ / kJournalFile);
  AMPSIM_CHECK(reader.has_value(), "the journal of finished runs is there");
  finish(manifest, head_, [&](std::size_t run) { return reader->read(places_[run]); });
}

void ResultsFolder::finish(const MakeManifest& manifest,
                           const std::string& head,
                           const ReadRun& read_run) {
  join_tables(experiment_, path_, head, read_run);
  sync_folder(path_);
  write_file(path_ / kManifestFile, manifest());
  sync_folder(path_);
  std::error_code ignored;  // Left over, it wastes room, and is no error.
  fs::remove(path_ / kJournalFile, ignored);
}

}  // namespace ampsim::sim
