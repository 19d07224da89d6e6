#include "sim/cli/completion.hpp"

#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/experiment_world.hpp"
#include "tests/guide_page.hpp"

using namespace ampsim::sim;
using ampsim::test::lines_of;

/// What the program answers, and what the shells make of it.
namespace {

const std::string kFolder = std::filesystem::path(AMPSIM_PROGRAM).parent_path().string();

/// What a shell command prints, with the program in the path.
std::vector<std::string> printed_by(const TemporaryFolder& folder, const std::string& script) {
  folder.write(".script", script);
  const std::string line = "cd '" + folder.path().string() + "' && PATH='" + kFolder +
                           "':$PATH sh .script >.out 2>.err </dev/null";
  CHECK(std::system(line.c_str()) == 0);
  CHECK(content_of(folder.path() / ".err") == "");
  return lines_of(content_of(folder.path() / ".out"));
}

/// The words, without their help, that can follow: `typed` is what stands behind "ampsim ".
std::string words_after(const std::string& typed) {
  const TemporaryFolder folder;
  std::vector<std::string> words;
  for (const std::string& line : printed_by(folder, "ampsim complete -- " + typed + "\n")) {
    words.push_back(line.substr(0, line.find('\t')));
  }
  return joined(words);
}

bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null").c_str()) == 0;
}

/// What bash has as completions of a line, by the function that the script defines.
std::string completed_by_bash(const std::string& line) {
  const TemporaryFolder folder;
  folder.write("first.toml", "");
  std::filesystem::create_directory(folder.path() / "folder");
  folder.write(".line", line);
  folder.write(".bash",
               "source <(ampsim completion bash)\n"
               "compopt() { :; }\n"  // there is no completion that it could change
               "COMP_LINE=$(<.line)\n"
               "COMP_LINE=${COMP_LINE%|}\n"
               "COMP_POINT=${#COMP_LINE}\n"
               "_ampsim\n"
               "printf '%s\\n' \"${COMPREPLY[@]}\"\n");
  return joined(printed_by(folder, "bash --norc .bash\n"));
}

}  // namespace

TEST_CASE("completion: commands and the commands inside them") {
  CHECK(words_after("t") == "trace, topology");
  CHECK(words_after("topology g") == "generate");
  CHECK(words_after("amp ''") == "derive, split, claim");
  CHECK(words_after("manua") == "");
  const std::string all = words_after("''");
  for (const char* command : {"init", "run", "check", "completion"}) {
    CHECK(all.find(command) != std::string::npos);
  }
}

TEST_CASE("completion: options of the command that is typed") {
  CHECK(words_after("run x.toml --re") == "--restart");
  CHECK(words_after("run x.toml --out --re") == ":folders");
  CHECK(words_after("topology generate --n") == "--nodes");
  CHECK(words_after("--v") == "--version");
  CHECK(words_after("run -- --re") == "");
}

TEST_CASE("completion: values that options and arguments take") {
  CHECK(words_after("run ''") == ":files");
  CHECK(words_after("run x.toml --out ''") == ":folders");
  CHECK(words_after("run x.toml --out=re") == ":folders");
  CHECK(words_after("run x.toml --jobs ''") == "");
  CHECK(words_after("topology describe --format ''") == "table, csv");
  CHECK(words_after("topology describe --format=c") == "--format=csv");
  CHECK(words_after("topology generate li") == "lightning, line");
  CHECK(words_after("trace --format me") == "mermaid");
  CHECK(words_after("amp split --derivation ''") == "lnd, og2018, toy");
  CHECK(words_after("completion ''") == "bash, zsh, fish");
}

TEST_CASE("completion: keys of settings up to the next dot and their values") {
  CHECK(words_after("run x.toml --set wor") == "workload.");
  CHECK(words_after("run x.toml --set workload.am") == "workload.amount.");
  CHECK(words_after("run x.toml --set workload.amount.si") == "workload.amount.sigma=");
  CHECK(words_after("check x.toml --set sweep.payment.sch") == "sweep.payment.scheme=");
  CHECK(words_after("run x.toml --set=payment.scheme=inv") == "--set=payment.scheme=invoices");
  CHECK(words_after("run x.toml --set record.parts=") == "record.parts=true, record.parts=false");
  CHECK(words_after("run x.toml --set topology.file=") == ":files");
  CHECK(words_after("run x.toml --set see") == "seed=");
  CHECK(words_after("run x.toml --set sweep.sed") == "");
  CHECK(words_after("topology generate x --set s") == "seed=");
  CHECK(words_after("topology generate x --set pay") == "");
}

TEST_CASE("completion: every word comes with its help") {
  const TemporaryFolder folder;
  for (const std::string& line : printed_by(folder, "ampsim complete -- ''\n")) {
    CHECK(line.find('\t') != std::string::npos);
  }
}

TEST_CASE("completion: bash completes what it has split at equal signs") {
  if (!has_program("bash")) {
    MESSAGE("skipped: no bash");
    return;
  }
  CHECK(completed_by_bash("ampsim ini") == "init");
  CHECK(completed_by_bash("ampsim run fi") == "first.toml");
  CHECK(completed_by_bash("ampsim run first.toml --out fo") == "folder");
  CHECK(completed_by_bash("ampsim run first.toml --out=fo") == "folder");
  CHECK(completed_by_bash("ampsim run first.toml --set payment.sch") == "payment.scheme=");
  CHECK(completed_by_bash("ampsim run first.toml --set payment.scheme=inv") == "invoices");
  CHECK(completed_by_bash("ampsim run first.toml --set topology.file=fi") == "first.toml");
  CHECK(completed_by_bash("ampsim topology describe --format |") == "table, csv");
}

TEST_CASE("completion: the scripts are valid for their shells") {
  for (const std::string& shell : ampsim::cli::completion_shells()) {
    CAPTURE(shell);
    if (!has_program(shell)) {
      MESSAGE("not tried here: " << shell);
      continue;
    }
    const TemporaryFolder folder;
    folder.write("script", ampsim::cli::completion_script(shell));
    CHECK(printed_by(folder, shell + " -n script\n").empty());
  }
}

TEST_CASE("completion: fish offers values behind a key") {
  if (!has_program("fish")) {
    MESSAGE("skipped: no fish");
    return;
  }
  const TemporaryFolder folder;
  folder.write("home", "");
  const std::vector<std::string> lines =
      printed_by(folder,
                 "HOME=$PWD fish --no-config -c 'ampsim completion fish | source; "
                 "complete -C \"ampsim run x.toml --set payment.scheme=inv\"'\n");
  CHECK(joined(lines) == "payment.scheme=invoices");
}
