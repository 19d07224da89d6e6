#include "sim/experiment/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sim/experiment/tables.hpp"
#include "tests/experiment_world.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

double number_of(const Value& value) { return cell_number(to_plain(value)); }

std::vector<double> column(const Experiment& experiment, std::size_t key) {
  std::vector<double> values;
  for (const Point& point : experiment.points) values.push_back(number_of(point.swept[key]));
  return values;
}

std::string sweep_of(const std::string& sampling, int samples, const std::string& keys) {
  return "[sweep]\nsampling = \"" + sampling + "\"\nsamples = " + std::to_string(samples) + "\n" +
         keys;
}

const std::string kRate = "\"workload.rate_per_s\" = { min = 1, max = 100, scale = \"log\" }\n";
const std::string kFee = "\"payment.fee_limit\" = { min = 0.1, max = 0.3 }\n";

}  // namespace

TEST_CASE("sampling: a Latin hypercube has one sample in each stratum of each key") {
  const Experiment experiment = experiment_of(sweep_of("latin_hypercube", 40, kRate + kFee));
  REQUIRE(experiment.points.size() == 40);
  std::set<int> rates;
  std::set<int> fees;
  for (const Point& point : experiment.points) {
    rates.insert(static_cast<int>(40 * std::log(number_of(point.swept[0])) / std::log(100.0)));
    fees.insert(static_cast<int>(40 * (number_of(point.swept[1]) - 0.1) / 0.2));
    CHECK(point.settings.workload.rate_per_s == number_of(point.swept[0]));
  }
  CHECK(rates.size() == 40);
  CHECK(fees.size() == 40);
  // The orders have nothing to do with each other: Spearman's rank correlation has a standard
  // deviation of 1 / sqrt(39) = 0.16.
  const std::vector<double> a = column(experiment, 0);
  const std::vector<double> b = column(experiment, 1);
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto rank = [i](const std::vector<double>& values) {
      return static_cast<double>(std::count_if(values.begin(), values.end(),
                                               [&](double each) { return each < values[i]; }));
    };
    squares += (rank(a) - rank(b)) * (rank(a) - rank(b));
  }
  CHECK(std::abs(1 - 6 * squares / (40.0 * (40 * 40 - 1))) < 0.5);
}

TEST_CASE("sampling: random samples are uniform over the range, or over its logarithm") {
  const Experiment experiment = experiment_of(sweep_of("random", 2000, kRate + kFee));
  // Half are below the middle: a standard deviation of sqrt(500) = 22.
  const auto below = [&](std::size_t key, double middle) {
    const std::vector<double> values = column(experiment, key);
    return std::count_if(values.begin(), values.end(), [&](double v) { return v < middle; });
  };
  CHECK(std::abs(below(0, 10) - 1000) < 90);
  CHECK(std::abs(below(1, 0.2) - 1000) < 90);
  CHECK(below(0, 1) == 0);
  CHECK(below(0, 100.001) == 2000);
}

TEST_CASE("sampling: integers and choices are covered evenly, ends included") {
  const Experiment experiment = experiment_of(
      sweep_of("latin_hypercube", 60,
               "\"payment.max_parts\" = { min = 1, max = 6 }\n"
               "\"payment.scheme\" = { choices = [\"single\", \"mpp\", \"amp\"] }\n"));
  std::map<std::string, int> parts;
  std::map<std::string, int> schemes;
  for (const Point& point : experiment.points) {
    ++parts[to_plain(point.swept[0])];
    ++schemes[to_plain(point.swept[1])];
    CHECK(point.settings.payment.scheme == to_plain(point.swept[1]));
  }
  CHECK(parts == std::map<std::string, int>{
                     {"1", 10}, {"2", 10}, {"3", 10}, {"4", 10}, {"5", 10}, {"6", 10}});
  CHECK(schemes == std::map<std::string, int>{{"single", 20}, {"mpp", 20}, {"amp", 20}});
}

TEST_CASE("sampling: the samples follow from the seed alone, and the resolved file has the same") {
  const std::string text = sweep_of("random", 7, kRate);
  const Experiment experiment = experiment_of(text);
  const Experiment again = experiment_of(experiment.resolved);
  CHECK(again.resolved == experiment.resolved);
  CHECK(column(again, 0) == column(experiment, 0));
  CHECK(experiment.resolved.find(
            "sampling = \"random\"\nsamples = 7\n\"workload.rate_per_s\" = { min "
            "= 1, max = 100, scale = \"log\" }\n") != std::string::npos);
  CHECK(column(experiment_of("seed = 2\n" + text), 0) != column(experiment, 0));
  // Another key, before or behind, leaves its values as they are.
  CHECK(column(experiment_of(sweep_of("random", 7, kFee + kRate)), 1) == column(experiment, 0));
  CHECK(column(experiment_of(sweep_of("latin_hypercube", 7, kFee + kRate)), 1) !=
        column(experiment, 0));
}

TEST_CASE("sampling: lists are crossed with the samples, so that schemes see the same ones") {
  const Experiment experiment = experiment_of(
      sweep_of("random", 3, kRate + "\"payment.scheme\" = [\"mpp\", \"amp\"]\n" + kFee) +
      "[summary]\nbaseline = { \"payment.scheme\" = \"mpp\" }\n");
  REQUIRE(experiment.points.size() == 6);
  for (std::size_t i = 0; i < 6; i += 2) {
    CHECK(to_plain(experiment.points[i].swept[1]) == "mpp");
    CHECK(to_plain(experiment.points[i + 1].swept[1]) == "amp");
    CHECK(experiment.points[i].swept[0] == experiment.points[i + 1].swept[0]);
    CHECK(experiment.points[i].swept[2] == experiment.points[i + 1].swept[2]);
    CHECK(experiment.partners[i + 1] == i);
  }
  // The first key of the file is the slowest.
  const Experiment lists_first =
      experiment_of(sweep_of("random", 3, "\"payment.scheme\" = [\"mpp\", \"amp\"]\n" + kRate));
  CHECK(to_plain(lists_first.points[2].swept[0]) == "mpp");
  CHECK(to_plain(lists_first.points[3].swept[0]) == "amp");
  CHECK(lists_first.points[3].swept[1] == lists_first.points[0].swept[1]);
}

TEST_CASE("sampling: the table of the runs has a column for each key") {
  const Experiment experiment = experiment_of(sweep_of("random", 3, kRate + kFee));
  CHECK(runs_header(experiment, {}) ==
        "point,replicate,seed,workload.rate_per_s,payment.fee_limit\n");
}

TEST_CASE("sampling: a list of points has the points, in its order") {
  const std::string text =
      "[case.a]\n[case.b]\nreceiver.timeout_s = 7\n[sweep]\npoints = [\n"
      "  { payment.max_parts = 4, \"payment.scheme\" = \"amp\" },\n"
      "  { payment = { scheme = \"mpp\", max_parts = 1 } },\n]\n"
      "\"payment.fee_limit\" = [0.5, 1]\n";
  const Experiment experiment = experiment_of(text);
  REQUIRE(experiment.points.size() == 8);
  std::string order;
  for (const Point& point : experiment.points) {
    for (const Value& value : point.swept) order += to_plain(value) + " ";
    order += "| ";
  }
  CHECK(order ==
        "a 4 amp 0.5 | a 4 amp 1 | a 1 mpp 0.5 | a 1 mpp 1 | "
        "b 4 amp 0.5 | b 4 amp 1 | b 1 mpp 0.5 | b 1 mpp 1 | ");
  CHECK(experiment.points[2].settings.payment.max_parts == 1);
  const Experiment again = experiment_of(experiment.resolved);
  CHECK(again.resolved == experiment.resolved);
  CHECK(again.points[6].settings.payment.scheme == "mpp");
  CHECK(again.points[6].settings.receiver.timeout == std::chrono::seconds{7});
}

TEST_CASE("sampling: --set changes a range, a list of points, or ends one") {
  const std::string text = sweep_of("random", 3, kRate + kFee);
  CHECK(experiment_of(text, {"sweep.samples=5"}).points.size() == 5);
  CHECK(experiment_of(text, {"workload.rate_per_s=5"}).sweep.size() == 1);
  // A key that --set leaves without effect is dropped, sampled or listed.
  const Experiment from_file = experiment_of(text, {"workload.file=/dev/null"});
  REQUIRE(from_file.sweep.size() == 1);
  CHECK(from_file.sweep[0].key == "payment.fee_limit");
  const Experiment listed = experiment_of(
      "[sweep]\npoints = [ { workload.rate_per_s = 1, payment.max_parts = 2 },\n"
      "{ workload.rate_per_s = 2, payment.max_parts = 3 } ]\n",
      {"workload.file=/dev/null"});
  REQUIRE(listed.sweep.size() == 1);
  CHECK(listed.points[1].settings.payment.max_parts == 3);
  const Experiment narrow = experiment_of(text, {"sweep.workload.rate_per_s={min=5, max=6}"});
  CHECK(column(narrow, 1)[0] >= 5);
  CHECK(column(narrow, 1)[0] <= 6);
  const std::string points =
      "[sweep]\npoints = [ { payment.max_parts = 4, payment.scheme = \"amp\" } ]\n";
  CHECK(experiment_of(points, {"payment.max_parts=9"}).points[0].settings.payment.max_parts == 9);
  CHECK(experiment_of(points, {"sweep.points=[{payment.max_parts=1},{payment.max_parts=2}]"})
            .points.size() == 2);
}

TEST_CASE("sampling: wrong samplings are refused with line, key and what is allowed") {
  const auto refusal = [](const std::string& lines) { return refusal_of("[sweep]\n" + lines); };
  CHECK(refusal("sampling = \"latin\"\nsamples = 3\n" + kRate) ==
        "e.toml:2: sweep.sampling: found \"latin\"; allowed: grid, random, latin_hypercube");
  CHECK(refusal("sampling = \"random\"\n" + kRate) ==
        "e.toml:2: sweep.samples: missing; allowed: an integer from 1 to 1000000");
  CHECK(refusal("sampling = \"random\"\nsamples = 0\n" + kRate) ==
        "e.toml:3: sweep.samples: found 0; allowed: an integer from 1 to 1000000");
  CHECK(refusal("sampling = \"random\"\nsamples = 2\n\"payment.scheme\" = [\"amp\"]\n")
            .starts_with("e.toml:2: sweep.sampling: nothing is sampled; allowed: "));
  CHECK(refusal(kRate).starts_with("e.toml:2: sweep.workload.rate_per_s.min: found a range; "));
  CHECK(refusal("samples = 2\n\"payment.scheme\" = [\"amp\"]\n") ==
        "e.toml:2: sweep.samples: has no effect with sweep.sampling = \"grid\"");
  const std::string head = "sampling = \"random\"\nsamples = 2\n";
  CHECK(refusal(head + "\"workload.rate_per_s\" = { min = 5, max = 5 }\n") ==
        "e.toml:4: sweep.workload.rate_per_s.min: found 5; allowed: less than max, 5");
  CHECK(refusal(head + "\"workload.rate_per_s\" = { min = 0, max = 5 }\n") ==
        "e.toml:4: sweep.workload.rate_per_s.min: found 0; allowed: a number above 0 up to "
        "1000000000");
  CHECK(refusal(head + "\"payment.fee_limit\" = { min = 0, max = 1, scale = \"log\" }\n") ==
        "e.toml:4: sweep.payment.fee_limit.min: found 0; allowed with scale = \"log\": above 0");
  CHECK(
      refusal(head + "\"payment.fee_limit\" = { min = 0, max = 1, scale = \"loq\" }\n") ==
      "e.toml:4: sweep.payment.fee_limit.scale: found \"loq\"; allowed: linear, log; did you mean "
      "\"log\"?");
  CHECK(
      refusal(head + "\"payment.fee_limit\" = { min = 0, mux = 1 }\n") ==
      "e.toml:4: sweep.payment.fee_limit.mux: unknown key; allowed: min, max, scale, choices; did "
      "you mean \"max\"?");
  CHECK(refusal(head + "\"payment.fee_limit\" = { min = 0 }\n")
            .starts_with("e.toml:4: sweep.payment.fee_limit.min: allowed: a range { min = ..."));
  CHECK(refusal(head + "\"payment.scheme\" = { min = 0, max = 1 }\n")
            .starts_with("e.toml:4: sweep.payment.scheme.min: is no number and has no range"));
  CHECK(refusal(head + "\"seed\" = { min = 0, max = 1 }\n") ==
        "e.toml:4: sweep.seed.min: cannot be swept");
  CHECK(refusal("samplng = \"random\"\n") ==
        "e.toml:2: sweep.samplng: unknown key; did you mean \"sampling\"?");
  CHECK(refusal_of("[sweep]\n" + head + kRate, {"sweep.samples=1000000", "replicates=2"}) ==
        "e.toml:4: sweep.workload.rate_per_s.min: the experiment has more than 1000000 runs");
}

TEST_CASE("sampling: wrong lists of points are refused") {
  const auto refusal = [](const std::string& points) {
    return refusal_of("[sweep]\npoints = " + points);
  };
  CHECK(refusal("[]\n").starts_with("e.toml:2: sweep.points: allowed: a list of tables"));
  CHECK(refusal("[ 1 ]\n").starts_with("e.toml:2: sweep.points: allowed: a list of tables"));
  CHECK(refusal("[ { payment.max_parts = 0 } ]\n") ==
        "e.toml:2: sweep.points.0.payment.max_parts: found 0; allowed: an integer from 1 to 10000");
  CHECK(refusal("[ { payment.max_part = 1 } ]\n")
            .starts_with("e.toml:2: sweep.points.0.payment.max_part: unknown key; allowed: "));
  CHECK(refusal("[ { payment.max_parts = 1 },\n{ payment.scheme = \"amp\" } ]\n") ==
        "e.toml:2: sweep.points.0.payment.max_parts: point 1 of sweep.points does not set "
        "payment.max_parts; allowed: the same keys in all");
  CHECK(refusal("[ { payment.max_parts = 1 },\n{ payment.max_parts = 1, payment.scheme = \"amp\" } "
                "]\n") ==
        "e.toml:3: sweep.points.1.payment.scheme: is not set by point 0 of sweep.points; allowed: "
        "the same keys in all");
  CHECK(refusal("[ { payment.max_parts = 1 } ]\n\"payment.max_parts\" = [1, 2]\n") ==
        "e.toml:3: sweep.payment.max_parts: payment.max_parts is swept twice; allowed: once");
  CHECK(refusal("[ { payment.max_parts = 1 } ]\nsampling = \"random\"\nsamples = 3\n")
            .starts_with(
                "e.toml:3: sweep.sampling: found sampling and points; allowed: one of them"));
}
