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
      attempts_(means.attempts),
      sessions_(means.sessions),
      flow_(means.flow),
      metrics_(means.metrics),
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
  return registry_of(session.spec.receiver).find_set(session.payment_secret, session.set_id);
}

amp::HtlcSet& Receiver::set_of(const Session& session, const Attempt& attempt) {
  const amp::PartPayload& payload = attempt.lock.payload;
  amp::HtlcSet* const set =
      registry_of(session.spec.receiver).find_set(payload.payment_secret, payload.set_id);
  AMPSIM_CHECK(set != nullptr, "a part is held by no set");
  return *set;
}

void Receiver::open_invoice(Session& session, std::unique_ptr<amp::HtlcSet> set) {
  payment_secrets_.fill(session.payment_secret.bytes);
  const NodeId node = session.spec.receiver;
  if (set) {
    registry_of(node).add(session.payment_secret, std::move(set));
  } else if (scheme_.is_reusable && params_.amp_invoice == AmpInvoice::reusable) {
    if (reusable_.size() <= node.index) reusable_.resize(node.index + std::size_t{1});
    amp::PaymentSecret& secret = reusable_[node.index];
    if (secret.is_zero()) {
      secret = session.payment_secret;
      registry_of(node).add_reusable(secret);
    }
    session.payment_secret = secret;
  }
}

void Receiver::close_set(const Session& session) {
  registry_of(session.spec.receiver).forget(session.payment_secret, session.set_id);
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
  decide(session, id,
         registry_of(session.spec.receiver)
             .arrive({.attempt = id,
                      .amount = attempt.amount(),
                      .hash = attempt.lock.hash,
                      .payload = attempt.lock.payload}));
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
  if (const auto* failed = std::get_if<amp::Fail>(&decision)) fail(session, *failed);
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
                      EventPayload::of(EventKind::sender_asked, session.id.index));
}

void Receiver::hear(PaymentId id) {
  if (!sessions_[id.index]) return;  // all parts have timed out meanwhile
  Session& session = *sessions_[id.index];
  const amp::Answer answer = std::move(session.answers.front());
  session.answers.pop_front();
  amp::HtlcSet* const set = open_set(session);
  const std::vector<AttemptId> held = set == nullptr ? std::vector<AttemptId>{} : set->held();
  if (held.empty()) return;
  const amp::Decision decision = set->hear(answer);
  // Parts that are still held have their timers running.
  if (!std::holds_alternative<amp::Hold>(decision)) decide(session, held.back(), decision);
}

void Receiver::claim(Session& session, AttemptId cause, const amp::Claim& claim) {
  if (set_of(session, attempts_[cause]).is_claimed()) metrics_.set_claimed(session.is_in_order);
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
    session.claims.push_back(claim);
    scheduler_.schedule(params_.hold, EventPayload::of(EventKind::set_released, session.id.index));
  }
  if (!claim.spare.empty()) fail(session, {amp::SetFailure::not_needed, claim.spare});
  is_decided =
      is_decided || std::find(claim.spare.begin(), claim.spare.end(), cause) != claim.spare.end();
  // A greedy receiver may have opened others with what this part brought.
  if (!is_decided) hold(session, cause);
}

void Receiver::release_set(PaymentId id) {
  Session& session = *sessions_[id.index];
  const amp::Claim claim = std::move(session.claims.front());
  session.claims.pop_front();
  settle(session, claim);
}

void Receiver::settle(Session& session, const amp::Claim& claim) {
  for (const amp::ClaimedPart& part : claim.parts) {
    const Attempt& attempt = attempts_[part.attempt];
    session.delivered += attempt.amount();
    flow_.fulfill(part.attempt, static_cast<std::uint32_t>(attempt.route.hops.size()) - 1);
  }
}

void Receiver::fail(Session& session, const amp::Fail& fail) {
  const bool timed_out = fail.reason == amp::SetFailure::timed_out;
  if (fail.reason == amp::SetFailure::reversed) metrics_.set_reversed();
  for (const AttemptId id : fail.parts) {
    Attempt& attempt = attempts_[id];
    const auto hops = static_cast<std::uint32_t>(attempt.route.hops.size());
    attempt.is_held = false;
    attempt.refusal = fail.reason;
    attempt.failure =
        timed_out ? FailureCode::mpp_timeout : FailureCode::incorrect_or_unknown_payment_details;
    attempt.failed_at = static_cast<std::int32_t>(hops);
    if (timed_out) metrics_.htlcs_expired(hops);
    if (fail.reason == amp::SetFailure::not_needed) metrics_.part_cancelled();
    tell(session, attempt, timed_out ? TraceKind::part_timed_out : TraceKind::part_rejected,
         amp::name_of(fail.reason));
    flow_.fail(id, hops - 1);
  }
}

}  // namespace ampsim::sim
