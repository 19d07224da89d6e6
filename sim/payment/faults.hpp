#pragma once

#include <cstdint>
#include <optional>

#include "core/random.hpp"
#include "core/units.hpp"
#include "sim/network/failure_code.hpp"
#include "sim/network/network.hpp"
#include "sim/network/params.hpp"
#include "sim/payment/attempt.hpp"

/// What goes wrong with one HTLC. Whether it does depends on the seed, the payment, the number of
/// the attempt and the hop alone, not on what happened before: under all schemes the same HTLCs
/// hang.
///
/// Tested by tests/faults_test.cpp.
namespace ampsim::sim {

/// Slow nodes and stale policies, drawn from streams `slow` and `stale_policies` of the seed.
///
/// A stale policy differs from what senders believe in one of three ways, with equal chance: it
/// asks for half as much again and 1 sat, for 40 blocks more, or it is disabled.
void apply_faults(Network& network, const FaultParams& params, std::uint64_t seed);

class Faults {
 public:
  /// Errors: InvariantError for a failure that has no such name.
  Faults(const FaultParams& params, std::uint64_t seed);

  /// How long the HTLC hangs at the far end of `hop`, if it does.
  std::optional<SimDuration> hangs(const Attempt& attempt, std::uint32_t hop) const;
  /// How long the far end of `hop` goes away when the HTLC was sent to it, if it does.
  std::optional<SimDuration> vanishes(const Attempt& attempt, std::uint32_t hop) const;
  /// What the far end of `hop` fails it with for no reason, if it does. The codes of receivers come
  /// from receivers, those of forwarders from forwarders.
  std::optional<FailureCode> fails(const Attempt& attempt, std::uint32_t hop) const;

 private:
  FaultParams params_;
  FailureCode failure_;
  KeyedRng stuck_;
  KeyedRng vanished_;
  KeyedRng failed_;
};

}  // namespace ampsim::sim
