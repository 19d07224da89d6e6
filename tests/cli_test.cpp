#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <sys/wait.h>

#include "tests/called_ampsim.hpp"
#include "tests/experiment_world.hpp"

using namespace ampsim::sim;
using ampsim::test::call_ampsim;
using ampsim::test::in_quotes;
using ampsim::test::names_in;
using ampsim::test::Outcome;
namespace fs = std::filesystem;

namespace {

constexpr const char* kSmall =
    "name = \"small\"\nreplicates = 2\n[topology]\ngenerator = \"complete\"\nnodes = 5\n"
    "[workload]\npayments = 30\n[sweep]\n\"payment.scheme\" = [\"single\", \"amp\"]\n";

}  // namespace

TEST_CASE("cli: a small experiment ends with a table and the folder of the results") {
  const TemporaryFolder folder;
  folder.write("e.toml", kSmall);
  Outcome run = call_ampsim(folder, {"run", "e.toml", "--jobs", "2"});
  CHECK(run.code == 0);
  CHECK(run.err.empty());
  CHECK(run.out.find("scheme") == 0);
  CHECK(run.out.find("results/small/") != std::string::npos);
  CHECK(names_in(folder.path() / "results/small") ==
        std::set<std::string>{"experiment.toml", "manifest.json", "runs.csv", "summary.csv",
                              "payments.csv", "report.html"});
  run = call_ampsim(folder, {"run", "e.toml"});
  CHECK(run.code == 0);
  CHECK(run.out.find("complete already") != std::string::npos);
  run = call_ampsim(folder, {"run", "results/small/experiment.toml", "--out", "again", "--quiet"});
  CHECK(run.code == 0);
  CHECK(run.out.empty());
  CHECK(run.err.empty());
  for (const char* name : {"experiment.toml", "runs.csv", "summary.csv", "payments.csv"}) {
    CAPTURE(name);
    CHECK(content_of(folder.path() / "again" / name) ==
          content_of(folder.path() / "results/small" / name));
  }
}

TEST_CASE("cli: bad input is one line on stderr, exit code 2, and nothing is written") {
  struct Case {
    const char* text;
    std::vector<std::string> arguments;
    const char* error;
  };
  const std::vector<Case> cases = {
      {kSmall, {"run", "no.toml"}, "ampsim: no.toml: does not exist\n"},
      {kSmall, {"run", "."}, "ampsim: .: found a folder; allowed: an experiment file (TOML)\n"},
      {"seed = \n", {"run", "e.toml"}, "ampsim: e.toml:1: not TOML: "},
      {"[payment]\nscheme = \"amq\"\n", {"run", "e.toml"}, "ampsim: e.toml:2: payment.scheme: "},
      {"[paymnt]\nx = 1\n", {"run", "e.toml"}, "ampsim: e.toml:2: paymnt: unknown section"},
      {"[channels]\nreserve = 1.5\n", {"run", "e.toml"}, "ampsim: e.toml:2: channels.reserve: "},
      {"[topology]\nfile = \"none.json\"\n", {"run", "e.toml"}, "ampsim: e.toml:2: topology.file"},
      {kSmall, {"run", "e.toml", "--set", "topology.file=e.toml"}, "ampsim: "},
      {kSmall, {"run", "e.toml", "--set", "sed=2"}, "ampsim: --set: sed: unknown key"},
      {kSmall, {"run", "e.toml", "--out", "/proc/none/x"}, "ampsim: /proc/none/x: "},
      {kSmall, {"run", "e.toml", "--out", "e.toml"}, "ampsim: e.toml: found a file"},
      {kSmall, {"run", "e.toml", "--out", "."}, "ampsim: .: found a folder with other files"},
      {kSmall, {"run"}, "ampsim: "},
      {kSmall, {"rum", "e.toml"}, "ampsim: "},
      {kSmall, {"run", "e.toml", "--job", "2"}, "ampsim: "},
      {kSmall, {"run", "e.toml", "--jobs", "0"}, "ampsim: "},
      {kSmall, {"run", "e.toml", "--jobs", "many"}, "ampsim: "},
      {kSmall, {}, "ampsim: "},
  };
  for (const Case& each : cases) {
    const TemporaryFolder folder;
    folder.write("e.toml", each.text);
    std::string line;
    for (const std::string& argument : each.arguments) line += argument + " ";
    CAPTURE(line);
    const Outcome run = call_ampsim(folder, each.arguments);
    CAPTURE(run.err);
    CHECK(run.code == 2);
    CHECK(run.out.empty());
    CHECK(run.err.find(each.error) == 0);
    CHECK(std::count(run.err.begin(), run.err.end(), '\n') == 1);
    CHECK(run.err.back() == '\n');
    CHECK(names_in(folder.path()) == std::set<std::string>{"e.toml"});
  }
}

TEST_CASE("cli: a misspelt command or option is answered with the nearest one") {
  const TemporaryFolder folder;
  CHECK(call_ampsim(folder, {"rum", "x"}).err.find("did you mean \"run\"?") != std::string::npos);
  CHECK(call_ampsim(folder, {"run", "x", "--restrat"}).err.find("did you mean \"--restart\"?") !=
        std::string::npos);
}

TEST_CASE("cli: what is missing names the command whose help to ask for") {
  const TemporaryFolder folder;
  CHECK(call_ampsim(folder, {"amp", "split", "--parts", "3"}).err ==
        "ampsim: --total-msat is required; see ampsim amp split --help\n");
  CHECK(call_ampsim(folder, {}).err.ends_with("see ampsim --help\n"));
}

TEST_CASE("cli: help and version go to stdout") {
  const TemporaryFolder folder;
  for (const char* option : {"--help", "--version"}) {
    const Outcome run = call_ampsim(folder, {option});
    CHECK(run.code == 0);
    CHECK(run.err.empty());
    CHECK(run.out.find("ampsim") != std::string::npos);
  }
}

TEST_CASE("cli: check prints the number of runs and an experiment that is the same") {
  const TemporaryFolder folder;
  folder.write("e.toml", kSmall);
  const Outcome check = call_ampsim(folder, {"check", "e.toml"});
  CHECK(check.code == 0);
  CHECK(check.out.find("# 4 runs: 2 points, 2 replicates each\n") == 0);
  folder.write("printed.toml", check.out);
  CHECK(call_ampsim(folder, {"check", "printed.toml"}).out == check.out);
  CHECK(names_in(folder.path()) == std::set<std::string>{"e.toml", "printed.toml"});
}

TEST_CASE("cli: output that cannot be written is exit code 1") {
  const TemporaryFolder folder;
  folder.write("e.toml", kSmall);
  const std::string line = "cd " + in_quotes(folder.path().string()) + " && " +
                           in_quotes(AMPSIM_PROGRAM) + " check e.toml >/dev/full 2>.err";
  const int status = std::system(line.c_str());
  CHECK(WEXITSTATUS(status) == 1);
  const std::string err = content_of(folder.path() / ".err");
  CHECK(std::count(err.begin(), err.end(), '\n') == 1);
}

TEST_CASE("cli: a disk that fills up is exit code 1, one line, and no partial file") {
  // ulimit counts blocks of 512 bytes: too few for the settings, then enough for them but not for
  // the rows of a run.
  struct Limit {
    std::string blocks;
    std::set<std::string> left;
  };
  for (const Limit& limit :
       {Limit{"1", {"runs.journal"}}, Limit{"8", {"experiment.toml", "runs.journal"}}}) {
    CAPTURE(limit.blocks);
    const TemporaryFolder folder;
    folder.write("e.toml", kSmall);
    const Outcome run =
        call_ampsim(folder, {"run", "e.toml", "--quiet", "--set", "workload.payments=500"},
                    std::string("trap '' XFSZ; ulimit -f ") + limit.blocks + " &&");
    CAPTURE(run.err);
    CHECK(run.code == 1);
    CHECK(
        run.err.ends_with("cannot be written: File too large; finished runs are kept, the same "
                          "command goes on from there\n"));
    CHECK(std::count(run.err.begin(), run.err.end(), '\n') == 1);
    CHECK(names_in(folder.path() / "results/small") == limit.left);
    CHECK(
        call_ampsim(folder, {"run", "e.toml", "--quiet", "--set", "workload.payments=500"}).code ==
        0);
  }
}

TEST_CASE("cli: check finds what is wrong in the files that the runs would read") {
  const TemporaryFolder folder;
  folder.write("e.toml", "[topology]\nfile = \"net.json\"\n");
  folder.write("net.json", "hello\n");
  const Outcome bad = call_ampsim(folder, {"check", "e.toml"});
  CHECK(bad.code == 2);
  CHECK(bad.err.find("net.json:1: found no known format") != std::string::npos);
  CHECK(bad.out.empty());
}

TEST_CASE("cli: a number that is none, or out of range, is refused and not bent") {
  const TemporaryFolder folder;
  using Words = std::vector<std::string>;
  for (const Words& words :
       {Words{"amp", "split", "--parts", "2", "--total-msat", "99999999999999999999"},
        Words{"amp", "split", "--parts", "2", "--total-msat", "10", "--seed", "-1"},
        Words{"amp", "split", "--parts", "two", "--total-msat", "10"},
        Words{"trace", "e.toml", "--payment", "-1"}}) {
    const Outcome outcome = call_ampsim(folder, words);
    CAPTURE(outcome.err);
    CHECK(outcome.code == 2);
    CHECK(outcome.err.find("allowed: an integer from") != std::string::npos);
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    CHECK(outcome.out.empty());
  }
}

TEST_CASE("cli: an interrupted run exits with 130 and goes on to the same bytes") {
  const TemporaryFolder folder;
  folder.write("e.toml", std::string(kSmall) + "\"payment.max_parts\" = [2, 3, 4, 5, 6]\n");
  const std::vector<std::string> arguments = {
      "run", "e.toml", "--quiet", "--jobs", "1", "--out", "cut", "--set", "workload.payments=1000"};
  const Outcome cut = call_ampsim(folder, arguments, "timeout --preserve-status -s INT 0.2");
  // A machine that is fast enough is done before the signal.
  CHECK((cut.code == 130 || cut.code == 0));
  CHECK(call_ampsim(folder, arguments).code == 0);
  std::vector<std::string> whole = arguments;
  whole[6] = "whole";
  CHECK(call_ampsim(folder, whole).code == 0);
  for (const char* name : {"runs.csv", "summary.csv", "payments.csv"}) {
    CHECK(content_of(folder.path() / "cut" / name) == content_of(folder.path() / "whole" / name));
  }
}

TEST_CASE("cli: shards are merged to what one call writes") {
  const TemporaryFolder folder;
  folder.write("e.toml", kSmall);
  CHECK(call_ampsim(folder, {"run", "e.toml", "--quiet"}).code == 0);
  std::vector<std::string> merge = {"merge", "--out", "merged"};
  for (const std::string shard : {"1", "2", "3"}) {
    const Outcome outcome = call_ampsim(folder, {"run", "e.toml", "--shard", shard + "/3"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out.starts_with("shard " + shard + "/3: "));
    merge.push_back("results/small." + shard + "-of-3");
  }
  const Outcome merged = call_ampsim(folder, merge);
  CHECK(merged.code == 0);
  CHECK(merged.out == "4 runs of 3 shards merged into merged/, pictures in its report.html\n");
  CHECK(names_in(folder.path() / "merged") == names_in(folder.path() / "results/small"));
  for (const char* name : {"experiment.toml", "runs.csv", "summary.csv", "payments.csv"}) {
    CAPTURE(name);
    CHECK(content_of(folder.path() / "merged" / name) ==
          content_of(folder.path() / "results/small" / name));
  }
  CHECK(call_ampsim(folder, merge).out == "merged/ was complete already: nothing was done\n");
  merge.pop_back();
  merge[2] = "other";
  const Outcome missing = call_ampsim(folder, merge);
  CHECK(missing.code == 2);
  CHECK(missing.err.ends_with("; not given: 3 of the 3 shards\n"));
  CHECK(!fs::exists(folder.path() / "other"));
}

TEST_CASE("cli: a shard that is none is refused") {
  const TemporaryFolder folder;
  folder.write("e.toml", kSmall);
  for (const char* shard : {"0/2", "3/2", "1", "1/", "/2", "1/2/3", "a/b", "-1/2", "1/0"}) {
    CAPTURE(shard);
    const Outcome outcome = call_ampsim(folder, {"run", "e.toml", "--shard", shard});
    CHECK(outcome.code == 2);
    CHECK(outcome.err == "ampsim: --shard: found \"" + std::string(shard) +
                             "\"; allowed: I/N with I from 1 to N\n");
  }
  CHECK(call_ampsim(folder, {"run", "e.toml", "--shard", "1/5"}).err ==
        "ampsim: --shard: found 5 shards; allowed: up to 4, the number of runs\n");
  CHECK(names_in(folder.path()) == std::set<std::string>{"e.toml"});
}

TEST_CASE("cli: what a network finds wrong with a setting is said where the setting stands") {
  const TemporaryFolder folder;
  folder.write("e.toml",
               "[topology]\ngenerator = \"watts_strogatz\"\nnodes = 50\nneighbours = 9\n");
  folder.write("f.toml", "[channels]\nbalance = { distribution = \"file\" }\n");
  folder.write("g.toml",
               "[topology]\ngenerator = \"erdos_renyi\"\nnodes = 2\n"
               "mean_degree = 1e-9\n");
  folder.write("h.toml",
               "[topology]\ngenerator = \"grid\"\n[sweep]\n\"topology.width\" = [9999]\n");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"e.toml", "ampsim: e.toml:4: topology.neighbours: found 9; "},
      {"f.toml", "ampsim: f.toml:2: channels.balance.distribution: found \"file\""},
      {"g.toml", "ampsim: g.toml:2: topology: found a network without channels"},
      {"h.toml", "ampsim: h.toml:4: topology.width: found 9999; "},
  };
  for (const auto& each : cases) {
    CAPTURE(each.first);
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"check", each.first},
          std::vector<std::string>{"run", each.first},
          std::vector<std::string>{"trace", each.first, "--payment", "0"}}) {
      const Outcome outcome = call_ampsim(folder, arguments);
      CHECK(outcome.code == 2);
      CHECK_MESSAGE(outcome.err.starts_with(each.second), outcome.err);
    }
  }
}

TEST_CASE("cli: generate blames the argument that was typed") {
  const TemporaryFolder folder;
  Outcome outcome = call_ampsim(folder, {"topology", "generate", "rnig", "--out", "n.json"});
  CHECK(outcome.code == 2);
  CHECK_MESSAGE(outcome.err.starts_with("ampsim: GENERATOR: topology.generator: found \"rnig\""),
                outcome.err);
  outcome =
      call_ampsim(folder, {"topology", "generate", "ring", "--nodes", "2", "--out", "n.json"});
  CHECK_MESSAGE(outcome.err.starts_with("ampsim: --nodes: topology.nodes: found 2"), outcome.err);
  outcome = call_ampsim(folder, {"topology", "generate", "watts_strogatz", "--set",
                                 "topology.neighbours=9", "--out", "n.json"});
  CHECK_MESSAGE(outcome.err.starts_with("ampsim: --set: topology.neighbours: found 9; "),
                outcome.err);
}

TEST_CASE("cli: convert warns on stderr and goes on and errors are one line") {
  const TemporaryFolder folder;
  folder.write("net.csv", "source,target,capacity_sat,source_balance_sat\na,b,50000,20000\n");
  Outcome outcome =
      call_ampsim(folder, {"topology", "convert", "net.csv", "--to", "sim_ln", "--out", "n.json"});
  CHECK(outcome.code == 0);
  CHECK(outcome.out.empty());
  CHECK(outcome.err ==
        "ampsim: warning: n.json: sim_ln has no place for the balances of 1 channel\n"
        "ampsim: warning: n.json: sim_ln needs the policies of 1 channel, which the file does not "
        "say: drawn as [channels] has it\n");
  outcome = call_ampsim(folder, {"topology", "describe", "n.json", "--format", "csv",
                                 "--subnetwork", "largest_component"});
  CHECK(outcome.out.starts_with("property,value\nnodes,2\nchannels,1\n"));
  for (const auto& [words, message] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--to", "lnb"}, "ampsim: --to: found \"lnb\"; allowed: ampsim, lnd, cln, "},
           {{"--to", "lnd", "--subnetwork", "cor"},
            "ampsim: --subnetwork: topology.subnetwork: found \"cor\"; allowed: all, "},
           {{"--to", "lnd", "--set", "topology.subnetwork_node=3"},
            "ampsim: --set: topology.subnetwork_node: unknown key; "}}) {
    std::vector<std::string> command{"topology", "convert", "net.csv", "--out", "no.json"};
    command.insert(command.end(), words.begin(), words.end());
    outcome = call_ampsim(folder, command);
    CHECK(outcome.code == 2);
    CHECK_MESSAGE(outcome.err.starts_with(message), outcome.err);
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  }
  CHECK_FALSE(std::filesystem::exists(folder.path() / "no.json"));
}

TEST_CASE("cli: a setting that nothing reads gives a warning, and the run goes on") {
  const TemporaryFolder folder;
  folder.write("e.toml",
               "[topology]\ngenerator = \"two_channels\"\n[channels]\nfee_base_msat = 5\n"
               "[workload]\npayments = 5\n");
  const std::string warning =
      "e.toml:4: channels.fee_base_msat: has no effect: the network of topology.generator = "
      "\"two_channels\" has its own policies\n";
  for (const char* command : {"check", "run"}) {
    const Outcome outcome = call_ampsim(folder, {command, "e.toml"});
    CHECK(outcome.code == 0);
    CHECK_MESSAGE(outcome.err.ends_with(warning), outcome.err);
  }
  CHECK(call_ampsim(folder, {"run", "e.toml", "--quiet", "--restart"}).err.empty());
}

TEST_CASE("cli: an empty workload file is said to have no header") {
  const TemporaryFolder folder;
  folder.write("e.toml", "[workload]\nfile = \"none.csv\"\n");
  folder.write("none.csv", "");
  const Outcome outcome = call_ampsim(folder, {"run", "e.toml"});
  CHECK(outcome.code == 2);
  CHECK_MESSAGE(outcome.err.ends_with("none.csv: found no header\n"), outcome.err);
}
