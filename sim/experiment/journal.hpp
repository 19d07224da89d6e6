#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sim/experiment/input_files.hpp"

/// Finished runs on the disk: one file that only grows, whatever the number of runs and threads. It
/// begins with a title, which says what the runs are of; then follow records: first the header of
/// runs.csv, `head SIZE`, then of each run `run RUN CPU_US PAYMENTS EVENTS SIZE...`; each of these
/// lines is followed by blocks of those sizes and a line with a checksum.
///
/// A record is whole or it is not there: what `kill -9`, a power cut or a full disk has torn at the
/// end is found by the checksum and written over, and what went bad in the middle costs no record
/// but its own. A record is safe from the death of the process
/// when `append` returns, and from a power cut at the next `sync`.
///
/// Errors: OutputError where writing fails; DamagedJournal for a record that was whole and is not
/// any more.
/// Tested by tests/journal_test.cpp.
namespace ampsim::sim {

struct JournalTitle {
  std::string experiment;  ///< digest of its resolved settings
  std::string program;     ///< version, commit, compiler and build
  std::string shard;       ///< "3/4", or "" for the whole experiment
  std::vector<InputFile> inputs;

  friend bool operator==(const JournalTitle&, const JournalTitle&) = default;
};

/// What the run took.
struct RunCost {
  std::int64_t cpu_us = 0;
  std::int64_t payments = 0;
  std::int64_t events = 0;

  RunCost& operator+=(const RunCost& other) {
    cpu_us += other.cpu_us;
    payments += other.payments;
    events += other.events;
    return *this;
  }
};

struct JournalRecord {
  std::size_t run = 0;
  RunCost cost;
  std::vector<std::string> blocks;  ///< the rows of each table
};

/// Where a record lies in its file.
struct RecordPlace {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  ///< 0 = there is none
};

class DamagedJournal : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  DamagedJournal(const std::filesystem::path& file, std::uint64_t offset);
};

/// Whether the file begins like a journal, or has no beginning yet: it may be written over.
bool may_be_journal(const std::filesystem::path& file);

/// Reads only. A file that another process is writing may be read at the same time.
class JournalReader {
 public:
  /// Nothing where there is no file, or one whose title is not whole.
  static std::optional<JournalReader> open(const std::filesystem::path& file);
  JournalReader(JournalReader&& other) noexcept;
  JournalReader& operator=(JournalReader&& other) noexcept;
  ~JournalReader();

  const JournalTitle& title() const { return title_; }
  /// The header of runs.csv, once scanned; "" where none was written yet.
  const std::string& head() const { return head_; }
  /// Called with every whole record of a run in their order, without its blocks; returns where the
  /// last one ends. Blocks are read and checked, or, if not `thorough`, passed over.
  using Take = std::function<void(const JournalRecord& record, const RecordPlace& place)>;
  std::uint64_t scan(bool thorough, const Take& take);
  /// Whether the scan passed over something before the end that it returned.
  bool has_gap() const { return gap_ > 0; }
  /// Where the first is.
  std::uint64_t gap() const { return gap_; }
  /// Checks it. Memory: one record.
  JournalRecord read(const RecordPlace& place) const;
  /// Gives the descriptor back until the next read: there may be more shards than descriptors.
  void rest() const;

 private:
  JournalReader() = default;
  std::size_t read_at(std::uint64_t offset, char* bytes, std::size_t count) const;
  std::string bytes_at(std::uint64_t offset, std::uint64_t count) const;
  std::optional<std::uint64_t> next_record(std::uint64_t from, std::uint64_t file_size) const;

  std::filesystem::path file_;
  mutable int descriptor_ = -1;
  JournalTitle title_;
  std::string head_;
  std::uint64_t start_ = 0;  ///< of the first record
  std::uint64_t gap_ = 0;    ///< 0 = none
};

/// The one writer of a journal: the file is locked as long as it lives.
class Journal {
 public:
  /// Opens the file, or makes an empty one. Errors: InputError if another process has it.
  explicit Journal(std::filesystem::path file);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Throws away what there is.
  void start(const JournalTitle& title);
  /// Keeps what there is up to `end`.
  void go_on(std::uint64_t end);
  /// Where it fails, the records before are whole and the file ends behind them. Both are
  /// thread-safe.
  void append_head(const std::string& head);
  RecordPlace append(const JournalRecord& record);
  /// Everything appended so far is on the disk. Thread-safe. Errors: also an OutputError where the
  /// file has no name any more: somebody has deleted or moved its folder.
  void sync();

 private:
  void write_at(std::uint64_t offset, std::string_view bytes) const;
  void check_name() const;
  RecordPlace append(std::string line, const std::vector<std::string>& blocks);

  std::filesystem::path file_;
  int descriptor_ = -1;
  std::mutex mutex_;
  std::uint64_t end_ = 0;
  bool is_torn_ = false;  ///< what stands behind end_ could not be taken away
};

}  // namespace ampsim::sim
