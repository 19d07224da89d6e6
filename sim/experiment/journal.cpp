#include "sim/experiment/journal.hpp"

#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/check.hpp"
#include "sim/experiment/digest.hpp"
#include "sim/experiment/output_file.hpp"

namespace ampsim::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "ampsim-journal 1";
/// Longer than any first line of a record.
constexpr std::size_t kLongestLine = 512;
constexpr std::size_t kChecksum = 16;
/// A title names a few files; more than this is none.
constexpr std::size_t kLongestTitle = 1U << 20U;

std::string checksum_of(std::string_view bytes) { return digest_of(bytes).substr(0, kChecksum); }

std::string with_checksum(std::string bytes) {
  const std::string checksum = checksum_of(bytes);
  return std::move(bytes) + checksum + "\n";
}

std::string title_text(const JournalTitle& title) {
  std::string text = fmt::format("{}\nexperiment {}\nprogram {}\nshard {}\n", kMagic,
                                 title.experiment, title.program, title.shard);
  for (const InputFile& input : title.inputs) {
    // A file's name may hold line ends; its size tells where it ends.
    text += fmt::format("input {} {} {}\n", input.digest, input.file.size(), input.file);
  }
  return with_checksum(text + "sum ");
}

/// What follows `name` and a space up to the line end, which is taken, too.
std::optional<std::string> take_line(std::string_view& text, std::string_view name) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(name)) return std::nullopt;
  std::string_view line = text.substr(name.size(), end - name.size());
  text.remove_prefix(end + 1);
  if (line.starts_with(' ')) line.remove_prefix(1);
  return std::string(line);
}

/// Takes the title from the front of `text`.
std::optional<JournalTitle> take_title(std::string_view& text) {
  const std::string_view whole = text;
  JournalTitle title;
  if (!take_line(text, kMagic)) return std::nullopt;
  for (const auto& [name, value] :
       {std::pair{"experiment", &title.experiment}, std::pair{"program", &title.program},
        std::pair{"shard", &title.shard}}) {
    std::optional<std::string> line = take_line(text, name);
    if (!line) return std::nullopt;
    *value = std::move(*line);
  }
  while (text.starts_with("input ")) {
    std::istringstream words{std::string(text.substr(0, kLongestLine))};
    std::string word;
    std::string digest;
    std::size_t size = 0;
    words >> word >> digest >> size;
    if (!words) return std::nullopt;
    const auto start = static_cast<std::size_t>(words.tellg()) + 1;
    if (start + size >= text.size()) return std::nullopt;
    title.inputs.push_back({std::string(text.substr(start, size)), digest});
    text.remove_prefix(start + size + 1);
  }
  if (!text.starts_with("sum ")) return std::nullopt;
  const std::size_t checked = whole.size() - text.size() + 4;
  const std::optional<std::string> checksum = take_line(text, "sum");
  if (!checksum || *checksum != checksum_of(whole.substr(0, checked))) return std::nullopt;
  return title;
}

/// The first line of a record, read.
struct RecordLine {
  bool is_head = false;
  std::size_t run = 0;
  RunCost cost;
  std::vector<std::uint64_t> sizes;
  std::uint64_t length = 0;  ///< of the line, with its end

  std::uint64_t record_size() const {
    std::uint64_t size = length + kChecksum + 1;
    for (const std::uint64_t block : sizes) size += block;
    return size;
  }
};

std::optional<RecordLine> record_line(std::string_view text) {
  const std::size_t end = text.find('\n');
  const std::size_t word = text.find(' ');
  if (end == std::string_view::npos || word >= end) return std::nullopt;
  std::vector<std::uint64_t> numbers;
  const char* at = text.data() + word;
  const char* const last = text.data() + end;
  while (at != last) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(at + 1, last, number);
    if (*at != ' ' || read.ec != std::errc{} || number > (1ULL << 50U)) return std::nullopt;
    numbers.push_back(number);
    at = read.ptr;
  }
  RecordLine line{.length = end + 1};
  if (text.starts_with("head ") && numbers.size() == 1) {
    line.is_head = true;
    line.sizes = numbers;
    return line;
  }
  if (!text.starts_with("run ") || numbers.size() < 5) return std::nullopt;
  line.run = numbers[0];
  line.cost = {.cpu_us = static_cast<std::int64_t>(numbers[1]),
               .payments = static_cast<std::int64_t>(numbers[2]),
               .events = static_cast<std::int64_t>(numbers[3])};
  line.sizes.assign(numbers.begin() + 4, numbers.end());
  return line;
}

bool is_whole(std::string_view record) {
  if (record.size() <= kChecksum) return false;
  const std::size_t checked = record.size() - kChecksum - 1;
  return record.ends_with('\n') &&
         record.substr(checked, kChecksum) == checksum_of(record.substr(0, checked));
}

}  // namespace

DamagedJournal::DamagedJournal(const fs::path& file, std::uint64_t offset)
    : std::runtime_error(fmt::format("{}: is damaged at byte {}: start this folder over with "
                                     "--restart",
                                     file.string(),
                                     offset)) {}

bool may_be_journal(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string start(kMagic.size(), '\0');
  stream.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(stream.gcount()));
  return kMagic.starts_with(start);
}

JournalReader::JournalReader(JournalReader&& other) noexcept { *this = std::move(other); }

JournalReader& JournalReader::operator=(JournalReader&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(title_, other.title_);
  std::swap(head_, other.head_);
  std::swap(start_, other.start_);
  std::swap(gap_, other.gap_);
  return *this;
}

JournalReader::~JournalReader() { rest(); }

void JournalReader::rest() const {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

std::size_t JournalReader::read_at(std::uint64_t offset, char* bytes, std::size_t count) const {
  if (descriptor_ < 0) descriptor_ = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  std::size_t done = 0;
  while (descriptor_ >= 0 && done < count) {
    const ssize_t read =
        ::pread(descriptor_, bytes + done, count - done, static_cast<off_t>(offset + done));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) break;
    if (read == 0) return done;
    done += static_cast<std::size_t>(read);
  }
  if (done == count) return done;
  throw DamagedJournal(fmt::format("{}: cannot be read: {}", file_.string(),
                                   std::generic_category().message(errno)));
}

std::optional<JournalReader> JournalReader::open(const fs::path& file) {
  JournalReader reader;
  reader.file_ = file;
  reader.descriptor_ = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (reader.descriptor_ < 0) return std::nullopt;
  const std::string bytes = reader.bytes_at(0, kLongestTitle);
  std::string_view text = bytes;
  std::optional<JournalTitle> title = take_title(text);
  if (!title) return std::nullopt;
  reader.title_ = std::move(*title);
  reader.start_ = bytes.size() - text.size();
  return reader;
}

std::uint64_t JournalReader::scan(bool thorough, const Take& take) {
  std::error_code status;
  const std::uint64_t file_size = fs::file_size(file_, status);
  std::uint64_t offset = start_;
  // A window over the file: small records come many at a time.
  std::string window(1U << 20U, '\0');
  std::uint64_t window_start = 0;
  std::size_t window_size = 0;
  // Up to `count` bytes from `offset` on.
  const auto bytes = [&](std::uint64_t count) {
    if (offset < window_start || offset + count > window_start + window_size) {
      if (window.size() < count) window.resize(count);
      window_start = offset;
      window_size = read_at(offset, window.data(), window.size());
    }
    return std::string_view(window.data(), window_size).substr(offset - window_start, count);
  };
  while (!status) {
    const std::optional<RecordLine> line = record_line(bytes(kLongestLine));
    const std::uint64_t size = line ? line->record_size() : 0;
    bool is_good = line && offset + size <= file_size;
    if (is_good && (thorough || line->is_head)) {
      const std::string_view record = bytes(size);
      is_good = is_whole(record);
      if (is_good && line->is_head) head_ = record.substr(line->length, line->sizes[0]);
    }
    if (!is_good) {
      const std::optional<std::uint64_t> next = next_record(offset + 1, file_size);
      if (!next) break;
      if (gap_ == 0) gap_ = offset;
      offset = *next;
      continue;
    }
    if (!line->is_head) take({.run = line->run, .cost = line->cost, .blocks = {}}, {offset, size});
    offset += size;
  }
  return offset;
}

/// The first whole record of a run that begins at `from` or behind it.
std::optional<std::uint64_t> JournalReader::next_record(std::uint64_t from,
                                                        std::uint64_t file_size) const {
  constexpr std::string_view kStart = "run ";
  constexpr std::uint64_t kStep = 1U << 20U;
  for (; from < file_size; from += kStep) {
    const std::string window = bytes_at(from, kStep + kStart.size());
    for (std::size_t at = window.find(kStart); at < kStep; at = window.find(kStart, at + 1)) {
      const std::uint64_t offset = from + at;
      const std::optional<RecordLine> line = record_line(bytes_at(offset, kLongestLine));
      if (!line || offset + line->record_size() > file_size) continue;
      if (is_whole(bytes_at(offset, line->record_size()))) return offset;
    }
  }
  return std::nullopt;
}

/// As many of them as there are.
std::string JournalReader::bytes_at(std::uint64_t offset, std::uint64_t count) const {
  std::string bytes(count, '\0');
  bytes.resize(read_at(offset, bytes.data(), bytes.size()));
  return bytes;
}

JournalRecord JournalReader::read(const RecordPlace& place) const {
  const std::string bytes = bytes_at(place.offset, place.size);
  const std::optional<RecordLine> line =
      record_line(std::string_view(bytes).substr(0, kLongestLine));
  if (bytes.size() != place.size || !line || line->is_head || line->record_size() != place.size ||
      !is_whole(bytes)) {
    throw DamagedJournal(file_, place.offset);
  }
  JournalRecord record{.run = line->run, .cost = line->cost, .blocks = {}};
  std::uint64_t at = line->length;
  for (const std::uint64_t size : line->sizes) {
    record.blocks.push_back(bytes.substr(at, size));
    at += size;
  }
  return record;
}

Journal::Journal(fs::path file) : file_(std::move(file)) {
  descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw OutputError(file_, errno);
  const auto refuse = [this] {
    ::close(std::exchange(descriptor_, -1));
    throw InputError({.file = file_.parent_path().string()},
                     "another ampsim is writing into this folder");
  };
  // File systems without locks leave it to the user not to start two.
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) refuse();
  // The other one may have finished, and taken the file away, between opening and locking.
  struct stat opened {};
  struct stat named {};
  if (::fstat(descriptor_, &opened) != 0 || ::stat(file_.c_str(), &named) != 0 ||
      opened.st_ino != named.st_ino || opened.st_dev != named.st_dev) {
    refuse();
  }
}

Journal::~Journal() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Journal::write_at(std::uint64_t offset, std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw OutputError(file_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

void Journal::start(const JournalTitle& title) {
  if (::ftruncate(descriptor_, 0) != 0) throw OutputError(file_, errno);
  const std::string text = title_text(title);
  if (text.size() > kLongestTitle) {
    throw InputError({.file = file_.string()},
                     fmt::format("{} input files are more than a journal can name; allowed: fewer",
                                 title.inputs.size()));
  }
  write_at(0, text);
  end_ = text.size();
  sync();
}

void Journal::go_on(std::uint64_t end) {
  if (::ftruncate(descriptor_, static_cast<off_t>(end)) != 0) throw OutputError(file_, errno);
  end_ = end;
}

void Journal::append_head(const std::string& head) { append("head", {head}); }

RecordPlace Journal::append(const JournalRecord& record) {
  return append(fmt::format("run {} {} {} {}", record.run, record.cost.cpu_us, record.cost.payments,
                            record.cost.events),
                record.blocks);
}

RecordPlace Journal::append(std::string line, const std::vector<std::string>& blocks) {
  for (const std::string& block : blocks) line += fmt::format(" {}", block.size());
  AMPSIM_CHECK(line.size() < kLongestLine, "a record has a few tables");
  std::string bytes = std::move(line) + "\n";
  for (const std::string& block : blocks) bytes += block;
  bytes = with_checksum(std::move(bytes));

  const std::lock_guard lock(mutex_);
  if (is_torn_) throw OutputError(file_, EIO);
  try {
    write_at(end_, bytes);
  } catch (const OutputError&) {
    // Others may still append: behind a torn record theirs would not be found.
    if (::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0) is_torn_ = true;
    throw;
  }
  const RecordPlace place{end_, bytes.size()};
  end_ += bytes.size();
  return place;
}

void Journal::sync() {
  check_name();
  if (::fdatasync(descriptor_) != 0) throw OutputError(file_, errno);
}

void Journal::check_name() const {
  struct stat opened {};
  struct stat named {};
  if (::fstat(descriptor_, &opened) == 0 && ::stat(file_.c_str(), &named) == 0 &&
      opened.st_ino == named.st_ino && opened.st_dev == named.st_dev) {
    return;
  }
  throw OutputError(file_, ENOENT, ": its folder was deleted or moved meanwhile");
}

}  // namespace ampsim::sim
