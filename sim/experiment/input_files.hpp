#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// The files that an experiment reads, and the promise that they are still what they were when it
/// began. Looking costs two microseconds a file; only a file that was touched is read again.
///
/// Tested by tests/input_files_test.cpp.
namespace ampsim::sim {

struct InputFile {
  std::string file;
  std::string digest;  ///< SHA-256 of its bytes

  friend bool operator==(const InputFile&, const InputFile&) = default;
};

/// A file is not what it was any more: the experiment stops, exit code 1. What was finished before
/// was made of the old content and is kept.
class InputChanged : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class InputFiles {
 public:
  /// Errors: InputError for a file that cannot be read.
  explicit InputFiles(const std::vector<std::string>& files);
  /// As somebody else has found them; they need not be here, and are not looked at.
  explicit InputFiles(std::vector<InputFile> known) : list_(std::move(known)) {}

  const std::vector<InputFile>& list() const { return list_; }
  /// Looks at those that this found itself. Errors: InputChanged. Thread-safe.
  void check() const;

 private:
  /// Of the file system: device, inode, size, and the times of both changes.
  using Signature = std::array<std::int64_t, 7>;
  static Signature signature_of(const std::string& file);

  std::vector<InputFile> list_;
  mutable std::mutex mutex_;
  mutable std::vector<Signature> signatures_;
};

}  // namespace ampsim::sim
