#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/check.hpp"
#include "sim/measure/trace_format.hpp"

namespace ampsim::sim {
namespace {

constexpr std::size_t kLabelLetters = 16;

/// A line's text with all that Mermaid could read as its own (`;` ends a statement, `#` begins an
/// entity, `<` an element, `%%` a comment) as entities, `#59;`. Letters beyond ASCII stay.
std::string escaped(std::string_view text) {
  static constexpr std::string_view kPlain = " .,_-+/()=";
  std::string result;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || code >= 0x80 || kPlain.find(c) != kPlain.npos;
    if (is_plain) {
      result += c;
    } else if (code < 0x20 || code == 0x7f) {
      result += ' ';
    } else {
      result += fmt::format("#{};", code);
    }
  }
  return result;
}

/// The first letters, a letter of several bytes being one.
std::string_view cut(std::string_view text) {
  std::size_t letters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins_letter = (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U;
    if (begins_letter && ++letters > kLabelLetters) return text.substr(0, i);
  }
  return text;
}

std::string part_name(const TraceEvent& event) {
  return event.part ? fmt::format("part {} (attempt {})", *event.part, *event.attempt) : "";
}

/// What the note of a set's claim says.
std::string claim(const TraceEvent& event, const TracedPayment& traced) {
  const std::string part = part_name(event);
  const std::string note = escaped(event.note);
  if (!event.share) return fmt::format("{} completes the set<br/>claims {}", part, note);
  return fmt::format(
      "{} completes the set<br/>share {}<br/>root {}<br/>every hash matches, claims {}", part,
      abbreviated(traced.derivation, *event.share), abbreviated(traced.derivation, *event.root),
      note);
}

/// What an arrow or note says; "" for what the arrows and notes before it imply.
std::string what(const TraceEvent& event, const TracedPayment& traced) {
  const std::string part = part_name(event);
  const std::string amount = fmt::format("{} msat", event.amount.count);
  const std::string channel =
      event.channel ? "channel " + escaped(traced.name(*event.channel)) : "";
  const std::string note = escaped(event.note);
  switch (event.kind) {
    case TraceKind::payment_starts:
      return fmt::format("pays {} by {}", amount, note);
    case TraceKind::invoice_requested:
      return "asks for an invoice";
    case TraceKind::invoice_received:
      return "has the invoice";
    case TraceKind::htlc_add:
      return fmt::format("add {}, {}<br/>{}, expires in {} blocks, hash {}", part, amount, channel,
                         event.expiry->count, abbreviated(event.hash->bytes));
    case TraceKind::htlc_refused:
      return fmt::format("refuses {}, {}<br/>{}, {}", part, amount, channel, note);
    case TraceKind::part_held:
      return event.share ? fmt::format("holds {}<br/>share {}", part,
                                       abbreviated(traced.derivation, *event.share))
                         : fmt::format("holds {}", part);
    case TraceKind::timer_started:
      return fmt::format("timer {}<br/>rings at {:.6f} s", note,
                         to_seconds(event.due->time_since_epoch()));
    case TraceKind::part_rejected:
      return fmt::format("rejects {}<br/>{}", part, note);
    case TraceKind::sender_asked:
      return "asks for the sender's word<br/>" + note;
    case TraceKind::receiver_told:
      return "gives its word<br/>" + note;
    case TraceKind::set_claimed:
      return claim(event, traced);
    case TraceKind::part_timed_out:
      return fmt::format("timer rings, gives up waiting<br/>fails {}", part);
    case TraceKind::htlc_fulfill:
      return fmt::format("fulfil {}, {}<br/>{}, preimage {}", part, amount, channel,
                         abbreviated(event.preimage->bytes));
    case TraceKind::htlc_fail:
      return fmt::format("fail {}, {}<br/>{}, {}", part, amount, channel, note);
    case TraceKind::commitment_signed:
      return fmt::format("commitment_signed {}", part);
    case TraceKind::revoke_and_ack:
      return fmt::format("revoke_and_ack {}", part);
    case TraceKind::message_waits:
      return fmt::format("is away<br/>{} waits", part);
    case TraceKind::htlc_stuck:
      return fmt::format("does nothing with {}", part);
    case TraceKind::channel_closed:
      return fmt::format("closes {}<br/>on chain: {}", channel, part);
    case TraceKind::htlc_claimed_on_chain:
      return fmt::format("claims on chain<br/>{}", part);
    case TraceKind::htlc_timed_out_on_chain:
      return fmt::format("takes back on chain<br/>{}", part);
    case TraceKind::no_route:
      return fmt::format("finds no way for {}<br/>{}", amount, note);
    case TraceKind::sending_stopped:
      return "sends no more<br/>" + note;
    case TraceKind::payment_ends:
      return "the payment ends, " + note;
    case TraceKind::part_sent:
    case TraceKind::htlc_committed:
    case TraceKind::part_arrived:
    case TraceKind::part_settled:
    case TraceKind::part_failed:
    case TraceKind::htlc_removed:
      return "";
  }
  AMPSIM_UNREACHABLE("unknown trace event");
}

/// "" for what is drawn as a note.
std::string_view arrow_of(TraceKind kind) {
  if (kind == TraceKind::sender_asked || kind == TraceKind::receiver_told) return "->>";
  if (kind == TraceKind::htlc_add || kind == TraceKind::invoice_requested ||
      kind == TraceKind::commitment_signed || kind == TraceKind::revoke_and_ack) {
    return "->>";
  }
  if (kind == TraceKind::htlc_fulfill) return "-->>";
  if (kind == TraceKind::htlc_fail) return "--x";
  return "";
}

class MermaidTrace final : public TraceWriter {
 public:
  MermaidTrace(TracedPayment traced, std::ostream& out)
      : TraceWriter(std::move(traced)), out_(out) {}

  void tell(const TraceEvent& event) override {
    const std::string text = what(event, traced());
    if (text.empty()) return;
    const std::string_view arrow = arrow_of(event.kind);
    const std::string from = participant(event.from);
    const std::string ends = arrow.empty()
                                 ? "Note over " + from
                                 : fmt::format("{}{}{}", from, arrow, participant(event.to));
    lines_ += fmt::format("    {}: {:.6f} s<br/>{}\n", ends,
                          to_seconds(event.at.time_since_epoch()), text);
  }

  /// Participants come first: the order in which they are declared is theirs from left to right.
  void finish(const PaymentRecord& /*outcome*/) override {
    out_ << "sequenceDiagram\n"
         << fmt::format("    title {}, run {}, payment {}\n", escaped(traced().experiment),
                        traced().run, payment().index);
    for (const NodeId node : participants_) {
      out_ << fmt::format("    participant {} as {}\n", participant(node), label(node));
    }
    out_ << lines_;
  }

 private:
  /// Names of our own: those of nodes may be Mermaid's words, or contain anything.
  std::string participant(NodeId node) {
    const auto found = std::find(participants_.begin(), participants_.end(), node);
    const auto number = found - participants_.begin();
    if (found == participants_.end()) participants_.push_back(node);
    return fmt::format("n{}", number);
  }

  /// A short name as it is; of a public key's node the alias, where it has one.
  std::string label(NodeId node) const {
    const topo::Node& it = traced().topology->nodes[node.index];
    const bool is_short = cut(it.name).size() == it.name.size();
    return escaped(cut(is_short || it.alias.empty() ? it.name : it.alias));
  }

  std::ostream& out_;
  std::vector<NodeId> participants_;  // in order of appearance
  std::string lines_;
};

}  // namespace

std::unique_ptr<TraceWriter> mermaid_trace(TracedPayment traced, std::ostream& out) {
  return std::make_unique<MermaidTrace>(std::move(traced), out);
}

}  // namespace ampsim::sim
