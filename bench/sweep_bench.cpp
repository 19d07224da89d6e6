// How well a sweep of equal runs uses several threads.
//
//   sweep_bench [--runs N] [--jobs N] [--nodes N] [--payments N] [--csv]
//
// Efficiency is what one thread takes, over `jobs` times what `jobs` threads take. Other programs
// on the machine would make wall clocks useless, so CPU time is counted: the work of the thread
// that has most of it, and what no run accounts for (reading, storing, joining) as if all threads
// waited for it. What the threads cost each other in cache and memory shows in their CPU time.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/measure.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/runner.hpp"

namespace {

using namespace ampsim;
using namespace ampsim::sim;

/// The rooms of the program, with a stop watch for each thread.
class TimedSteps {
 public:
  RunSteps steps() {
    RunSteps steps = run_steps();
    steps.make_topology = timed(steps.make_topology);
    steps.make_workload = timed(steps.make_workload);
    steps.make_graph = timed(steps.make_graph);
    steps.simulate = timed(steps.simulate);
    return steps;
  }
  double most() const {
    double most = 0;
    for (const auto& [thread, ns] : ns_) most = std::max(most, ns);
    return most;
  }
  double all() const {
    double sum = 0;
    for (const auto& [thread, ns] : ns_) sum += ns;
    return sum;
  }

 private:
  template <class Result, class... Given>
  std::function<Result(Given...)> timed(std::function<Result(Given...)> step) {
    return [this, step](Given... given) {
      const double start = bench::thread_time_ns();
      Result result = step(given...);
      const std::lock_guard lock(mutex_);
      ns_[std::this_thread::get_id()] += bench::thread_time_ns() - start;
      return result;
    };
  }

  std::mutex mutex_;
  std::map<std::thread::id, double> ns_;
};

/// What the sweep would take if every thread had a core, in ns.
double critical_ns(const Experiment& experiment, unsigned jobs) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("ampsim_sweep_bench_{}", jobs);
  TimedSteps timed;
  const RunSteps steps = timed.steps();
  const double start = bench::process_time_ns();
  run_experiment(experiment, steps, {.folder = folder, .jobs = jobs, .restart = true});
  const double whole = bench::process_time_ns() - start;
  std::filesystem::remove_all(folder);
  return timed.most() + (whole - timed.all());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Efficiency of a sweep of equal runs");
  std::uint32_t runs = 16;
  unsigned jobs = 2;
  std::uint32_t nodes = 1000;
  std::uint64_t payments = 2000;
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
  for (int round = 0; round < 3; ++round) {
    const double ns_one = critical_ns(experiment, 1);
    const double ns_many = critical_ns(experiment, jobs);
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
