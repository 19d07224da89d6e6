#pragma once

#include <functional>

namespace CLI {  // NOLINT(readability-identifier-naming): not ours
class App;
}

/// What shells and packages ask the program for: `completion SHELL`, the script; `complete --
/// WORDS`, which the script calls; and `manual`, ampsim(1). The latter two no list shows.
///
/// Tested by tests/completion_test.cpp and tests/manual_test.cpp.
namespace ampsim::cli {

/// `chosen` is set to what the command does. The last commands that are added to `app`, which they
/// describe.
void add_shell_commands(CLI::App& app, std::function<int()>& chosen);

/// Prints what can follow if that is what is asked. Before the command line is parsed: the words
/// are another one.
bool answer_shell(const CLI::App& app, int argc, char** argv);

}  // namespace ampsim::cli
