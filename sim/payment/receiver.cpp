#include "sim/payment/receiver.hpp"

#include <algorithm>
#include <string>
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

std::string parts_text(std::size_t count) {
  return fmt::format("{} part{}", count, count == 1 ? "" : "s");
}

}  // namespace

Receiver::Receiver(const ReceiverParams& params, const PaymentParams& payment, const Means& means)
    : params_(params),
      payment_(payment),
      scheme_(scheme_of(payment)),
      scheduler_(means.scheduler),
      blocks_(means.blocks),
      attempts_(means.attempts),
      sessions_(means.sessions),
      flow_(means.flow),
      metrics_(means.metrics),
      disguise_(means.disguise),
      payment_secrets_(means.payment_secrets) {}

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
  if (event.share) event.root = amp::root_of(payment_.derivation, shares);
  event.note = parts_text(shares.size());
  flow_.tell(std::move(event));
}

amp::InvoiceRegistry& Receiver::registry_of(NodeId node) {
  if (registries_.size() <= node.index) registries_.resize(node.index + std::size_t{1});
  std::unique_ptr<amp::InvoiceRegistry>& registry = registries_[node.index];
  if (!registry) {
    const amp::SetTerms terms{.derivation = payment_.derivation,
                              .completion = params_.completion,
                              .behaviour = params_.behaviour,
                              .late_part = params_.late_part};
    registry = std::make_unique<amp::InvoiceRegistry>(scheme_, terms, params_.bad_set);
  }
  return *registry;
}

amp::HtlcSet* Receiver::open_set(const Session& session) {
  const PaidSet& open = session.sets_paid.back();
  return registry_of(session.spec.receiver).find_set(open.secret, open.id);
}

amp::HtlcSet& Receiver::set_of(const Session& session, const Attempt& attempt) {
  const amp::PartPayload& payload = attempt.lock.payload;
  amp::HtlcSet* const set =
      registry_of(session.spec.receiver).find_set(payload.payment_secret, payload.set_id);
  AMPSIM_CHECK(set != nullptr, "a part is held by no set");
  return *set;
}

void Receiver::open_invoice(Session& session, std::unique_ptr<amp::HtlcSet> set) {
  PaidSet paid;
  payment_secrets_.fill(paid.secret.bytes);
  const NodeId node = session.spec.receiver;
  if (set) {
    registry_of(node).add(paid.secret, std::move(set));
  } else if (scheme_.is_reusable && params_.amp_invoice == AmpInvoice::reusable) {
    if (reusable_.size() <= node.index) reusable_.resize(node.index + std::size_t{1});
    amp::PaymentSecret& secret = reusable_[node.index];
    if (secret.is_zero()) {
      secret = paid.secret;
      registry_of(node).add_reusable(secret);
    }
    paid.secret = secret;
  }
  session.sets_paid.push_back(paid);
}

void Receiver::close_sets(const Session& session) {
  for (const PaidSet& paid : session.sets_paid) {
    registry_of(session.spec.receiver).forget(paid.secret, paid.id);
  }
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
         registry_of(session.spec.receiver)
             .arrive({.attempt = id,
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
  Session& session = *sessions_[attempt.payment.index];
  attempt.is_held = false;
  amp::HtlcSet& set = set_of(session, attempt);
  set.drop(id);
  if (params_.timer == ReceiverTimer::htlc) return;
  // The set's timer may have been this part's: the others get one of their own.
  const std::vector<AttemptId> held = set.held();
  session.is_set_timer_running = !held.empty();
  if (!held.empty()) start_timer(session, held.front());
}

void Receiver::lose(AttemptId id) {
  const Attempt& attempt = attempts_[id];
  Session& session = *sessions_[attempt.payment.index];
  session.delivered -= attempt.amount();
  session.lost_on_chain += attempt.amount();
}

void Receiver::time_out(AttemptId id, std::uint32_t generation) {
  const Attempt& attempt = attempts_[id];
  if (attempt.generation != generation || !attempt.is_held) return;
  Session& session = *sessions_[attempt.payment.index];
  session.is_set_timer_running = false;
  amp::HtlcSet& set = set_of(session, attempt);
  const std::vector<AttemptId> parts =
      params_.timer == ReceiverTimer::set ? set.held() : std::vector<AttemptId>{id};
  const amp::Decision decision = set.time_out(parts);
  if (const auto* failed = std::get_if<amp::Fail>(&decision)) {
    fail(session, *failed);
  } else {
    // The set waits for its sender's word, which may not come.
    session.is_set_timer_running = true;
    start_timer(session, id);
  }
}

void Receiver::decide(Session& session, AttemptId cause, const amp::Decision& decision) {
  if (const auto* asked = std::get_if<amp::Ask>(&decision)) {
    hold(session, cause);
    ask(session, *asked);
  } else if (std::holds_alternative<amp::Hold>(decision)) {
    hold(session, cause);
  } else if (const auto* claimed = std::get_if<amp::Claim>(&decision)) {
    claim(session, cause, *claimed);
  } else {
    fail(session, std::get<amp::Fail>(decision));
  }
  // The timer was that of a part that is gone: the next one to be held starts another.
  const amp::HtlcSet* const set = open_set(session);
  if (set == nullptr || set->held().empty()) session.is_set_timer_running = false;
}

void Receiver::hold(Session& session, AttemptId id) {
  Attempt& attempt = attempts_[id];
  attempt.is_held = true;
  tell(session, attempt, TraceKind::part_held, "");
  if (params_.timer == ReceiverTimer::set && session.is_set_timer_running) return;
  session.is_set_timer_running = true;
  start_timer(session, id);
}

void Receiver::start_timer(const Session& session, AttemptId id) {
  const Attempt& attempt = attempts_[id];
  tell_timer(session, attempt);
  scheduler_.schedule(params_.timeout,
                      EventPayload::of(EventKind::set_timeout, id.index, attempt.generation));
}

void Receiver::ask(Session& session, const amp::Ask& ask) {
  if (flow_.is_traced(session.id)) {
    flow_.tell({.kind = TraceKind::sender_asked,
                .from = session.spec.receiver,
                .to = session.spec.sender,
                .amount = session.set_total,
                .note = parts_text(ask.parts.size())});
  }
  session.questions.push_back(ask);
  scheduler_.schedule(session.invoice_delay,
                      EventPayload::of(EventKind::sender_asked, session.id.index, session.number));
}

void Receiver::hear(PaymentId id) {
  Session& session = *sessions_[id.index];
  const amp::Answer answer = std::move(session.answers.front());
  session.answers.pop_front();
  amp::HtlcSet* const set = open_set(session);
  if (set == nullptr) return;
  const std::vector<AttemptId> held = set->held();
  if (held.empty()) return;
  const amp::Decision decision = set->hear(answer);
  // Parts that are still held have their timers running.
  if (!std::holds_alternative<amp::Hold>(decision)) decide(session, held.back(), decision);
}

void Receiver::claim(Session& session, AttemptId cause, const amp::Claim& claim) {
  if (set_of(session, attempts_[cause]).is_claimed())
    metrics_.of(session.id).set_claimed(session.is_in_order);
  tell_claim(session, attempts_[cause], claim);
  bool is_decided = false;
  for (const amp::ClaimedPart& part : claim.parts) {
    is_decided = is_decided || part.attempt == cause;
    Attempt& attempt = attempts_[part.attempt];
    AMPSIM_CHECK(attempt.lock.is_opened_by(part.preimage),
                 "a part was claimed with a preimage that does not match its hash");
    attempt.preimage = part.preimage;
    attempt.is_held = false;
  }
  if (params_.hold == SimDuration{}) {
    settle(session, claim);
  } else {
    hold_back(session, claim);
  }
  if (!claim.spare.empty()) fail(session, {amp::SetFailure::not_needed, claim.spare});
  is_decided =
      is_decided || std::find(claim.spare.begin(), claim.spare.end(), cause) != claim.spare.end();
  // A greedy receiver may have opened others with what this part brought.
  if (!is_decided) hold(session, cause);
}

void Receiver::hold_back(Session& session, const amp::Claim& claim) {
  for (const amp::ClaimedPart& part : claim.parts) ++attempts_[part.attempt].pending;
  held_back_[session.id.index].push_back(claim);
  scheduler_.schedule(params_.hold, EventPayload::of(EventKind::set_released, session.id.index));
}

void Receiver::release_set(PaymentId id) {
  std::deque<amp::Claim>& claims = held_back_.at(id.index);
  amp::Claim claim = std::move(claims.front());
  claims.pop_front();
  if (claims.empty()) held_back_.erase(id.index);
  std::vector<AttemptId> waited;
  std::vector<AttemptId> left;
  for (const amp::ClaimedPart& part : claim.parts) {
    Attempt& attempt = attempts_[part.attempt];
    waited.push_back(part.attempt);
    --attempt.pending;
    if (attempt.htlcs.back().state != HtlcState::resolved) left.push_back(part.attempt);
  }
  if (left.size() == waited.size()) {
    settle(*sessions_[id.index], claim);
  } else {
    // Held for too long: an HTLC has expired and ended on chain, and all or nothing is nothing.
    fail(*sessions_[id.index], {amp::SetFailure::expiry_too_soon, left});
  }
  for (const AttemptId part : waited) attempts_.close_if_done(part);
}

void Receiver::settle(Session& session, const amp::Claim& claim) {
  if (params_.behaviour == amp::ReceiverBehaviour::honest) {
    Int128 sum = 0;
    for (const amp::ClaimedPart& part : claim.parts) sum += attempts_[part.attempt].amount().count;
    AMPSIM_CHECK(sum >= session.set_total.count, "an honest receiver took less than the whole set");
  }
  for (const amp::ClaimedPart& part : claim.parts) {
    Attempt& attempt = attempts_[part.attempt];
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
  if (fail.reason == amp::SetFailure::reversed) metrics_.of(session.id).set_reversed();
  for (const AttemptId id : fail.parts) {
    Attempt& attempt = attempts_[id];
    const auto hops = static_cast<std::uint32_t>(attempt.route.hops.size());
    attempt.is_held = false;
    attempt.refusal = fail.reason;
    attempt.failure =
        timed_out ? FailureCode::mpp_timeout : FailureCode::incorrect_or_unknown_payment_details;
    attempt.failed_at = static_cast<std::int32_t>(hops);
    if (timed_out) metrics_.of(session.id).htlcs_expired(hops);
    if (fail.reason == amp::SetFailure::not_needed) metrics_.of(session.id).part_cancelled();
    tell(session, attempt, timed_out ? TraceKind::part_timed_out : TraceKind::part_rejected,
         amp::name_of(fail.reason));
    flow_.fail(id, hops - 1);
  }
}

}  // namespace ampsim::sim
