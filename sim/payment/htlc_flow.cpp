#include "sim/payment/htlc_flow.hpp"

#include <utility>

#include "core/check.hpp"

namespace ampsim::sim {

HtlcFlow::HtlcFlow(const NetworkParams& params,
                   Scheduler& scheduler,
                   Network& network,
                   AttemptTable& attempts,
                   Metrics& metrics,
                   const Surroundings& surroundings)
    : commit_timer_(params.commit_timer),
      scheduler_(scheduler),
      network_(network),
      attempts_(attempts),
      metrics_(metrics),
      surroundings_(surroundings) {
  if (params.timing == Timing::fast) return;
  commitments_.emplace(params, network, scheduler);
  if (surroundings.trace != nullptr) {
    commitments_->listen(
        [this](EventKind message, DirectedChannel d, const std::vector<Update>& updates) {
          tell_exchange(message, d, updates);
        });
  }
}

void HtlcFlow::update_in_full(DirectedChannel d, EventKind kind, const Place& place) {
  ++place.attempt.pending;
  commitments_->update(d, {kind, place.id, place.hop});
}

void HtlcFlow::tell(TraceEvent event) const {
  event.at = scheduler_.now();
  surroundings_.trace->tell(event);
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
  if (kind == TraceKind::htlc_fulfill || kind == TraceKind::htlc_claimed_on_chain) {
    event.preimage =
        amp::preimage_at(attempt.lock, attempt.preimage, attempt.route.hops.size() - 1 - hop);
  }
  if (kind == TraceKind::htlc_fail) event.note = name_of(attempt.failure);
  if (kind == TraceKind::htlc_removed) {
    event.note = attempt.htlcs[hop].state == HtlcState::fulfilling ? "fulfilled" : "failed";
  }
  if (kind == TraceKind::htlc_timed_out_on_chain) event.from = near;
  tell(std::move(event));
}

void HtlcFlow::tell_exchange(EventKind message,
                             DirectedChannel d,
                             const std::vector<Update>& updates) const {
  for (const Update& update : updates) {
    const Attempt& attempt = attempts_[update.attempt];
    if (!is_traced(attempt.payment)) continue;
    tell({.kind = message == EventKind::commitment_signed ? TraceKind::commitment_signed
                                                          : TraceKind::revoke_and_ack,
          .from = network_.source(d),
          .to = network_.target(d),
          .part = attempt.part,
          .attempt = attempt.number,
          .amount = attempt.route.hops[update.hop].amount,
          .channel = d.channel()});
  }
}

void HtlcFlow::offer(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  Htlc& htlc = attempt.htlcs[hop];
  AMPSIM_CHECK(htlc.state == HtlcState::unsent, "an HTLC was offered twice");
  network_.channel(htlc.channel.channel()).add_htlc(htlc.channel.direction(), htlc.amount);
  htlc.added = scheduler_.now();
  htlc.state = HtlcState::offered;
  ++attempt.unresolved;
  is_attack(attempt) ? surroundings_.attack->htlc_added()
                     : metrics_.of(attempt.payment).htlc_added();
  tell_htlc(TraceKind::htlc_add, attempt, hop);
  update(htlc.channel, EventKind::htlc_add, {attempt, id, hop});
  if (surroundings_.faults == nullptr) return;
  if (const auto away = surroundings_.faults->vanishes(attempt, hop)) {
    surroundings_.availability->take_down(network_.target(htlc.channel), *away);
  }
}

bool HtlcFlow::leave(Attempt& attempt, std::uint32_t hop, HtlcState how) {
  Htlc& htlc = attempt.htlcs[hop];
  if (htlc.is_on_chain && htlc.state != HtlcState::offered) {
    // The near end has taken it back already.
    const bool is_late = htlc.state == HtlcState::resolved && how == HtlcState::fulfilling;
    if (is_late) metrics_.of(attempt.payment).lost_on_chain(htlc.amount);
    return false;
  }
  AMPSIM_CHECK(htlc.state == HtlcState::offered, "an HTLC was resolved twice");
  htlc.state = how;
  if (htlc.is_on_chain) return false;
  const bool is_fulfilled = how == HtlcState::fulfilling;
  tell_htlc(is_fulfilled ? TraceKind::htlc_fulfill : TraceKind::htlc_fail, attempt, hop);
  return true;
}

void HtlcFlow::fulfill(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  if (!leave(attempt, hop, HtlcState::fulfilling)) return;
  const DirectedChannel back = attempt.htlcs[hop].channel.reversed();
  schedule(network_.message_delay(back), EventKind::htlc_fulfill, {attempt, id, hop});
  update(back, EventKind::htlc_removed, {attempt, id, hop});
}

void HtlcFlow::fail(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  if (!leave(attempt, hop, HtlcState::failing)) return;
  update(attempt.htlcs[hop].channel.reversed(), EventKind::htlc_fail, {attempt, id, hop});
}

void HtlcFlow::hang(AttemptId id, std::uint32_t hop, SimDuration length) {
  Attempt& attempt = attempts_[id];
  metrics_.of(attempt.payment).htlc_stuck();
  tell_htlc(TraceKind::htlc_stuck, attempt, hop);
  schedule(length, EventKind::htlc_released, {attempt, id, hop});
}

bool HtlcFlow::wait(DirectedChannel d, const EventPayload& event) {
  const NodeId source = network_.source(d);
  const NodeId away = network_.is_up(source) ? network_.target(d) : source;
  surroundings_.availability->wait(away, event);
  tell_waiting(away, event);
  return true;
}

void HtlcFlow::tell_waiting(NodeId away, const EventPayload& event) const {
  const bool is_told = event.kind == EventKind::htlc_add || event.kind == EventKind::htlc_fulfill ||
                       event.kind == EventKind::htlc_fail || event.kind == EventKind::htlc_released;
  if (surroundings_.trace == nullptr || !is_told) return;
  const Attempt& attempt = attempts_[AttemptId{event.subject}];
  if (!is_traced(attempt.payment)) return;
  tell({.kind = TraceKind::message_waits,
        .from = away,
        .part = attempt.part,
        .attempt = attempt.number,
        .amount = attempt.route.hops[event.detail].amount,
        .channel = attempt.route.hops[event.detail].channel.channel()});
}

bool HtlcFlow::come_to_nothing(const EventPayload& event) {
  const AttemptId id{event.subject};
  --attempts_[id].pending;
  attempts_.close_if_done(id);
  return false;
}

void HtlcFlow::exchange(const EventPayload& event) {
  const DirectedChannel d{event.subject};
  if (network_.channel(d.channel()).is_closed()) return;
  if (waits(d, event)) return;
  if (event.kind == EventKind::commitment_signed) {
    commitments_->on_commitment_signed(d);
  } else if (event.kind == EventKind::revoke_and_ack) {
    commitments_->on_revoke_and_ack(d);
  } else {
    commitments_->on_commit_timer(d);
  }
}

void HtlcFlow::send_again(const EventPayload& event) {
  const bool is_exchange = event.kind == EventKind::commitment_signed ||
                           event.kind == EventKind::revoke_and_ack ||
                           event.kind == EventKind::commit_timer;
  SimDuration delay{};
  if (is_exchange) {
    const DirectedChannel d{event.subject};
    delay = network_.message_delay(event.kind == EventKind::revoke_and_ack ? d.reversed() : d);
  } else {
    const Attempt& attempt = attempts_[AttemptId{event.subject}];
    const DirectedChannel d = attempt.route.hops[event.detail].channel;
    if (event.kind == EventKind::htlc_fulfill) {
      delay = network_.message_delay(d.reversed());
    } else if (event.kind == EventKind::htlc_add && !commitments_) {
      delay = network_.three_messages_delay(d);
    } else if (!commitments_ &&
               (event.kind == EventKind::htlc_fail || event.kind == EventKind::htlc_removed)) {
      delay = network_.three_messages_delay(d.reversed());
    }
  }
  scheduler_.schedule(delay, event);
}

SimDuration HtlcFlow::resolve(Attempt& attempt, Htlc& htlc) {
  htlc.state = HtlcState::resolved;
  --attempt.unresolved;
  return metrics_.measured_time(htlc.added, scheduler_.now());
}

void HtlcFlow::count_settled(const Attempt& attempt, const Htlc& htlc, SimDuration in_flight) {
  if (is_attack(attempt)) {
    surroundings_.attack->htlc_ended(htlc.channel.channel(), htlc.amount, in_flight);
  } else {
    metrics_.of(attempt.payment).htlc_settled(htlc.amount, in_flight);
  }
}

void HtlcFlow::count_failed(const Attempt& attempt, const Htlc& htlc, SimDuration in_flight) {
  if (is_attack(attempt)) {
    surroundings_.attack->htlc_ended(htlc.channel.channel(), htlc.amount, in_flight);
  } else {
    metrics_.of(attempt.payment).htlc_failed(htlc.amount, in_flight);
  }
}

void HtlcFlow::settle_removed(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  Htlc& htlc = attempt.htlcs[hop];
  AMPSIM_CHECK(htlc.state == HtlcState::fulfilling, "an HTLC was settled twice");
  tell_htlc(TraceKind::htlc_removed, attempt, hop);
  count_settled(attempt, htlc, resolve(attempt, htlc));
  network_.channel(htlc.channel.channel()).fulfill_htlc(htlc.channel.direction(), htlc.amount);
  attempts_.close_if_done(id);
}

void HtlcFlow::refund_failed(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  Htlc& htlc = attempt.htlcs[hop];
  AMPSIM_CHECK(htlc.state == HtlcState::failing, "an HTLC was refunded twice");
  tell_htlc(TraceKind::htlc_removed, attempt, hop);
  count_failed(attempt, htlc, resolve(attempt, htlc));
  network_.channel(htlc.channel.channel()).fail_htlc(htlc.channel.direction(), htlc.amount);
}

void HtlcFlow::move_on_chain(AttemptId id, std::uint32_t hop, NodeId closer) {
  Attempt& attempt = attempts_[id];
  attempt.htlcs[hop].is_on_chain = true;
  if (!is_traced(attempt.payment)) return;
  tell({.kind = TraceKind::channel_closed,
        .from = closer,
        .part = attempt.part,
        .attempt = attempt.number,
        .amount = attempt.route.hops[hop].amount,
        .channel = attempt.route.hops[hop].channel.channel(),
        .expiry = attempt.route.hops[hop].expiry});
}

void HtlcFlow::drop_messages(ChannelId id) {
  if (!commitments_) return;
  for (const Update& update : commitments_->close(id)) --attempts_[update.attempt].pending;
}

void HtlcFlow::end_on_chain(AttemptId id, std::uint32_t hop, ChainEnd how, Msat fee) {
  Attempt& attempt = attempts_[id];
  Htlc& htlc = attempt.htlcs[hop];
  AMPSIM_CHECK(htlc.is_on_chain, "an HTLC ended on chain in an open channel");
  if (htlc.state == HtlcState::fulfilling && how != ChainEnd::claimed) {
    metrics_.of(attempt.payment).lost_on_chain(htlc.amount);
  }
  const SimDuration in_flight = resolve(attempt, htlc);
  const DirectedChannel d = htlc.channel;
  switch (how) {
    case ChainEnd::absent:
      count_failed(attempt, htlc, in_flight);
      network_.channel(d.channel()).fail_htlc(d.direction(), htlc.amount);
      return;
    case ChainEnd::burnt:
      count_failed(attempt, htlc, in_flight);
      network_.pay_out_htlc(d, htlc.amount, network_.source(d), htlc.amount);
      return;
    case ChainEnd::timed_out:
      count_failed(attempt, htlc, in_flight);
      // The receiver's timer has counted all hops.
      if (!is_attack(attempt) && attempt.failure != FailureCode::mpp_timeout) {
        metrics_.of(attempt.payment).htlcs_expired(1);
      }
      tell_htlc(TraceKind::htlc_timed_out_on_chain, attempt, hop);
      network_.pay_out_htlc(d, htlc.amount, network_.source(d), fee);
      return;
    case ChainEnd::claimed:
      count_settled(attempt, htlc, in_flight);
      metrics_.of(attempt.payment).htlc_claimed_on_chain();
      tell_htlc(TraceKind::htlc_claimed_on_chain, attempt, hop);
      network_.pay_out_htlc(d, htlc.amount, network_.target(d), fee);
      return;
  }
}

void HtlcFlow::tell_near_end(EventKind kind, AttemptId id, std::uint32_t hop) {
  schedule(SimDuration{}, kind, {attempts_[id], id, hop});
}

bool HtlcFlow::reads_block(const EventPayload& event) {
  Attempt& attempt = attempts_[AttemptId{event.subject}];
  const NodeId near = network_.source(attempt.htlcs[event.detail].channel);
  if (!network_.is_up(near)) {
    surroundings_.availability->wait(near, event);
    return false;
  }
  --attempt.pending;
  return true;
}

}  // namespace ampsim::sim
