#include "topologies/importers/file_content.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>

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

/// What is in a file that may be gzip, as far as `most` bytes.
std::string decompressed(const std::string& file, std::size_t most) {
  const InputError::Where where{.file = file};
  refuse_folder(file);
  errno = 0;
  // zlib passes on as it is what does not begin like a gzip.
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> input(gzopen(file.c_str(), "rb"), gzclose);
  if (!input) {
    throw InputError(where, fmt::format("cannot be read: {}", std::strerror(errno)));
  }
  const auto chunk = static_cast<unsigned>(std::min<std::size_t>(most, 1U << 20U));
  gzbuffer(input.get(), chunk);
  std::string content;
  int count = 0;
  do {
    const std::size_t size = content.size();
    content.resize(size + chunk);
    count = gzread(input.get(), content.data() + size, chunk);
    content.resize(size + static_cast<std::size_t>(std::max(count, 0)));
  } while (count > 0 && content.size() < most);
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
  return content;
}

}  // namespace

std::string text_of_file(const std::string& file) {
  refuse_folder(file);
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::string text;
  constexpr std::size_t kChunk = 1U << 18U;
  while (stream) {
    const std::size_t size = text.size();
    text.resize(size + kChunk);
    stream.read(text.data() + size, kChunk);
    text.resize(size + static_cast<std::size_t>(stream.gcount()));
  }
  if (!stream.is_open() || stream.bad()) {
    throw InputError({.file = file}, fmt::format("cannot be read: {}", std::strerror(errno)));
  }
  return text;
}

std::string file_content(const std::string& file) {
  return decompressed(file, std::numeric_limits<std::size_t>::max());
}

std::string head_of_file(const std::string& file) {
  constexpr std::size_t kHead = 1U << 16U;
  std::string head = decompressed(file, kHead);
  head.resize(std::min(head.size(), kHead));
  return head;
}

int line_of(std::string_view content, std::size_t offset) {
  const std::string_view before = content.substr(0, offset);
  return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace ampsim::topo
