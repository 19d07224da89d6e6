#include "sim/experiment/paired_differences.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sim/experiment/tables.hpp"
#include "sim/measure/confidence.hpp"
#include "tests/experiment_world.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

const std::string kSweep =
    "replicates = 3\n[sweep]\n\"payment.scheme\" = [\"single\", \"mpp\", \"amp\"]\n"
    "\"payment.max_parts\" = [1, 2]\n[summary]\n";

/// Rows of runs.csv with two measures; a run's are 10 * run + replicate^2, and nothing or a word.
std::string row_of(const Experiment& experiment, std::size_t run) {
  const std::size_t point = run / experiment.replicates;
  const std::size_t replicate = run % experiment.replicates;
  std::string row = std::to_string(point) + "," + std::to_string(replicate) + ",7";
  for (const Value& value : experiment.points[point].swept) row += "," + to_plain(value);
  row += "," + std::to_string(10 * point + replicate * replicate * (point + 1)) + ",";
  return row + (replicate == 1 ? "" : "0.5") + "," + (replicate == 1 ? "time" : "interval") + "\n";
}

/// summary.csv, row by row, cell by cell.
std::vector<std::vector<std::string>> summary_of(const Experiment& experiment) {
  std::string header = "point,replicate,seed";
  for (const SweptKey& swept : experiment.sweep) header += "," + swept.key;
  Summary summary(experiment, header + ",a,b,stopped_by\n",
                  [&](std::size_t run) { return row_of(experiment, run); });
  std::string text = summary.header();
  for (std::size_t run = 0; run < experiment.run_count(); ++run) {
    text += summary.add(row_of(experiment, run));
  }
  std::vector<std::vector<std::string>> rows;
  for (std::string_view rest = text; !rest.empty();) rows.push_back(take_row(rest));
  return rows;
}

std::string shown(const std::vector<std::string>& cells, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < cells.size(); ++i) text += cells[i] + " ";
  return text;
}

}  // namespace

TEST_CASE("paired_differences: each point has the partner with the baseline's value") {
  const Experiment experiment =
      experiment_of(kSweep + "baseline = { \"payment.scheme\" = \"mpp\" }\n");
  CHECK(experiment.partners == std::vector<std::size_t>{2, 3, kNoPartner, kNoPartner, 2, 3});
  const Experiment again = experiment_of(experiment.resolved);
  CHECK(again.resolved == experiment.resolved);
  CHECK(again.partners == experiment.partners);
  CHECK(experiment.resolved.ends_with("[summary]\nbaseline = { \"payment.scheme\" = \"mpp\" }\n"));
  // Two keys at once: one point, and all others are compared with it.
  const Experiment both = experiment_of(
      kSweep + "baseline = { \"payment.scheme\" = \"single\", \"payment.max_parts\" = 2 }\n");
  CHECK(both.partners == std::vector<std::size_t>{1, kNoPartner, 1, 1, 1, 1});
}

TEST_CASE("paired_differences: mean and interval are of the differences and not of the means") {
  const Experiment experiment =
      experiment_of(kSweep + "baseline = { \"payment.scheme\" = \"mpp\" }\n");
  const auto rows = summary_of(experiment);
  CHECK(shown(rows[0], 0) ==
        "payment.scheme payment.max_parts replicates a_mean a_sd a_ci95 b_mean b_sd b_ci95 "
        "a_diff_mean a_diff_sd a_diff_ci95 b_diff_mean b_diff_sd b_diff_ci95 stopped_by ");
  // Point 4, amp with one part: a = 40 + 5 r^2. Point 2, mpp with one: a = 20 + 3 r^2. Differences
  // 20 + 2 r^2 = 20, 22, 28.
  const std::vector<double> differences = {20, 22, 28};
  const Confidence expected = confidence(differences);
  CHECK(rows[5][0] == "amp");
  CHECK(cell_number(rows[5][9]) == doctest::Approx(70.0 / 3));
  CHECK(cell_number(rows[5][10]) == doctest::Approx(expected.sd));
  CHECK(cell_number(rows[5][11]) == doctest::Approx(expected.ci95));
  CHECK(expected.ci95 == doctest::Approx(4.3026527 * std::sqrt(52.0 / 3) / std::sqrt(3.0)));
  // b is missing in one replicate, and its differences are 0 in the others.
  CHECK(shown(rows[5], 12) == "0 0 0 interval:2 time:1 ");
  // The partner may come later in the file, as here for single; the baseline has none itself.
  CHECK(cell_number(rows[1][9]) == doctest::Approx(-20 - 2 * (0 + 1 + 4) / 3.0));
  CHECK(shown(rows[3], 9) == "      interval:2 time:1 ");
}

TEST_CASE("paired_differences: cases and points can be a baseline") {
  const Experiment cases = experiment_of(
      "[case.plain]\n[case.stuck]\nfaults.stuck_probability = 0.5\n[sweep]\n"
      "\"payment.max_parts\" = [1, 2]\n[summary]\nbaseline = { case = \"plain\" }\n");
  CHECK(cases.partners == std::vector<std::size_t>{kNoPartner, kNoPartner, 0, 1});
  // Not every point of a list has a partner.
  const Experiment points = experiment_of(
      "[sweep]\npoints = [ { payment.scheme = \"mpp\", payment.max_parts = 1 },\n"
      "{ payment.scheme = \"amp\", payment.max_parts = 1 },\n"
      "{ payment.scheme = \"amp\", payment.max_parts = 4 } ]\n"
      "[summary]\nbaseline = { \"payment.scheme\" = \"mpp\" }\n");
  CHECK(points.partners == std::vector<std::size_t>{kNoPartner, 0, kNoPartner});
}

TEST_CASE("paired_differences: a baseline that is none is refused") {
  const std::string where = "e.toml:6: summary.baseline.";
  CHECK(refusal_of(kSweep + "baseline = { \"payment.scheme\" = \"ptlc\" }\n") ==
        where + "payment.scheme: found \"ptlc\"; allowed: \"single\", \"mpp\", \"amp\"");
  CHECK(refusal_of(kSweep + "baseline = { \"payment.max_part\" = 1 }\n") ==
        where +
            "payment.max_part: is not swept; allowed: payment.scheme, payment.max_parts; did "
            "you mean \"payment.max_parts\"?");
  CHECK(refusal_of(kSweep + "baseline = { \"payment.scheme\" = [\"mpp\"] }\n") ==
        where + "payment.scheme: allowed: \"single\", \"mpp\", \"amp\"");
  CHECK(refusal_of("[summary]\nbaseline = { \"payment.scheme\" = \"mpp\" }\n") ==
        "e.toml:2: summary.baseline.payment.scheme: nothing is swept: there is one point, and none "
        "to compare it with");
  CHECK(
      refusal_of("[sweep]\n\"payment.scheme\" = [\"mpp\"]\n[summary]\n"
                 "baseline = { \"payment.scheme\" = \"mpp\" }\n") ==
      "e.toml:4: summary.baseline.payment.scheme: no other point can be compared with it: none has "
      "its other swept keys equal");
  CHECK(refusal_of("[summary]\nbase_line = 1\n").starts_with("e.toml:2: summary.base_line: "));
}

TEST_CASE("paired_differences: points that do not see the same payments are not paired") {
  const auto refusal = [](const std::string& key, const std::string& values,
                          const std::string& baseline) {
    return refusal_of("[sweep]\n\"" + key + "\" = " + values + "\n[summary]\nbaseline = { \"" +
                      key + "\" = " + baseline + " }\n");
  };
  CHECK(refusal("workload.amount.mean_sat", "[10, 100]", "10") ==
        "e.toml:4: summary.baseline.workload.amount.mean_sat: point 1 and its baseline, point 0, "
        "differ in workload.amount.mean_sat: they do not see the same networks and payments, and "
        "cannot be compared pair by pair");
  CHECK(!refusal("topology.nodes", "[100, 200]", "100").empty());
  CHECK(!refusal("channels.balance.distribution", "[\"half\", \"uniform\"]", "\"half\"").empty());
  CHECK(!refusal("workload.warmup_payments", "[0, 10]", "0").empty());
  // What channels take is no part of the network that is drawn.
  CHECK(refusal("channels.reserve", "[0, 0.1]", "0").empty());
  CHECK(refusal("network.timing", "[\"fast\", \"full\"]", "\"fast\"").empty());
  CHECK(refusal("stop.payments", "[0, 10]", "0").empty());
}

TEST_CASE("paired_differences: --set ends a baseline with its sweep") {
  const std::string text = kSweep + "baseline = { \"payment.scheme\" = \"mpp\" }\n";
  CHECK(experiment_of(text, {"payment.scheme=amp"}).partners.empty());
  CHECK(experiment_of(text, {"summary.baseline.payment.scheme=amp"}).partners[0] == 4);
}
