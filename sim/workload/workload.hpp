#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/distribution.hpp"
#include "core/units.hpp"
#include "sim/workload/arrivals.hpp"
#include "sim/workload/endpoints.hpp"
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

/// `workload.warmup_...`: the beginning of a run that is simulated and not measured.
struct WarmUpParams {
  std::uint64_t payments = 0;  ///< the first payments
  SimDuration length{};        ///< payments that start before
};

/// `[workload]`.
struct WorkloadParams {
  /// CSV with the columns source,destination,amount_msat,start_ms or, as CLoTH has them,
  /// sender_id,receiver_id,amount,start_time (also msat and ms); "" = drawn.
  std::string file;
  std::uint64_t payments = 10'000;
  double rate_per_s = 10;  ///< mean
  /// In sat.
  Distribution amount{.kind = DistributionKind::lognormal, .mean = 44'700, .sigma = 0.7};
  Endpoints endpoints = Endpoints::uniform;
  std::string amount_file;  ///< of empirical amounts (sim/workload/amounts.hpp)
  ArrivalParams arrivals;
  MerchantParams merchants;
  HotSpotParams hot_spots;
  CirculationParams circulation;
  WarmUpParams warm_up;
};

/// In order of start. Streams of the seed, one for each kind of draw, so that the same topology and
/// the same settings give the same payments whatever else an experiment varies, and fewer payments
/// are the first ones of more. Errors: InputError for a file that cannot be used, for nodes that
/// are not there, and where the warm-up leaves nothing to measure.
std::vector<PaymentSpec> make_workload(const WorkloadParams& params,
                                       const topo::Topology& topology,
                                       std::uint64_t seed);

/// How many payments are of the warm-up: the first ones, up to the later of its two ends.
std::size_t warm_up_payments(const std::vector<PaymentSpec>& workload, const WarmUpParams& params);

}  // namespace ampsim::sim
