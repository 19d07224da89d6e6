#include "sim/experiment/runner.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <exception>
#include <iterator>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>

#include "core/random.hpp"
#include "sim/experiment/manifest.hpp"
#include "sim/experiment/results_folder.hpp"

namespace ampsim::sim {
namespace {

/// One run that is to be done.
struct Task {
  std::size_t run = 0;
  std::size_t point = 0;
  std::uint32_t replicate = 0;
};

/// Of this thread, since it was made.
class CpuTime {
 public:
  std::int64_t passed_us() const { return now_us() - start_us_; }

 private:
  static std::int64_t now_us() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
  }
  std::int64_t start_us_ = now_us();
};

class Runner {
 public:
  Runner(const Experiment& experiment, const RunSteps& steps, const RunnerOptions& options)
      : experiment_(experiment),
        steps_(steps),
        options_(options),
        plan_(experiment.points.size(), experiment.replicates, options.shard),
        folder_(options.folder, experiment, {.shard = options.shard, .restart = options.restart}),
        shared_(shared_inputs(experiment.points)) {}

  RunnerOutcome run();

 private:
  using Network = std::shared_ptr<const topo::Topology>;
  using Payments = std::shared_ptr<const std::vector<PaymentSpec>>;
  using Key = std::pair<std::uint32_t, std::size_t>;

  std::uint64_t seed_of(std::uint32_t replicate) const {
    return replicate_seed(experiment_.seed, replicate);
  }
  Task task_of(std::size_t run) const {
    return {.run = run,
            .point = run / experiment_.replicates,
            .replicate = static_cast<std::uint32_t>(run % experiment_.replicates)};
  }
  Key network_key(const Task& task) const { return {task.replicate, shared_[task.point].network}; }
  Key payments_key(const Task& task) const {
    return {task.replicate, shared_[task.point].payments};
  }
  Network network_of(const Task& task);
  Payments payments_of(const Task& task, const Network& network);
  void release(const Task& task);

  void try_inputs();
  void collect_tasks();
  std::optional<Task> next_task();
  void work();
  void work_on(const Task& task);
  void carry_out(const Task& task);
  void store(const Task& task, const topo::Topology& network, const RunResult& result, CpuTime cpu);
  void fail(std::exception_ptr error);
  void watch();
  void report() const;
  ManifestFacts facts(std::chrono::system_clock::time_point start, unsigned jobs) const;

  const Experiment& experiment_;
  const RunSteps& steps_;
  const RunnerOptions& options_;
  ShardPlan plan_;
  ResultsFolder folder_;
  std::vector<SharedInputs> shared_;  ///< of each point
  std::vector<Task> tasks_;
  std::size_t kept_ = 0;
  std::uint64_t payments_expected_ = 0;

  SharedValues<topo::Topology> networks_;
  SharedValues<ChannelGraph> graphs_;
  SharedValues<std::vector<PaymentSpec>> workloads_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> resolved_{0};

  std::mutex queue_;
  std::size_t next_ = 0;      ///< of tasks_, for the thread that is free first
  std::optional<Task> held_;  ///< whose network and payments try_inputs() keeps for its next user

  mutable std::mutex mutex_;
  std::condition_variable progressed_;
  unsigned working_ = 0;  ///< threads
  std::size_t stored_ = 0;
  RunCost cost_;  ///< of the runs of this call
  std::exception_ptr error_;
};

Runner::Network Runner::network_of(const Task& task) {
  const Settings& settings = experiment_.points[task.point].settings;
  return networks_.get(network_key(task),
                       [&] { return steps_.make_topology(settings, seed_of(task.replicate)); });
}

Runner::Payments Runner::payments_of(const Task& task, const Network& network) {
  const Settings& settings = experiment_.points[task.point].settings;
  return workloads_.get(payments_key(task), [&] {
    return steps_.make_workload(settings, *network, seed_of(task.replicate));
  });
}

void Runner::release(const Task& task) {
  networks_.release(network_key(task));
  graphs_.release(network_key(task));
  workloads_.release(payments_key(task));
}

/// Makes the network and the workload of each point's first run, so that a file or a combination of
/// numbers that cannot be used is known before anything is written. In a sweep of more points than
/// a thousand the others are met on the way: else this would take as long as the runs.
void Runner::try_inputs() {
  constexpr std::size_t kMostTried = 1000;
  std::vector<Task> tasks;
  for (std::size_t run = 0; run < experiment_.run_count() && tasks.size() < kMostTried; ++run) {
    if (!plan_.has(run)) continue;
    const Task task = task_of(run);
    if (tasks.empty() || tasks.back().point != task.point) tasks.push_back(task);
  }
  std::stable_sort(tasks.begin(), tasks.end(), [this](const Task& a, const Task& b) {
    return payments_key(a) < payments_key(b);
  });
  std::optional<Task> made;
  Network network;
  Payments payments;
  for (const Task& task : tasks) {
    if (!made || payments_key(*made) != payments_key(task)) {
      // The first ones are about to be used; the others would only wait in memory.
      if (made && made->run != held_->run) release(*made);
      made = task;
      if (!held_) held_ = made;
      networks_.expect(network_key(task));
      graphs_.expect(network_key(task));
      workloads_.expect(payments_key(task));
      network = network_of(task);
      payments = payments_of(task, network);
    }
    const Settings& settings = experiment_.points[task.point].settings;
    steps_.check_inputs(*network, *payments, simulation_params(settings, seed_of(task.replicate)));
  }
  if (made->run != held_->run) release(*made);
}

/// Runs that are not finished yet, those that share a network next to each other.
void Runner::collect_tasks() {
  for (std::size_t run = 0; run < experiment_.run_count(); ++run) {
    if (!plan_.has(run)) continue;
    if (folder_.has(run)) {
      ++kept_;
      continue;
    }
    tasks_.push_back(task_of(run));
    const WorkloadParams& workload = experiment_.points[tasks_.back().point].settings.workload;
    if (workload.file.empty()) payments_expected_ += workload.payments;
  }
  std::sort(tasks_.begin(), tasks_.end(), [this](const Task& a, const Task& b) {
    return std::tuple(network_key(a), payments_key(a), a.run) <
           std::tuple(network_key(b), payments_key(b), b.run);
  });
}

/// The first task of a network, or of its payments, says how many there are: what is kept in memory
/// follows the runs in flight.
std::optional<Task> Runner::next_task() {
  const std::lock_guard lock(queue_);
  if (stop_ || next_ == tasks_.size()) return std::nullopt;
  const auto first = tasks_.begin() + static_cast<std::ptrdiff_t>(next_);
  const auto uses_from_here = [&](Key (Runner::*key_of)(const Task&) const) -> std::size_t {
    const Key key = (this->*key_of)(*first);
    const auto has_key = [&](const Task& task) { return (this->*key_of)(task) == key; };
    if (first != tasks_.begin() && has_key(*std::prev(first))) return 0;
    return static_cast<std::size_t>(std::find_if_not(first, tasks_.end(), has_key) - first);
  };
  if (const std::size_t uses = uses_from_here(&Runner::network_key); uses > 0) {
    networks_.expect(network_key(*first), uses);
    graphs_.expect(network_key(*first), uses);
  }
  if (const std::size_t uses = uses_from_here(&Runner::payments_key); uses > 0) {
    workloads_.expect(payments_key(*first), uses);
  }
  if (held_) release(*held_);
  held_.reset();
  ++next_;
  return *first;
}

void Runner::carry_out(const Task& task) {
  const CpuTime cpu;
  const Settings& settings = experiment_.points[task.point].settings;
  const std::uint64_t seed = seed_of(task.replicate);
  const RunLabel label(fmt::format("experiment {}, run {}: point {}, replicate {}, seed {}",
                                   experiment_.name, task.run, task.point, task.replicate, seed));
  const Network network = network_of(task);
  const Payments payments = payments_of(task, network);
  if (stop_) return;
  const SimulationParams params = simulation_params(settings, seed);
  const std::shared_ptr<const ChannelGraph> graph =
      graphs_.get(network_key(task), [&] { return steps_.make_graph(*network); });
  const SimulationHooks hooks{.graph = graph.get(),
                              .stop = &stop_,
                              .resolved = &resolved_,
                              .check_every_event = options_.check_every_event};
  store(task, *network, steps_.simulate(*network, *payments, params, hooks), cpu);
}

void Runner::store(const Task& task,
                   const topo::Topology& network,
                   const RunResult& result,
                   CpuTime cpu) {
  // All that the run has read, it has read before this.
  folder_.inputs().check();
  RunCost cost{.cpu_us = cpu.passed_us()};
  for (const Measure& measure : result.measures) {
    const auto* count = std::get_if<std::int64_t>(&measure.value);
    if (count == nullptr) continue;
    if (measure.name == "payments" || measure.name == "warmup_payments") cost.payments += *count;
    if (measure.name == "events") cost.events = *count;
  }
  folder_.store(
      {.run = task.run, .seed = seed_of(task.replicate), .topology = network, .result = result},
      cost);
  const std::lock_guard lock(mutex_);
  ++stored_;
  cost_ += cost;
  // A run may stop before its workload ends.
  const WorkloadParams& workload = experiment_.points[task.point].settings.workload;
  if (workload.file.empty()) {
    payments_expected_ -= workload.payments - static_cast<std::uint64_t>(cost.payments);
  }
}

void Runner::fail(std::exception_ptr error) {
  stop_ = true;
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
}

void Runner::work_on(const Task& task) {
  try {
    carry_out(task);
  } catch (const Interrupted&) {
    // The run was asked to stop; it will be done by the next call.
  } catch (...) {
    fail(std::current_exception());
  }
  release(task);
}

void Runner::work() {
  while (const std::optional<Task> task = next_task()) work_on(*task);
  const std::lock_guard lock(mutex_);
  --working_;
  progressed_.notify_all();
}

void Runner::report() const {
  if (!options_.on_progress) return;
  RunnerProgress progress{
      .runs = plan_.run_count(), .runs_kept = kept_, .payments_done = resolved_};
  {
    const std::lock_guard lock(mutex_);
    progress.payments = payments_expected_;
    progress.runs_done = kept_ + stored_;
  }
  options_.on_progress(progress);
}

/// Until all threads are done: passes the user's wish to stop on, tells of the progress, and lets
/// no finished run wait for the disk longer than a second.
void Runner::watch() {
  constexpr std::chrono::milliseconds kInterval{100};
  constexpr int kLooksPerSync = 10;
  std::unique_lock lock(mutex_);
  for (int looks = 1; working_ > 0; ++looks) {
    progressed_.wait_for(lock, kInterval, [&] { return working_ == 0; });
    lock.unlock();
    if (options_.stop != nullptr && *options_.stop) stop_ = true;
    if (looks % kLooksPerSync == 0 && !stop_) {
      try {
        folder_.sync();
      } catch (...) {
        fail(std::current_exception());
      }
    }
    report();
    lock.lock();
  }
}

ManifestFacts Runner::facts(std::chrono::system_clock::time_point start, unsigned jobs) const {
  return {.experiment = experiment_.name,
          .points = experiment_.points.size(),
          .runs = plan_.run_count(),
          .runs_kept = kept_,
          .shard = to_text(options_.shard),
          .inputs = folder_.inputs().list(),
          .start = start,
          .end = std::chrono::system_clock::now(),
          .cpu_s = cpu_seconds(),
          .jobs = jobs,
          .cost = cost_,
          .kept_cost = folder_.kept_cost()};
}

RunnerOutcome Runner::run() {
  if (folder_.is_complete()) return RunnerOutcome::already_complete;
  const auto start = std::chrono::system_clock::now();
  try_inputs();
  folder_.inputs().check();
  folder_.create();
  collect_tasks();

  const unsigned jobs =
      options_.jobs > 0 ? options_.jobs : std::max(1U, std::thread::hardware_concurrency());
  boost::asio::thread_pool pool(jobs);
  working_ = jobs;
  for (unsigned job = 0; job < jobs; ++job) {
    boost::asio::post(pool, [this] { work(); });
  }
  watch();
  pool.join();
  if (error_) std::rethrow_exception(error_);
  if (kept_ + stored_ < plan_.run_count()) {
    folder_.sync();
    return RunnerOutcome::interrupted;
  }
  report();
  folder_.finish([&] { return manifest_text(facts(start, jobs)); });
  return RunnerOutcome::finished;
}

}  // namespace

RunnerOutcome run_experiment(const Experiment& experiment,
                             const RunSteps& steps,
                             const RunnerOptions& options) {
  return with_places(experiment, [&] { return Runner(experiment, steps, options).run(); });
}

}  // namespace ampsim::sim
