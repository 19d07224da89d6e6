#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "core/invoice_registry.hpp"
#include "core/random.hpp"
#include "core/units.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/network/block_clock.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/disguise.hpp"
#include "sim/payment/htlc_flow.hpp"
#include "sim/payment/params.hpp"
#include "sim/payment/session.hpp"

/// What the receiver does with a part: gives it to the set of its scheme (core/lock_scheme.hpp) and
/// turns the decision - hold, claim all, fail, ask - into messages and timers. It decides nothing
/// itself.
///
/// Every node has a registry of its invoices (core/invoice_registry.hpp), from the first time that
/// somebody pays it.
///
/// Tested by tests/receiver_test.cpp and tests/payment_test.cpp.
namespace ampsim::sim {

class Receiver {
 public:
  /// What a receiver works with; all of it outlives the receiver.
  struct Means {
    Scheduler& scheduler;
    const BlockClock& blocks;
    AttemptTable& attempts;
    Sessions& sessions;
    HtlcFlow& flow;
    Metrics& metrics;
    Disguise& disguise;
    Rng& payment_secrets;
  };

  Receiver(const ReceiverParams& params, const PaymentParams& payment, const Means& means);

  /// The invoice that the session's open set pays: fresh, or the receiver's one that is reused.
  /// `set` is its receiver's end if the sender had to ask for it; otherwise the receiver starts
  /// from nothing when the first part arrives.
  void open_invoice(Session& session, std::unique_ptr<amp::HtlcSet> set);
  /// Nothing more can happen to the session's sets.
  void close_sets(const Session& session);

  /// The last HTLC of the attempt is irrevocably committed at the receiver.
  void arrive(AttemptId id);
  /// A timer rings. Stale ones (the part was claimed or failed since) change nothing: events are
  /// not cancelled, the slot's generation tells.
  void time_out(AttemptId id, std::uint32_t generation);
  /// A claimed part has waited long enough: its preimage starts. Stale if it has done so already.
  void release(AttemptId id, std::uint32_t generation);
  /// The part's channel is closed: if it is claimed, its preimage does not wait.
  void hurry(AttemptId id);
  /// A claimed set was held back long enough.
  void release_set(PaymentId id);
  /// The sender's answer has come.
  void hear(PaymentId id);

  /// The part's HTLC has expired on chain: it can no longer be claimed.
  void give_up(AttemptId id);
  /// A part that was claimed is not paid after all: its HTLC ended on chain without it.
  void lose(AttemptId id);

 private:
  bool expires_too_soon(const Attempt& attempt) const;
  amp::InvoiceRegistry& registry_of(NodeId node);
  /// That the session's parts are for; null before the first one comes.
  amp::HtlcSet* open_set(const Session& session);
  amp::HtlcSet& set_of(const Session& session, const Attempt& attempt);
  void decide(Session& session, AttemptId cause, const amp::Decision& decision);
  void hold(Session& session, AttemptId id);
  void start_timer(const Session& session, AttemptId id);
  void claim(Session& session, AttemptId cause, const amp::Claim& claim);
  void hold_back(Session& session, const amp::Claim& claim);
  /// The preimages start on their way back.
  void settle(Session& session, const amp::Claim& claim);
  void fail(Session& session, const amp::Fail& fail);
  void ask(Session& session, const amp::Ask& ask);
  void tell(const Session& session,
            const Attempt& attempt,
            TraceKind kind,
            std::string_view note) const;
  void tell_timer(const Session& session, const Attempt& attempt) const;
  void tell_claim(const Session& session, const Attempt& last, const amp::Claim& claim);

  const ReceiverParams& params_;
  const PaymentParams& payment_;
  const amp::Scheme& scheme_;
  Scheduler& scheduler_;
  const BlockClock& blocks_;
  AttemptTable& attempts_;
  Sessions& sessions_;
  HtlcFlow& flow_;
  Metrics& metrics_;
  Disguise& disguise_;
  Rng& payment_secrets_;
  std::vector<std::unique_ptr<amp::InvoiceRegistry>>
      registries_;                                             // by node; empty until it is paid
  std::map<std::uint32_t, std::deque<amp::Claim>> held_back_;  // by payment: decided, not settled
  std::vector<amp::PaymentSecret> reusable_;  // by node; zero until it is asked for
};

}  // namespace ampsim::sim
