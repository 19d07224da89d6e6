#pragma once

#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): not ours
class App;
}

/// What stands below the options in a command's `--help`: lines that begin with two blanks have a
/// name and its meaning, other lines are text.
///
/// Tested by tests/manual_test.cpp and tests/completion_test.cpp.
namespace ampsim::cli {

struct FooterLine {
  std::string name;  ///< "" for text
  std::string text;
};

/// Without the empty ones.
std::vector<FooterLine> footer_lines(const CLI::App& command);

}  // namespace ampsim::cli
