// CLoTH and ampsim on the same network, balances and payments: the tables of docs/validation.md.
//
//   cloth_compare DATA [--workload small|mpp] [--set KEY=VALUE]... [--alone]
//
// DATA is a folder with CLoTH's snapshot and workloads, as docs/validation.md describes it. The
// settings are those of experiments/cloth.toml and of --set; for `mpp` the scheme is amp. With
// --alone each payment is also made by itself, at the balances of the start. Prints Markdown.
#include <cstddef>
#include <cstdio>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/check.hpp"
#include "tests/cloth_comparison.hpp"

namespace {

using namespace ampsim;
using namespace ampsim::test;

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void print_measures(const ClothRun& run, double seconds) {
  const ClothMeasures ours = our_measures(run);
  const ClothMeasures theirs = their_measures(run);
  fmt::print("| | ampsim | CLoTH |\n|---|---|---|\n");
  const auto row = [](const char* name, double a, double b, int digits) {
    fmt::print("| {} | {:.{}f} | {:.{}f} |\n", name, a, digits, b, digits);
  };
  row("success by count", ours.success_rate(), theirs.success_rate(), 4);
  row("success by volume", ours.volume_rate, theirs.volume_rate, 4);
  fmt::print("| ended half paid | {} | |\n", ours.partial);
  row("mean hops", ours.hops, theirs.hops, 3);
  row("mean attempts of successes", ours.attempts, theirs.attempts, 2);
  row("median fee, msat", ours.fee_median, theirs.fee_median, 1);
  fmt::print("| CPU s, loading included | {:.2f} | |\n\n", seconds);
}

void print_cases(const std::vector<ClothCase>& cases) {
  std::map<ClothCase, std::size_t> counts;
  for (const ClothCase which : cases) ++counts[which];
  fmt::print("| payments | |\n|---|---|\n");
  for (const auto& [which, count] : counts) fmt::print("| {} | {} |\n", count, name_of(which));
  fmt::print("\nThe same outcome: {} of {}; without a known cause: {}.\n", same_outcomes(cases),
             cases.size(), unexplained_outcomes(cases));
}

/// Why ours fail, and what became of them in CLoTH.
void print_failures(const ClothRun& run) {
  std::map<sim::PaymentFailure, std::pair<std::size_t, std::size_t>> failures;
  for (std::size_t i = 0; i < run.workload.size(); ++i) {
    const sim::PaymentRecord& payment = run.ours.payments[i];
    if (payment.state == sim::PaymentState::succeeded) continue;
    auto& [all, theirs] = failures[payment.failure];
    ++all;
    if (run.theirs[i].has_succeeded) ++theirs;
  }
  fmt::print("\n| ours fail | payments | of these CLoTH's succeed |\n|---|---|---|\n");
  for (const auto& [failure, counts] : failures) {
    fmt::print("| {} | {} | {} |\n", sim::name_of(failure), counts.first, counts.second);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string data;
  std::string workload = "small";
  std::string experiment = AMPSIM_SOURCE_DIR "/experiments/cloth.toml";
  std::vector<std::string> given;
  bool is_alone = false;
  CLI::App app("CLoTH and ampsim on the same payments");
  app.add_option("DATA", data, "folder with cloth-2020-12-17/ and workloads/")->required();
  app.add_option("--workload", workload)->check(CLI::IsMember({"small", "mpp"}));
  app.add_option("--experiment", experiment, "in place of experiments/cloth.toml");
  app.add_option("--set", given, "KEY=VALUE")->allow_extra_args(false);
  app.add_flag("--alone", is_alone, "also each payment by itself, at the balances of the start");
  CLI11_PARSE(app, argc, argv);
  std::vector<std::string> overrides;
  if (workload == "mpp") overrides.emplace_back("payment.scheme=amp");
  overrides.insert(overrides.end(), given.begin(), given.end());
  try {
    const ClothFiles files = cloth_files(experiment, data, workload);
    const double start = cpu_seconds();
    const ClothRun run = run_as_cloth(files, overrides);
    print_measures(run, cpu_seconds() - start);
    print_cases(classify(run));
    print_failures(run);
    fmt::print(
        "\nIn this order at least {} must fail, since their senders have too little or their "
        "receivers too little room;\nif all succeeded for which these two have enough, {} would.\n",
        must_fail(run), ends_allow(run));
    if (is_alone) {
      fmt::print("Alone, at the balances of the start, {} of {} succeed.\n",
                 count_alone(files, overrides), run.workload.size());
    }
    return 0;
  } catch (const InputError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
