#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "core/random.hpp"
#include "sim/experiment/preparation.hpp"

/// A simulation of nothing, for the tests of the runner: it counts its calls and can be made to
/// stop or fail.
namespace ampsim::sim {

/// Stands in for the rooms below: everything follows from the seed and the settings, as it must.
struct FakeRooms {
  std::mutex mutex;
  std::vector<std::uint64_t> topology_seeds;
  std::vector<std::uint64_t> workload_seeds;
  std::size_t runs = 0;
  std::size_t stop_after = 1'000'000;  ///< runs; then `stop` is set
  std::size_t fail_at = 1'000'000;     ///< the run that throws
  std::atomic<bool> stop{false};

  RunSteps steps() {
    return {.make_topology = [this](const Settings& settings,
                                    std::uint64_t seed) { return topology(settings, seed); },
            .make_workload = [this](const Settings& settings, const topo::Topology&,
                                    std::uint64_t seed) { return workload(settings, seed); },
            .make_graph = [](const topo::Topology&) { return ChannelGraph(topo::Topology{}); },
            .simulate =
                [this](const topo::Topology& network, const std::vector<PaymentSpec>& payments,
                       const SimulationParams& params, const SimulationHooks& hooks) {
                  return simulate(network, payments, params, hooks);
                }};
  }

  topo::Topology topology(const Settings& settings, std::uint64_t seed) {
    const std::lock_guard lock(mutex);
    topology_seeds.push_back(seed);
    topo::Topology network;
    network.nodes = {{.name = "alice, of " + settings.topology.generator, .alias = ""},
                     {.name = "bob", .alias = ""}};
    network.channels = {{.id = "c0", .ends = {NodeId{0}, NodeId{1}}},
                        {.id = "c1", .ends = {NodeId{0}, NodeId{1}}}};
    return network;
  }

  std::vector<PaymentSpec> workload(const Settings& settings, std::uint64_t seed) {
    const std::lock_guard lock(mutex);
    workload_seeds.push_back(seed);
    Rng rng(seed, "amounts");
    std::vector<PaymentSpec> payments(settings.workload.payments);
    std::int64_t at = 0;
    for (PaymentSpec& payment : payments) {
      at += static_cast<std::int64_t>(rng.below(1'000'000'000));
      payment = {NodeId{0}, NodeId{1},
                 Msat{1000 + static_cast<std::int64_t>(
                                 rng.exponential(settings.workload.amount.mean) * 1000)},
                 SimTime{SimDuration{at}}};
    }
    return payments;
  }

  RunResult simulate(const topo::Topology& network,
                     const std::vector<PaymentSpec>& workload,
                     const SimulationParams& params,
                     const SimulationHooks& hooks) {
    {
      const std::lock_guard lock(mutex);
      if (runs == fail_at) throw InvariantError("money is lost");
      if (++runs > stop_after) stop = true;
    }
    if (stop) throw Interrupted{};
    RunResult result;
    Rng rng(params.seed, "latency");
    Msat volume;
    for (std::uint32_t i = 0; i < workload.size(); ++i) {
      volume += workload[i].amount;
      const SimTime end = workload[i].at + SimDuration{static_cast<std::int64_t>(rng.below(9999))};
      result.payments.push_back({.payment = PaymentId{i},
                                 .sender = workload[i].sender,
                                 .receiver = workload[i].receiver,
                                 .amount = workload[i].amount,
                                 .start = workload[i].at,
                                 .end = end,
                                 .state = PaymentState::succeeded,
                                 .parts = 1,
                                 .attempts = 1,
                                 .delivered = workload[i].amount});
      result.parts.push_back({.payment = PaymentId{i},
                              .amount = workload[i].amount,
                              .route = {{0}, {3}},
                              .cltv = {80},
                              .sent = workload[i].at,
                              .held = i == 0 ? SimTime::max() : workload[i].at,
                              .end = end,
                              .state = AttemptState::settled});
      ++*hooks.resolved;
    }
    for (std::size_t i = 0; i < network.channels.size(); ++i) {
      result.channels.push_back({Msat{5}, Msat{2}, Msat{3}});
    }
    const bool is_amp = params.payment.scheme == "amp";
    result.measures = {
        {"payments", static_cast<std::int64_t>(workload.size())},
        {"success_rate", is_amp ? 1.0 : rng.unit()},
        {"volume_msat", volume.count},
        {"latency_p50_ms", is_amp ? std::numeric_limits<double>::quiet_NaN() : rng.unit()},
        {"events", std::int64_t{100}}};
    return result;
  }
};

}  // namespace ampsim::sim
