#include "sim/measure/trace.hpp"

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/hex.hpp"

namespace ampsim::sim {
namespace {

/// The first bytes of a secret or hash: enough to tell two apart on a screen.
template <class Tag>
std::string abbreviated(const amp::Bytes32<Tag>& value) {
  return to_hex(value.bytes).substr(0, 12) + "...";
}

std::string share_text(const amp::Share& share, amp::Derivation derivation) {
  return derivation == amp::Derivation::toy ? amp::to_text(derivation, share) : abbreviated(share);
}

std::string what(const TraceEvent& event, amp::Derivation derivation) {
  const std::string part = fmt::format("part {} (attempt {})", event.part, event.attempt);
  const auto amount = [&event] { return fmt::format("{} msat", event.amount.count); };
  switch (event.kind) {
    case TraceKind::payment_starts:
      return fmt::format("pays {} by {}", amount(), event.note);
    case TraceKind::invoice_requested:
      return "asks for an invoice";
    case TraceKind::invoice_received:
      return "has the invoice";
    case TraceKind::htlc_add:
      return fmt::format("update_add_htlc     {}  {}  hash {}", part, amount(),
                         abbreviated(*event.hash));
    case TraceKind::part_held:
      return event.share
                 ? fmt::format("holds {}: share {}", part, share_text(*event.share, derivation))
                 : fmt::format("holds {}", part);
    case TraceKind::part_rejected:
      return fmt::format("rejects {}: {}", part, event.note);
    case TraceKind::set_claimed:
      if (!event.share) return fmt::format("{} completes the set, claims {}", part, event.note);
      return fmt::format("{} completes the set: share {}, root {}; every hash matches, claims {}",
                         part, share_text(*event.share, derivation),
                         share_text(*event.root, derivation), event.note);
    case TraceKind::part_timed_out:
      return fmt::format("gives up waiting: fails {}", part);
    case TraceKind::htlc_fulfill:
      return fmt::format("update_fulfill_htlc {}  {}  preimage {}", part, amount(),
                         abbreviated(*event.preimage));
    case TraceKind::htlc_fail:
      return fmt::format("update_fail_htlc    {}  {}  {}", part, amount(), event.note);
    case TraceKind::no_route:
      return fmt::format("finds no way for the rest: {}", event.note);
    case TraceKind::payment_ends:
      return fmt::format("the payment ends: {}", event.note);
  }
  AMPSIM_UNREACHABLE("unknown trace event");
}

}  // namespace

std::string to_text(const TraceEvent& event, const TraceNames& names, amp::Derivation derivation) {
  const std::string who =
      names.to.empty() ? names.from : fmt::format("{} -> {}", names.from, names.to);
  const std::string channel =
      names.channel.empty() ? "" : fmt::format("  channel {}", names.channel);
  return fmt::format("{:>12.6f} s  {:<16}  {}{}", to_seconds(event.at.time_since_epoch()), who,
                     what(event, derivation), channel);
}

}  // namespace ampsim::sim
