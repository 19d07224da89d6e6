#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "sim/attack/params.hpp"
#include "sim/measure/observer.hpp"
#include "sim/measure/run_result.hpp"
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
  std::uint64_t seed = 0;  ///< of the replicate
};

struct SimulationHooks {
  TraceSink* trace = nullptr;                      ///< told every message of one payment
  const std::atomic<bool>* stop = nullptr;         ///< polled; when true, Interrupted is thrown
  std::atomic<std::uint64_t>* resolved = nullptr;  ///< counts payments that ended, for progress
  bool check_every_event = false;                  ///< verify every invariant after every event
};

/// Thrown out of simulate() when the hooks asked it to stop.
struct Interrupted {};

/// Reads what a run of these settings reads besides its network and payments, so that what is wrong
/// there is known before anything is written. Errors: InputError.
void check_inputs(const topo::Topology& topology, const SimulationParams& params);

/// The topology must be complete (every channel with capacity, balance and policies) and valid.
/// Errors: InvariantError if an invariant breaks (conservation of money first of all).
RunResult simulate(const topo::Topology& topology,
                   const std::vector<PaymentSpec>& workload,
                   const SimulationParams& params,
                   const SimulationHooks& hooks = {});

}  // namespace ampsim::sim
