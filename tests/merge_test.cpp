#include "sim/experiment/merge.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "sim/experiment/journal.hpp"
#include "sim/experiment/runner.hpp"
#include "tests/experiment_world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
namespace fs = std::filesystem;

namespace {

constexpr const char* kText = R"(name = "e"
seed = 3
replicates = 4
[topology]
generator = "complete"
nodes = 4
[workload]
payments = 3
[record]
parts = true
[sweep]
"payment.scheme" = ["mpp", "amp"]
"payment.max_parts" = [1, 2, 3]
)";

void run_whole(const Experiment& experiment, const fs::path& folder) {
  run_experiment(experiment, run_steps(), {.folder = folder, .jobs = 1});
}

std::vector<fs::path> run_shards(const Experiment& experiment,
                                 const fs::path& folder,
                                 std::uint32_t count) {
  std::vector<fs::path> shards;
  for (std::uint32_t index = 1; index <= count; ++index) {
    shards.push_back(folder / (std::to_string(index) + "-of-" + std::to_string(count)));
    run_experiment(experiment, run_steps(),
                   {.folder = shards.back(), .jobs = 1, .shard = Shard{index, count}});
  }
  return shards;
}

std::string merge_refusal(const std::vector<fs::path>& shards, const fs::path& out) {
  try {
    merge_shards(shards, out);
    return "";
  } catch (const InputError& error) {
    CHECK(!fs::exists(out));
    return error.what();
  }
}

}  // namespace

TEST_CASE("merge: any number of shards in any order gives the bytes of one run") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  run_whole(experiment, folder.path() / "whole");
  const std::string whole = all_tables(folder.path() / "whole");
  for (const std::uint32_t count : {1U, 2U, 5U, 24U}) {
    CAPTURE(count);
    const fs::path place = folder.path() / std::to_string(count);
    fs::create_directories(place);
    std::vector<fs::path> shards = run_shards(experiment, place, count);
    std::reverse(shards.begin(), shards.end());
    const MergeOutcome outcome = merge_shards(shards, place / "merged");
    CHECK(outcome.runs == 24);
    CHECK(!outcome.was_complete);
    CHECK(all_tables(place / "merged") == whole);
    CHECK(!fs::exists(place / "merged/runs.journal"));
    CHECK(merge_shards(shards, place / "merged").was_complete);
  }
}

TEST_CASE("merge: more shards than files may be open at a time") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  run_whole(experiment, folder.path() / "whole");
  const std::vector<fs::path> shards = run_shards(experiment, folder.path(), 24);
  merge_shards(shards, folder.path() / "merged", /*most_open=*/3);
  CHECK(all_tables(folder.path() / "merged") == all_tables(folder.path() / "whole"));

  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit few{.rlim_cur = 20, .rlim_max = before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
  const auto merge = [&] { merge_shards(shards, folder.path() / "with few"); };
  CHECK_NOTHROW(merge());
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(all_tables(folder.path() / "with few") == all_tables(folder.path() / "whole"));
}

TEST_CASE("merge: a shard that is given twice is named") {
  const TemporaryFolder folder;
  std::vector<fs::path> shards = run_shards(experiment_of(kText), folder.path(), 2);
  shards.push_back(shards[0] / ".");
  const auto merge = [&] { merge_shards(shards, folder.path() / "merged"); };
  CHECK_THROWS_WITH_AS(merge(), doctest::Contains("is given twice; allowed: once"), InputError);
}

TEST_CASE("merge: the manifest has hosts and times of all shards and the inputs") {
  const TemporaryFolder folder;
  const auto payments = folder.write("payments.csv",
                                     "source,destination,amount_msat,start_ms\n"
                                     "0,1,1000000,0\n1,2,1000000,5\n");
  const Experiment experiment =
      experiment_of("[topology]\ngenerator = \"complete\"\nnodes = 4\n[workload]\nfile = \"" +
                    payments.string() + "\"\n[sweep]\n\"payment.max_parts\" = [1, 2, 3]\n");
  const std::vector<fs::path> shards = run_shards(experiment, folder.path(), 3);
  folder.write("payments.csv", "");  // not read any more
  merge_shards(shards, folder.path() / "merged");
  using nlohmann::json;
  const json manifest = json::parse(content_of(folder.path() / "merged/manifest.json"));
  CHECK(manifest["runs"] == 3);
  CHECK(manifest["payments"] == 6);
  CHECK(manifest["events"].get<int>() > 6);
  CHECK(manifest["hosts"].size() == 1);
  REQUIRE(manifest["inputs"].size() == 1);
  CHECK(manifest["inputs"][0]["file"] == payments.string());
  REQUIRE(manifest["shards"].size() == 3);
  double cpu_s = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const json shard = json::parse(content_of(shards[i] / "manifest.json"));
    CHECK(shard["shard"] == std::to_string(i + 1) + "/3");
    CHECK(manifest["shards"][i]["shard"] == shard["shard"]);
    cpu_s += shard["cpu_s"].get<double>();
  }
  CHECK(manifest["cpu_s"].get<double>() >= cpu_s);
}

TEST_CASE("merge: what is missing is named") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  std::vector<fs::path> shards = run_shards(experiment, folder.path(), 4);
  const fs::path out = folder.path() / "merged";
  CHECK(merge_refusal({shards[0], shards[2]}, out) ==
        "12 of 24 runs are missing: 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, ...; not given: 2, 4 of the "
        "4 shards");
  fs::remove(shards[1] / "manifest.json");
  CHECK(merge_refusal(shards, out) ==
        "0 of 24 runs are missing; " + shards[1].string() + " is not finished");
  const std::string journal = content_of(shards[1] / "runs.journal");
  fs::resize_file(shards[1] / "runs.journal", journal.size() - 1);
  CHECK(merge_refusal(shards, out).starts_with("1 of 24 runs are missing: "));
  fs::resize_file(shards[1] / "runs.journal", 10);
  CHECK(merge_refusal(shards, out) ==
        shards[1].string() + ": the shard is not finished: none of its runs is there");
  CHECK(merge_refusal({folder.path() / "none"}, out) ==
        (folder.path() / "none").string() + ": does not exist");
}

TEST_CASE("merge: what does not belong together is refused") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  const std::vector<fs::path> shards = run_shards(experiment, folder.path(), 2);
  const fs::path out = folder.path() / "merged";
  CHECK(merge_refusal({shards[0], shards[0]}, out) ==
        shards[0].string() + ": is given twice; allowed: once");
  const fs::path copy = folder.path() / "copy";
  fs::copy(shards[0], copy);
  CHECK(merge_refusal({shards[0], copy, shards[1]}, out)
            .starts_with(copy.string() + ": has run 0, which " + shards[0].string() + " has, too"));
  const std::vector<fs::path> thirds = run_shards(experiment, folder.path(), 3);
  CHECK(merge_refusal({shards[0], thirds[1]}, out) ==
        thirds[1].string() + ": is shard 2/3, and " + shards[0].string() +
            " is shard 1/2: they are not of one split");
  fs::create_directories(folder.path() / "other");
  const std::vector<fs::path> others =
      run_shards(experiment_of(kText, {"seed=4"}), folder.path() / "other", 2);
  CHECK(merge_refusal({shards[0], others[1]}, out) ==
        others[1].string() + ": seed: the results are of another experiment, with 4 and not 3");
  run_whole(experiment, folder.path() / "whole");
  CHECK(merge_refusal({folder.path() / "whole"}, out) ==
        (folder.path() / "whole").string() +
            ": found results of the whole experiment; allowed: the folder of a shard");
  CHECK(merge_refusal({folder.path()}, out)
            .starts_with(folder.path().string() + ": found no results; allowed: "));
}

TEST_CASE("merge: a shard that was damaged since is found and nothing is written") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  const std::vector<fs::path> shards = run_shards(experiment, folder.path(), 2);
  const std::string journal = content_of(shards[1] / "runs.journal");
  const fs::path out = folder.path() / "merged";
  // In the header, in the line before the rows of a run, and in a row.
  for (const char* text : {",succeeded,", "\nrun ", ",amp,"}) {
    CAPTURE(text);
    const std::size_t at = journal.find(text);
    REQUIRE(at != std::string::npos);
    std::string damaged = journal;
    damaged[at + 2] ^= 1;
    std::ofstream(shards[1] / "runs.journal", std::ios::binary) << damaged;
    CHECK_THROWS_AS(merge_shards(shards, out), DamagedJournal);
    CHECK(!fs::exists(out / "runs.csv"));
    CHECK(!fs::exists(out / "manifest.json"));
  }
  // Started over, the shard is whole again.
  run_experiment(experiment, run_steps(),
                 {.folder = shards[1], .jobs = 1, .shard = Shard{2, 2}, .restart = true});
  CHECK(merge_shards(shards, out).runs == 24);
}

TEST_CASE("merge: a folder of something else is not written into") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  const std::vector<fs::path> shards = run_shards(experiment, folder.path(), 2);
  run_whole(experiment_of(kText, {"seed=4"}), folder.path() / "other");
  const std::string before = all_tables(folder.path() / "other");
  CHECK_THROWS_AS(merge_shards(shards, folder.path() / "other"), InputError);
  CHECK(all_tables(folder.path() / "other") == before);
}
