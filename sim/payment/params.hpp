#pragma once

#include <cstdint>
#include <string>

#include "core/invoice_registry.hpp"
#include "core/lock_scheme.hpp"
#include "core/units.hpp"

/// What the two ends of a payment are told by the settings.
///
/// Tested by tests/receiver_test.cpp.
namespace ampsim::sim {

/// Senders as they are. `withhold_last` never sends the part that would complete a set, and sends
/// at least two where it may split; `bad_share` sends a wrong share with one part
/// (core/bad_share.hpp); `duplicate_part` sends one part twice, share and hash alike; `overpay`
/// sends one part more, of a hundredth of the total, before the one that completes it.
enum class SenderBehaviour : std::uint8_t {
  honest,
  withhold_last,
  bad_share,
  duplicate_part,
  overpay
};

/// `[payment]`, `[amp]` and `[sender]`: what a sender does.
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
  /// Where the scheme has spares, or the splitter reads it: parts of a payment, >= 1 (fewer where
  /// they would be smaller than min_part); and with spares, how many more are sent.
  std::uint32_t parts = 4;
  std::uint32_t spare_parts = 0;
  /// Fee limit as a share of the amount, >= 0 ...
  double fee_limit = 0.05;
  /// ... but amounts up to this may cost as much again (lnd's default).
  Msat fee_limit_full_below = Msat::from_sat(1000);
  amp::Derivation derivation = amp::Derivation::lnd;
  SenderBehaviour behaviour = SenderBehaviour::honest;
  /// Of the payments, how many are sent so; the others are honest.
  double misbehaving_share = 1;
  // Against those who link parts (sim/payment/disguise.hpp).
  bool random_amounts = false;
  BlockDelta random_expiry{0};
  bool disjoint_paths = false;
};

/// The scheme of that name; there must be one.
const amp::Scheme& scheme_of(const PaymentParams& params);

enum class ReceiverTimer : std::uint8_t {
  htlc,  ///< each part from its own arrival (lnd)
  set,   ///< all parts from the first part's arrival (Core Lightning, Eclair)
};

/// What a receiver is a copy of: `custom` is what the other settings say.
enum class ReceiverImplementation : std::uint8_t { custom, lnd, cln, eclair, ldk };

/// How payments by reusable AMP name their invoice: one that the sender makes up, or the
/// receiver's own, which a sender asks for once.
enum class AmpInvoice : std::uint8_t { spontaneous, reusable };

/// `[receiver]`.
struct ReceiverParams {
  ReceiverImplementation implementation = ReceiverImplementation::custom;
  SimDuration timeout = std::chrono::seconds{120};
  ReceiverTimer timer = ReceiverTimer::htlc;
  amp::Completion completion = amp::Completion::ge;
  amp::ReceiverBehaviour behaviour = amp::ReceiverBehaviour::honest;
  /// Time lock that the receiver asks for (lnd's invoices: 80).
  BlockDelta final_cltv_delta{80};
  /// A complete set is held this long before it is claimed (a hold invoice).
  SimDuration hold{};
  amp::LatePart late_part = amp::LatePart::reject;
  AmpInvoice amp_invoice = AmpInvoice::spontaneous;
  amp::BadSet bad_set = amp::BadSet::fail_set;
  /// After a claim, each part's preimage starts within this time, by itself.
  SimDuration settle_jitter{};
};

/// With the timer, completion and final time lock of the implementation in place of those given.
///
///   implementation   timer                                completion   final delta
///   lnd              120 s from each part's arrival       ge           80
///   cln              70 s from the first part's           ge           18
///   eclair           60 s from the first part's           ge           30
///   ldk              3 ticks of a minute, each part       ge           42
ReceiverParams as_implemented(const ReceiverParams& given);

}  // namespace ampsim::sim
