#pragma once

#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "core/lock_scheme.hpp"
#include "core/random.hpp"
#include "core/units.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/network/block_clock.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/disguise.hpp"
#include "sim/payment/htlc_flow.hpp"
#include "sim/payment/params.hpp"
#include "sim/payment/receiver.hpp"
#include "sim/payment/session.hpp"
#include "sim/routing/promises.hpp"
#include "sim/routing/registry.hpp"

/// What a sender does with a payment, after lnd's payment lifecycle (routing/payment_lifecycle.go):
/// while something of the set is neither settled nor in flight, find a route for it, smaller if
/// need be, and send it, without waiting for the results of other parts. A failed part teaches the
/// sender's liquidity view, gives its share back and is tried again, until the deadline, the limit
/// of attempts, a refusal by the receiver, or until there is no route. Then no new attempt is made,
/// and the payment ends once nothing is in flight.
///
/// Nor is a new attempt made once a part of the set has settled: parts in flight go on, but a
/// failed one is not replaced (lnd, MPPayment.Registrable: "payment has settled htlcs"). Under the
/// rules of BOLT 4 that never happens, for then all parts settle; with a receiver that claims early
/// it is where a payment becomes partial. lnd calls it succeeded, because it has the preimage; here
/// the state follows the money.
///
/// Tested by tests/sender_test.cpp and tests/payment_test.cpp.
namespace ampsim::sim {

class Sender {
 public:
  /// What a sender works with; all of it outlives the sender.
  struct Means {
    Scheduler& scheduler;
    const BlockClock& blocks;
    Network& network;
    AttemptTable& attempts;
    Sessions& sessions;
    HtlcFlow& flow;
    Metrics& metrics;
    const RoutingMeans& routing;
    Router& router;
    Disguise& disguise;
    Receiver& receiver;
    Rng& misbehaviour;
  };

  Sender(const PaymentParams& payment,
         const ReceiverParams& receiver,
         const Means& means,
         Rng& amp_shares);

  /// Opens the payment's session. `invoice_delay`: one way between its two ends.
  void start(PaymentId id, const PaymentSpec& spec, SimDuration invoice_delay);
  void receive_invoice(PaymentId id);
  void on_fulfilled(AttemptId id);
  void on_failed(AttemptId id);
  /// The receiver's question has come.
  void answer(PaymentId id);
  /// Nothing more can happen to an attempt of the payment. The session of a payment that has ended
  /// for its sender is closed with the last of them: until then the receiver may claim a part that
  /// the sender believes failed, because an HTLC before it was taken back on chain.
  void on_attempt_gone(PaymentId id, AttemptId attempt);

 private:
  /// Whether the payment's next set waits for an invoice of the receiver.
  bool must_ask(const Session& session) const;
  void request_set(Session& session);
  void open_set(Session& session);
  /// Sends what can be sent; ends the set or the payment if nothing is in flight.
  void advance(Session& session);
  static PaymentFailure failure_of(NoRoute reason);
  /// No new attempt from here on.
  void stop(Session& session, PaymentFailure reason) const;
  Msat amount_to_send(const Session& session) const;
  /// Routes for the amount or its first part.
  PartsResult find_parts(const Session& session, Msat amount, Splitter& splitter);
  /// One route for the amount.
  RouteResult find_part(const Session& session, Msat amount);
  LiquidityView& view_of(NodeId sender);
  void look_around(const Session& session);
  /// What its router is told of the sender's HTLCs in flight.
  std::vector<ChannelUse> counted_uses(const Session& session) const;
  void try_parts(Session& session);
  /// False if it was not sent, or changed what is left to send.
  bool try_part(Session& session, Route route);
  /// Where the scheme has spares: sends what is missing of the equal parts, some more than needed.
  /// One that failed is replaced; where it cannot be, that is no failure while what is in flight
  /// reaches the total. The payment is made when enough have settled: a part that is still on its
  /// way then holds up nothing.
  void advance_equal_parts(Session& session);
  /// Of the part with this number; where the amount does not divide, the last one and all spares
  /// have the rest, so that any parts_needed of them reach the total.
  Msat equal_part(const Session& session, std::uint32_t number) const;
  bool is_out_of_attempts(const Session& session, PaymentFailure& reason) const;
  /// A sender's mischief: one part that the set does not need.
  void send_extra(Session& session, Msat amount, const amp::PartLock* copied);
  AttemptId open_attempt(Session& session, Route route);
  void send(Session& session, Route route);
  void launch(Session& session, AttemptId id, const amp::PartLock& lock);
  void close_attempt(Session& session, AttemptId id, bool is_settled);
  void end_set(Session& session);
  void finish(Session& session);
  void close(Session& session);
  void tell(const Session& session, TraceKind kind, std::string_view note) const;
  void tell_part(const Session& session, const Attempt& attempt, TraceKind kind) const;

  const PaymentParams& params_;
  const ReceiverParams& receiver_;
  const amp::Scheme& scheme_;
  Means means_;
  Rng& amp_shares_;
  std::uint32_t sessions_opened_ = 0;
  CheckedRouter router_;
  std::unique_ptr<Splitter> splitter_;
  std::unique_ptr<Splitter> whole_;
  std::vector<std::unique_ptr<LiquidityView>> views_;   // by node; empty until it pays
  std::vector<std::vector<AttemptId>> all_in_flight_;   // by node: of all its payments
  std::vector<LocalChannel> local_;                     // reused from search to search
  std::vector<ChannelUse> in_flight_;                   // likewise: by parts of the payment
  std::set<std::pair<NodeId, NodeId>> known_invoices_;  // sender and receiver; only looked up
};

}  // namespace ampsim::sim
