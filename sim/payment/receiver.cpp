#include "sim/payment/receiver.hpp"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim::sim {

namespace {

/// lnd rejects parts that expire sooner, whatever the invoice says.
constexpr BlockDelta kFinalRejectDelta{19};

TraceEvent event_of(const Session& session, const Attempt& attempt, TraceKind kind) {
  TraceEvent event{.kind = kind,
                   .from = session.spec.receiver,
                   .part = attempt.part,
                   .attempt = attempt.number,
                   .amount = attempt.amount()};
  put_lock(event, attempt.lock);
  return event;
}

}  // namespace

void Receiver::tell(const Session& session,
                    const Attempt& attempt,
                    TraceKind kind,
                    std::string_view note) const {
  if (!flow_.is_traced(session.id)) return;
  TraceEvent event = event_of(session, attempt, kind);
  event.note = note;
  flow_.tell(std::move(event));
}

void Receiver::tell_timer(const Session& session, const Attempt& attempt) const {
  if (!flow_.is_traced(session.id)) return;
  flow_.tell({.kind = TraceKind::timer_started,
              .from = session.spec.receiver,
              .part = attempt.part,
              .attempt = attempt.number,
              .amount = attempt.amount(),
              .due = scheduler_.now() + params_.timeout,
              .note = params_.timer == ReceiverTimer::set ? "of the set" : "of the part"});
}

void Receiver::tell_claim(const Session& session, const Attempt& last, const amp::Claim& claim) {
  if (!flow_.is_traced(session.id)) return;
  TraceEvent event = event_of(session, last, TraceKind::set_claimed);
  std::vector<amp::ShareAndIndex> shares;
  for (const amp::ClaimedPart& part : claim.parts) {
    const amp::PartPayload& payload = attempts_[part.attempt].lock.payload;
    shares.push_back({payload.share, payload.child_index});
  }
  if (event.share) event.root = amp::root_of(derivation_, shares);
  event.note = fmt::format("{} part{}", shares.size(), shares.size() == 1 ? "" : "s");
  flow_.tell(std::move(event));
}

void Receiver::arrive(AttemptId id) {
  Attempt& attempt = attempts_[id];
  Session& session = *sessions_[attempt.payment.index];
  attempt.held = scheduler_.now();
  flow_.tell_htlc(TraceKind::htlc_committed, attempt,
                  static_cast<std::uint32_t>(attempt.route.hops.size()) - 1);
  tell(session, attempt, TraceKind::part_arrived, "");
  if (session.has_arrivals && attempt.number < session.last_arrival) session.is_in_order = false;
  session.has_arrivals = true;
  session.last_arrival = attempt.number;
  if (expires_too_soon(attempt)) {
    return fail(session, {amp::SetFailure::expiry_too_soon, {id}});
  }
  decide(session, id,
         session.ends.receiver->arrive({.attempt = id,
                                        .amount = attempt.amount(),
                                        .hash = attempt.lock.hash,
                                        .payload = attempt.lock.payload}));
}

bool Receiver::expires_too_soon(const Attempt& attempt) const {
  const BlockDelta left =
      attempt.expiry(static_cast<std::uint32_t>(attempt.route.hops.size()) - 1) - blocks_.height();
  return left < std::max(kFinalRejectDelta, params_.final_cltv_delta);
}

void Receiver::give_up(AttemptId id) {
  Attempt& attempt = attempts_[id];
  attempt.is_held = false;
  sessions_[attempt.payment.index]->ends.receiver->time_out(std::vector<AttemptId>{id});
}

void Receiver::lose(AttemptId id) {
  const Attempt& attempt = attempts_[id];
  const auto& session = sessions_[attempt.payment.index];
  // A sender that has paid for it already has closed its books.
  if (session) session->delivered -= attempt.amount();
}

void Receiver::time_out(AttemptId id, std::uint32_t generation) {
  const Attempt& attempt = attempts_[id];
  if (attempt.generation != generation || !attempt.is_held) return;
  Session& session = *sessions_[attempt.payment.index];
  session.is_set_timer_running = false;
  amp::HtlcSet& set = *session.ends.receiver;
  const std::vector<AttemptId> parts =
      params_.timer == ReceiverTimer::set ? set.held() : std::vector<AttemptId>{id};
  const amp::Decision decision = set.time_out(parts);
  if (const auto* failed = std::get_if<amp::Fail>(&decision)) fail(session, *failed);
}

void Receiver::decide(Session& session, AttemptId cause, const amp::Decision& decision) {
  if (std::holds_alternative<amp::Hold>(decision)) {
    hold(session, cause);
  } else if (const auto* claimed = std::get_if<amp::Claim>(&decision)) {
    claim(session, cause, *claimed);
  } else {
    fail(session, std::get<amp::Fail>(decision));
  }
}

void Receiver::hold(Session& session, AttemptId id) {
  Attempt& attempt = attempts_[id];
  attempt.is_held = true;
  tell(session, attempt, TraceKind::part_held, "");
  if (params_.timer == ReceiverTimer::set && session.is_set_timer_running) return;
  session.is_set_timer_running = true;
  tell_timer(session, attempt);
  scheduler_.schedule(params_.timeout,
                      EventPayload::of(EventKind::set_timeout, id.index, attempt.generation));
}

void Receiver::claim(Session& session, AttemptId cause, const amp::Claim& claim) {
  if (session.ends.receiver->is_claimed()) metrics_.set_claimed(session.is_in_order);
  tell_claim(session, attempts_[cause], claim);
  bool has_cause = false;
  for (const amp::ClaimedPart& part : claim.parts) {
    has_cause = has_cause || part.attempt == cause;
    Attempt& attempt = attempts_[part.attempt];
    AMPSIM_CHECK(attempt.lock.is_opened_by(part.preimage),
                 "a part was claimed with a preimage that does not match its hash");
    attempt.preimage = part.preimage;
    attempt.is_held = false;
    session.delivered += attempt.amount();
    const SimDuration delay = disguise_.settle_delay();
    if (delay == SimDuration{}) {
      flow_.fulfill(part.attempt, static_cast<std::uint32_t>(attempt.route.hops.size()) - 1);
    } else {
      attempt.is_delayed = true;
      scheduler_.schedule(delay, EventPayload::of(EventKind::part_released, part.attempt.index,
                                                  attempt.generation));
    }
  }
  // A greedy receiver may have opened others with what this part brought.
  if (!has_cause) hold(session, cause);
}

void Receiver::release(AttemptId id, std::uint32_t generation) {
  if (attempts_[id].generation == generation) hurry(id);
}

void Receiver::hurry(AttemptId id) {
  Attempt& attempt = attempts_[id];
  if (!attempt.is_delayed) return;
  attempt.is_delayed = false;
  flow_.fulfill(id, static_cast<std::uint32_t>(attempt.route.hops.size()) - 1);
}

void Receiver::fail(Session& session, const amp::Fail& fail) {
  const bool timed_out = fail.reason == amp::SetFailure::timed_out;
  for (const AttemptId id : fail.parts) {
    Attempt& attempt = attempts_[id];
    const auto hops = static_cast<std::uint32_t>(attempt.route.hops.size());
    attempt.is_held = false;
    attempt.failure =
        timed_out ? FailureCode::mpp_timeout : FailureCode::incorrect_or_unknown_payment_details;
    attempt.failed_at = static_cast<std::int32_t>(hops);
    if (timed_out) metrics_.htlcs_expired(hops);
    tell(session, attempt, timed_out ? TraceKind::part_timed_out : TraceKind::part_rejected,
         amp::name_of(fail.reason));
    flow_.fail(id, hops - 1);
  }
}

}  // namespace ampsim::sim
