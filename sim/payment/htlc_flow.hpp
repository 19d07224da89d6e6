#pragma once

#include <cstdint>

#include "core/units.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/measure/attack_books.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/measure/trace.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"

/// How an HTLC moves over one channel: the ledger, the messages' delays and the books, in one
/// place.
///
/// With d the one-way delay of the channel (BOLT 2's update life cycle, no queueing):
///
/// - add: the far end may forward or hold it after 3d (add and signature, revocation and signature,
///   revocation: 1.5 round trips);
/// - fulfil: the near end has the preimage after d and may relay it at once (0.5 round trips);
/// - fulfil or fail: removed from both commitments after 3d, as for add; only then may a failure be
///   relayed.
///
/// Money is locked when the add leaves the near end, and freed when the removal is irrevocable.
///
/// Tested by tests/payment_test.cpp.
namespace ampsim::sim {

class HtlcFlow {
 public:
  HtlcFlow(Scheduler& scheduler,
           Network& network,
           AttemptTable& attempts,
           Metrics& metrics,
           TraceSink* trace)
      : scheduler_(scheduler),
        network_(network),
        attempts_(attempts),
        metrics_(metrics),
        trace_(trace) {}

  /// From here on the HTLCs of an attack are counted there, and not in the metrics.
  void keep_apart(AttackBooks& books) { attack_ = &books; }

  /// Locks hop `hop` and sends the add. Requires that the channel does not refuse it.
  void offer(AttemptId id, std::uint32_t hop);
  /// The far end of `hop` sends the preimage back.
  void fulfill(AttemptId id, std::uint32_t hop);
  /// The far end of `hop` fails it.
  void fail(AttemptId id, std::uint32_t hop);

  /// The removal of a fulfilled or failed HTLC became irrevocable: moves the money.
  void settle_removed(AttemptId id, std::uint32_t hop);
  void refund_failed(AttemptId id, std::uint32_t hop);

  bool is_traced(PaymentId payment) const {
    return trace_ != nullptr && trace_->payment() == payment;
  }
  /// Tells the trace, with the time filled in. Call only if is_traced.
  void tell(TraceEvent event) const;
  /// Of the HTLC of one hop.
  void tell_htlc(TraceKind kind, const Attempt& attempt, std::uint32_t hop) const {
    if (is_traced(attempt.payment)) tell_traced_htlc(kind, attempt, hop);
  }

 private:
  /// An offered HTLC starts on its way out, fulfilling or failing; returns the channel's delay.
  SimDuration leave(Attempt& attempt, std::uint32_t hop, HtlcState how);
  /// It left both commitments; returns how long it was in flight.
  SimDuration resolve(Attempt& attempt, std::uint32_t hop, HtlcState was);
  void schedule(SimDuration delay, EventKind kind, AttemptId id, std::uint32_t hop);
  void tell_traced_htlc(TraceKind kind, const Attempt& attempt, std::uint32_t hop) const;
  bool is_attack(const Attempt& attempt) const {
    return attack_ != nullptr && attack_->is_attack(attempt.payment);
  }

  Scheduler& scheduler_;
  Network& network_;
  AttemptTable& attempts_;
  Metrics& metrics_;
  TraceSink* trace_;
  AttackBooks* attack_ = nullptr;
};

}  // namespace ampsim::sim
