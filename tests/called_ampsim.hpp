#pragma once

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <sys/wait.h>

#include "tests/experiment_world.hpp"

/// The program as a user meets it: exit codes, what is on stdout and stderr, what is written.
/// AMPSIM_PROGRAM is defined for the files that tests/CMakeLists.txt lists.
namespace ampsim::test {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

inline std::string in_quotes(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// In `folder`, which gets the files .out and .err. `before` is put in front of the command: a
/// variable, or a program that starts it.
inline Outcome call_ampsim(const TemporaryFolder& folder,
                           const std::vector<std::string>& arguments,
                           const std::string& before = "") {
  std::string line =
      "cd " + in_quotes(folder.path().string()) + " && " + before + " " + in_quotes(AMPSIM_PROGRAM);
  for (const std::string& argument : arguments) line += " " + in_quotes(argument);
  line += " >.out 2>.err </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, sim::content_of(folder.path() / ".out"),
          sim::content_of(folder.path() / ".err")};
}

/// Without hidden files.
inline std::set<std::string> names_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name[0] != '.') names.insert(name);
  }
  return names;
}

}  // namespace ampsim::test
