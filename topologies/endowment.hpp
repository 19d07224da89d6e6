#pragma once

#include <cstdint>

#include "core/distribution.hpp"
#include "core/units.hpp"
#include "topologies/topology.hpp"

/// `[channels]`: capacities, balances and policies, drawn where the topology does not say.
///
/// Tested by tests/endowment_test.cpp.
namespace ampsim::topo {

/// How the capacity of a channel lies between its ends at the start.
enum class BalanceKind : unsigned char {
  half,     ///< half at each end (the odd msat at ends[0])
  uniform,  ///< every division alike
  bimodal,  ///< mostly at one end: density ~ e^(-x/s) + e^((x-c)/s) (lnd, probability_bimodal.go)
  file,     ///< as the topology says; an error where it says nothing
};

struct ChannelParams {
  /// In sat.
  Distribution capacity{.kind = DistributionKind::lognormal, .mean = 5'000'000, .sigma = 1.2};
  BalanceKind balance = BalanceKind::bimodal;
  /// s of `bimodal` (lnd: 300,000 sat).
  Msat bimodal_scale = Msat::from_sat(300'000);
  /// Both directions of a channel whose topology has no policies. htlc_maximum = capacity.
  Msat fee_base{1000};
  Ppm fee_proportional{1};
  BlockDelta cltv_expiry_delta{80};
  Msat htlc_minimum{1000};
};

/// Fills in all that is absent and leaves the rest alone. Drawn capacities are whole sat, from
/// 20,000 sat (lnd's smallest channel); balances are whole msat; an htlc_minimum above a small
/// capacity becomes that capacity. Streams `capacities` and `balances` of the seed, drawn for every
/// channel in order up to the last one that needs it: the same topology, settings and seed give the
/// same network. Cost: O(channels).
/// Errors: InputError with balance = file and a channel without a balance.
void endow(Topology& topology, const ChannelParams& params, std::uint64_t seed);

}  // namespace ampsim::topo
