#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/experiment_world.hpp"

using namespace ampsim;
using namespace ampsim::sim;

TEST_CASE("sweep: the points are the product in the order of the file, the first key slowest") {
  const Experiment experiment = experiment_of(
      "replicates = 2\n[sweep]\n\"payment.scheme\" = [\"mpp\", \"amp\"]\n"
      "amp.derivation = [\"toy\", \"lnd\"]\n\"payment.fee_limit\" = [0.5, 1]\n");
  REQUIRE(experiment.points.size() == 8);
  CHECK(experiment.run_count() == 16);
  std::string order;
  for (const Point& point : experiment.points) {
    for (const Value& value : point.swept) order += to_plain(value) + " ";
    order += "| ";
    CHECK(point.settings.payment.scheme == to_plain(point.swept[0]));
  }
  CHECK(order ==
        "mpp toy 0.5 | mpp toy 1 | mpp lnd 0.5 | mpp lnd 1 | amp toy 0.5 | amp toy 1 | "
        "amp lnd 0.5 | amp lnd 1 | ");
}

TEST_CASE("sweep: a swept key stands in [sweep] alone, and the resolved file has the same points") {
  const Experiment experiment = experiment_of(
      "[workload]\namount = { mean_sat = 5 }\n"
      "[sweep]\n\"workload.amount.mean_sat\" = [\n 10_000,\n 100_000 ]\n");
  CHECK(experiment.resolved.find("\"workload.amount.mean_sat\" = [10000, 100000]\n") !=
        std::string::npos);
  CHECK(experiment.resolved.find("amount = { distribution = \"lognormal\", sigma = 0.7 }") !=
        std::string::npos);
  const Experiment again = experiment_of(experiment.resolved);
  CHECK(again.resolved == experiment.resolved);
  CHECK(again.points[1].settings.workload.amount.mean == 100'000);
}

TEST_CASE("sweep: a key may be without effect at some points, not at all of them") {
  const std::string text =
      "[network]\nlatency = { mean_ms = 5, sigma = 0.5 }\n[sweep]\n"
      "\"network.latency.distribution\" = ";
  CHECK(refusal_of(text + "[\"constant\", \"lognormal\", \"lightning\"]\n").empty());
  CHECK(refusal_of(text + "[\"constant\", \"lightning\"]\n") ==
        "e.toml:2: network.latency.sigma: has no effect with network.latency.distribution = "
        "\"constant\"");
}

TEST_CASE("sweep: what every network has of its own cannot be swept") {
  const std::string sweep = "[sweep]\n\"channels.fee_proportional_ppm\" = [1, 1000]\n";
  CHECK(refusal_of(sweep) ==
        "e.toml:2: sweep.channels.fee_proportional_ppm: has no effect: the network of "
        "topology.generator = \"lightning\" has its own policies");
  CHECK(refusal_of(sweep + "\"topology.generator\" = [\"lightning\", \"ring\"]\n").empty());
}

TEST_CASE("sweep: wrong sweeps are named with the line of the value") {
  const std::string head = "[sweep]\n";
  CHECK(refusal_of(head + "\"payment.scheme\" = []\n") ==
        "e.toml:2: sweep.payment.scheme: found an empty list; allowed: at least one value");
  CHECK(refusal_of(head + "\"payment.max_parts\" = [\n1,\n\"two\" ]\n") ==
        "e.toml:4: sweep.payment.max_parts: found \"two\"; allowed: an integer from 1 to 10000");
  const std::string unknown = refusal_of(head + "\"payment.schme\" = [\"amp\"]\n");
  CHECK(unknown.find("e.toml:2: sweep.payment.schme: unknown key; allowed: scheme, timeout_s, ") ==
        0);
  CHECK(unknown.ends_with("; did you mean \"payment.scheme\"?"));
  CHECK(refusal_of(head + "\"payment.scheme\" = \"amp\"\n") ==
        "e.toml:2: sweep.payment.scheme: found \"amp\"; allowed: a list of values, "
        "texts in quotes, each " +
            all_schemes());
  CHECK(refusal_of(head + "replicates = [1, 2]\n") ==
        "e.toml:2: sweep.replicates: cannot be swept");
  CHECK(refusal_of(head + "\"payment.scheme\" = [\"amp\", \"amp\"]\n") ==
        "e.toml:2: sweep.payment.scheme: found \"amp\" twice; allowed: once");
  CHECK(refusal_of(head + "\"workload.amount\" = [5]\n").find("e.toml:2: sweep.workload.amount") ==
        0);
  CHECK(refusal_of("sweep = 5\n") ==
        "e.toml:1: sweep: allowed: a table of lists, \"payment.scheme\" = [\"mpp\", \"amp\"]");
  CHECK(refusal_of("replicates = 1000000\n[sweep]\n\"payment.max_parts\" = [1, 2]\n") ==
        "e.toml:3: sweep.payment.max_parts: the experiment has more than 1000000 runs");
}

TEST_CASE("sweep: every point is checked, not only the first") {
  CHECK(
      refusal_of("[sweep]\n\"network.latency.distribution\" = [\"lightning\", \"constant\"]\n") ==
      "e.toml:2: network.latency.mean_ms: missing; allowed: a number above 0 up to 1000000000000");
}

TEST_CASE("sweep: --set adds a sweep, replaces one, and ends one") {
  const std::string swept = "[sweep]\n\"payment.scheme\" = [\"mpp\", \"amp\"]\n";
  CHECK(experiment_of(swept, {"payment.scheme=single"}).points.size() == 1);
  CHECK(experiment_of(swept, {"sweep.payment.scheme=[\"single\",\"mpp\",\"amp\"]"}).points.size() ==
        3);
  CHECK(experiment_of(swept, {"sweep.payment.max_parts=[1, 2]"}).points.size() == 4);
  CHECK(refusal_of("", {"sweep.payment.scheme=[mpp]"}) ==
        "--set: sweep.payment.scheme: found \"[mpp]\"; allowed: a list of values, "
        "texts in quotes, each " +
            all_schemes());
}

TEST_CASE("sweep: files can be swept, and each is an input once") {
  const TemporaryFolder folder;
  folder.write("a", "");
  folder.write("b", "");
  const Experiment experiment =
      experiment_of("[sweep]\n\"topology.file\" = [\"a\", \"b\"]\namp.derivation = [\"lnd\"]\n", {},
                    folder.path().string());
  CHECK(experiment.input_files.size() == 2);
  CHECK(experiment.resolved.find("generator") == std::string::npos);
  CHECK(experiment_of(experiment.resolved).resolved == experiment.resolved);
}

TEST_CASE("sweep: swept files are shown without the folder that they share") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "nets/old");
  folder.write("nets/a.json", "");
  folder.write("nets/old/a.json", "");
  const std::string text = "[sweep]\n\"topology.file\" = [\"nets/a.json\", \"nets/old/a.json\"]\n";
  const Experiment experiment = experiment_of(text, {}, folder.path().string());
  CHECK(to_plain(experiment.points[0].swept[0]) == "a.json");
  CHECK(to_plain(experiment.points[1].swept[0]) == "old/a.json");
  CHECK(experiment.points[1].settings.topology.file ==
        (folder.path() / "nets/old/a.json").string());
  const Experiment again = experiment_of(experiment.resolved);
  CHECK(to_plain(again.points[1].swept[0]) == "old/a.json");
}

TEST_CASE("sweep: every case has all points of the sweep, and what it sets holds in it alone") {
  const std::string text =
      "[payment]\nmax_parts = 7\n[case.plain]\n[case.few]\npayment.max_parts = 2\n[case.stuck]\n"
      "faults.stuck_probability = 0.5\nfaults.stuck_mean_s = 10\n"
      "[sweep]\n\"payment.scheme\" = [\"mpp\", \"amp\"]\n";
  const Experiment experiment = experiment_of(text);
  REQUIRE(experiment.points.size() == 6);
  CHECK(experiment.sweep[0].key == "case");
  CHECK(to_plain(experiment.points[3].swept[0]) == "few");
  CHECK(to_plain(experiment.points[3].swept[1]) == "amp");
  CHECK(experiment.points[1].settings.payment.max_parts == 7);
  CHECK(experiment.points[3].settings.payment.max_parts == 2);
  CHECK(experiment.points[3].settings.faults.stuck_probability == 0);
  CHECK(experiment.points[4].settings.faults.stuck_probability == 0.5);
  CHECK(experiment.points[4].settings.payment.max_parts == 7);
  const Experiment again = experiment_of(experiment.resolved);
  CHECK(again.resolved == experiment.resolved);
  CHECK(again.points[3].settings.payment.max_parts == 2);
  CHECK(again.points[5].settings.payment.max_parts == 7);
}

TEST_CASE("sweep: --set changes a case, or what is common to all") {
  const std::string text = "[case.a]\n[case.b]\npayment.max_parts = 2\n";
  CHECK(experiment_of(text, {"case.b.payment.max_parts=3"}).points[1].settings.payment.max_parts ==
        3);
  const Experiment common = experiment_of(text, {"payment.max_parts=5"});
  CHECK(common.points[0].settings.payment.max_parts == 5);
  CHECK(common.points[1].settings.payment.max_parts == 2);
}

TEST_CASE("sweep: a case that cannot be is refused by its line") {
  CHECK(refusal_of("[case.a]\npayment.max_part = 2\n")
            .find("e.toml:2: case.a.payment.max_part: unknown key; allowed: ") == 0);
  // The line is that of the case in which the number is wrong.
  CHECK(refusal_of("[case.a]\nworkload.amount.distribution = \"constant\"\n"
                   "workload.amount.mean_sat = 5\n[case.b]\n"
                   "workload.amount.distribution = \"uniform\"\n"
                   "workload.amount.minimum_sat = 5\nworkload.amount.maximum_sat = 4\n")
            .find("e.toml:6: workload.amount.minimum_sat: found 5; ") == 0);
  CHECK(refusal_of("[case.a]\nseed = 2\n") == "e.toml:2: case.a.seed: cannot differ between cases");
  CHECK(refusal_of("[sweep]\ncase = [\"a\"]\n") ==
        "e.toml:2: sweep.case: cannot be swept; every [case.NAME] has all points");
  CHECK(refusal_of("case = 1\n").find("e.toml:1: case: ") == 0);
  CHECK(refusal_of("[case.a]\npayment.scheme = [\"amp\"]\n").find("allowed: one value, single") !=
        std::string::npos);
  CHECK(refusal_of("[case.a]\nfaults.stuck_mean_s = 2\n") ==
        "e.toml:2: case.a.faults.stuck_mean_s: has no effect with faults.stuck_probability = 0");
  CHECK(refusal_of("[case.a]\npayment.scheme = \"amp\"\n[sweep]\npayment.scheme = [\"mpp\"]\n") ==
        "e.toml:2: case.a.payment.scheme: is swept, and cannot be set by a case");
}
