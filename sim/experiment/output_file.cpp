#include "sim/experiment/output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace ampsim::sim {
namespace {

constexpr std::size_t kBlock = 1U << 20U;

/// A pipe or a device: there is nothing to replace.
bool is_stream(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  return std::filesystem::exists(status) && std::filesystem::is_other(status);
}

/// A link stays one: what it points to is replaced.
std::filesystem::path without_link(std::filesystem::path path) {
  std::error_code error;
  if (is_stream(path) || !std::filesystem::is_symlink(path, error)) return path;
  std::filesystem::path target = std::filesystem::weakly_canonical(path, error);
  return error ? path : target;
}

}  // namespace

OutputError::OutputError(const std::filesystem::path& file, int error_number, std::string_view hint)
    : std::runtime_error(file.string() + ": cannot be written: " +
                         std::generic_category().message(error_number) + std::string(hint)),
      error_number_(error_number) {}

bool OutputError::is_disk_full() const {
  return error_number_ == ENOSPC || error_number_ == EDQUOT || error_number_ == EFBIG;
}

OutputFile::OutputFile(std::filesystem::path path) : path_(without_link(std::move(path))) {
  if (is_stream(path_)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    hidden_ = path_.parent_path() / ("." + path_.filename().string() + ".tmp");
    descriptor_ = ::open(hidden_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  }
  if (descriptor_ < 0) throw OutputError(path_, errno);
}

OutputFile::~OutputFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (!hidden_.empty()) ::unlink(hidden_.c_str());
}

void OutputFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBlock) flush();
}

void OutputFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw OutputError(path_, errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

void OutputFile::commit() {
  flush();
  if (hidden_.empty()) {
    const int stream = std::exchange(descriptor_, -1);
    if (::close(stream) != 0) throw OutputError(path_, errno);
    return;
  }
  if (::fsync(descriptor_) != 0) throw OutputError(path_, errno);
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0 || std::rename(hidden_.c_str(), path_.c_str()) != 0) {
    const int reason = errno;
    ::unlink(hidden_.c_str());
    throw OutputError(path_, reason);
  }
}

void write_file(const std::filesystem::path& file, std::string_view text) {
  OutputFile output(file);
  output.write(text);
  output.commit();
}

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw OutputError(folder, errno);
  const int result = ::fsync(descriptor);
  const int reason = errno;
  ::close(descriptor);
  // Some file systems know no syncing of folders: nothing is lost that they could have kept.
  if (result != 0 && reason != EINVAL) throw OutputError(folder, reason);
}

}  // namespace ampsim::sim
