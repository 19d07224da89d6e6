#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Whole files, plain or gzip.
///
/// Tested by tests/importer_test.cpp.
namespace ampsim::topo {

/// What is in the file, decompressed if it is gzip. Errors: InputError that names the file where
/// it is missing, a folder, unreadable, or a gzip that is cut short or damaged.
std::string file_content(const std::string& file);

/// The first 64 KiB of that. Errors as there.
std::string head_of_file(const std::string& file);

/// The bytes of the file as they are; an empty file is an empty text. Errors: InputError that names
/// the file where it is missing, a folder or unreadable.
std::string text_of_file(const std::string& file);

/// The line, from 1, in which the byte at `offset` stands.
int line_of(std::string_view content, std::size_t offset);

}  // namespace ampsim::topo
