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

void HtlcFlow::tell_traced_htlc(TraceKind kind, const Attempt& attempt, std::uint32_t hop) const {
  const Hop& leg = attempt.route.hops[hop];
  const NodeId near = network_.source(leg.channel);
  const NodeId far = network_.target(leg.channel);
  TraceEvent event{.kind = kind,
                   .from = kind == TraceKind::htlc_add ? near : far,
                   .part = attempt.part,
                   .attempt = attempt.number,
                   .amount = leg.amount,
                   .channel = leg.channel.channel(),
                   .expiry = leg.expiry,
                   .hash = amp::lock_at(attempt.lock, attempt.route.hops.size() - 1 - hop)};
  if (kind == TraceKind::htlc_add) event.to = far;
  if (kind == TraceKind::htlc_fulfill || kind == TraceKind::htlc_fail) event.to = near;
  if (kind == TraceKind::htlc_fulfill) {
    event.preimage =
        amp::preimage_at(attempt.lock, attempt.preimage, attempt.route.hops.size() - 1 - hop);
  }
  if (kind == TraceKind::htlc_fail) event.note = name_of(attempt.failure);
  if (kind == TraceKind::htlc_removed) {
    event.note = attempt.htlcs[hop].state == HtlcState::fulfilling ? "fulfilled" : "failed";
  }
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
  is_attack(attempt) ? attack_->htlc_added() : metrics_.htlc_added();
  tell_htlc(TraceKind::htlc_add, attempt, hop);
  schedule(3 * network_.latency(leg.channel.channel()), EventKind::htlc_add, id, hop);
}

SimDuration HtlcFlow::leave(Attempt& attempt, std::uint32_t hop, HtlcState how) {
  Htlc& htlc = attempt.htlcs[hop];
  AMPSIM_CHECK(htlc.state == HtlcState::offered, "an HTLC was resolved twice");
  htlc.state = how;
  const bool is_fulfilled = how == HtlcState::fulfilling;
  tell_htlc(is_fulfilled ? TraceKind::htlc_fulfill : TraceKind::htlc_fail, attempt, hop);
  return network_.latency(attempt.route.hops[hop].channel.channel());
}

void HtlcFlow::fulfill(AttemptId id, std::uint32_t hop) {
  const SimDuration delay = leave(attempts_[id], hop, HtlcState::fulfilling);
  schedule(delay, EventKind::htlc_fulfill, id, hop);
  schedule(3 * delay, EventKind::htlc_removed, id, hop);
}

void HtlcFlow::fail(AttemptId id, std::uint32_t hop) {
  const SimDuration delay = leave(attempts_[id], hop, HtlcState::failing);
  schedule(3 * delay, EventKind::htlc_fail, id, hop);
}

SimDuration HtlcFlow::resolve(Attempt& attempt, std::uint32_t hop, HtlcState was) {
  Htlc& htlc = attempt.htlcs[hop];
  AMPSIM_CHECK(htlc.state == was, "money of an HTLC moved twice");
  tell_htlc(TraceKind::htlc_removed, attempt, hop);
  htlc.state = HtlcState::resolved;
  --attempt.unresolved;
  return scheduler_.now() - htlc.added;
}

void HtlcFlow::settle_removed(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  const Hop& leg = attempt.route.hops[hop];
  const SimDuration in_flight = resolve(attempt, hop, HtlcState::fulfilling);
  network_.channel(leg.channel.channel()).fulfill_htlc(leg.channel.direction(), leg.amount);
  if (is_attack(attempt)) {
    attack_->htlc_ended(leg.channel.channel(), leg.amount, in_flight);
  } else {
    metrics_.htlc_settled(leg.amount, in_flight);
  }
  attempts_.close_if_done(id);
}

void HtlcFlow::refund_failed(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  const Hop& leg = attempt.route.hops[hop];
  const SimDuration in_flight = resolve(attempt, hop, HtlcState::failing);
  network_.channel(leg.channel.channel()).fail_htlc(leg.channel.direction(), leg.amount);
  if (is_attack(attempt)) {
    attack_->htlc_ended(leg.channel.channel(), leg.amount, in_flight);
  } else {
    metrics_.htlc_failed(leg.amount, in_flight);
  }
}

}  // namespace ampsim::sim
