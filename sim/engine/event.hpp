#pragma once

#include <cstdint>
#include <type_traits>

#include "core/units.hpp"

namespace ampsim::sim {

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
  attack_acts,       ///< subject: what it is to act on, or none when the attack begins
  attack_releases,   ///< subject: attempt that the attacker holds, detail: generation of its slot
  attack_stops,
};

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
