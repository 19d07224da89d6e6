#include "sim/payment/sender.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "core/bad_share.hpp"
#include "core/check.hpp"
#include "sim/payment/sender_sight.hpp"
#include "sim/routing/splitters/splitters.hpp"

namespace ampsim::sim {
namespace {

/// Whether lnd gives the payment up (routing/result_interpretation.go): what a receiver says, but a
/// time-out, or what the node before it may have spoilt; and what nobody else can have said.
bool is_terminal(const Attempt& attempt) {
  const std::size_t hops = attempt.route.hops.size();
  if (attempt.failure == FailureCode::unreadable) return hops == 1;
  if (static_cast<std::size_t>(attempt.failed_at) != hops) return false;
  if (attempt.failure == FailureCode::mpp_timeout) return false;
  const bool may_be_spoilt = attempt.failure == FailureCode::final_incorrect_cltv_expiry ||
                             attempt.failure == FailureCode::final_incorrect_htlc_amount;
  return !may_be_spoilt || hops == 1;
}

std::uint32_t take_part_number(Session& session) {
  const auto free = std::find(session.part_numbers.begin(), session.part_numbers.end(), false);
  const auto number = static_cast<std::uint32_t>(free - session.part_numbers.begin());
  if (free == session.part_numbers.end()) {
    session.part_numbers.push_back(true);
  } else {
    *free = true;
  }
  return number;
}

/// By what the receiver has, not by what the sender believes.
PaymentRecord outcome(const Session& session) {
  PaymentRecord record{.payment = session.id,
                       .sender = session.spec.sender,
                       .receiver = session.spec.receiver,
                       .amount = session.spec.amount,
                       .start = session.spec.at,
                       .end = session.paid_at.value_or(session.end),
                       .failure = session.failure,
                       .parts = session.parts_settled,
                       .attempts = session.attempts,
                       .fee = session.fees_settled,
                       .delivered = session.delivered,
                       .lost_on_chain = session.lost_on_chain,
                       .is_honest = session.behaviour == SenderBehaviour::honest};
  if (session.delivered >= session.spec.amount) {
    // A part may have failed for the sender, and yet be claimed.
    record.state = PaymentState::succeeded;
    record.failure = PaymentFailure::none;
  } else {
    if (session.delivered > Msat{0}) record.state = PaymentState::partial;
    if (session.failure == PaymentFailure::none) record.failure = PaymentFailure::lost_on_chain;
  }
  return record;
}

}  // namespace

Sender::Sender(const PaymentParams& payment,
               const ReceiverParams& receiver,
               const Means& means,
               Rng& amp_shares)
    : params_(payment),
      receiver_(receiver),
      scheme_(scheme_of(payment)),
      means_(means),
      amp_shares_(amp_shares),
      router_(means.router, means.routing.graph, means.routing.params.algorithm),
      splitter_(splitter_of(means.routing.params).make(means.routing, payment.parts)),
      whole_(whole_splitter_kind().make(means.routing, 1)),
      views_(means.network.node_count()),
      all_in_flight_(means.network.node_count()) {}

void Sender::tell(const Session& session, TraceKind kind, std::string_view note) const {
  if (!means_.flow.is_traced(session.id)) return;
  const bool is_between_ends =
      kind == TraceKind::payment_starts || kind == TraceKind::invoice_requested;
  const bool is_of_rest = kind == TraceKind::no_route;
  means_.flow.tell({.kind = kind,
                    .from = session.spec.sender,
                    .to = is_between_ends ? session.spec.receiver : NodeId::none(),
                    .amount = is_of_rest ? session.rest() : session.spec.amount,
                    .note = std::string(note)});
}

void Sender::tell_part(const Session& session, const Attempt& attempt, TraceKind kind) const {
  if (!means_.flow.is_traced(session.id)) return;
  const std::vector<Hop>& hops = attempt.route.hops;
  TraceEvent event{.kind = kind,
                   .from = session.spec.sender,
                   .part = attempt.part,
                   .attempt = attempt.number,
                   .amount = attempt.amount(),
                   .fee = attempt.route.fee(),
                   .expiry = hops.front().expiry};
  put_lock(event, attempt.lock);
  for (const Hop& hop : hops) event.route.push_back(hop.channel.channel());
  if (kind == TraceKind::part_settled) event.preimage = attempt.preimage;
  if (kind == TraceKind::part_failed) {
    const auto failed_at = static_cast<std::size_t>(attempt.failed_at);
    if (failed_at < hops.size()) event.channel = hops[failed_at].channel.channel();
    event.note = name_of(attempt.failure);
  }
  means_.flow.tell(std::move(event));
}

void Sender::start(PaymentId id, const PaymentSpec& spec, SimDuration invoice_delay) {
  auto opened = std::make_unique<Session>();
  opened->spec = spec;
  opened->id = id;
  opened->number = ++sessions_opened_ % AttemptTable::kGenerations;
  opened->deadline = spec.at + params_.timeout;
  opened->invoice_delay = invoice_delay;
  // Drawn for every payment, so that those that misbehave with a small share do so with a larger.
  if (means_.misbehaviour.chance(params_.misbehaving_share)) opened->behaviour = params_.behaviour;
  opened->sets =
      scheme_.many_sets
          ? static_cast<std::uint32_t>(std::min<std::int64_t>(params_.invoices, spec.amount.count))
          : 1;
  Session& session = *opened;
  means_.sessions[id.index] = std::move(opened);
  tell(session, TraceKind::payment_starts, scheme_.name);
  request_set(session);
}

bool Sender::must_ask(const Session& session) const {
  if (scheme_.needs_invoice) return true;
  return scheme_.is_reusable && receiver_.amp_invoice == AmpInvoice::reusable &&
         known_invoices_.count({session.spec.sender, session.spec.receiver}) == 0;
}

void Sender::request_set(Session& session) {
  const Network& network = means_.network;
  if (!network.is_up(session.spec.sender)) {
    stop(session, PaymentFailure::sender_offline);
  } else if (must_ask(session) && !network.is_up(session.spec.receiver)) {
    stop(session, PaymentFailure::receiver_offline);
  }
  if (session.failure != PaymentFailure::none) return finish(session);
  if (!must_ask(session)) {
    open_set(session);
    return;
  }
  means_.metrics.of(session.id).invoice_requested();
  tell(session, TraceKind::invoice_requested, "");
  means_.scheduler.schedule(2 * session.invoice_delay,
                            EventPayload::of(EventKind::invoice_received, session.id.index));
}

void Sender::receive_invoice(PaymentId id) {
  Session& session = *means_.sessions[id.index];
  tell(session, TraceKind::invoice_received, "");
  if (!scheme_.needs_invoice) {
    known_invoices_.emplace(session.spec.sender, session.spec.receiver);
  }
  open_set(session);
}

void Sender::open_set(Session& session) {
  // The amount in equal sets; the first ones carry the msat that do not divide.
  const Msat share = session.spec.amount / session.sets;
  const std::int64_t left_over = session.spec.amount.count % session.sets;
  session.set_total = share + Msat{session.set < left_over ? 1 : 0};
  session.set_settled = Msat{0};
  session.set_fee_limit = fee_limit(params_, session.set_total);
  session.set_fees_settled = Msat{0};
  if (scheme_.has_spares) {
    const std::int64_t most =
        session.set_total.count / std::max<std::int64_t>(params_.min_part.count, 1);
    session.parts_needed =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(most, 1, params_.parts));
    session.spares = params_.spare_parts;
  }
  amp::SetEnds ends = scheme_.open({.total = session.set_total,
                                    .derivation = params_.derivation,
                                    .completion = receiver_.completion,
                                    .behaviour = receiver_.behaviour,
                                    .parts = std::max(session.parts_needed, 1U),
                                    .spares = session.spares},
                                   amp_shares_);
  session.locks = std::move(ends.sender);
  if (session.behaviour == SenderBehaviour::bad_share) {
    session.locks = amp::with_bad_share(std::move(session.locks));
  }
  if (!scheme_.needs_invoice) ends.receiver.reset();
  means_.receiver.open_invoice(session, std::move(ends.receiver));
  session.is_set_timer_running = false;
  session.has_arrivals = false;
  session.is_in_order = true;
  advance(session);
}

Msat Sender::amount_to_send(const Session& session) const {
  const Msat rest = session.rest();
  // One part would complete the set: who withholds that would have nothing to hold up.
  const bool splits_in_two = session.behaviour == SenderBehaviour::withhold_last &&
                             scheme_.splits && session.parts_in_flight == 0 &&
                             rest >= params_.min_part * 2 && rest > Msat{1};
  return splits_in_two ? rest / 2 : rest;
}

PaymentFailure Sender::failure_of(NoRoute reason) {
  switch (reason) {
    case NoRoute::insufficient_balance:
      return PaymentFailure::insufficient_balance;
    case NoRoute::no_path:
      return PaymentFailure::no_route;
  }
  AMPSIM_UNREACHABLE("unknown reason");
}

void Sender::stop(Session& session, PaymentFailure reason) const {
  // The first reason stands, but for the news that all went back.
  if (session.failure != PaymentFailure::none && reason != PaymentFailure::reversed) return;
  if (session.failure == reason) return;
  session.failure = reason;
  tell(session, TraceKind::sending_stopped, name_of(reason));
}

bool Sender::try_part(Session& session, Route route) {
  const bool completes = route.amount() == session.rest();
  if (completes && session.behaviour == SenderBehaviour::withhold_last) {
    stop(session, PaymentFailure::withheld);
    return false;
  }
  if (completes && session.behaviour == SenderBehaviour::overpay && !session.has_misbehaved) {
    send_extra(session, std::max(session.set_total / 100, Msat::from_sat(1)), nullptr);
    return false;  // the route that was found may be too small now
  }
  send(session, std::move(route));
  // A second copy of the part has changed what the channels can carry.
  return session.behaviour != SenderBehaviour::duplicate_part;
}

void Sender::try_parts(Session& session) {
  PartsResult result =
      find_parts(session, amount_to_send(session), scheme_.splits ? *splitter_ : *whole_);
  if (const auto* const reason = std::get_if<NoRoute>(&result)) {
    session.failure = failure_of(*reason);
    tell(session, TraceKind::no_route, name_of(session.failure));
    return;
  }
  auto& routes = std::get<std::vector<Route>>(result);
  for (Route& route : routes) {
    // Parts that were planned together may be more than a channel has slots for.
    const DirectedChannel own = route.hops.front().channel;
    const Channel& channel = means_.network.channel(own.channel());
    const bool is_full = channel.refusal(own.direction(), route.sent()) != Refusal::none;
    if (is_full && &route != &routes.front()) return;
    PaymentFailure reason{};
    if (is_out_of_attempts(session, reason)) return stop(session, reason);
    if (!try_part(session, std::move(route))) return;
  }
}

bool Sender::is_out_of_attempts(const Session& session, PaymentFailure& reason) const {
  reason = PaymentFailure::timeout;
  if (means_.scheduler.now() >= session.deadline) return true;
  reason = PaymentFailure::attempts_exhausted;
  return params_.max_attempts > 0 && session.attempts >= params_.max_attempts;
}

void Sender::advance(Session& session) {
  if (scheme_.has_spares) {
    advance_equal_parts(session);
    return;
  }
  while (session.failure == PaymentFailure::none && session.rest() > Msat{0}) {
    PaymentFailure reason{};
    if (session.set_settled + session.extra_settled > Msat{0}) {
      stop(session, PaymentFailure::claimed_early);
    } else if (is_out_of_attempts(session, reason)) {
      stop(session, reason);
    } else {
      try_parts(session);
    }
  }
  if (session.parts_in_flight == 0) end_set(session);
}

AttemptId Sender::open_attempt(Session& session, Route route) {
  const AttemptId id = means_.attempts.open();
  Attempt& attempt = means_.attempts[id];
  attempt.payment = session.id;
  attempt.number = session.attempts++;
  attempt.part = take_part_number(session);
  attempt.route = std::move(route);
  attempt.plan_htlcs();
  attempt.sent = means_.scheduler.now();
  attempt.height = means_.blocks.height();
  return id;
}

void Sender::launch(Session& session, AttemptId id, const amp::PartLock& lock) {
  Attempt& attempt = means_.attempts[id];
  attempt.lock = lock;
  attempt.lock.payload.payment_secret = session.sets_paid.back().secret;
  session.sets_paid.back().id = lock.payload.set_id;
  if (std::find(session.hashes.begin(), session.hashes.end(), lock.hash) != session.hashes.end()) {
    means_.metrics.of(session.id).hash_reused();
  } else {
    session.hashes.push_back(lock.hash);
  }
  (attempt.is_extra ? session.extra_in_flight : session.set_in_flight) += attempt.amount();
  session.fees_in_flight += attempt.route.fee();
  session.in_flight.push_back(id);
  all_in_flight_[session.spec.sender.index].push_back(id);
  ++session.parts_in_flight;
  ++session.live_attempts;
  view_of(session.spec.sender).report_sent(attempt.route);
  tell_part(session, attempt, TraceKind::part_sent);
  means_.flow.offer(id, 0);
}

void Sender::send(Session& session, Route route) {
  const bool completes = route.hops.back().amount == session.rest();
  const AttemptId id = open_attempt(session, std::move(route));
  Attempt& attempt = means_.attempts[id];
  if (scheme_.has_spares && attempt.part >= session.parts_needed) {
    attempt.is_extra = true;
    means_.metrics.of(session.id).spare_sent();
  }
  launch(session, id, session.locks->next(id, completes));
  if (session.behaviour == SenderBehaviour::duplicate_part && !session.has_misbehaved) {
    const amp::PartLock copied = attempt.lock;
    send_extra(session, attempt.amount(), &copied);
  }
}

void Sender::send_extra(Session& session, Msat amount, const amp::PartLock* copied) {
  session.has_misbehaved = true;
  RouteResult result = find_part(session, amount);
  auto* const route = std::get_if<Route>(&result);
  if (route == nullptr) return;
  const AttemptId id = open_attempt(session, std::move(*route));
  means_.attempts[id].is_extra = true;
  if (copied != nullptr) session.duplicate = id;
  launch(session, id, copied != nullptr ? *copied : session.locks->surplus(id));
}

void Sender::close_attempt(Session& session, AttemptId id, bool is_settled) {
  Attempt& attempt = means_.attempts[id];
  (attempt.is_extra ? session.extra_in_flight : session.set_in_flight) -= attempt.amount();
  session.fees_in_flight -= attempt.route.fee();
  std::erase(session.in_flight, id);
  std::erase(all_in_flight_[session.spec.sender.index], id);
  --session.parts_in_flight;
  PartRecord record{.payment = session.id,
                    .part = attempt.part,
                    .attempt = attempt.number,
                    .set_id = attempt.lock.payload.set_id,
                    .payment_hash = attempt.lock.hash,
                    .amount = attempt.amount(),
                    .fee = attempt.route.fee(),
                    .cltv = attempt.route.hops.front().expiry,
                    .sent = attempt.sent,
                    .held = attempt.held,
                    .end = means_.scheduler.now(),
                    .failure = attempt.failure,
                    .failed_at = attempt.failed_at};
  record.state = is_settled                                       ? AttemptState::settled
                 : attempt.failure == FailureCode::mpp_timeout    ? AttemptState::timed_out
                 : attempt.refusal == amp::SetFailure::not_needed ? AttemptState::cancelled
                                                                  : AttemptState::failed;
  for (const Hop& hop : attempt.route.hops) record.route.push_back(hop.channel);
  means_.metrics.attempt_ended(std::move(record), is_settled);
  attempt.is_closed = true;
}

void Sender::on_fulfilled(AttemptId id) {
  Attempt& attempt = means_.attempts[id];
  Session& session = *means_.sessions[attempt.payment.index];
  AMPSIM_CHECK(attempt.lock.is_opened_by(attempt.preimage),
               "a sender got a preimage that does not match the hash");
  views_[session.spec.sender.index]->report_success(attempt.route, means_.scheduler.now());
  (attempt.is_extra ? session.extra_settled : session.set_settled) += attempt.amount();
  session.fees_settled += attempt.route.fee();
  session.set_fees_settled += attempt.route.fee();
  ++session.parts_settled;
  tell_part(session, attempt, TraceKind::part_settled);
  close_attempt(session, id, true);
  if (scheme_.has_spares && !session.paid_at &&
      session.set_settled + session.extra_settled >= session.set_total) {
    session.paid_at = means_.scheduler.now();
  }
  // The last HTLC leaves its commitments later, and its slot is freed by HtlcFlow; or, where a
  // message waited for a node that was away, it has left them already.
  means_.attempts.close_if_done(id);
  if (session.parts_in_flight == 0) advance(session);
}

void Sender::on_failed(AttemptId id) {
  Attempt& attempt = means_.attempts[id];
  Session& session = *means_.sessions[attempt.payment.index];
  views_[session.spec.sender.index]->report_failure(attempt.route,
                                                    static_cast<std::size_t>(attempt.failed_at),
                                                    attempt.failure, means_.scheduler.now());
  if (attempt.failure != FailureCode::unreadable) {
    const std::size_t last = attempt.route.hops.size() - 1;
    const Hop& hop =
        attempt.route.hops[std::min(static_cast<std::size_t>(attempt.failed_at), last)];
    session.failed.push_back({hop.channel, hop.amount, attempt.failure, means_.scheduler.now()});
  }
  tell_part(session, attempt, TraceKind::part_failed);
  if (attempt.refusal == amp::SetFailure::not_needed) {
    session.is_settling = true;
  } else if (attempt.refusal == amp::SetFailure::reversed) {
    stop(session, PaymentFailure::reversed);
  } else if (is_terminal(attempt) && !(attempt.is_extra && session.has_misbehaved)) {
    stop(session, PaymentFailure::rejected);
  }
  if (id == session.duplicate) {
    session.duplicate = AttemptId::none();
  } else {
    session.locks->cancel(id);
  }
  session.part_numbers[attempt.part] = false;
  close_attempt(session, id, false);
  means_.attempts.close_if_done(id);
  advance(session);
}

void Sender::end_set(Session& session) {
  const bool is_complete = session.rest() == Msat{0};
  if (is_complete && session.set + 1 < session.sets) {
    ++session.set;
    request_set(session);
    return;
  }
  finish(session);
}

void Sender::on_attempt_gone(PaymentId id, AttemptId attempt) {
  Session& session = *means_.sessions[id.index];
  session.gone_attempts.push_back(attempt);
  --session.live_attempts;
  if (session.live_attempts == 0 && session.end != SimTime::max()) close(session);
}

void Sender::finish(Session& session) {
  // It gave its word, and the parts had timed out meanwhile.
  if (scheme_.has_spares && !session.paid_at && session.failure == PaymentFailure::none) {
    stop(session, PaymentFailure::timeout);
  }
  session.end = means_.scheduler.now();
  tell(session, TraceKind::payment_ends, name_of(outcome(session).state));
  if (session.live_attempts == 0) close(session);
}

void Sender::close(Session& session) {
  means_.receiver.close_sets(session);
  means_.metrics.payment_ended(outcome(session));
  for (const AttemptId attempt : session.gone_attempts) means_.attempts.release(attempt);
  means_.sessions[session.id.index].reset();
}

}  // namespace ampsim::sim
