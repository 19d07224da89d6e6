#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/random.hpp"
#include "core/units.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/htlc_flow.hpp"
#include "sim/routing/router.hpp"

/// HTLCs that the attacker sends along a way of its own: no payment is behind them, and nobody
/// knows a preimage of the hash.
///
/// Tested by tests/attack_test.cpp.
namespace ampsim::sim {

/// Over these channels, so that the last node gets `amount` and every forwarder what its policy
/// asks for.
Route route_over(const Network& network,
                 std::span<const DirectedChannel> channels,
                 Msat amount,
                 BlockDelta final_delta);

class OwnHtlcs {
 public:
  /// Random hashes come from stream `attack_hashes` of the seed.
  OwnHtlcs(Network& network, AttemptTable& attempts, HtlcFlow& flow, std::uint64_t seed)
      : network_(network), attempts_(attempts), flow_(flow), hashes_(seed, "attack_hashes") {}

  /// `way` is found in Attempt::part. Nothing if the attacker's own channel does not take it.
  std::optional<AttemptId> send(Route route, std::uint32_t way);
  /// It is back: its slot may be used again.
  void close(AttemptId id);

 private:
  Network& network_;
  AttemptTable& attempts_;
  HtlcFlow& flow_;
  Rng hashes_;
};

}  // namespace ampsim::sim
