#include "sim/experiment/merge.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>
#include <sys/resource.h>

#include "core/check.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/journal.hpp"
#include "sim/experiment/manifest.hpp"
#include "sim/experiment/results_folder.hpp"
#include "sim/experiment/shard.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::sim {
namespace {

namespace fs = std::filesystem;

/// Ends of the program's own, and of libraries.
constexpr std::size_t kOtherDescriptors = 32;

/// Files that this process may open, as many as the system allows.
std::size_t descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 2 * kOtherDescriptors;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return std::max<std::size_t>(limit.rlim_cur, 2 * kOtherDescriptors);
}

[[noreturn]] void refuse(const fs::path& folder, const std::string& problem) {
  throw InputError({.file = folder.string()}, problem);
}

/// "3, 7, 11-14, ...": of many, the first.
std::string run_list(const std::vector<std::size_t>& runs) {
  constexpr int kMostShown = 10;
  std::string text;
  int shown = 0;
  for (std::size_t i = 0; i < runs.size(); ++shown) {
    if (shown == kMostShown) return text + ", ...";
    std::size_t last = i;
    while (last + 1 < runs.size() && runs[last + 1] == runs[last] + 1) ++last;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", runs[i]);
    if (last > i) text += fmt::format("-{}", runs[last]);
    i = last + 1;
  }
  return text;
}

struct ShardFolder {
  fs::path path;
  JournalReader journal;
  Shard shard;
  bool is_finished = false;
};

/// Refuses what is no shard.
ShardFolder open_shard(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) refuse(path, "does not exist");
  if (!fs::exists(path / kSettingsFile, ignored)) {
    refuse(path,
           "found no results; allowed: the folder of a shard, as `run --shard I/N` leaves it");
  }
  const bool is_finished = fs::exists(path / kManifestFile, ignored);
  std::optional<JournalReader> journal = JournalReader::open(path / kJournalFile);
  if (journal && !journal->title().shard.empty()) {
    const Shard shard = shard_of_text(journal->title().shard);
    journal->rest();
    return {path, std::move(*journal), shard, is_finished};
  }
  if (journal || is_finished) {
    refuse(path, "found results of the whole experiment; allowed: the folder of a shard");
  }
  refuse(path, "the shard is not finished: none of its runs is there");
}

/// The runs of all folders.
class ShardRuns {
 public:
  ShardRuns(std::vector<ShardFolder> folders, std::size_t runs, std::size_t most_open);

  /// Refuses if a run is missing.
  void require_all() const;
  /// The header of runs.csv.
  const std::string& head() const { return folders_.front().journal.head(); }
  JournalRecord read(std::size_t run);

 private:
  std::vector<ShardFolder> folders_;
  std::vector<RecordPlace> places_;       ///< of each run
  std::vector<std::uint32_t> folder_of_;  ///< of each run
  std::size_t most_open_;
  std::deque<std::uint32_t> open_;  ///< the folder that has been open longest first
  std::vector<bool> is_open_;
};

ShardRuns::ShardRuns(std::vector<ShardFolder> folders, std::size_t runs, std::size_t most_open)
    : folders_(std::move(folders)),
      places_(runs),
      folder_of_(runs),
      most_open_(most_open > 0 ? most_open : descriptors() - kOtherDescriptors),
      is_open_(folders_.size()) {
  for (std::uint32_t i = 0; i < folders_.size(); ++i) {
    ShardFolder& folder = folders_[i];
    // What has been damaged since is found here, or when it is read.
    const std::uint64_t end = folder.journal.scan(
        /*thorough=*/!folder.is_finished,
        [&](const JournalRecord& record, const RecordPlace& place) {
          AMPSIM_CHECK(record.run < runs, "a journal has runs of its experiment");
          if (places_[record.run].size > 0) {
            refuse(folder.path, fmt::format("has run {}, which {} has, too", record.run,
                                            folders_[folder_of_[record.run]].path.string()));
          }
          places_[record.run] = place;
          folder_of_[record.run] = i;
        });
    folder.journal.rest();
    if (!folder.is_finished) continue;
    const fs::path file = folder.path / kJournalFile;
    if (folder.journal.has_gap()) throw DamagedJournal(file, folder.journal.gap());
    if (end != fs::file_size(file)) throw DamagedJournal(file, end);
    AMPSIM_CHECK(folder.journal.head() == folders_.front().journal.head(),
                 "all runs have the same measures");
  }
}

void ShardRuns::require_all() const {
  const std::uint32_t count = folders_.front().shard.count;
  std::vector<bool> is_given(count);
  std::vector<std::string> reasons;
  for (const ShardFolder& folder : folders_) {
    is_given[folder.shard.index - 1] = true;
    if (!folder.is_finished) {
      reasons.push_back(fmt::format("{} is not finished", folder.path.string()));
    }
  }
  std::vector<std::size_t> absent;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!is_given[i]) absent.push_back(i + 1);
  }
  if (!absent.empty()) {
    reasons.push_back(fmt::format("not given: {} of the {} shards", run_list(absent), count));
  }
  std::vector<std::size_t> missing;
  for (std::size_t run = 0; run < places_.size(); ++run) {
    if (places_[run].size == 0) missing.push_back(run);
  }
  if (reasons.empty() && missing.empty()) return;
  constexpr std::size_t kMostReasons = 3;
  if (reasons.size() > kMostReasons) {
    const std::size_t more = reasons.size() - kMostReasons;
    reasons.resize(kMostReasons);
    reasons.push_back(fmt::format("and {} more", more));
  }
  throw InputError(fmt::format("{} of {} runs are missing{}{}; {}", missing.size(), places_.size(),
                               missing.empty() ? "" : ": ", run_list(missing),
                               fmt::join(reasons, "; ")));
}

JournalRecord ShardRuns::read(std::size_t run) {
  const std::uint32_t folder = folder_of_[run];
  if (!is_open_[folder]) {
    if (open_.size() == most_open_) {
      folders_[open_.front()].journal.rest();
      is_open_[open_.front()] = false;
      open_.pop_front();
    }
    open_.push_back(folder);
    is_open_[folder] = true;
  }
  return folders_[folder].journal.read(places_[run]);
}

/// Refuses what does not belong to the first.
void require_same(const ShardFolder& first, const std::string& settings, const ShardFolder& other) {
  const std::string theirs(topo::text_of_file((other.path / kSettingsFile).string()));
  if (theirs != settings) throw other_experiment(other.path, theirs, settings);
  const JournalTitle& a = first.journal.title();
  const JournalTitle& b = other.journal.title();
  for (std::size_t i = 0; i < std::min(a.inputs.size(), b.inputs.size()); ++i) {
    if (a.inputs[i] == b.inputs[i]) continue;
    refuse(other.path, fmt::format("the results are of another content of {} than those of {}",
                                   one_line(b.inputs[i].file), first.path.string()));
  }
  if (a.program != b.program) {
    refuse(other.path, fmt::format("the results are of ampsim {}, those of {} of ampsim {}",
                                   one_line(b.program), first.path.string(), one_line(a.program)));
  }
  if (first.shard.count != other.shard.count) {
    refuse(other.path, fmt::format("is shard {}, and {} is shard {}: they are not of one split",
                                   b.shard, first.path.string(), a.shard));
  }
}

}  // namespace

MergeOutcome merge_shards(const std::vector<fs::path>& shards,
                          const fs::path& out,
                          std::size_t most_open) {
  AMPSIM_CHECK(!shards.empty(), "the command line asks for one");
  const auto start = std::chrono::system_clock::now();
  std::vector<ShardFolder> folders;
  folders.reserve(shards.size());
  std::set<fs::path> given;
  for (const fs::path& path : shards) {
    folders.push_back(open_shard(path));
    if (!given.insert(fs::canonical(path)).second) refuse(path, "is given twice; allowed: once");
  }
  const ShardFolder& first = folders.front();
  const std::string settings(topo::text_of_file((first.path / kSettingsFile).string()));
  for (const ShardFolder& folder : folders) require_same(first, settings, folder);
  const Experiment experiment = load_experiment((first.path / kSettingsFile).string(), {});
  const JournalTitle title = first.journal.title();
  const InputFiles inputs(title.inputs);
  if (title.program != journal_title(experiment, inputs, first.shard).program) {
    refuse(first.path, fmt::format("the results are of ampsim {}: merge them with that one",
                                   one_line(title.program)));
  }
  ResultsFolder folder(out, experiment, {.inputs = title.inputs});
  if (folder.is_complete()) return {experiment.run_count(), /*was_complete=*/true};

  std::vector<std::string> manifests;
  for (const ShardFolder& each : folders) {
    if (each.is_finished) {
      manifests.emplace_back(topo::text_of_file((each.path / kManifestFile).string()));
    }
  }
  ShardRuns runs(std::move(folders), experiment.run_count(), most_open);
  runs.require_all();
  folder.create();
  folder.finish(
      [&] {
        return merged_manifest_text({.experiment = experiment.name,
                                     .points = experiment.points.size(),
                                     .runs = experiment.run_count(),
                                     .inputs = title.inputs,
                                     .start = start,
                                     .end = std::chrono::system_clock::now(),
                                     .cpu_s = cpu_seconds()},
                                    manifests);
      },
      runs.head(), [&](std::size_t run) { return runs.read(run); });
  return {experiment.run_count(), /*was_complete=*/false};
}

}  // namespace ampsim::sim
