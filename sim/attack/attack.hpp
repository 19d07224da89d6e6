#pragma once

#include <cstdint>
#include <memory>

#include "core/random.hpp"
#include "core/units.hpp"
#include "sim/attack/foothold.hpp"
#include "sim/attack/held_htlcs.hpp"
#include "sim/attack/params.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/measure/attack_books.hpp"
#include "sim/network/block_clock.hpp"
#include "sim/network/network.hpp"
#include "sim/network/params.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/htlc_flow.hpp"
#include "sim/payment/params.hpp"
#include "sim/payment/receiver.hpp"
#include "sim/payment/session.hpp"
#include "sim/routing/router.hpp"

/// An attack while a run goes on. It acts by events, as everybody does, and uses the same ledger,
/// forwarders and messages; of the honest nodes it knows what they say. It is asked first, and
/// takes what is its own affair: what its own HTLCs come to, and what its nodes do with the HTLCs
/// of others.
///
/// Its draws come from streams of its own and its HTLCs from its own channels, so that payments,
/// balances and delays are those of the same run without the attack.
///
/// Tested by tests/attack_test.cpp and tests/attack_runs_test.cpp.
namespace ampsim::sim {

/// What an attack works with; all of it outlives the attack.
struct AttackMeans {
  const AttackParams& params;
  const AttackPlan& plan;
  const NetworkParams& limits;
  const PaymentParams& payment;
  const ReceiverParams& receiver;
  const RoutingParams& routing;
  std::uint64_t seed = 0;

  Scheduler& scheduler;
  const BlockClock& blocks;
  Network& network;
  AttemptTable& attempts;
  Sessions& sessions;
  HtlcFlow& flow;
  AttackBooks& books;
};

class Attack {
 public:
  virtual ~Attack() = default;

  /// Before the first event: schedules the beginning and, if it is set, the end.
  void start();
  /// Whether these are the attack's own affair; then they are done with, and nobody else is told.
  /// An event is due; the far end of `hop` may act on the HTLC; the near end knows the preimage, or
  /// that the HTLC has failed.
  bool takes(const EventPayload& event);
  bool takes_htlc(AttemptId id, std::uint32_t hop);
  bool takes_preimage(AttemptId id, std::uint32_t hop);
  bool takes_failure(AttemptId id, std::uint32_t hop);
  /// An attempt of the payment is gone for good.
  bool takes_end(const AttemptTable::Gone& gone);
  /// Who receives the parts of its own payments.
  virtual Receiver& receiver();
  /// Nothing new from here on, and what is held is given back.
  void stop();

 protected:
  /// Who was refused by others waits this long before it asks again.
  static constexpr SimDuration kPause = std::chrono::seconds{1};

  explicit Attack(const AttackMeans& means)
      : means_(means), held_(means.scheduler, means.attempts, means.flow) {}
  Attack(const Attack&) = delete;
  Attack& operator=(const Attack&) = delete;

  const AttackMeans& means() const { return means_; }
  HeldHtlcs& held() { return held_; }
  bool is_active() const;
  bool is_own(AttemptId id) const { return means_.books.is_attack(means_.attempts[id].payment); }
  /// Calls act(what) after `delay`.
  void act_later(SimDuration delay, std::uint32_t what);

  virtual void begin() {}
  /// Called only while the attack is active.
  virtual void act(std::uint32_t what);
  /// An HTLC of its own reached the end of its route; one failed, one was fulfilled, back at its
  /// start.
  virtual void arrive(AttemptId id);
  virtual void came_back(AttemptId id);
  virtual void was_paid(AttemptId id);
  /// The same for an HTLC of others, where a node between its ends is to act. True: it does not do
  /// what an honest one would.
  virtual bool keeps(AttemptId id, std::uint32_t hop);
  virtual bool diverts_preimage(AttemptId id, std::uint32_t hop);
  virtual bool absorbs_failure(AttemptId id, std::uint32_t hop);
  /// An attempt of one of its own payments is gone.
  virtual void attempt_gone(const AttemptTable::Gone& gone);
  /// A timer, or an invoice that was asked for: true if it is for the attack.
  virtual bool is_told(const EventPayload& event);

 private:
  AttackMeans means_;
  HeldHtlcs held_;
  bool is_stopped_ = false;
};

/// nullptr for `none`.
std::unique_ptr<Attack> make_attack(const AttackMeans& means);

/// One a kind, each in a file of its own. `make_jamming` is for three kinds.
std::unique_ptr<Attack> make_jamming(const AttackMeans& means);
std::unique_ptr<Attack> make_withheld_share(const AttackMeans& means);
std::unique_ptr<Attack> make_probing(const AttackMeans& means);
std::unique_ptr<Attack> make_wormhole(const AttackMeans& means);
std::unique_ptr<Attack> make_keep_part(const AttackMeans& means);

}  // namespace ampsim::sim
