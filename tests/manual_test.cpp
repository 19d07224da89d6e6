#include "sim/cli/manual.hpp"

#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include "sim/experiment/version.hpp"
#include "tests/experiment_world.hpp"

using namespace ampsim::sim;

namespace {

/// stdout and stderr of a shell command in the folder.
std::string printed_by(const TemporaryFolder& folder, const std::string& command) {
  const std::string line =
      "cd '" + folder.path().string() + "' && (" + command + ") >.out 2>&1 </dev/null";
  static_cast<void>(std::system(line.c_str()));
  return content_of(folder.path() / ".out");
}

bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null").c_str()) == 0;
}

/// As the program prints it.
const std::string& page() {
  static const std::string text = [] {
    const TemporaryFolder folder;
    return printed_by(folder, "'" AMPSIM_PROGRAM "' manual --date 2026-01-02");
  }();
  return text;
}

bool has(const std::string& text) { return page().find(text) != std::string::npos; }

}  // namespace

TEST_CASE("manual: it has every command with its options") {
  CHECK(page().starts_with(".TH AMPSIM 1 \"2026-01-02\" \"ampsim " + std::string(version().number) +
                           "\""));
  CHECK(has("\n.SS ampsim run\n\\fBampsim run\\fR \\fIEXPERIMENT\\fR [\\fIOPTIONS\\fR]\n"));
  CHECK(has("\n.SS ampsim amp split\n"));
  CHECK(has("\n\\fB\\-\\-restart\\fR\nstart the results folder over\n"));
  CHECK(has(
      "\\fBampsim trace\\fR \\fIEXPERIMENT\\fR \\fB\\-\\-payment\\fR \\fIN\\fR [\\fIOPTIONS\\fR]"));
  CHECK(has("\n.TP\n\\fBtwo_channels\\fR\n"));
  CHECK(has("\n.SS ampsim completion\n"));
  CHECK_FALSE(has("ampsim manual"));
}

TEST_CASE("manual: man renders it without a warning") {
  if (!has_program("man")) {
    MESSAGE("skipped: no man");
    return;
  }
  const TemporaryFolder folder;
  folder.write("ampsim.1", page());
  CHECK(printed_by(folder, "LC_ALL=C man --warnings -l ampsim.1 >/dev/null") == "");
  const std::string shown = printed_by(folder, "LC_ALL=C MANWIDTH=90 man -l ampsim.1");
  CHECK(shown.find("ampsim run first.toml --set topology.file=graph.json.gz") != std::string::npos);
}

TEST_CASE("manual: mandoc finds nothing to warn of") {
  if (!has_program("mandoc")) {
    MESSAGE("skipped: no mandoc");
    return;
  }
  const TemporaryFolder folder;
  folder.write("ampsim.1", page());
  CHECK(printed_by(folder, "mandoc -T lint -W warning ampsim.1") == "");
}
