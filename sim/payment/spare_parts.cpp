#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "sim/payment/sender.hpp"

// What a sender does where the scheme has spare parts: equal ones, more than the total needs, and
// its word when the receiver asks.
namespace ampsim::sim {

Msat Sender::equal_part(const Session& session, std::uint32_t number) const {
  const Msat each = session.set_total / session.parts_needed;
  if (number + 1 < session.parts_needed) return each;
  return each + Msat{session.set_total.count % session.parts_needed};
}

void Sender::advance_equal_parts(Session& session) {
  const std::uint32_t wanted = session.parts_needed + session.spares;
  while (session.failure == PaymentFailure::none && !session.is_settling &&
         session.parts_in_flight < wanted) {
    const bool is_covered = session.set_in_flight + session.extra_in_flight >= session.set_total;
    PaymentFailure reason{};
    if (is_out_of_attempts(session, reason)) {
      if (!is_covered) stop(session, reason);
      break;
    }
    if (session.behaviour == SenderBehaviour::withhold_last &&
        session.parts_in_flight + 1 >= session.parts_needed) {
      stop(session, PaymentFailure::withheld);
      break;
    }
    const auto number = static_cast<std::uint32_t>(
        std::find(session.part_numbers.begin(), session.part_numbers.end(), false) -
        session.part_numbers.begin());
    RouteResult result = find_part(session, equal_part(session, number));
    if (auto* const route = std::get_if<Route>(&result)) {
      send(session, std::move(*route));
      continue;
    }
    if (!is_covered) {
      session.failure = failure_of(std::get<NoRoute>(result));
      tell(session, TraceKind::no_route, name_of(session.failure));
    }
    break;
  }
  if (session.parts_in_flight == 0) end_set(session);
}

void Sender::answer(PaymentId id) {
  Session& session = *means_.sessions[id.index];
  const amp::Ask ask = std::move(session.questions.front());
  session.questions.pop_front();
  std::optional<amp::Answer> answer = session.locks->answer(ask);
  if (!answer) return;
  session.is_settling = true;
  if (means_.flow.is_traced(id)) {
    means_.flow.tell({.kind = TraceKind::receiver_told,
                      .from = session.spec.sender,
                      .to = session.spec.receiver,
                      .amount = session.set_total,
                      .note = fmt::format("{} of {}", answer->size(), ask.parts.size())});
  }
  session.answers.push_back(std::move(*answer));
  means_.scheduler.schedule(session.invoice_delay,
                            EventPayload::of(EventKind::receiver_told, id.index, session.number));
}

}  // namespace ampsim::sim
