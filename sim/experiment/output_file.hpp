#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

/// A file that is either complete or absent: written under a hidden name beside its own, synced to
/// the disk and renamed. Every step is checked.
///
/// Tested by tests/results_test.cpp.
namespace ampsim::sim {

/// A result could not be written: `FILE: cannot be written: No space left on device`. The run has
/// failed, exit code 1; nothing is wrong with the input.
class OutputError : public std::runtime_error {
 public:
  /// `hint` is put behind the reason.
  OutputError(const std::filesystem::path& file, int error_number, std::string_view hint = "");

  /// No room is left, or no more is granted: the folder itself may be the right one.
  bool is_disk_full() const;

 private:
  int error_number_;
};

class OutputFile {
 public:
  explicit OutputFile(std::filesystem::path path);
  /// Removes what was written if it was not committed.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::string_view bytes);
  /// Everything is on the disk under the file's own name when this returns.
  void commit();

 private:
  void flush();

  std::filesystem::path path_;
  std::filesystem::path hidden_;  ///< "" for a pipe or a device, which is written at once
  std::string buffer_;
  int descriptor_ = -1;
};

/// A whole file at once.
void write_file(const std::filesystem::path& file, std::string_view text);

/// Makes the names of a folder's files survive a power cut.
void sync_folder(const std::filesystem::path& folder);

}  // namespace ampsim::sim
