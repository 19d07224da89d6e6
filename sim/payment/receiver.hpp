#pragma once

#include <string_view>

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
/// turns the decision - hold, claim all, fail - into messages and timers. It decides nothing
/// itself.
///
/// Tested by tests/payment_test.cpp.
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
  };

  /// `derivation` is for the trace only: sets know their own.
  Receiver(const ReceiverParams& params, amp::Derivation derivation, const Means& means)
      : params_(params),
        derivation_(derivation),
        scheduler_(means.scheduler),
        blocks_(means.blocks),
        attempts_(means.attempts),
        sessions_(means.sessions),
        flow_(means.flow),
        metrics_(means.metrics),
        disguise_(means.disguise) {}

  /// The last HTLC of the attempt is irrevocably committed at the receiver.
  void arrive(AttemptId id);
  /// A timer rings. Stale ones (the part was claimed or failed since) change nothing: events are
  /// not cancelled, the slot's generation tells.
  void time_out(AttemptId id, std::uint32_t generation);
  /// A claimed part has waited long enough: its preimage starts. Stale if it has done so already.
  void release(AttemptId id, std::uint32_t generation);
  /// The part's channel is closed: if it is claimed, its preimage does not wait.
  void hurry(AttemptId id);
  /// The part's HTLC has expired on chain: it can no longer be claimed.
  void give_up(AttemptId id);
  /// A part that was claimed is not paid after all: its HTLC ended on chain without it.
  void lose(AttemptId id);

 private:
  bool expires_too_soon(const Attempt& attempt) const;
  void decide(Session& session, AttemptId cause, const amp::Decision& decision);
  void hold(Session& session, AttemptId id);
  void claim(Session& session, AttemptId cause, const amp::Claim& claim);
  void fail(Session& session, const amp::Fail& fail);
  void tell(const Session& session,
            const Attempt& attempt,
            TraceKind kind,
            std::string_view note) const;
  void tell_timer(const Session& session, const Attempt& attempt) const;
  void tell_claim(const Session& session, const Attempt& last, const amp::Claim& claim);

  const ReceiverParams& params_;
  amp::Derivation derivation_;
  Scheduler& scheduler_;
  const BlockClock& blocks_;
  AttemptTable& attempts_;
  Sessions& sessions_;
  HtlcFlow& flow_;
  Metrics& metrics_;
  Disguise& disguise_;
};

}  // namespace ampsim::sim
