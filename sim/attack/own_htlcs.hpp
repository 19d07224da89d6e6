#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/random.hpp"
#include "core/units.hpp"
#include "sim/attack/attack.hpp"
#include "sim/routing/router.hpp"
#include "topologies/topology.hpp"

/// HTLCs that the attacker sends along a way of its own: no payment is behind them, and nobody
/// knows a preimage of the hash. Policies are those that were announced.
///
/// Tested by tests/attack_test.cpp.
namespace ampsim::sim {

class OwnHtlcs {
 public:
  /// Random hashes come from stream `attack_hashes` of the seed. The means outlive it.
  explicit OwnHtlcs(const AttackMeans& means)
      : means_(means), hashes_(means.seed, "attack_hashes") {}

  const topo::ForwardingPolicy& policy(DirectedChannel d) const;
  /// Over these channels, so that the last node gets `amount` and every forwarder what its policy
  /// asks for; with time locks as long as a route may have, so that it can be held.
  Route route(std::span<const DirectedChannel> channels, Msat amount) const;

  /// `way` is found in Attempt::part. Nothing if the attacker's own channel does not take it.
  std::optional<AttemptId> send(Route route, std::uint32_t way);
  /// It is back: its slot may be used again.
  void close(AttemptId id);

 private:
  const AttackMeans& means_;
  Rng hashes_;
  std::uint32_t sent_ = 0;
};

}  // namespace ampsim::sim
