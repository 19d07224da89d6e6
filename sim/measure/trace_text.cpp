#include <ostream>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"
#include "sim/measure/trace_format.hpp"

namespace ampsim::sim {
namespace {

/// What a line says; "" for what the line before or after it implies, or what only a table needs: a
/// reader follows messages, holds and decisions.
std::string what(const TraceEvent& event, amp::Derivation derivation) {
  const std::string part =
      event.part ? fmt::format("part {} (attempt {})", *event.part, *event.attempt) : "";
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
                         abbreviated(event.hash->bytes));
    case TraceKind::part_held:
      return event.share
                 ? fmt::format("holds {}: share {}", part, abbreviated(derivation, *event.share))
                 : fmt::format("holds {}", part);
    case TraceKind::part_rejected:
      return fmt::format("rejects {}: {}", part, event.note);
    case TraceKind::sender_asked:
      return fmt::format("asks for the sender's word: {}", event.note);
    case TraceKind::receiver_told:
      return fmt::format("gives its word: {}", event.note);
    case TraceKind::set_claimed:
      if (!event.share) return fmt::format("{} completes the set, claims {}", part, event.note);
      return fmt::format("{} completes the set: share {}, root {}; every hash matches, claims {}",
                         part, abbreviated(derivation, *event.share),
                         abbreviated(derivation, *event.root), event.note);
    case TraceKind::part_timed_out:
      return fmt::format("gives up waiting: fails {}", part);
    case TraceKind::htlc_fulfill:
      return fmt::format("update_fulfill_htlc {}  {}  preimage {}", part, amount(),
                         abbreviated(event.preimage->bytes));
    case TraceKind::htlc_fail:
      return fmt::format("update_fail_htlc    {}  {}  {}", part, amount(), event.note);
    case TraceKind::commitment_signed:
      return fmt::format("commitment_signed   {}", part);
    case TraceKind::revoke_and_ack:
      return fmt::format("revoke_and_ack      {}", part);
    case TraceKind::message_waits:
      return fmt::format("is away: {} waits", part);
    case TraceKind::htlc_stuck:
      return fmt::format("does nothing with {}", part);
    case TraceKind::channel_closed:
      return fmt::format("closes the channel, on chain: {}", part);
    case TraceKind::htlc_claimed_on_chain:
      return fmt::format("claims on chain     {}", part);
    case TraceKind::htlc_timed_out_on_chain:
      return fmt::format("takes back on chain  {}", part);
    case TraceKind::no_route:
      return fmt::format("finds no way for {}: {}", amount(), event.note);
    case TraceKind::sending_stopped:
      return fmt::format("sends no more: {}", event.note);
    case TraceKind::payment_ends:
      return fmt::format("the payment ends: {}", event.note);
    case TraceKind::part_sent:
    case TraceKind::htlc_committed:
    case TraceKind::htlc_refused:
    case TraceKind::part_arrived:
    case TraceKind::timer_started:
    case TraceKind::part_settled:
    case TraceKind::part_failed:
    case TraceKind::htlc_removed:
      return "";
  }
  AMPSIM_UNREACHABLE("unknown trace event");
}

class TextTrace final : public TraceWriter {
 public:
  TextTrace(TracedPayment traced, std::ostream& out) : TraceWriter(std::move(traced)), out_(out) {}

  void tell(const TraceEvent& event) override {
    const std::string text = what(event, traced().derivation);
    if (text.empty()) return;
    const std::string who = event.to.is_none()
                                ? short_name(event.from)
                                : short_name(event.from) + " -> " + short_name(event.to);
    const std::string channel =
        event.channel ? fmt::format("  channel {}", traced().name(*event.channel)) : "";
    out_ << fmt::format("{:>12.6f} s  {:<16}  {}{}\n", to_seconds(event.at.time_since_epoch()), who,
                        text, channel);
  }
  void finish(const PaymentRecord& /*outcome*/) override {}

 private:
  /// Public keys are cut to what tells nodes apart on a screen.
  std::string short_name(NodeId node) const {
    const std::string& name = traced().name(node);
    return name.size() <= 16 ? name : name.substr(0, 10);
  }

  std::ostream& out_;
};

}  // namespace

std::unique_ptr<TraceWriter> text_trace(TracedPayment traced, std::ostream& out) {
  return std::make_unique<TextTrace>(std::move(traced), out);
}

}  // namespace ampsim::sim
