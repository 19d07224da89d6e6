#pragma once

#include <cstdint>

#include "core/units.hpp"
#include "sim/measure/observer.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"

/// Where members of the coalition stand on a route, and what passes them: turns the events of
/// HTLCs into what an Observer sees. Changes nothing.
///
/// Tested by tests/observer_test.cpp.
namespace ampsim::sim {

class Lookout {
 public:
  /// Both outlive it.
  Lookout(Observer& observer, const Network& network) : observer_(observer), network_(network) {}

  /// The node at the far end of `hop` has an HTLC to forward.
  void see_add(const Attempt& attempt, std::uint32_t hop, SimTime now) {
    const Hop& outgoing = attempt.route.hops[hop + 1];
    if (!observer_.watches(network_.source(outgoing.channel))) return;
    observer_.see_add({.payment = attempt.payment,
                       .attempt = attempt.number,
                       .hop = hop,
                       .lock_in = lock_of(attempt, hop),
                       .lock_out = lock_of(attempt, hop + 1),
                       .amount = outgoing.amount,
                       .expiry = attempt.expiry(hop + 1),
                       .before = network_.source(attempt.route.hops[hop].channel),
                       .after = network_.target(outgoing.channel),
                       .came = now});
  }
  /// It did not forward it, if so.
  void see_refusal(const Attempt& attempt, std::uint32_t hop, SimTime now) {
    if (attempt.failed_at == static_cast<std::int32_t>(hop) + 1) see_failure(attempt, hop + 1, now);
  }
  /// The node at the near end of `hop` has got the preimage and passes it on.
  void see_preimage(const Attempt& attempt, std::uint32_t hop, SimTime now) {
    if (!is_watched(attempt, hop)) return;
    observer_.see_preimage(attempt.payment, attempt.number, hop - 1, now);
  }
  /// The node at the near end of `hop` may relay the failure.
  void see_failure(const Attempt& attempt, std::uint32_t hop, SimTime now) {
    if (!is_watched(attempt, hop)) return;
    observer_.see_failure(attempt.payment, attempt.number, hop - 1, now);
  }

 private:
  bool is_watched(const Attempt& attempt, std::uint32_t hop) const {
    return observer_.watches(network_.source(attempt.route.hops[hop].channel));
  }
  static amp::PaymentHash lock_of(const Attempt& attempt, std::size_t hop) {
    return amp::lock_at(attempt.lock, attempt.route.hops.size() - 1 - hop);
  }

  Observer& observer_;
  const Network& network_;
};

}  // namespace ampsim::sim
