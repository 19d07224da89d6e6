#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/experiment/digest.hpp"
#include "sim/experiment/output_file.hpp"
#include "sim/experiment/results_folder.hpp"
#include "sim/experiment/runner.hpp"
#include "tests/experiment_world.hpp"
#include "tests/fake_rooms.hpp"

using namespace ampsim;
using namespace ampsim::sim;
namespace fs = std::filesystem;

namespace {

/// How the folder refuses an experiment, "" if it does not.
std::string folder_refusal(const fs::path& folder, const Experiment& experiment, bool restart) {
  try {
    const ResultsFolder results(folder, experiment, {.restart = restart});
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("results: what is no file is written and not replaced and a link stays a link") {
  const TemporaryFolder folder;
  const fs::path file = folder.write("file.csv", "old");
  const fs::path link = folder.path() / "link.csv";
  fs::create_symlink("file.csv", link);
  {
    OutputFile output(link);
    output.write("new");
    output.commit();
  }
  CHECK(fs::is_symlink(link));
  CHECK(content_of(file) == "new");
  const fs::path null = folder.path() / "null";
  fs::create_symlink("/dev/null", null);
  {
    OutputFile output(null);
    output.write("gone");
    output.commit();
  }
  CHECK(fs::is_symlink(null));
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("results: a file appears with its whole content or not at all") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "runs.csv";
  {
    OutputFile output(file);
    output.write("half");
    CHECK(!fs::exists(file));
  }
  CHECK(fs::is_empty(folder.path()));
  {
    OutputFile output(file);
    output.write("whole\n");
    output.commit();
  }
  CHECK(content_of(file) == "whole\n");
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("results: an interrupted rewrite leaves the old content") {
  const TemporaryFolder folder;
  const fs::path file = folder.write("runs.csv", "old");
  { OutputFile(file).write("new"); }
  CHECK(content_of(file) == "old");
}

TEST_CASE("results: a full disk is one clear error, and nothing is left") {
  const TemporaryFolder folder;
  // In a process of its own, whose files cannot grow beyond 4096 bytes.
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit limit{.rlim_cur = 4096, .rlim_max = 4096};
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int code = 1;
    try {
      OutputFile output(folder.path() / "payments.csv");
      output.write(std::string(3'000'000, 'x'));
      output.commit();
      code = 2;
    } catch (const OutputError& error) {
      const std::string message = error.what();
      const std::string expected =
          (folder.path() / "payments.csv").string() + ": cannot be written: File too large";
      code = message == expected ? 0 : 3;
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("results: a file in a folder that is not there cannot be written") {
  CHECK_THROWS_WITH_AS(OutputFile("/no/such/folder/x.csv"),
                       "/no/such/folder/x.csv: cannot be written: No such file or directory",
                       OutputError);
}

TEST_CASE("results: two programs do not write into one folder") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of("");
  ResultsFolder first(folder.path() / "out", experiment, {});
  first.create();
  ResultsFolder second(folder.path() / "out", experiment, {});
  CHECK_THROWS_WITH_AS(
      second.create(),
      ((folder.path() / "out").string() + ": another ampsim is writing into this folder").c_str(),
      InputError);
}

TEST_CASE("results: a journal that is not ours is never written over") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of("");
  folder.write("runs.journal", "Monday: 5 km\n");
  CHECK_THROWS_AS(ResultsFolder(folder.path(), experiment, {}), InputError);
  // What a power cut can leave of ours.
  for (const char* start : {"", "ampsim-jour", "ampsim-journal 1\nexperiment"}) {
    folder.write("runs.journal", start);
    ResultsFolder results(folder.path(), experiment, {});
    results.create();
    CHECK(!results.has(0));
  }
}

TEST_CASE("results: finished runs of another program are neither mixed with ours nor lost") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of("");
  JournalTitle title = journal_title(experiment, InputFiles(std::vector<InputFile>{}), {});
  title.program = "0.0.1 (abc, Release)";
  Journal(folder.path() / "runs.journal").start(title);
  folder.write("experiment.toml", experiment.resolved);
  CHECK(folder_refusal(folder.path(), experiment, false)
            .find("the finished runs are of ampsim 0.0.1 (abc, Release), and this is ") !=
        std::string::npos);
  CHECK(folder_refusal(folder.path(), experiment, true).empty());
}

TEST_CASE("results: digests are SHA-256") {
  CHECK(digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(digest_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const TemporaryFolder folder;
  CHECK(digest_of_file(folder.write("f", "abc").string()) == digest_of("abc"));
  CHECK(digest_of_file(folder.write("empty", "").string()) == digest_of(""));
  CHECK_THROWS_AS(digest_of_file("/no/such"), InputError);
}

TEST_CASE("results: an experiment file in the results folder is never written over") {
  const TemporaryFolder folder;
  const fs::path file = folder.write("experiment.toml", "# mine\nseed = 3\n");
  const Experiment experiment = load_experiment(file.string(), {});
  for (const bool restart : {false, true}) {
    CHECK(folder_refusal(folder.path(), experiment, restart) ==
          folder.path().string() +
              ": found the experiment file itself where the resolved one is to be written; "
              "allowed: another --out");
  }
  CHECK(content_of(file) == "# mine\nseed = 3\n");

  folder.write("experiment.toml", experiment.resolved);
  CHECK(folder_refusal(folder.path(), load_experiment(file.string(), {}), true).empty());
}

TEST_CASE("results: an input in the results folder is never written over") {
  const TemporaryFolder folder;
  const fs::path input = folder.write("payments.csv", "source\n");
  const Experiment experiment =
      experiment_of("[workload]\nfile = \"payments.csv\"\n", {}, folder.path().string());
  folder.write("experiment.toml", experiment.resolved);
  CHECK(folder_refusal(folder.path(), experiment, true) ==
        folder.path().string() + ": found the input " + input.string() +
            " where a table is to be written; allowed: another --out");
}

TEST_CASE("results: a complete folder without one of its tables is not complete") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of("");
  folder.write("experiment.toml", experiment.resolved);
  for (const char* name : {"manifest.json", "runs.csv", "payments.csv", "summary.csv"}) {
    folder.write(name, "{}");
  }
  CHECK(folder_refusal(folder.path(), experiment, false).empty());
  fs::remove(folder.path() / "payments.csv");
  CHECK(folder_refusal(folder.path(), experiment, false) ==
        folder.path().string() +
            ": the results are complete but for payments.csv, which is gone; choose another "
            "--out, or start it over with --restart");
  CHECK(folder_refusal(folder.path(), experiment, true).empty());
}

TEST_CASE("results: where the header went bad one run is done again and writes it anew") {
  const TemporaryFolder folder;
  const Experiment experiment =
      experiment_of("replicates = 4\n[topology]\ngenerator = \"grid\"\n[workload]\npayments = 3\n");
  const auto run = [&](const fs::path& out, const RunSteps& steps) {
    return run_experiment(experiment, steps, {.folder = out, .jobs = 1});
  };
  FakeRooms rooms;
  RunSteps steps = rooms.steps();
  run(folder.path() / "whole", steps);
  const fs::path out = folder.path() / "out";
  // All runs are kept, and their tables cannot be written.
  steps.simulate = [&, simulate = steps.simulate](
                       const topo::Topology& network, const std::vector<PaymentSpec>& payments,
                       const SimulationParams& params, const SimulationHooks& hooks) {
    fs::create_directories(out / "summary.csv");
    return simulate(network, payments, params, hooks);
  };
  CHECK_THROWS_AS(run(out, steps), OutputError);
  fs::remove(out / "summary.csv");
  std::string journal = content_of(out / kJournalFile);
  const std::size_t head = journal.find("point,replicate,seed");
  REQUIRE(head != std::string::npos);
  journal[head] = 'P';
  std::ofstream(out / kJournalFile, std::ios::binary) << journal;
  FakeRooms again;
  CHECK(run(out, again.steps()) == RunnerOutcome::finished);
  CHECK(again.runs == 1);
  CHECK(all_tables(out) == all_tables(folder.path() / "whole"));
}
