#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sim/cli/called_program.hpp"
#include "sim/cli/slurm_jobs.hpp"
#include "sim/cli/submit_command.hpp"
#include "tests/called_ampsim.hpp"

using namespace ampsim;
using namespace ampsim::cli;
using ampsim::sim::content_of;
using ampsim::sim::TemporaryFolder;
using ampsim::test::Outcome;
namespace fs = std::filesystem;

// tests/slurm_test.sh does it with Slurm; here a few lines of shell stand in for it, which write
// down what they are called with.
namespace {

constexpr const char* kText =
    "name = \"e\"\nreplicates = 2\n[topology]\ngenerator = \"complete\"\nnodes = 4\n"
    "[workload]\npayments = 3\n[sweep]\n\"payment.scheme\" = [\"single\", \"amp\"]\n";

class FakeSlurm {
 public:
  FakeSlurm() {
    fs::create_directories(folder_.path() / "bin");
    folder_.write("e.toml", kText);
    // The number of the job is the number of its call.
    program("sbatch", "printf '%s\\n' \"$*\" >>$S/calls\nwc -l <$S/calls\n");
    program("squeue", "cat $S/queue\n");
    program("scancel", "echo scancel \"$@\" >>$S/cancelled\n");
    queue("");
  }

  const fs::path& path() const { return folder_.path(); }
  void program(const std::string& name, const std::string& text) {
    const fs::path file =
        folder_.write("bin/" + name, "#!/bin/sh\nS='" + path().string() + "'\n" + text);
    fs::permissions(file, fs::perms::owner_all);
  }
  void queue(const std::string& lines) { folder_.write("queue", lines); }
  Outcome submit(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"submit", "e.toml", "--array", "3", "--out", "my out"};
    words.insert(words.end(), more.begin(), more.end());
    return test::call_ampsim(folder_, words, "PATH=" + (path() / "bin").string() + ":$PATH");
  }
  /// As the task does it.
  void run_task(const std::string& index) {
    const fs::path script = path() / "my out/slurm/task.sh";
    REQUIRE(std::system(
                ("SLURM_ARRAY_TASK_ID=" + index + " sh '" + script.string() + "' >/dev/null 2>&1")
                    .c_str()) == 0);
  }
  int run_merge() {
    const fs::path script = path() / "my out/slurm/merge.sh";
    return std::system(("sh '" + script.string() + "' >/dev/null 2>&1").c_str());
  }
  std::string calls() const { return content_of(path() / "calls"); }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("submit: an array and a merge that waits for it") {
  FakeSlurm slurm;
  const std::string out = (slurm.path() / "my out").string();
  const Outcome outcome = slurm.submit({"--", "--partition=long", "--time", "5:00"});
  CHECK(outcome.err.empty());
  CHECK(outcome.code == 0);
  CHECK(slurm.calls() == "--parsable --job-name=e --output=" + out +
                             "/slurm/%A_%a.log --partition=long --time 5:00 --chdir=" + out +
                             " --array=1-3 " + out +
                             "/slurm/task.sh\n--parsable --job-name=e.merge --output=" + out +
                             "/slurm/merge_%j.log --partition=long --time 5:00 --chdir=" + out +
                             " --dependency=afterany:1 " + out + "/slurm/merge.sh\n");
  CHECK(outcome.out.starts_with("job 1 has 3 tasks\nthe merge is job 2\nwatch: squeue"));
  CHECK(content_of(slurm.path() / "my out/slurm/jobs") == "shards 3\narray 1\nmerge 2\n");
}

TEST_CASE("submit: the scripts do the work and the tables are those of a local run") {
  FakeSlurm slurm;
  REQUIRE(slurm.submit().code == 0);
  // The experiment is frozen.
  slurm.folder().write("e.toml", "seed = 77\n");
  slurm.run_task("2");
  CHECK(slurm.run_merge() != 0);
  slurm.run_task("1");
  slurm.run_task("3");
  slurm.run_task("3");  // requeued by Slurm after its end
  CHECK(slurm.run_merge() == 0);
  CHECK(slurm.run_merge() == 0);
  CHECK(!fs::exists(slurm.path() / "my out/shards"));
  slurm.folder().write("e.toml", kText);
  REQUIRE(test::call_ampsim(slurm.folder(), {"run", "e.toml", "--quiet", "--out", "whole"}).code ==
          0);
  for (const char* name : {"experiment.toml", "runs.csv", "summary.csv", "payments.csv"}) {
    CAPTURE(name);
    CHECK(content_of(slurm.path() / "my out" / name) == content_of(slurm.path() / "whole" / name));
  }
  const Outcome again = slurm.submit();
  CHECK(again.code == 0);
  CHECK(again.out == "my out/ was complete already: nothing was done\n");
}

TEST_CASE("submit: again it submits what is neither finished nor in the queue") {
  FakeSlurm slurm;
  REQUIRE(slurm.submit().code == 0);
  slurm.run_task("2");
  slurm.queue("1 3\n2 N/A\n77 1\n");  // another job's task does not count
  Outcome outcome = slurm.submit();
  CHECK(outcome.out.starts_with(
      "of 3 shards 1 are finished, 1 in the queue\njob 3 has 1 task\nthe merge is job 4\n"));
  const std::string calls = slurm.calls();
  CHECK(calls.find(" --array=1 ") != std::string::npos);
  CHECK(calls.find(" --dependency=afterany:1:3 ") != std::string::npos);
  CHECK(content_of(slurm.path() / "cancelled") == "scancel 2\n");

  slurm.queue("1 3\n3 1\n4 N/A\n");
  outcome = slurm.submit();
  CHECK(outcome.out.starts_with("of 3 shards 1 are finished, 2 in the queue\nwatch: "));
  CHECK(slurm.calls() == calls);

  // The tasks went well, the merge did not.
  slurm.run_task("1");
  slurm.run_task("3");
  slurm.queue("");
  outcome = slurm.submit();
  CHECK(outcome.out.starts_with("of 3 shards 3 are finished, 0 in the queue\nthe merge is job 5"));
  CHECK(slurm.calls().substr(calls.size()).find("dependency") == std::string::npos);
}

TEST_CASE("submit: what Slurm says is passed on in one line and nothing is submitted twice") {
  FakeSlurm slurm;
  slurm.program("sbatch", "echo 'sbatch: error: invalid partition' >&2\nexit 1\n");
  Outcome outcome = slurm.submit();
  CHECK(outcome.code == 1);
  CHECK(outcome.err == "ampsim: sbatch: exit code 1: sbatch: error: invalid partition\n");
  slurm.program("sbatch", "echo 12\n");
  CHECK(slurm.submit().code == 0);
  slurm.program("squeue", "echo 'slurm_load_jobs error: down' >&2\nexit 1\n");
  slurm.program("sbatch", "echo called >$S/calls\n");
  outcome = slurm.submit();
  CHECK(outcome.code == 1);
  CHECK(outcome.err == "ampsim: squeue: exit code 1: slurm_load_jobs error: down\n");
  CHECK(slurm.calls().empty());
}

TEST_CASE("submit: where there is no Slurm it says so") {
  const TemporaryFolder folder;
  folder.write("e.toml", kText);
  const Outcome outcome =
      test::call_ampsim(folder, {"submit", "e.toml", "--array", "2"}, "PATH=/nonexistent");
  CHECK(outcome.code == 1);
  CHECK(outcome.err == "ampsim: sbatch cannot be called: No such file or directory\n");
}

TEST_CASE("submit: a dry run writes the scripts and prints the commands") {
  const TemporaryFolder folder;
  folder.write("e.toml", kText);
  const Outcome outcome = test::call_ampsim(
      folder, {"submit", "e.toml", "--array", "4%2", "--dry-run", "--", "--comment=a b"},
      "PATH=/nonexistent");
  CHECK(outcome.code == 0);
  CHECK(outcome.out.find(" '--comment=a b' ") != std::string::npos);
  CHECK(outcome.out.find(" --array=1-4%2 ") != std::string::npos);
  CHECK(outcome.out.find(" --dependency=afterany:JOB ") != std::string::npos);
  CHECK(fs::exists(folder.path() / "results/e/slurm/task.sh"));
  CHECK(!fs::exists(folder.path() / "results/e/slurm/jobs"));
}

TEST_CASE("submit: what cannot be right is refused before anything is written") {
  for (const char* array : {"0", "x", "5", "4%", "4%0", "1-4", "-1", ""}) {
    const TemporaryFolder folder;
    folder.write("e.toml", kText);
    CAPTURE(array);
    const Outcome outcome = test::call_ampsim(folder, {"submit", "e.toml", "--array", array});
    CHECK(outcome.code == 2);
    CHECK(outcome.err.starts_with("ampsim: --array: "));
    CHECK(!fs::exists(folder.path() / "results"));
  }
  FakeSlurm slurm;
  REQUIRE(slurm.submit().code == 0);
  CHECK(slurm.submit({"--set", "seed=9"}).err.find("seed: the results are of another experiment") !=
        std::string::npos);
  slurm.folder().write("my out/slurm/jobs", "shards 2\n");
  CHECK(slurm.submit().err == "ampsim: --array: found 3, and " +
                                  (slurm.path() / "my out").string() +
                                  " was submitted with 2; allowed: the same, or another --out\n");
}

TEST_CASE("submit: words for a shell and lists of tasks") {
  CHECK(shell_word("/a/b-c.d") == "/a/b-c.d");
  CHECK(shell_word("a b") == "'a b'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("") == "''");
  CHECK(task_list({1, 2, 3, 7}) == "1-3,7");
  CHECK(task_list({4}) == "4");
  CHECK(task_list({1, 3, 4}) == "1,3-4");
  const CalledProgram called = call_program({"sh", "-c", "echo out; echo err >&2; exit 3"});
  CHECK(called.code == 3);
  CHECK(called.out == "out\n");
  CHECK(called.err == "err\n");
}
