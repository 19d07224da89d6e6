#include "sim/measure/trace.hpp"

#include "core/check.hpp"

namespace ampsim::sim {

std::string_view name_of(TraceKind kind) {
  switch (kind) {
    case TraceKind::payment_starts:
      return "payment_starts";
    case TraceKind::invoice_requested:
      return "invoice_requested";
    case TraceKind::invoice_received:
      return "invoice_received";
    case TraceKind::part_sent:
      return "part_sent";
    case TraceKind::htlc_add:
      return "htlc_add";
    case TraceKind::commitment_signed:
      return "commitment_signed";
    case TraceKind::revoke_and_ack:
      return "revoke_and_ack";
    case TraceKind::htlc_committed:
      return "htlc_committed";
    case TraceKind::htlc_refused:
      return "htlc_refused";
    case TraceKind::message_waits:
      return "message_waits";
    case TraceKind::htlc_stuck:
      return "htlc_stuck";
    case TraceKind::part_arrived:
      return "part_arrived";
    case TraceKind::part_held:
      return "part_held";
    case TraceKind::timer_started:
      return "timer_started";
    case TraceKind::part_rejected:
      return "part_rejected";
    case TraceKind::sender_asked:
      return "sender_asked";
    case TraceKind::receiver_told:
      return "receiver_told";
    case TraceKind::set_claimed:
      return "set_claimed";
    case TraceKind::part_timed_out:
      return "part_timed_out";
    case TraceKind::htlc_fulfill:
      return "htlc_fulfill";
    case TraceKind::htlc_fail:
      return "htlc_fail";
    case TraceKind::part_settled:
      return "part_settled";
    case TraceKind::part_failed:
      return "part_failed";
    case TraceKind::htlc_removed:
      return "htlc_removed";
    case TraceKind::channel_closed:
      return "channel_closed";
    case TraceKind::htlc_claimed_on_chain:
      return "htlc_claimed_on_chain";
    case TraceKind::htlc_timed_out_on_chain:
      return "htlc_timed_out_on_chain";
    case TraceKind::no_route:
      return "no_route";
    case TraceKind::sending_stopped:
      return "sending_stopped";
    case TraceKind::payment_ends:
      return "payment_ends";
  }
  AMPSIM_UNREACHABLE("unknown trace event");
}

void put_lock(TraceEvent& event, const amp::PartLock& lock) {
  event.hash = lock.hash;
  if (lock.payload.set_id.is_zero()) return;
  event.set_id = lock.payload.set_id;
  event.child_index = lock.payload.child_index;
  event.share = lock.payload.share;
}

}  // namespace ampsim::sim
