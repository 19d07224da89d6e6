#include "sim/experiment/runner.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <set>
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

class Runner {
 public:
  Runner(const Experiment& experiment, const RunSteps& steps, const RunnerOptions& options)
      : experiment_(experiment),
        steps_(steps),
        options_(options),
        folder_(options.folder, experiment, options.restart),
        shared_(shared_inputs(experiment.points)) {}

  RunnerOutcome run();

 private:
  using Network = std::shared_ptr<const topo::Topology>;
  using Payments = std::shared_ptr<const std::vector<PaymentSpec>>;

  std::uint64_t seed_of(std::uint32_t replicate) const {
    return replicate_seed(experiment_.seed, replicate);
  }
  std::pair<std::uint32_t, std::size_t> network_key(const Task& task) const {
    return {task.replicate, shared_[task.point].network};
  }
  std::pair<std::uint32_t, std::size_t> payments_key(const Task& task) const {
    return {task.replicate, shared_[task.point].payments};
  }
  Network network_of(const Task& task);
  Payments payments_of(const Task& task, const Network& network);
  void expect(const Task& task);
  void release(const Task& task);

  void try_inputs();
  void collect_tasks();
  void work_on(const Task& task);
  void carry_out(const Task& task);
  void fail(std::exception_ptr error);
  void watch(std::size_t last);
  void report() const;
  ManifestFacts facts(std::chrono::system_clock::time_point start, unsigned jobs) const;

  const Experiment& experiment_;
  const RunSteps& steps_;
  const RunnerOptions& options_;
  ResultsFolder folder_;
  std::vector<SharedInputs> shared_;  ///< of each point
  std::vector<Task> tasks_;
  std::size_t kept_ = 0;
  std::uint64_t payments_expected_ = 0;

  SharedValues<topo::Topology> networks_;
  SharedValues<ChannelGraph> graphs_;
  SharedValues<std::vector<PaymentSpec>> workloads_;
  std::atomic<bool> stop_{false};
  std::atomic<std::size_t> next_{0};  ///< of tasks_, for the thread that is free first
  std::atomic<std::uint64_t> resolved_{0};

  mutable std::mutex mutex_;
  std::condition_variable progressed_;
  std::size_t ended_ = 0;  ///< tasks that will not be touched again
  std::size_t stored_ = 0;
  std::int64_t payments_ = 0;
  std::int64_t events_ = 0;
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

void Runner::expect(const Task& task) {
  networks_.expect(network_key(task));
  graphs_.expect(network_key(task));
  workloads_.expect(payments_key(task));
}

void Runner::release(const Task& task) {
  networks_.release(network_key(task));
  graphs_.release(network_key(task));
  workloads_.release(payments_key(task));
}

/// Makes each network and workload of the first replicate once, so that a file or a combination of
/// numbers that cannot be used is known before anything is written.
void Runner::try_inputs() {
  std::set<std::size_t> tried;
  for (std::size_t point = 0; point < experiment_.points.size(); ++point) {
    if (!tried.insert(shared_[point].payments).second) continue;
    const Task task{.run = point * experiment_.replicates, .point = point};
    expect(task);
    const Network network = network_of(task);
    payments_of(task, network);
    for (std::size_t other = point; other < experiment_.points.size(); ++other) {
      if (shared_[other].payments != shared_[point].payments) continue;
      steps_.check_inputs(*network,
                          simulation_params(experiment_.points[other].settings, seed_of(0)));
    }
    // The first ones are about to be used; the others would only wait in memory.
    if (tried.size() > 1) release(task);
  }
}

/// Runs that are not finished yet, those that share a network next to each other.
void Runner::collect_tasks() {
  for (std::size_t run = 0; run < experiment_.run_count(); ++run) {
    if (folder_.has(run)) {
      ++kept_;
      continue;
    }
    const Task task{.run = run,
                    .point = run / experiment_.replicates,
                    .replicate = static_cast<std::uint32_t>(run % experiment_.replicates)};
    tasks_.push_back(task);
    expect(task);
    const WorkloadParams& workload = experiment_.points[task.point].settings.workload;
    if (workload.file.empty()) payments_expected_ += workload.payments;
  }
  std::sort(tasks_.begin(), tasks_.end(), [this](const Task& a, const Task& b) {
    return std::tuple(network_key(a), payments_key(a), a.run) <
           std::tuple(network_key(b), payments_key(b), b.run);
  });
  release(Task{});  // What try_inputs() kept; from here on the tasks hold it.
}

void Runner::carry_out(const Task& task) {
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
  const RunResult result = steps_.simulate(*network, *payments, params, hooks);
  folder_.store({.run = task.run, .seed = seed, .topology = *network, .result = result});

  const std::lock_guard lock(mutex_);
  ++stored_;
  std::int64_t started = 0;
  for (const Measure& measure : result.measures) {
    const auto* count = std::get_if<std::int64_t>(&measure.value);
    if (count == nullptr) continue;
    if (measure.name == "payments" || measure.name == "warmup_payments") started += *count;
    if (measure.name == "events") events_ += *count;
  }
  payments_ += started;
  // A run may stop before its workload ends.
  const auto left = payments->size() - static_cast<std::uint64_t>(started);
  if (settings.workload.file.empty()) payments_expected_ -= left;
}

void Runner::fail(std::exception_ptr error) {
  stop_ = true;
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
}

void Runner::work_on(const Task& task) {
  if (!stop_) {
    try {
      carry_out(task);
    } catch (const Interrupted&) {
      // The run was asked to stop; it will be done by the next call.
    } catch (...) {
      fail(std::current_exception());
    }
  }
  release(task);
  const std::lock_guard lock(mutex_);
  ++ended_;
  progressed_.notify_all();
}

void Runner::report() const {
  if (!options_.on_progress) return;
  RunnerProgress progress{
      .runs = experiment_.run_count(), .runs_kept = kept_, .payments_done = resolved_};
  {
    const std::lock_guard lock(mutex_);
    progress.payments = payments_expected_;
    progress.runs_done = kept_ + stored_;
  }
  options_.on_progress(progress);
}

/// Until `last` tasks have ended: passes the user's wish to stop on, and tells of the progress.
void Runner::watch(std::size_t last) {
  constexpr std::chrono::milliseconds kInterval{100};
  std::unique_lock lock(mutex_);
  while (ended_ < last) {
    progressed_.wait_for(lock, kInterval, [&] { return ended_ == last; });
    lock.unlock();
    if (options_.stop != nullptr && *options_.stop) stop_ = true;
    report();
    lock.lock();
  }
}

ManifestFacts Runner::facts(std::chrono::system_clock::time_point start, unsigned jobs) const {
  return {.experiment = experiment_.name,
          .points = experiment_.points.size(),
          .runs = experiment_.run_count(),
          .runs_kept = kept_,
          .inputs = folder_.inputs(),
          .start = start,
          .end = std::chrono::system_clock::now(),
          .cpu_s = cpu_seconds(),
          .jobs = jobs,
          .payments = payments_,
          .events = events_};
}

RunnerOutcome Runner::run() {
  if (folder_.is_complete()) return RunnerOutcome::already_complete;
  const auto start = std::chrono::system_clock::now();
  try_inputs();
  folder_.create();
  collect_tasks();

  const unsigned jobs =
      options_.jobs > 0 ? options_.jobs : std::max(1U, std::thread::hardware_concurrency());
  boost::asio::thread_pool pool(jobs);
  for (unsigned job = 0; job < jobs; ++job) {
    boost::asio::post(pool, [this] {
      for (std::size_t i = next_++; i < tasks_.size(); i = next_++) work_on(tasks_[i]);
    });
  }
  watch(tasks_.size());
  pool.join();
  if (error_) std::rethrow_exception(error_);
  if (kept_ + stored_ < experiment_.run_count()) return RunnerOutcome::interrupted;
  report();
  folder_.finish(manifest_text(facts(start, jobs)));
  return RunnerOutcome::finished;
}

}  // namespace

RunnerOutcome run_experiment(const Experiment& experiment,
                             const RunSteps& steps,
                             const RunnerOptions& options) {
  return with_places(experiment, [&] { return Runner(experiment, steps, options).run(); });
}

}  // namespace ampsim::sim
