/// Common random numbers: whatever an experiment compares on one network with one workload sees the
/// very same payments, delays and failures of nodes, replicate by replicate.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/csv.hpp"
#include "sim/experiment/runner.hpp"
#include "sim/measure/confidence.hpp"
#include "sim/measure/csv_writer.hpp"
#include "tests/experiment_world.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

constexpr const char* kHead = R"(name = "e"
seed = 11
replicates = 2
[topology]
generator = "barabasi_albert"
nodes = 40
channels_per_node = 3
[channels]
capacity = { distribution = "constant", mean_sat = 1_000_000 }
[workload]
payments = 60
amount = { distribution = "pareto", mean_sat = 60_000, shape = 2.5 }
endpoints = "merchants"
arrivals = { process = "bursty" }
)";

std::string table_of(const std::string& text, const std::string& name) {
  const TemporaryFolder folder;
  const Experiment experiment = experiment_of(text);
  REQUIRE(run_experiment(experiment, run_steps(), {.folder = folder.path() / "out", .jobs = 2}) ==
          RunnerOutcome::finished);
  return content_of(folder.path() / "out" / name);
}

/// Who pays whom, how much and when, by run.
using Payments = std::map<std::string, std::vector<std::string>>;

Payments payments_of(const std::string& text) {
  const CsvTable table(table_of(text, "payments.csv"), "payments.csv");
  Payments payments;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::string text_of_row;
    for (const char* column : {"payment", "source", "destination", "amount_msat", "start_ms"}) {
      text_of_row += std::string(table.at(row, column)) + " ";
    }
    payments[std::string(table.at(row, "run"))].push_back(text_of_row);
  }
  return payments;
}

bool begins_with(const std::vector<std::string>& longer, const std::vector<std::string>& shorter) {
  return shorter.size() <= longer.size() &&
         std::equal(shorter.begin(), shorter.end(), longer.begin());
}

}  // namespace

TEST_CASE("same_payments: schemes and routers and faults see the same payments in a replicate") {
  const Payments runs = payments_of(
      std::string(kHead) +
      "[sweep]\n\"payment.scheme\" = [\"single\", \"invoices\", \"mpp\", \"amp\"]\n"
      "\"routing.algorithm\" = [\"lnd\", \"eclair\"]\n\"faults.stuck_probability\" = [0, 0.01]\n"
      "[case.plain]\n[case.jammed]\nattack.kind = \"slot_jamming\"\nattack.choice = \"degree\"\n");
  REQUIRE(runs.size() == 64);
  for (std::size_t run = 0; run < 64; ++run) {
    CAPTURE(run);
    CHECK(runs.at(std::to_string(run)) == runs.at(std::to_string(run % 2)));
  }
  CHECK(runs.at("0") != runs.at("1"));
}

TEST_CASE("same_payments: fewer payments are the first ones of more") {
  for (const char* endpoints :
       {"uniform", "capacity", "degree", "merchants", "hot_spots", "circulation"}) {
    for (const char* process : {"poisson", "fixed", "bursty", "daily"}) {
      CAPTURE(endpoints);
      CAPTURE(process);
      Settings settings = experiment_of(kHead).points[0].settings;
      find_setting("workload.endpoints")->set(settings, std::string(endpoints));
      find_setting("workload.arrivals.process")->set(settings, std::string(process));
      const RunSteps steps = run_steps();
      const topo::Topology topology = steps.make_topology(settings, 5);
      settings.workload.payments = 400;
      const auto many = steps.make_workload(settings, topology, 5);
      settings.workload.payments = 150;
      const auto few = steps.make_workload(settings, topology, 5);
      REQUIRE(few.size() == 150);
      for (std::size_t i = 0; i < few.size(); ++i) {
        REQUIRE(few[i].sender == many[i].sender);
        REQUIRE(few[i].receiver == many[i].receiver);
        REQUIRE(few[i].amount == many[i].amount);
        REQUIRE(few[i].at == many[i].at);
      }
    }
  }
}

TEST_CASE("same_payments: a run that stops early has the payments of one that does not") {
  const Payments runs = payments_of(std::string(kHead) +
                                    "[sweep]\n\"stop.payments\" = [0, 25]\n"
                                    "\"workload.warmup_payments\" = [0, 10]\n");
  const auto& all = runs.at("0");
  CHECK(all.size() == 60);
  const std::vector<std::string> measured(all.begin() + 10, all.end());
  CHECK(runs.at("2") == measured);
  CHECK(runs.at("4").size() == 25);
  CHECK(begins_with(all, runs.at("4")));
  CHECK(runs.at("6").size() == 25);
  CHECK(begins_with(measured, runs.at("6")));
}

TEST_CASE("same_payments: summary.csv has the differences of the rows of runs.csv") {
  // The partner of every point comes last.
  const std::string text = std::string(kHead) +
                           "[payment]\nmax_attempts = 3\n[sweep]\n"
                           "\"payment.scheme\" = [\"single\", \"mpp\", \"amp\"]\n"
                           "\"payment.max_parts\" = [1, 8]\n[summary]\n"
                           "baseline = { \"payment.scheme\" = \"amp\" }\n";
  const CsvTable runs(table_of(text, "runs.csv"), "runs.csv");
  const CsvTable summary(table_of(text, "summary.csv"), "summary.csv");
  REQUIRE(runs.rows() == 12);
  REQUIRE(summary.rows() == 6);
  for (const std::string measure : {"latency_p50_ms", "attempts_mean", "invoices_requested"}) {
    for (std::size_t point = 0; point < 4; ++point) {
      CAPTURE(measure);
      CAPTURE(point);
      const std::size_t partner = 4 + point % 2;
      std::vector<double> differences;
      for (std::size_t replicate = 0; replicate < 2; ++replicate) {
        differences.push_back(cell_number(runs.at(2 * point + replicate, measure)) -
                              cell_number(runs.at(2 * partner + replicate, measure)));
      }
      const Confidence expected = confidence(differences);
      CHECK(cell_number(summary.at(point, measure + "_diff_mean")) ==
            doctest::Approx(expected.mean));
      CHECK(cell_number(summary.at(point, measure + "_diff_ci95")) ==
            doctest::Approx(expected.ci95));
    }
    CHECK(summary.at(5, measure + "_diff_mean").empty());
  }
  // Every payment of the one asks for an invoice, and none of the other.
  CHECK(summary.at(2, "invoices_requested_diff_mean") == "60");
  CHECK(summary.at(2, "invoices_requested_diff_ci95") == "0");
}
