#include "sim/experiment/runner.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <limits>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "core/random.hpp"
#include "sim/experiment/input_files.hpp"
#include "sim/experiment/merge.hpp"
#include "sim/experiment/output_file.hpp"
#include "sim/measure/csv_writer.hpp"
#include "tests/experiment_world.hpp"
#include "tests/fake_rooms.hpp"

using namespace ampsim;
using namespace ampsim::sim;
namespace fs = std::filesystem;

namespace {

constexpr const char* kText = R"(name = "e"
seed = 3
replicates = 3
[topology]
generator = "grid"
[workload]
payments = 20
[record]
parts = true
channels = true
[sweep]
"payment.scheme" = ["mpp", "amp"]
"workload.amount.mean_sat" = [10, 1000]
)";

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

RunnerOutcome run(FakeRooms& rooms,
                  const Experiment& experiment,
                  const fs::path& folder,
                  unsigned jobs = 2,
                  bool restart = false) {
  return run_experiment(experiment, rooms.steps(),
                        {.folder = folder, .jobs = jobs, .restart = restart, .stop = &rooms.stop});
}

std::string refusal_by_folder(const Experiment& experiment, const fs::path& folder) {
  FakeRooms rooms;
  try {
    run(rooms, experiment, folder);
    return "";
  } catch (const InputError& error) {
    CHECK(rooms.runs == 0);
    return error.what();
  }
}

}  // namespace

TEST_CASE("runner: the files are the same bytes for any number of threads") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  std::string first;
  for (const unsigned jobs : {1U, 2U, 5U}) {
    CAPTURE(jobs);
    FakeRooms rooms;
    const fs::path out = folder.path() / std::to_string(jobs);
    REQUIRE(run(rooms, experiment, out, jobs) == RunnerOutcome::finished);
    CHECK(rooms.runs == 12);
    const std::string text = all_tables(out);
    if (first.empty()) first = text;
    CHECK(text == first);
    CHECK(names_in(out) == std::set<std::string>{"experiment.toml", "manifest.json", "runs.csv",
                                                 "summary.csv", "payments.csv", "parts.csv",
                                                 "channels.csv"});
  }
}

TEST_CASE("runner: an interrupted experiment goes on to the same bytes") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  FakeRooms whole;
  run(whole, experiment, folder.path() / "whole");
  for (const unsigned jobs : {1U, 2U}) {
    CAPTURE(jobs);
    const fs::path out = folder.path() / ("parts" + std::to_string(jobs));
    std::size_t runs = 0;
    RunnerOutcome outcome = RunnerOutcome::interrupted;
    for (int calls = 0; calls < 6 && outcome == RunnerOutcome::interrupted; ++calls) {
      FakeRooms rooms;
      rooms.stop_after = 4;
      outcome = run(rooms, experiment, out, jobs);
      runs += std::min<std::size_t>(rooms.runs, 4);
      if (outcome == RunnerOutcome::interrupted) CHECK(!fs::exists(out / "runs.csv"));
    }
    CHECK(outcome == RunnerOutcome::finished);
    CHECK(runs == 12);
    CHECK(all_tables(out) == all_tables(folder.path() / "whole"));
  }
}

TEST_CASE("runner: points of a replicate share the seed, the network and the payments") {
  const TemporaryFolder folder;
  FakeRooms rooms;
  run(rooms, experiment_of(kText), folder.path() / "out");
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t replicate = 0; replicate < 3; ++replicate) {
    seeds.push_back(replicate_seed(3, replicate));
  }
  std::sort(seeds.begin(), seeds.end());
  std::sort(rooms.topology_seeds.begin(), rooms.topology_seeds.end());
  CHECK(rooms.topology_seeds == seeds);
  // Two amounts, three replicates; one made twice, to see that it can be made at all.
  CHECK(rooms.workload_seeds.size() == 7);

  std::string_view runs;
  const std::string text = content_of(folder.path() / "out/runs.csv");
  runs = text;
  CHECK(take_row(runs) == std::vector<std::string>{"point", "replicate", "seed", "payment.scheme",
                                                   "workload.amount.mean_sat", "payments",
                                                   "success_rate", "volume_msat", "latency_p50_ms",
                                                   "events"});
  const std::vector<std::string> first = take_row(runs);
  CHECK(first[2] == std::to_string(replicate_seed(3, 0)));
  CHECK(first[3] == "mpp");
  for (int i = 1; i < 6; ++i) take_row(runs);
  const std::vector<std::string> seventh = take_row(runs);
  CHECK(seventh[0] == "2");
  CHECK(seventh[1] == "0");
  CHECK(seventh[2] == first[2]);
  CHECK(seventh[3] == "amp");
  CHECK(seventh[7] == first[7]);
  CHECK(seventh[8].empty());
}

TEST_CASE("runner: tables have the columns of the contract") {
  const TemporaryFolder folder;
  FakeRooms rooms;
  const fs::path out = folder.path() / "out";
  run(rooms, experiment_of(kText), out);
  const auto head = [&out](const char* name) {
    const std::string text = content_of(out / name);
    return text.substr(0, text.find('\n'));
  };
  CHECK(head("payments.csv") ==
        "run,payment,source,destination,amount_msat,start_ms,end_ms,state,failure,parts,attempts,"
        "fee_msat,delivered_msat");
  CHECK(head("parts.csv") ==
        "run,payment,part,attempt,set_id,payment_hash,amount_msat,fee_msat,hops,route,cltv_blocks,"
        "sent_ms,held_ms,end_ms,state,failure,failed_at");
  CHECK(head("channels.csv") ==
        "run,channel,source,destination,capacity_msat,balance_source_msat,"
        "balance_destination_msat");
  CHECK(head("summary.csv")
            .find("payment.scheme,workload.amount.mean_sat,replicates,"
                  "payments_mean,payments_sd,payments_ci95,success_rate_mean") == 0);
  std::string_view rest;
  const std::string channels = content_of(out / "channels.csv");
  rest = channels;
  take_row(rest);
  CHECK(take_row(rest) ==
        std::vector<std::string>{"0", "c0", "alice, of grid", "bob", "5", "2", "3"});
  const std::string parts = content_of(out / "parts.csv");
  rest = parts;
  take_row(rest);
  const std::vector<std::string> part = take_row(rest);
  CHECK(part[4].empty());
  CHECK(part[5] == std::string(64, '0'));
  CHECK(part[8] == "2");
  CHECK(part[9] == "c0 c1");
  CHECK(part[12].empty());
  CHECK(part[16].empty());
  CHECK(!take_row(rest)[12].empty());
}

TEST_CASE("runner: a complete folder is left alone, unless it is started over") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  const fs::path out = folder.path() / "out";
  FakeRooms first;
  run(first, experiment, out);
  const std::string text = all_tables(out);
  FakeRooms second;
  CHECK(run(second, experiment, out) == RunnerOutcome::already_complete);
  CHECK(second.runs == 0);
  FakeRooms third;
  CHECK(run(third, experiment, out, 2, /*restart=*/true) == RunnerOutcome::finished);
  CHECK(third.runs == 12);
  CHECK(all_tables(out) == text);
  FakeRooms other;
  CHECK(run(other, experiment_of(kText, {"seed=4", "record.parts=false"}), out, 2, true) ==
        RunnerOutcome::finished);
  CHECK(!fs::exists(out / "parts.csv"));
}

TEST_CASE("runner: a folder of another experiment is refused, naming what differs first") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  FakeRooms rooms;
  run(rooms, experiment_of(kText), out);
  CHECK(refusal_by_folder(experiment_of(kText, {"seed=4", "payment.timeout_s=5"}), out) ==
        out.string() +
            ": seed: the results are of another experiment, with 3 and not 4; choose another "
            "--out, or start it over with --restart");
  CHECK(refusal_by_folder(experiment_of(kText, {"payment.scheme=amp"}), out)
            .find("payment.scheme: the results are of another experiment, with nothing and not "
                  "\"amp\"") != std::string::npos);
  CHECK(refusal_by_folder(experiment_of(kText, {"sweep.payment.scheme=[\"amp\"]"}), out)
            .find("sweep.payment.scheme: the results are of another experiment, with [\"mpp\", "
                  "\"amp\"] and not [\"amp\"]") != std::string::npos);
}

TEST_CASE("runner: a folder with other files in it is never written into") {
  const TemporaryFolder folder;
  folder.write("thesis.tex", "years of work");
  CHECK(refusal_by_folder(experiment_of(kText), folder.path())
            .find("found a folder with other files in it") != std::string::npos);
  CHECK(names_in(folder.path()) == std::set<std::string>{"thesis.tex"});
  CHECK(refusal_by_folder(experiment_of(kText), folder.path() / "thesis.tex")
            .find("found a file; allowed: a folder") != std::string::npos);
  CHECK(refusal_by_folder(experiment_of(kText), "/proc/no/such").find("/proc/no/such: ") == 0);
}

TEST_CASE("runner: with another content of an input file nothing goes on and nothing is lost") {
  const TemporaryFolder folder;
  const auto file = folder.write("network", "one");
  const Experiment experiment =
      experiment_of(kText, {"topology.file=" + file.string(), "sweep.payment.scheme=[\"mpp\"]"});
  const fs::path out = folder.path() / "out";
  FakeRooms rooms;
  rooms.stop_after = 2;
  CHECK(run(rooms, experiment, out, 1) == RunnerOutcome::interrupted);
  folder.write("network", "two");
  CHECK(refusal_by_folder(experiment, out) ==
        out.string() + ": the finished runs are of another content of " + file.string() +
            ": put it back and the same command goes on; choose another --out, or start it over "
            "with --restart");
  folder.write("network", "one");
  FakeRooms again;
  CHECK(run(again, experiment, out, 1) == RunnerOutcome::finished);
  CHECK(again.runs == experiment.run_count() - 2);
  folder.write("network", "three");
  CHECK(refusal_by_folder(experiment, out).find("another content of " + file.string()) !=
        std::string::npos);
}

TEST_CASE("runner: an input file that changes under the runs stops them") {
  const TemporaryFolder folder;
  const auto file = folder.write("network", "one");
  const Experiment experiment =
      experiment_of(kText, {"topology.file=" + file.string(), "sweep.payment.scheme=[\"mpp\"]"});
  const fs::path out = folder.path() / "out";
  FakeRooms rooms;
  RunSteps steps = rooms.steps();
  const auto simulate = steps.simulate;
  steps.simulate = [&](const topo::Topology& network, const std::vector<PaymentSpec>& payments,
                       const SimulationParams& params, const SimulationHooks& hooks) {
    if (rooms.runs == 2) folder.write("network", "one");  // touched, not changed
    if (rooms.runs == 4) folder.write("network", "two");
    return simulate(network, payments, params, hooks);
  };
  CHECK_THROWS_WITH_AS(
      run_experiment(experiment, steps, {.folder = out, .jobs = 1}),
      (file.string() + ": was changed while the experiment ran; finished runs are kept: put the "
                       "old content back and the same command goes on, or start over with "
                       "--restart")
          .c_str(),
      InputChanged);
  folder.write("network", "one");
  FakeRooms again;
  CHECK(run(again, experiment, out, 1) == RunnerOutcome::finished);
  CHECK(again.runs == experiment.run_count() - 4);
}

TEST_CASE("runner: inputs that cannot be used are found before anything is written") {
  const TemporaryFolder folder;
  FakeRooms rooms;
  RunSteps steps = rooms.steps();
  steps.make_workload = [](const Settings& settings, const topo::Topology&,
                           std::uint64_t) -> std::vector<PaymentSpec> {
    if (settings.workload.amount.mean == 1000) throw InputError("no good");
    return {};
  };
  const fs::path out = folder.path() / "out";
  CHECK_THROWS_WITH_AS(run_experiment(experiment_of(kText), steps, {.folder = out}), "no good",
                       InputError);
  CHECK(!fs::exists(out));
}

TEST_CASE("runner: a broken invariant ends the experiment, and what was finished is kept") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  const fs::path out = folder.path() / "out";
  FakeRooms broken;
  broken.fail_at = 5;
  CHECK_THROWS_AS(run(broken, experiment, out, 1), InvariantError);
  CHECK(names_in(out) == std::set<std::string>{"experiment.toml", "runs.journal"});
  FakeRooms whole;
  CHECK(run(whole, experiment, out, 1) == RunnerOutcome::finished);
  CHECK(whole.runs == 7);
}

TEST_CASE("runner: a journal that was cut anywhere goes on to the same bytes") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  const fs::path out = folder.path() / "out";
  FakeRooms rooms;
  rooms.stop_after = 3;
  run(rooms, experiment, out, 1);
  FakeRooms whole;
  run(whole, experiment, folder.path() / "whole", 1);
  const std::string journal = content_of(out / "runs.journal");
  std::size_t most = 0;
  for (std::size_t cut = 0; cut <= journal.size(); cut += 97) {
    CAPTURE(cut);
    fs::remove_all(out / "manifest.json");
    std::ofstream(out / "runs.journal", std::ios::binary) << journal.substr(0, cut);
    FakeRooms again;
    REQUIRE(run(again, experiment, out, 1) == RunnerOutcome::finished);
    REQUIRE(again.runs <= 12);
    REQUIRE(12 - again.runs >= most);
    most = 12 - again.runs;
    REQUIRE(all_tables(out) == all_tables(folder.path() / "whole"));
  }
  CHECK(most >= 2);
}

TEST_CASE("runner: a folder that is deleted under the runs stops them") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  const fs::path out = folder.path() / "out";
  FakeRooms rooms;
  RunSteps steps = rooms.steps();
  const auto simulate = steps.simulate;
  steps.simulate = [&](const topo::Topology& network, const std::vector<PaymentSpec>& payments,
                       const SimulationParams& params, const SimulationHooks& hooks) {
    if (rooms.runs == 5) fs::remove_all(out);
    return simulate(network, payments, params, hooks);
  };
  CHECK_THROWS_WITH_AS(
      run_experiment(experiment, steps, {.folder = out, .jobs = 1}),
      (out.string() + "/runs.journal: cannot be written: No such file or directory: its folder "
                      "was deleted or moved meanwhile")
          .c_str(),
      OutputError);
  CHECK(!fs::exists(out));
}

TEST_CASE("runner: shards have every run once and merge to the same bytes") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  FakeRooms whole;
  run(whole, experiment, folder.path() / "whole");
  std::size_t runs = 0;
  std::vector<fs::path> shards;
  for (std::uint32_t index = 1; index <= 5; ++index) {
    FakeRooms rooms;
    shards.push_back(folder.path() / std::to_string(index));
    REQUIRE(run_experiment(experiment, rooms.steps(),
                           {.folder = shards.back(), .jobs = index, .shard = Shard{index, 5}}) ==
            RunnerOutcome::finished);
    runs += rooms.runs;
    CHECK((rooms.runs == 2 || rooms.runs == 3));
    CHECK(names_in(shards.back()) ==
          std::set<std::string>{"experiment.toml", "manifest.json", "runs.journal"});
  }
  CHECK(runs == 12);
  merge_shards(shards, folder.path() / "merged");
  CHECK(all_tables(folder.path() / "merged") == all_tables(folder.path() / "whole"));
}

TEST_CASE("runner: a shard goes on with its own runs alone") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  const fs::path out = folder.path() / "out";
  const auto run_shard = [&](FakeRooms& rooms, std::optional<Shard> shard) {
    return run_experiment(experiment, rooms.steps(),
                          {.folder = out, .jobs = 1, .shard = shard, .stop = &rooms.stop});
  };
  FakeRooms first;
  first.stop_after = 2;
  CHECK(run_shard(first, Shard{2, 3}) == RunnerOutcome::interrupted);
  FakeRooms other;
  CHECK_THROWS_WITH_AS(
      run_shard(other, Shard{1, 3}),
      (out.string() + ": the finished runs are of shard 2/3, and not of shard 1/3; choose "
                      "another --out, or start it over with --restart")
          .c_str(),
      InputError);
  CHECK_THROWS_AS(run_shard(other, std::nullopt), InputError);
  CHECK(other.runs == 0);
  FakeRooms second;
  CHECK(run_shard(second, Shard{2, 3}) == RunnerOutcome::finished);
  CHECK(second.runs == 2);
  FakeRooms third;
  CHECK(run_shard(third, Shard{2, 3}) == RunnerOutcome::already_complete);
  CHECK_THROWS_AS(run_shard(other, Shard{3, 3}), InputError);
  CHECK_THROWS_AS(run_shard(other, std::nullopt), InputError);
}

TEST_CASE("runner: a table that cannot be written fails the run and leaves no partial file") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  const fs::path out = folder.path() / "out";
  // A folder in the place of the hidden file of payments.csv.
  fs::create_directories(out / ".payments.csv.tmp");
  FakeRooms rooms;
  CHECK_THROWS_WITH_AS(run(rooms, experiment, out),
                       (out.string() + "/payments.csv: cannot be written: Is a directory").c_str(),
                       OutputError);
  CHECK(!fs::exists(out / "payments.csv"));
  CHECK(!fs::exists(out / "manifest.json"));
  fs::remove(out / ".payments.csv.tmp");
  FakeRooms again;
  CHECK(run(again, experiment, out) == RunnerOutcome::finished);
  CHECK(again.runs == 0);  // all runs were kept
}

TEST_CASE("runner: the manifest says where the results come from") {
  const TemporaryFolder folder;
  const auto file = folder.write("network", "abc");
  const fs::path out = folder.path() / "out";
  FakeRooms rooms;
  run(rooms, experiment_of(kText, {"topology.file=" + file.string()}), out, 2);
  const nlohmann::json manifest = nlohmann::json::parse(content_of(out / "manifest.json"));
  CHECK(manifest["program"] == "ampsim");
  CHECK(!manifest["commit"].get<std::string>().empty());
  CHECK(!manifest["compiler"].get<std::string>().empty());
  CHECK(manifest["jobs"] == 2);
  CHECK(manifest["runs"] == 12);
  CHECK(manifest["payments"] == 240);
  CHECK(manifest["events"] == 1200);
  CHECK(manifest["wall_s"].get<double>() > 0);
  CHECK(!manifest.contains("shard"));
  REQUIRE(manifest["inputs"].size() == 1);
  CHECK(manifest["inputs"][0]["file"] == file.string());
  CHECK(manifest["inputs"][0]["sha256"] ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("runner: progress counts runs and payments and reaches the end") {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(kText);
  FakeRooms rooms;
  RunnerProgress last;
  run_experiment(experiment, rooms.steps(),
                 {.folder = folder.path() / "out",
                  .jobs = 2,
                  .on_progress = [&last](const RunnerProgress& progress) {
                    CHECK(progress.runs_done >= last.runs_done);
                    last = progress;
                  }});
  CHECK(last.runs == 12);
  CHECK(last.runs_done == 12);
  CHECK(last.payments == 240);
  CHECK(last.payments_done == 240);
}
