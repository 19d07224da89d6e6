#include "sim/experiment/results_folder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include "sim/experiment/digest.hpp"
#include "sim/experiment/output_file.hpp"
#include "sim/experiment/piece.hpp"
#include "sim/experiment/version.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::sim {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSettings = "experiment.toml";
constexpr const char* kManifest = "manifest.json";
constexpr const char* kPieces = ".pieces";
constexpr std::array<std::string_view, 6> kTables = {"summary.csv", "runs.csv",     "payments.csv",
                                                     "parts.csv",   "channels.csv", "privacy.csv"};

std::string content_of(const fs::path& file) { return topo::text_of_file(file.string()); }

void write_file(const fs::path& file, std::string_view text) {
  OutputFile output(file);
  output.write(text);
  output.commit();
}

/// Hidden files are ours, or nobody misses them.
bool holds_other_files(const fs::path& folder) {
  std::error_code status;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, status)) {
    if (entry.path().filename().string()[0] != '.') return true;
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

}  // namespace

ResultsFolder::ResultsFolder(fs::path path, const Experiment& experiment, bool restart)
    : path_(std::move(path)),
      experiment_(experiment),
      tables_(tables_of(experiment)),
      restart_(restart) {
  std::string identity = experiment.resolved;
  for (const std::string& file : experiment.input_files) {
    inputs_.push_back({file, digest_of_file(file)});
    identity += inputs_.back().digest + "\n";
  }
  identity_ = digest_of(identity + version().number + version().commit + version().build_type);

  std::error_code status;
  if (!fs::exists(path_, status)) return;
  if (!fs::is_directory(path_, status)) {
    throw InputError({.file = path_.string()}, "found a file; allowed: a folder for the results");
  }
  if (!fs::exists(path_ / kSettings, status)) {
    if (!holds_other_files(path_)) return;
    throw InputError({.file = path_.string()},
                     "found a folder with other files in it; allowed: a new or empty folder, or "
                     "the results of this experiment");
  }
  refuse_own_files();
  if (restart) return;
  refuse_other();
  is_complete_ = fs::exists(path_ / kManifest, status);
  if (is_complete_) refuse_gaps();
}

ResultsFolder::~ResultsFolder() {
  if (lock_ >= 0) ::close(lock_);
}

void ResultsFolder::refuse_own_files() const {
  std::error_code ignored;
  if (fs::equivalent(path_ / kSettings, experiment_.file, ignored) &&
      content_of(path_ / kSettings) != experiment_.resolved) {
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

/// A complete folder has every table; somebody has taken one away.
void ResultsFolder::refuse_gaps() const {
  std::error_code ignored;
  std::vector<std::string> names = {"summary.csv"};
  for (const Table& table : tables_) names.push_back(std::string(table.name) + ".csv");
  for (const std::string& name : names) {
    if (fs::exists(path_ / name, ignored)) continue;
    throw InputError({.file = path_.string()},
                     fmt::format("the results are complete but for {}, which is gone; choose "
                                 "another --out, or start it over with --restart",
                                 name));
  }
}

void ResultsFolder::refuse_other() const {
  constexpr std::string_view kAdvice = "choose another --out, or start it over with --restart";
  const fs::path file = path_ / kSettings;
  const std::string theirs = content_of(file);
  if (theirs != experiment_.resolved) {
    const Difference difference =
        first_difference(parse_document(theirs, file.string(), path_.string()),
                         parse_document(experiment_.resolved, file.string(), path_.string()));
    const auto shown = [](const std::string& text) { return text.empty() ? "nothing" : text; };
    throw InputError(
        {.file = path_.string(), .key = difference.there.key},
        fmt::format("the results are of another experiment, with {} and not {}; {}",
                    one_line(shown(difference.theirs)), one_line(shown(difference.ours)), kAdvice));
  }
  std::error_code ignored;
  if (!fs::exists(path_ / kManifest, ignored)) return;
  const nlohmann::json manifest =
      nlohmann::json::parse(content_of(path_ / kManifest), nullptr, /*allow_exceptions=*/false);
  if (!manifest.is_object() || !manifest.contains("inputs")) return;
  for (const InputFile& input : inputs_) {
    for (const nlohmann::json& other : manifest["inputs"]) {
      if (other.value("file", "") == input.file && other.value("sha256", "") != input.digest) {
        throw InputError({.file = path_.string()},
                         fmt::format("the results are of another content of {}; {}",
                                     one_line(input.file), kAdvice));
      }
    }
  }
}

void ResultsFolder::lock() {
  const fs::path file = path_ / kPieces / "lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock_ < 0) throw OutputError(file, errno);
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    throw InputError({.file = path_.string()}, "another ampsim is writing into this folder");
  }
}

void ResultsFolder::create() {
  std::error_code status;
  fs::create_directories(path_ / kPieces, status);
  if (status == std::errc::no_space_on_device) throw OutputError(path_, status.value());
  if (status) {
    throw InputError({.file = path_.string()}, "cannot be written: " + status.message());
  }
  try {
    lock();
    if (restart_) {
      // The manifest first: without it nobody takes the rest for a complete result.
      fs::remove(path_ / kManifest);
      for (const std::string_view table : kTables) fs::remove(path_ / table);
      fs::remove(path_ / kSettings);
      fs::remove(path_ / "report.html");
      for (const fs::directory_entry& entry : fs::directory_iterator(path_ / kPieces)) {
        if (entry.path().filename() != "lock") fs::remove(entry.path());
      }
    }
    if (!fs::exists(path_ / kSettings)) write_file(path_ / kSettings, experiment_.resolved);
    sync_folder(path_);
  } catch (const OutputError& error) {
    // Nothing has run yet: the folder is the wrong one, unless it is only full.
    if (error.is_disk_full()) throw;
    throw InputError(error.what());
  } catch (const fs::filesystem_error& error) {
    throw InputError({.file = path_.string()}, "cannot be written: " + error.code().message());
  }
}

fs::path ResultsFolder::piece(std::size_t run) const {
  return path_ / kPieces / fmt::format("{:07}", run);
}

bool ResultsFolder::has(std::size_t run) const {
  return PieceReader::open(piece(run), {identity_, run}).has_value();
}

void ResultsFolder::store(const FinishedRun& run) const {
  std::vector<std::string> blocks = {runs_header(experiment_, run.result)};
  for (const Table& table : tables_) blocks.push_back(rows_of(table.name, experiment_, run));
  write_piece(piece(run.run), {identity_, run.run}, blocks);
}

void ResultsFolder::join(std::size_t table) const {
  const bool is_runs = tables_[table].name == "runs";
  OutputFile output(path_ / (std::string(tables_[table].name) + ".csv"));
  output.write(tables_[table].header);
  std::string header;
  std::optional<Summary> summary;
  std::optional<OutputFile> summary_output;
  for (std::size_t run = 0; run < experiment_.run_count(); ++run) {
    std::optional<PieceReader> reader = PieceReader::open(piece(run), {identity_, run});
    AMPSIM_CHECK(reader.has_value() && reader->block_count() == tables_.size() + 1,
                 "the piece of a finished run is there");
    if (!is_runs) {
      reader->read(table + 1, [&output](std::string_view portion) { output.write(portion); });
      continue;
    }
    if (run == 0) {
      header = reader->read(0);
      output.write(header);
      summary.emplace(experiment_, header);
      summary_output.emplace(path_ / "summary.csv");
      summary_output->write(summary->header());
    }
    AMPSIM_CHECK(reader->read(0) == header, "all runs have the same measures");
    const std::string row = reader->read(1);
    output.write(row);
    summary_output->write(summary->add(row));
  }
  output.commit();
  if (summary_output) summary_output->commit();
}

void ResultsFolder::finish(const std::string& manifest) {
  for (std::size_t table = 0; table < tables_.size(); ++table) join(table);
  sync_folder(path_);
  write_file(path_ / kManifest, manifest);
  sync_folder(path_);
  std::error_code ignored;  // Left-over pieces waste room, and are no error.
  fs::remove_all(path_ / kPieces, ignored);
}

}  // namespace ampsim::sim
