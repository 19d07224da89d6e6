#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

/// Other programs, called without a shell between: words stay as they are.
///
/// Tested by tests/submit_test.cpp and tests/report_command_test.cpp.
namespace ampsim::cli {

struct CalledProgram {
  int code = 0;  ///< exit code; 128 + signal for one that was killed
  std::string out;
  std::string err;
};

class NoSuchProgram : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Waits for its end; in `folder`, or where the caller is. Errors: NoSuchProgram, naming it.
CalledProgram call_program(const std::vector<std::string>& words,
                           const std::filesystem::path& folder = ".");

/// The word as a shell takes it for one: in single quotes, where it has to be.
std::string shell_word(const std::string& word);

}  // namespace ampsim::cli
