#include "topologies/importers/file_content.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

#include "core/check.hpp"

namespace ampsim::topo {

namespace {

void refuse_folder(const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    throw InputError({.file = file}, "found a folder; allowed: a file");
  }
}

/// Bytes that arrive piece by piece.
class Arriving {
 public:
  /// Room for what the file system says of the file, and one byte to see that it ends there; up to
  /// `most` bytes arrive.
  Arriving(const std::string& file, std::size_t most) : most_(most) {
    std::error_code unknown;  // a pipe has no size
    const std::uintmax_t size = std::filesystem::file_size(file, unknown);
    make_room(unknown ? 0 : static_cast<std::size_t>(size) + 1);
  }

  bool is_all() const { return size_ == most_; }
  /// Where the next piece goes, and how much of it.
  char* place() { return bytes_.get() + size_; }
  std::size_t room() {
    if (size_ == room_) make_room(2 * room_);
    return room_ - size_;
  }
  void add(std::size_t count) { size_ += count; }
  std::size_t size() const { return size_; }
  Content take() { return {std::move(bytes_), size_}; }

 private:
  void make_room(std::size_t room) {
    constexpr std::size_t kLeast = 1U << 16U;
    room_ = std::min(std::max(room, kLeast), most_);
    auto bytes = std::make_unique_for_overwrite<char[]>(room_);
    std::copy_n(bytes_.get(), size_, bytes.get());
    bytes_ = std::move(bytes);
  }

  std::size_t most_;
  std::unique_ptr<char[]> bytes_;
  std::size_t room_ = 0;
  std::size_t size_ = 0;
};

constexpr std::size_t kWhole = std::numeric_limits<std::size_t>::max();

/// What is in a file that may be gzip, as far as `most` bytes.
Content decompressed(const std::string& file, std::size_t most) {
  const InputError::Where where{.file = file};
  refuse_folder(file);
  errno = 0;
  // zlib passes on as it is what does not begin like a gzip.
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> input(gzopen(file.c_str(), "rb"), gzclose);
  if (!input) {
    throw InputError(where, fmt::format("cannot be read: {}", std::strerror(errno)));
  }
  constexpr std::size_t kMostAtOnce = 1U << 30U;
  gzbuffer(input.get(), 1U << 16U);
  Arriving content(file, most);
  int count = 1;
  while (count > 0 && !content.is_all()) {
    const std::size_t room = std::min(content.room(), kMostAtOnce);
    count = gzread(input.get(), content.place(), static_cast<unsigned>(room));
    content.add(static_cast<std::size_t>(std::max(count, 0)));
  }
  int code = Z_OK;
  const char* const message = gzerror(input.get(), &code);
  if (code == Z_ERRNO) {
    throw InputError(where, fmt::format("cannot be read: {}", std::strerror(errno)));
  }
  if (code == Z_BUF_ERROR) {
    throw InputError(where, fmt::format("found a gzip that ends after {} bytes of content; "
                                        "allowed: a complete one",
                                        content.size()));
  }
  if (code != Z_OK && code != Z_STREAM_END) {
    throw InputError(where, fmt::format("found a damaged gzip ({})", message));
  }
  return content.take();
}

}  // namespace

Content text_of_file(const std::string& file) {
  refuse_folder(file);
  errno = 0;
  const auto refuse = [&file] {
    return InputError({.file = file}, fmt::format("cannot be read: {}", std::strerror(errno)));
  };
  std::ifstream stream(file, std::ios::binary);
  if (!stream.is_open()) throw refuse();
  Arriving text(file, kWhole);
  while (stream) {
    const std::size_t room = text.room();
    stream.read(text.place(), static_cast<std::streamsize>(room));
    text.add(static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) throw refuse();
  return text.take();
}

Content file_content(const std::string& file) { return decompressed(file, kWhole); }

Content head_of_file(const std::string& file) { return decompressed(file, 1U << 16U); }

int line_of(std::string_view content, std::size_t offset) {
  const std::string_view before = content.substr(0, offset);
  return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace ampsim::topo
