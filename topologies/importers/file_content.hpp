#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// Whole files, plain or gzip.
///
/// Tested by tests/importer_test.cpp.
namespace ampsim::topo {

/// What is in a file: a text that is moved, not copied, and not to be read once it has moved. (A
/// std::string would be filled with zeros before the file is read into it.)
class Content {
 public:
  Content() = default;
  Content(std::unique_ptr<char[]> bytes, std::size_t size)
      : bytes_(std::move(bytes)), size_(size) {}

  std::string_view text() const { return {bytes_.get(), size_}; }
  // NOLINTNEXTLINE(google-explicit-constructor): as a std::string does
  operator std::string_view() const { return text(); }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

/// What is in the file, decompressed if it is gzip. Errors: InputError that names the file where
/// it is missing, a folder, unreadable, or a gzip that is cut short or damaged.
Content file_content(const std::string& file);

/// The first 64 KiB of that. Errors as there.
Content head_of_file(const std::string& file);

/// The bytes of the file as they are; an empty file is an empty text. Errors: InputError that names
/// the file where it is missing, a folder or unreadable.
Content text_of_file(const std::string& file);

/// The line, from 1, in which the byte at `offset` stands.
int line_of(std::string_view content, std::size_t offset);

}  // namespace ampsim::topo
