#include "sim/payment/htlc_flow.hpp"

#include <utility>

#include "core/check.hpp"

namespace ampsim::sim {

void HtlcFlow::schedule(SimDuration delay, EventKind kind, AttemptId id, std::uint32_t hop) {
  scheduler_.schedule(delay, EventPayload::of(kind, id.index, hop));
}

void HtlcFlow::tell(TraceEvent event) const {
  event.at = scheduler_.now();
  trace_->tell(event);
}

void HtlcFlow::tell_message(TraceKind kind, const Attempt& attempt, std::uint32_t hop) const {
  if (!is_traced(attempt.payment)) return;
  const Hop& leg = attempt.route.hops[hop];
  const bool is_forward = kind == TraceKind::htlc_add;
  const NodeId near = network_.source(leg.channel);
  const NodeId far = network_.target(leg.channel);
  TraceEvent event{.kind = kind,
                   .from = is_forward ? near : far,
                   .to = is_forward ? far : near,
                   .part = attempt.part,
                   .attempt = attempt.number,
                   .amount = leg.amount,
                   .channel = leg.channel.channel()};
  const std::size_t hops_after = attempt.route.hops.size() - 1 - hop;
  if (kind == TraceKind::htlc_add) event.hash = amp::lock_at(attempt.lock, hops_after);
  if (kind == TraceKind::htlc_fulfill) {
    event.preimage = amp::preimage_at(attempt.lock, attempt.preimage, hops_after);
  }
  if (kind == TraceKind::htlc_fail) event.note = name_of(attempt.failure);
  tell(std::move(event));
}

void HtlcFlow::offer(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  const Hop& leg = attempt.route.hops[hop];
  Htlc& htlc = attempt.htlcs[hop];
  AMPSIM_CHECK(htlc.state == HtlcState::unsent, "an HTLC was offered twice");
  network_.channel(leg.channel.channel()).add_htlc(leg.channel.direction(), leg.amount);
  htlc = {.added = scheduler_.now(), .state = HtlcState::offered};
  ++attempt.unresolved;
  metrics_.htlc_added();
  tell_message(TraceKind::htlc_add, attempt, hop);
  schedule(3 * network_.latency(leg.channel.channel()), EventKind::htlc_add, id, hop);
}

void HtlcFlow::fulfill(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  Htlc& htlc = attempt.htlcs[hop];
  AMPSIM_CHECK(htlc.state == HtlcState::offered, "an HTLC was resolved twice");
  htlc.state = HtlcState::fulfilling;
  tell_message(TraceKind::htlc_fulfill, attempt, hop);
  const SimDuration delay = network_.latency(attempt.route.hops[hop].channel.channel());
  schedule(delay, EventKind::htlc_fulfill, id, hop);
  schedule(3 * delay, EventKind::htlc_removed, id, hop);
}

void HtlcFlow::fail(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  Htlc& htlc = attempt.htlcs[hop];
  AMPSIM_CHECK(htlc.state == HtlcState::offered, "an HTLC was resolved twice");
  htlc.state = HtlcState::failing;
  tell_message(TraceKind::htlc_fail, attempt, hop);
  const SimDuration delay = network_.latency(attempt.route.hops[hop].channel.channel());
  schedule(3 * delay, EventKind::htlc_fail, id, hop);
}

void HtlcFlow::settle_removed(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  const Hop& leg = attempt.route.hops[hop];
  Htlc& htlc = attempt.htlcs[hop];
  AMPSIM_CHECK(htlc.state == HtlcState::fulfilling, "money of an HTLC moved twice");
  htlc.state = HtlcState::resolved;
  --attempt.unresolved;
  network_.channel(leg.channel.channel()).fulfill_htlc(leg.channel.direction(), leg.amount);
  metrics_.htlc_settled(leg.amount, scheduler_.now() - htlc.added);
  attempts_.close_if_done(id);
}

void HtlcFlow::refund_failed(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  const Hop& leg = attempt.route.hops[hop];
  Htlc& htlc = attempt.htlcs[hop];
  AMPSIM_CHECK(htlc.state == HtlcState::failing, "money of an HTLC moved twice");
  htlc.state = HtlcState::resolved;
  --attempt.unresolved;
  network_.channel(leg.channel.channel()).fail_htlc(leg.channel.direction(), leg.amount);
  metrics_.htlc_failed(leg.amount, scheduler_.now() - htlc.added);
}

}  // namespace ampsim::sim
