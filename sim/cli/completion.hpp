#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): not ours
class App;
}

/// What can follow on a command line, from the program's own description of it: whatever command,
/// option or setting is added, shells complete it. The scripts only ask.
///
/// Tested by tests/completion_test.cpp.
namespace ampsim::cli {

struct Candidate {
  std::string word;  ///< nothing follows it directly, unless it ends with '=' or '.'
  std::string help;  ///< one line; may be empty
};

enum class Paths : std::uint8_t { none, files, folders };

struct Completions {
  std::vector<Candidate> words;
  Paths paths = Paths::none;  ///< whether paths can stand there, too
};

/// `words` stand behind the program's name; the last one is to be completed, and may be empty.
Completions completions_of(const CLI::App& app, const std::vector<std::string>& words);

/// As the scripts read them: a candidate a line, behind a tab its help; where paths can stand there
/// a last line ":files" or ":folders".
std::string completion_lines(const Completions& completions);

/// The shells that there is a script for.
const std::vector<std::string>& completion_shells();
/// The script that makes the shell ask. Its name must be one of those.
std::string completion_script(std::string_view shell);

}  // namespace ampsim::cli
