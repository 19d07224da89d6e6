#pragma once

#include <string>
#include <string_view>

/// SHA-256 of texts and whole files, to tell experiments and their inputs apart.
///
/// Tested by tests/results_test.cpp.
namespace ampsim::sim {

/// 64 lower-case hex digits.
std::string digest_of(std::string_view text);
/// Of the file's bytes; Errors: InputError if it cannot be read.
std::string digest_of_file(const std::string& file);

}  // namespace ampsim::sim
