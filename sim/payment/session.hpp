#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "core/lock_scheme.hpp"
#include "core/units.hpp"
#include "sim/measure/run_result.hpp"
#include "sim/payment/params.hpp"
#include "sim/routing/router.hpp"
#include "sim/workload/workload.hpp"

/// The life of one payment, as its two ends know it. A payment is one or several sets (invoices)
/// after another; a set is one or several parts at once.
///
/// Invariant: set_total >= set_settled + set_in_flight, and both are sums over the parts that are
/// not extra.
namespace ampsim::sim {

/// Which set of which invoice.
struct PaidSet {
  amp::PaymentSecret secret;
  amp::SetId id;  ///< zero where the scheme has none
};

struct Session {
  PaymentSpec spec;
  PaymentId id;
  /// Which of its sender's sessions it is, modulo 2^24: an attacker uses payment ids again, and a
  /// message between the two ends may come when the session that it is about is over.
  std::uint32_t number = 0;
  SimTime deadline{};           ///< no new attempt from here on
  SimDuration invoice_delay{};  ///< one way, between sender and receiver

  std::uint32_t sets = 1;  ///< how many sets the payment has
  std::uint32_t set = 0;   ///< which one is open
  /// Its sender's end; the receiver's registry has the other.
  std::unique_ptr<amp::PartLocks> locks;
  std::vector<PaidSet> sets_paid;  ///< all of them up to the open one
  Msat set_total;
  Msat set_settled;  ///< fulfilled at the sender
  Msat set_in_flight;
  Msat extra_settled;  ///< beyond the total
  Msat extra_in_flight;
  Msat set_fee_limit;  ///< each set its own: an invoice is a payment by itself
  Msat set_fees_settled;

  std::vector<bool> part_numbers;        ///< in use: in flight or settled
  std::vector<amp::PaymentHash> hashes;  ///< of every attempt so far
  std::vector<AttemptId> in_flight;      ///< parts of the set
  std::vector<FailedHop> failed;         ///< where attempts have ended
  std::uint32_t parts_in_flight = 0;
  std::uint32_t parts_settled = 0;
  std::uint32_t attempts = 0;
  Msat fees_in_flight;
  Msat fees_settled;
  PaymentFailure failure = PaymentFailure::none;  ///< other than none: no new attempt
  SenderBehaviour behaviour = SenderBehaviour::honest;
  bool has_misbehaved = false;              ///< the part that is one too many was sent
  AttemptId duplicate = AttemptId::none();  ///< has the share of another part
  std::uint32_t parts_needed = 0;           ///< where the scheme has spares: equal parts, and ...
  std::uint32_t spares = 0;                 ///< ... how many more
  std::deque<amp::Ask> questions;           ///< of the receiver, on their way
  std::deque<amp::Answer> answers;          ///< of the sender, on their way
  bool is_settling = false;                 ///< the receiver has what it needs: no new attempt
  std::optional<SimTime> paid_at;           ///< with spares: enough parts have settled
  std::uint32_t live_attempts = 0;          ///< somebody on the way still has to do with them
  std::vector<AttemptId> gone_attempts;     ///< nothing more can happen to them
  SimTime end = SimTime::max();             ///< the sender knows all outcomes

  // The receiver's side.
  Msat lost_on_chain;                 ///< claimed, and not paid on chain
  Msat delivered;                     ///< claimed, in all sets
  bool is_set_timer_running = false;  ///< with one timer a set
  std::uint32_t last_arrival = 0;     ///< number of the attempt that arrived last
  bool has_arrivals = false;
  bool is_in_order = true;  ///< parts of the set arrived in the order of sending

  Msat rest() const { return set_total - set_settled - set_in_flight; }
};

/// The sessions that are open, by payment.
using Sessions = std::vector<std::unique_ptr<Session>>;

}  // namespace ampsim::sim
