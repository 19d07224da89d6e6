/// `kill -9` at any moment, and a disk that is full: what was finished is kept, and the same
/// command ends with the same bytes.

#include <csignal>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/random.hpp"
#include "sim/experiment/journal.hpp"
#include "tests/called_ampsim.hpp"

using namespace ampsim;
using namespace ampsim::sim;
namespace fs = std::filesystem;

namespace {

constexpr const char* kText = R"(name = "e"
replicates = 6
[topology]
generator = "complete"
nodes = 12
[workload]
payments = 150
[record]
parts = true
[sweep]
"payment.scheme" = ["single", "mpp", "amp"]
"payment.max_parts" = [2, 4]
)";
constexpr const char* kTables[] = {"experiment.toml", "runs.csv", "summary.csv", "payments.csv",
                                   "parts.csv"};

/// Starts the program and does not wait for it.
pid_t start(const fs::path& folder, std::vector<std::string> words) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child > 0) return child;
  if (::chdir(folder.c_str()) != 0) ::_exit(126);
  const int nothing = ::open("/dev/null", O_RDWR);
  for (const int end : {0, 1, 2}) ::dup2(nothing, end);
  words.insert(words.begin(), AMPSIM_PROGRAM);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

void sleep_ms(std::int64_t count) {
  const timespec time{.tv_sec = count / 1000, .tv_nsec = count % 1000 * 1'000'000};
  ::nanosleep(&time, nullptr);
}

/// Of a folder that is not complete.
std::size_t finished_runs(const fs::path& folder) {
  std::size_t runs = 0;
  std::optional<JournalReader> reader = JournalReader::open(folder / "runs.journal");
  if (reader) reader->scan(true, [&runs](const auto&, const auto&) { ++runs; });
  return runs;
}

/// A table is there with its whole content or not at all.
void check_tables(const fs::path& folder, const fs::path& whole) {
  for (const char* name : kTables) {
    CAPTURE(name);
    if (fs::exists(folder / name)) REQUIRE(content_of(folder / name) == content_of(whole / name));
  }
}

}  // namespace

TEST_CASE("kill: twenty kills at random moments lose no finished run and change no byte" *
          doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  folder.write("e.toml", kText);
  const fs::path whole = folder.path() / "whole";
  REQUIRE(test::call_ampsim(folder, {"run", "e.toml", "--quiet", "--out", "whole"}).code == 0);
  Rng rng(20, "kills");
  int kills = 0;
  for (int round = 0; kills < 20; ++round) {
    const fs::path out = folder.path() / std::to_string(round);
    const std::string jobs = std::to_string(1 + round % 3);
    std::size_t kept = 0;
    while (kills < 20) {
      const pid_t child = start(folder.path(), {"run", "e.toml", "--jobs", jobs, "--out", out});
      sleep_ms(static_cast<std::int64_t>(rng.below(250)));
      ::kill(child, SIGKILL);
      int status = 0;
      ::waitpid(child, &status, 0);
      if (fs::exists(out)) check_tables(out, whole);
      if (WIFEXITED(status)) {
        REQUIRE(WEXITSTATUS(status) == 0);
        break;
      }
      ++kills;
      if (fs::exists(out / "manifest.json")) break;
      const std::size_t now = finished_runs(out);
      REQUIRE(now >= kept);
      kept = now;
    }
    REQUIRE(test::call_ampsim(folder, {"run", "e.toml", "--quiet", "--out", out}).code == 0);
    for (const char* name : kTables) {
      CAPTURE(name);
      REQUIRE(content_of(out / name) == content_of(whole / name));
    }
  }
}

TEST_CASE("kill: a shard that is killed goes on and so does the merge" *
          doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  folder.write("e.toml", kText);
  const fs::path whole = folder.path() / "whole";
  REQUIRE(test::call_ampsim(folder, {"run", "e.toml", "--quiet", "--out", "whole"}).code == 0);
  Rng rng(21, "kills");
  for (const std::string shard : {"1", "2"}) {
    const std::vector<std::string> words = {"run",        "e.toml", "--shard",
                                            shard + "/2", "--out",  shard};
    for (int kills = 0; kills < 3; ++kills) {
      const pid_t child = start(folder.path(), words);
      sleep_ms(static_cast<std::int64_t>(rng.below(150)));
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
    }
    REQUIRE(test::call_ampsim(folder, words).code == 0);
  }
  const std::vector<std::string> words = {"merge", "1", "2", "--out", "merged"};
  for (int kills = 0; kills < 4; ++kills) {
    const pid_t child = start(folder.path(), words);
    sleep_ms(static_cast<std::int64_t>(rng.below(20)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    if (fs::exists(folder.path() / "merged")) check_tables(folder.path() / "merged", whole);
  }
  REQUIRE(test::call_ampsim(folder, words).code == 0);
  for (const char* name : kTables) {
    CAPTURE(name);
    REQUIRE(content_of(folder.path() / "merged" / name) == content_of(whole / name));
  }
}

TEST_CASE("kill: SIGTERM as Slurm sends it keeps what is finished") {
  const TemporaryFolder folder;
  folder.write("e.toml", kText);
  const pid_t child = start(
      folder.path(), {"run", "e.toml", "--jobs", "1", "--out", "out", "--set", "replicates=1000"});
  for (int looks = 0; finished_runs(folder.path() / "out") < 3; ++looks) {
    REQUIRE(looks < 6000);
    sleep_ms(10);
  }
  ::kill(child, SIGTERM);
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 130);
  CHECK(finished_runs(folder.path() / "out") >= 3);
}

TEST_CASE("kill: a disk that is full stops the sweep and with more room it goes on") {
  const TemporaryFolder folder;
  folder.write("e.toml", kText);
  // A small disk in memory, which nobody else sees and which is gone with the shell.
  folder.write("small_disk", R"(
mkdir disk && mount -t tmpfs -o size=200k none disk || exit 77
"$1" run e.toml --quiet --out disk/out 2>error
echo $? >code
ls disk/out >left
mount -o remount,size=20m none disk
"$1" run e.toml --quiet --out disk/out || exit
cp -r disk/out out
)");
  const std::string user = ::geteuid() == 0 ? "" : "--user --map-root-user ";
  const int status =
      std::system(("cd " + test::in_quotes(folder.path().string()) + " && unshare " + user +
                   "--mount sh small_disk " + test::in_quotes(AMPSIM_PROGRAM) + " 2>.err")
                      .c_str());
  if (!fs::exists(folder.path() / "code")) {
    MESSAGE("skipped: no small disk can be mounted here");
    return;
  }
  CHECK(status == 0);
  CHECK(content_of(folder.path() / "code") == "1\n");
  CHECK(content_of(folder.path() / "error") ==
        "ampsim: disk/out/runs.journal: cannot be written: No space left on device; finished runs "
        "are kept, the same command goes on from there\n");
  CHECK(content_of(folder.path() / "left") == "experiment.toml\nruns.journal\n");
  REQUIRE(test::call_ampsim(folder, {"run", "e.toml", "--quiet", "--out", "whole"}).code == 0);
  for (const char* name : kTables) {
    CAPTURE(name);
    CHECK(content_of(folder.path() / "out" / name) == content_of(folder.path() / "whole" / name));
  }
  const std::string manifest = content_of(folder.path() / "out/manifest.json");
  CHECK(manifest.find("\"runs_kept\": 0,") == std::string::npos);
}
