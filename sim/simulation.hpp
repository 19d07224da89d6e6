#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/attack/params.hpp"
#include "sim/measure/observer.hpp"
#include "sim/measure/run_result.hpp"
#include "sim/measure/stopping.hpp"
#include "sim/network/params.hpp"
#include "sim/payment/params.hpp"
#include "sim/routing/router.hpp"
#include "sim/workload/workload.hpp"
#include "topologies/topology.hpp"

/// One run: a topology, a workload and settings go in, a RunResult comes out. Single-threaded; owns
/// all of its state, so that runs can go on in parallel.
///
/// Tested by tests/simulation_test.cpp, tests/payment_test.cpp and tests/story_test.cpp.
namespace ampsim::sim {

class ChannelGraph;
class TraceSink;

struct SimulationParams {
  NetworkParams network;
  PaymentParams payment;
  ReceiverParams receiver;
  ChainParams chain;
  FaultParams faults;
  RoutingParams routing;
  RecordParams record;
  ObserverParams observer;
  AttackParams attack;
  WarmUpParams warm_up;
  StopParams stop;
  std::uint64_t seed = 0;  ///< of the replicate
};

struct SimulationHooks {
  const ChannelGraph* graph = nullptr;             ///< of the topology; null: the run makes its own
  TraceSink* trace = nullptr;                      ///< told every message of one payment
  const std::atomic<bool>* stop = nullptr;         ///< polled; when true, Interrupted is thrown
  std::atomic<std::uint64_t>* resolved = nullptr;  ///< counts payments that ended, for progress
  bool check_every_event = false;                  ///< verify every invariant after every event
};

/// Thrown out of simulate() when the hooks asked it to stop.
struct Interrupted {};

/// Reads what a run of these settings reads besides its network and payments, and sees whether it
/// would measure any of these, so that what is wrong there is known before anything is written.
/// Errors: InputError.
void check_inputs(const topo::Topology& topology,
                  const std::vector<PaymentSpec>& workload,
                  const SimulationParams& params);

/// The topology must be complete (every channel with capacity, balance and policies) and valid.
/// Errors: InvariantError if an invariant breaks (conservation of money first of all).
RunResult simulate(const topo::Topology& topology,
                   const std::vector<PaymentSpec>& workload,
                   const SimulationParams& params,
                   const SimulationHooks& hooks = {});

/// A run that is led by hand, event by event: for tests that interfere with it.
///
/// Tested by tests/soak_test.cpp.
class LedRun {
 public:
  static constexpr std::uint32_t kMostPayments = 4096;

  /// The topology must outlive the run. An attack needs an end of its own, `params.attack.stop`.
  LedRun(const topo::Topology& topology, const SimulationParams& params);
  ~LedRun();
  LedRun(const LedRun&) = delete;
  LedRun& operator=(const LedRun&) = delete;

  SimTime now() const;
  /// Events handled so far.
  std::uint64_t handled() const;
  /// A payment starts now; `spec.at` is not read.
  void pay(PaymentSpec spec);
  /// The node is away for so long, whatever else it does.
  void take_down(NodeId node, SimDuration length);
  /// Handles the next event; false if nothing is left to do.
  bool step();
  /// Every invariant, computed anew.
  void check() const;
  /// Handles all that is left to do.
  RunResult finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ampsim::sim
