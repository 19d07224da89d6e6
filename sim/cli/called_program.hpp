#pragma once

#include <string>
#include <vector>

/// Other programs, called without a shell between: words stay as they are.
///
/// Tested by tests/submit_test.cpp.
namespace ampsim::cli {

struct CalledProgram {
  int code = 0;  ///< exit code; 128 + signal for one that was killed
  std::string out;
  std::string err;
};

/// Waits for its end. Errors: std::runtime_error where there is no such program, naming it.
CalledProgram call_program(const std::vector<std::string>& words);

/// The word as a shell takes it for one: in single quotes, where it has to be.
std::string shell_word(const std::string& word);

}  // namespace ampsim::cli
