// How well a sweep of equal runs uses several threads.
//
//   sweep_bench [--runs N] [--jobs N] [--nodes N] [--payments N] [--csv]
//
// Efficiency is what one thread takes, over `jobs` times what `jobs` threads take. Other programs
// on the machine would make wall clocks useless, and decide which thread takes how many of the
// runs; so CPU time is counted: of the threads that do the runs spread evenly over them, and of the
// thread that prepares, waits and joins the tables as it is. What the threads cost each other in
// cache and memory shows in their CPU time.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/measure.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/runner.hpp"

namespace {

using namespace ampsim;
using namespace ampsim::sim;

/// What the sweep would take if every thread had a core to itself, in ns.
double alone_ns(const Experiment& experiment, unsigned jobs) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("ampsim_sweep_bench_{}", jobs);
  const double start = bench::process_time_ns();
  const double own_start = bench::thread_time_ns();
  run_experiment(experiment, run_steps(), {.folder = folder, .jobs = jobs, .restart = true});
  const double whole = bench::process_time_ns() - start;
  const double own = bench::thread_time_ns() - own_start;
  std::filesystem::remove_all(folder);
  return (whole - own) / jobs + own;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Efficiency of a sweep of equal runs");
  std::uint32_t runs = 16;
  unsigned jobs = 2;
  std::uint32_t nodes = 1000;
  std::uint64_t payments = 5000;
  bool as_csv = false;
  app.add_option("--runs", runs, "a multiple of --jobs")->capture_default_str();
  app.add_option("--jobs", jobs, "threads")->capture_default_str();
  app.add_option("--nodes", nodes)->capture_default_str();
  app.add_option("--payments", payments, "of a run")->capture_default_str();
  app.add_flag("--csv", as_csv);
  CLI11_PARSE(app, argc, argv);

  // Equal to the last event: the case tells them apart, and nothing else does.
  std::string text = "seed = 1\nreplicates = 1\n";
  text += fmt::format("[topology]\nnodes = {}\n[workload]\npayments = {}\n", nodes, payments);
  for (std::uint32_t run = 0; run < runs; ++run) {
    text += fmt::format("[case.run{}]\n\"workload.payments\" = {}\n", run, payments);
  }
  const Experiment experiment =
      resolve_experiment(parse_document(text, "sweep_bench", "."), "sweep_bench", "sweep_bench");
  double one = 0;
  double many = 0;
  for (int round = 0; round < 5; ++round) {
    const double ns_one = alone_ns(experiment, 1);
    const double ns_many = alone_ns(experiment, jobs);
    one = round == 0 ? ns_one : std::min(one, ns_one);
    many = round == 0 ? ns_many : std::min(many, ns_many);
  }
  bench::print({.benchmark = "sweep of equal runs",
                .parameters = fmt::format("{} runs on {} threads", runs, jobs),
                .unit = "efficiency",
                .ours = one / (jobs * many),
                .target = bench::ours_at_least(0.98)},
               as_csv);
  return 0;
}
