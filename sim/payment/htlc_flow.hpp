#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/units.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/measure/attack_books.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/measure/trace.hpp"
#include "sim/network/availability.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/commitments.hpp"
#include "sim/payment/faults.hpp"

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
/// `network.timing = "fast"` takes these as constants (and adds `commit_timer` to what needs a
/// signature); `"full"` sends the messages (sim/payment/commitments.hpp).
///
/// Money is locked when the add leaves the near end, and freed when the removal is irrevocable.
///
/// Tested by tests/payment_test.cpp and tests/timing_test.cpp.
namespace ampsim::sim {

class HtlcFlow {
 public:
  /// The rest of the world, where a run has it; all of it outlives the flow.
  struct Surroundings {
    TraceSink* trace = nullptr;
    Availability* availability = nullptr;  ///< null: all nodes are always there
    const Faults* faults = nullptr;        ///< null: nothing goes wrong
    AttackBooks* attack = nullptr;         ///< counts HTLCs of an attack; null: there are none
  };

  HtlcFlow(const NetworkParams& params,
           Scheduler& scheduler,
           Network& network,
           AttemptTable& attempts,
           Metrics& metrics,
           const Surroundings& surroundings);

  /// Locks hop `hop` and sends the add. Requires that the channel does not refuse it.
  void offer(AttemptId id, std::uint32_t hop);
  /// The far end of `hop` sends the preimage back. On a closed channel it will claim on chain; once
  /// the HTLC has timed out there it is too late, and the far end has lost the amount.
  void fulfill(AttemptId id, std::uint32_t hop);
  /// The far end of `hop` fails it.
  void fail(AttemptId id, std::uint32_t hop);
  /// The far end of `hop` does nothing with it for so long; then comes htlc_released.
  void hang(AttemptId id, std::uint32_t hop, SimDuration length);

  /// An event about an HTLC is due. False if it comes to nothing (the channel is closed) or has to
  /// wait (an end is away). Does not branch on its kind, which cannot be guessed.
  [[gnu::always_inline]] bool arrives(const EventPayload& event) {
    Attempt& attempt = attempts_[AttemptId{event.subject}];
    Htlc& htlc = attempt.htlcs[event.detail];
    if (htlc.is_on_chain) [[unlikely]]
      return come_to_nothing(event);
    if (waits(htlc.channel, event)) return false;
    --attempt.pending;
    htlc.is_committed |= event.kind == EventKind::htlc_add;
    htlc.is_paid |= event.kind == EventKind::htlc_fulfill;
    return true;
  }
  /// An event about a channel's commitments is due.
  void exchange(const EventPayload& event);
  /// A message that waited is sent again.
  void send_again(const EventPayload& event);

  /// The removal of a fulfilled or failed HTLC became irrevocable: moves the money.
  void settle_removed(AttemptId id, std::uint32_t hop);
  void refund_failed(AttemptId id, std::uint32_t hop);

  /// What became of the HTLC of a closed channel.
  enum class ChainEnd : std::uint8_t {
    absent,     ///< it was in no commitment: the near end has the money
    burnt,      ///< too small for an output: the miners have it
    timed_out,  ///< the near end has it back
    claimed,    ///< the far end has it
  };
  /// `closer` has closed the channel: messages about the HTLC come to nothing from here on.
  void move_on_chain(AttemptId id, std::uint32_t hop, NodeId closer);
  void drop_messages(ChannelId id);
  /// Moves the money of an HTLC on chain; `fee` for the miners.
  void end_on_chain(AttemptId id, std::uint32_t hop, ChainEnd how, Msat fee);
  /// The near end of `hop` learns the preimage, or that there is none, from the chain.
  void tell_near_end(EventKind kind, AttemptId id, std::uint32_t hop);
  /// It reads so in a block: false if it is away, and will when it is back.
  bool reads_block(const EventPayload& event);

  bool is_traced(PaymentId payment) const {
    return surroundings_.trace != nullptr && surroundings_.trace->payment() == payment;
  }
  /// Tells the trace, with the time filled in. Call only if is_traced.
  void tell(TraceEvent event) const;
  /// Of the HTLC of one hop.
  void tell_htlc(TraceKind kind, const Attempt& attempt, std::uint32_t hop) const {
    if (is_traced(attempt.payment)) tell_traced_htlc(kind, attempt, hop);
  }

 private:
  bool is_attack(const Attempt& attempt) const {
    return surroundings_.attack != nullptr && surroundings_.attack->is_attack(attempt.payment);
  }
  /// Counts an HTLC that is no longer in flight.
  void count_settled(const Attempt& attempt, const Htlc& htlc, SimDuration in_flight);
  void count_failed(const Attempt& attempt, const Htlc& htlc, SimDuration in_flight);
  /// An offered HTLC starts on its way out, fulfilling or failing. False if it is on chain.
  bool leave(Attempt& attempt, std::uint32_t hop, HtlcState how);
  /// It left both commitments; returns how long it was in flight.
  SimDuration resolve(Attempt& attempt, Htlc& htlc);
  /// Where an event about an HTLC happens.
  struct Place {
    Attempt& attempt;
    AttemptId id;
    std::uint32_t hop;
  };
  void schedule(SimDuration delay, EventKind kind, const Place& place) {
    ++place.attempt.pending;
    scheduler_.schedule(delay, EventPayload::of(kind, place.id.index, place.hop));
  }
  /// source(d) makes an update that is acted upon when it is irrevocably committed.
  [[gnu::always_inline]] void update(DirectedChannel d, EventKind kind, const Place& place) {
    if (commitments_) return update_in_full(d, kind, place);
    schedule(commit_timer_ + network_.three_messages_delay(d), kind, place);
  }
  void update_in_full(DirectedChannel d, EventKind kind, const Place& place);
  /// True, and the event waits, if an end of the channel is away.
  bool waits(DirectedChannel d, const EventPayload& event) {
    return surroundings_.availability != nullptr && !network_.is_connected(d) && wait(d, event);
  }
  bool wait(DirectedChannel d, const EventPayload& event);
  bool come_to_nothing(const EventPayload& event);
  void tell_traced_htlc(TraceKind kind, const Attempt& attempt, std::uint32_t hop) const;
  void tell_waiting(NodeId away, const EventPayload& event) const;
  void tell_exchange(EventKind message,
                     DirectedChannel d,
                     const std::vector<Update>& updates) const;

  SimDuration commit_timer_;
  Scheduler& scheduler_;
  Network& network_;
  AttemptTable& attempts_;
  Metrics& metrics_;
  Surroundings surroundings_;
  std::optional<Commitments> commitments_;  // with full timing
};

}  // namespace ampsim::sim
