#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/experiment/experiment.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/simulation.hpp"
#include "topologies/topology.hpp"

/// Networks, their graphs and payments, made once for all runs that see the same ones: those with
/// equal [topology] and [channels] (and [workload]) in the same replicate. A network is dropped
/// when the last run that needs it is done, so memory follows the runs in flight, not the
/// experiment.
///
/// Tested by tests/runner_test.cpp.
namespace ampsim::sim {

/// The rooms that a run goes through. The runner is given them, so that it can be tested without.
struct RunSteps {
  /// Complete: capacities, balances and policies are drawn.
  std::function<topo::Topology(const Settings& settings, std::uint64_t seed)> make_topology;
  std::function<std::vector<PaymentSpec>(
      const Settings& settings, const topo::Topology& topology, std::uint64_t seed)>
      make_workload;
  /// What all senders know of a network.
  std::function<ChannelGraph(const topo::Topology& topology)> make_graph;
  /// What else a run reads can be used, and goes together with these.
  std::function<void(const topo::Topology& topology,
                     const std::vector<PaymentSpec>& workload,
                     const SimulationParams& params)>
      check_inputs =
          [](const topo::Topology&, const std::vector<PaymentSpec>&, const SimulationParams&) {};
  std::function<RunResult(const topo::Topology& topology,
                          const std::vector<PaymentSpec>& workload,
                          const SimulationParams& params,
                          const SimulationHooks& hooks)>
      simulate;
};
/// The rooms of this program.
RunSteps run_steps();

/// What a run of these settings is simulated with.
SimulationParams simulation_params(const Settings& settings, std::uint64_t seed);

/// Whether the network, or the payments on it, may be others where the key has another value: what
/// channels take, and when a run stops, belongs to the run alone.
bool is_input(std::string_view key);

/// Which points see the same network, and which the same payments on it, in the same replicate:
/// points with equal numbers do.
struct SharedInputs {
  std::size_t network = 0;
  std::size_t payments = 0;
};
/// One a point, numbered in the order of the points.
std::vector<SharedInputs> shared_inputs(const std::vector<Point>& points);

/// A value a key, made by the first who asks and kept until every expected use is released.
/// Thread-safe; different keys are made at the same time.
template <class T>
class SharedValues {
 public:
  /// Replicate and number of the network or the payments.
  using Key = std::pair<std::uint32_t, std::size_t>;

  void expect(const Key& key, std::size_t uses = 1) {
    const std::lock_guard lock(mutex_);
    entries_[key].uses += uses;
  }
  /// Errors of `make` reach everybody who asks for the key.
  std::shared_ptr<const T> get(const Key& key, const std::function<T()>& make) {
    std::unique_lock lock(mutex_);
    Entry& entry = entries_[key];
    if (entry.value.valid()) {
      const auto value = entry.value;
      lock.unlock();
      return value.get();
    }
    std::promise<std::shared_ptr<const T>> promise;
    entry.value = promise.get_future().share();
    const auto value = entry.value;
    lock.unlock();
    try {
      promise.set_value(std::make_shared<const T>(make()));
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
    return value.get();
  }
  void release(const Key& key) {
    const std::lock_guard lock(mutex_);
    const auto entry = entries_.find(key);
    if (entry != entries_.end() && --entry->second.uses == 0) entries_.erase(entry);
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }

 private:
  struct Entry {
    std::size_t uses = 0;
    std::shared_future<std::shared_ptr<const T>> value;
  };
  mutable std::mutex mutex_;
  std::map<Key, Entry> entries_;
};

}  // namespace ampsim::sim
