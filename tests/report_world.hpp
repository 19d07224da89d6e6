#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "sim/experiment/preparation.hpp"
#include "sim/experiment/runner.hpp"
#include "tests/experiment_world.hpp"

/// What the tests of reports share: a results folder of a real experiment, with every table that a
/// report reads, and folders that are written by hand.
namespace ampsim::report {

constexpr const char* kComparison = R"(name = "comparison"
seed = 5
replicates = 3
[topology]
generator = "barabasi_albert"
nodes = 30
[workload]
payments = 60
[record]
channels = true
[sweep]
"payment.scheme" = ["mpp", "invoices", "amp"]
"workload.amount.mean_sat" = [1_000, 100_000, 1_000_000]
)";

/// Carries out the experiment into `folder`.
inline void run_into(const std::filesystem::path& folder, const std::string& text) {
  sim::run_experiment(sim::experiment_of(text), sim::run_steps(), {.folder = folder, .jobs = 2});
}

/// A complete results folder with these tables, each a name and its text.
inline void write_results(const test::TemporaryFolder& folder,
                          const std::vector<std::pair<std::string, std::string>>& tables) {
  folder.write("experiment.toml", "name = \"by hand\"\n");
  folder.write("manifest.json", "{\"version\": \"1\", \"commit\": \"c\"}\n");
  for (const auto& [name, text] : tables) folder.write(name, text);
}

}  // namespace ampsim::report
