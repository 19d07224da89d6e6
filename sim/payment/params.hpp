#pragma once

#include <cstdint>
#include <string>

#include "core/lock_scheme.hpp"
#include "core/units.hpp"

namespace ampsim::sim {

/// How an amount is cut when no single path carries it. `none` tries the whole amount only;
/// `halving` halves until a route is found (lnd, routing/payment_session.go).
enum class Splitter : std::uint8_t { none, halving };

/// Senders as they are. `withhold_last` never sends the part that would complete a set, and sends
/// at least two where it may split; `bad_share` sends a wrong share with one part
/// (core/bad_share.hpp).
enum class SenderBehaviour : std::uint8_t { honest, withhold_last, bad_share };

/// `[payment]`, `[amp]`, `[sender]` and `[routing] splitter`: what a sender does.
struct PaymentParams {
  std::string scheme = "amp";  ///< a name of amp::schemes()
  /// No new attempt this long after the start; parts in flight are still awaited.
  SimDuration timeout = std::chrono::seconds{60};
  /// Parts of a payment in flight at once, >= 1 (1 for schemes that do not split).
  std::uint32_t max_parts = 16;
  /// Smaller parts are not made; a whole payment may be smaller.
  Msat min_part = Msat::from_sat(10'000);
  /// Attempts of one payment, all parts together; 0 = no limit but the timeout.
  std::uint32_t max_attempts = 0;
  /// Sets of a payment where the scheme has several (`invoices`), >= 1.
  std::uint32_t invoices = 2;
  /// Fee limit as a share of the amount, >= 0 ...
  double fee_limit = 0.05;
  /// ... but amounts up to this may cost as much again (lnd's default).
  Msat fee_limit_full_below = Msat::from_sat(1000);
  amp::Derivation derivation = amp::Derivation::lnd;
  Splitter splitter = Splitter::halving;
  SenderBehaviour behaviour = SenderBehaviour::honest;
  // Against those who link parts (sim/payment/disguise.hpp).
  bool random_amounts = false;
  BlockDelta random_expiry{0};
  bool disjoint_paths = false;
};

enum class ReceiverTimer : std::uint8_t {
  htlc,  ///< each part from its own arrival (lnd)
  set,   ///< all parts from the first part's arrival (Core Lightning, Eclair)
};

/// `[receiver]`.
struct ReceiverParams {
  SimDuration timeout = std::chrono::seconds{120};
  ReceiverTimer timer = ReceiverTimer::htlc;
  amp::Completion completion = amp::Completion::ge;
  amp::ReceiverBehaviour behaviour = amp::ReceiverBehaviour::honest;
  /// Time lock that the receiver asks for (lnd's invoices: 80).
  BlockDelta final_cltv_delta{80};
  /// After a claim, each part's preimage starts within this time, by itself.
  SimDuration settle_jitter{};
};

}  // namespace ampsim::sim
