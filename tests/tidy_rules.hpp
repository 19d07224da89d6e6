#pragma once

#include <set>
#include <string>
#include <vector>

/// The rules of docs/contributing.md that a program can check. Each is a function from a file to
/// what is wrong with it, so that tests can feed it files that exist nowhere; tests/tidy_test.cpp
/// does so, and then applies all of them to this repository.
namespace ampsim::tidy {

struct SourceFile {
  std::string path;  ///< from the root of the repository, "sim/network/channel.hpp"
  std::string text;
};

/// One violation: where it is, what it is, and why there is a rule.
struct Finding {
  std::string path;
  int line = 0;  ///< from 1; 0 = the file as a whole
  std::string problem;
  std::string why;
};
using Findings = std::vector<Finding>;

/// The text with comments and the contents of literals blanked out, line by line as long as
/// before; the names in #include lines stay.
std::string code_of(const std::string& text);

/// A file includes only its own room and the rooms below it. Every file has a room.
Findings includes_point_down(const SourceFile& file);

/// External libraries are included only where they do their work, and in no header of ours.
Findings libraries_keep_their_place(const SourceFile& file);

/// Calls that would make results depend on more than the seed, or print where data goes.
Findings calls_are_allowed(const SourceFile& file);

/// Lines of at most 100 columns, no tabs, no trailing blanks, no notes of unfinished work; a file
/// of at most 500 lines that ends with a line end.
Findings lines_are_tidy(const SourceFile& file);

/// #pragma once, no `using namespace`; and a header of the libraries that declares a class or a
/// function says on its first screen what tests it.
Findings headers_open_well(const SourceFile& file);

/// Every test file that a file mentions is in `tests`.
Findings mentioned_tests_exist(const SourceFile& file, const std::set<std::string>& tests);

/// No file named after nothing in particular.
Findings files_are_named(const SourceFile& file);

/// Every source that a CMakeLists.txt names exists, or NAME.in from which it is made, and every
/// source that exists is named by one.
/// Headers count in the libraries, where the list is what is installed.
Findings sources_are_listed(const std::vector<SourceFile>& cmake_lists,
                            const std::set<std::string>& sources);

}  // namespace ampsim::tidy
