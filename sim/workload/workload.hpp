#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/distribution.hpp"
#include "core/units.hpp"
#include "topologies/topology.hpp"

/// Who pays whom, how much, when.
///
/// Tested by tests/workload_test.cpp.
namespace ampsim::sim {

struct PaymentSpec {
  NodeId sender;
  NodeId receiver;
  Msat amount;
  SimTime at;
};

/// How sender and receiver are chosen: every node alike, or in proportion to its capacity or to its
/// number of channels. The receiver differs from the sender; nodes without channels take no part.
enum class Endpoints : std::uint8_t { uniform, capacity, degree };

/// `[workload]`.
struct WorkloadParams {
  /// CSV with the columns source,destination,amount_msat,start_ms or, as CLoTH has them,
  /// sender_id,receiver_id,amount,start_time (also msat and ms); "" = drawn.
  std::string file;
  std::uint64_t payments = 10'000;
  double rate_per_s = 10;  ///< Poisson arrivals
  /// In sat.
  Distribution amount{.kind = DistributionKind::lognormal, .mean = 44'700, .sigma = 0.7};
  Endpoints endpoints = Endpoints::uniform;
};

/// In order of start. Streams `arrivals`, `amounts` and `endpoints` of the seed, so that the same
/// topology and the same settings give the same payments whatever else an experiment varies.
/// Errors: InputError for a file that cannot be used.
std::vector<PaymentSpec> make_workload(const WorkloadParams& params,
                                       const topo::Topology& topology,
                                       std::uint64_t seed);

}  // namespace ampsim::sim
