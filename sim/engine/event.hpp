#pragma once

#include <cstdint>
#include <type_traits>

#include "core/units.hpp"

namespace ampsim::sim {

/// Tested by tests/event_queue_test.cpp.

/// What will happen. An event is a small value, not a closure: it can be compared and printed, and
/// it costs less in a queue. What the subject is depends on the kind; the engine does not look.
enum class EventKind : std::uint8_t {
  payment_arrives,   ///< subject: payment
  invoice_received,  ///< subject: payment; the sender may pay the next set
  htlc_add,          ///< subject: attempt, detail: hop; irrevocably committed at the hop's far end
  htlc_fulfill,      ///< subject: attempt, detail: hop; the hop's near end learns the preimage
  htlc_fail,         ///< subject: attempt, detail: hop; removed, the near end may relay the failure
  htlc_removed,      ///< subject: attempt, detail: hop; a fulfilled HTLC left both commitments
  set_timeout,       ///< subject: attempt, detail: generation of its slot
  set_released,      ///< subject: payment; the receiver claims a set that it has held back
  sender_asked,      ///< subject: payment, detail: session; the receiver's question is there
  receiver_told,     ///< subject: payment, detail: session; the sender's answer is there
  htlc_released,     ///< subject: attempt, detail: hop; hung at the hop's far end, goes on
  commitment_signed,  ///< subject: directed channel that it travels
  revoke_and_ack,     ///< subject: directed channel whose signature it answers
  commit_timer,       ///< subject: directed channel
  chain_fulfilled,    ///< subject: attempt, detail: hop; the near end sees the preimage on chain
  chain_failed,       ///< subject: attempt, detail: hop; the near end has it back for good
  part_released,      ///< subject: attempt, detail: generation of its slot; claimed some time ago
  attack_acts,        ///< subject: what it is to act on, or none when the attack begins
  // The world's own events, see is_background.
  block_found,
  node_leaves,      ///< subject: node, detail: why
  node_returns,     ///< subject: node, detail: why
  attack_releases,  ///< subject: attempt that the attacker holds, detail: generation of its slot
  attack_stops,
};

/// The world's own events: they go on for as long as there is something else to do. What ends an
/// attack, or lets go of an HTLC that is in flight anyway, is nothing to wait for either.
constexpr bool is_background(EventKind kind) { return kind >= EventKind::block_found; }

/// The subject is an attempt, the detail one of its hops, and the event is a step of that HTLC.
constexpr bool is_of_htlc(EventKind kind) {
  return kind == EventKind::htlc_add || kind == EventKind::htlc_fulfill ||
         kind == EventKind::htlc_fail || kind == EventKind::htlc_removed;
}

struct EventPayload {
  std::uint32_t subject = 0;
  std::uint32_t detail : 24 = 0;
  EventKind kind : 8 = EventKind::payment_arrives;

  /// `detail` < 2^24.
  static constexpr EventPayload of(EventKind kind,
                                   std::uint32_t subject,
                                   std::uint32_t detail = 0) {
    return {.subject = subject, .detail = detail & 0xffffffU, .kind = kind};
  }
};

struct Event {
  SimTime at{};
  EventPayload payload;
};
static_assert(sizeof(Event) == 16 && std::is_trivially_copyable_v<Event>,
              "four events share a cache line; the queue moves them by memcpy");

}  // namespace ampsim::sim
