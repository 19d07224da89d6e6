#include "sim/payment/forwarder.hpp"

#include <string_view>

#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

std::string_view name_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::none:
      return "";
    case Refusal::too_many_htlcs:
      return "too_many_htlcs";
    case Refusal::in_flight_cap:
      return "in_flight_cap";
    case Refusal::balance_too_low:
      return "balance_too_low";
  }
  AMPSIM_UNREACHABLE("unknown refusal");
}

}  // namespace

FailureCode Forwarder::refusal(const Hop& incoming,
                               const Hop& outgoing,
                               DirectedChannel channel) const {
  const topo::ForwardingPolicy& policy = network_.policy(channel);
  if (incoming.amount - outgoing.amount < policy.fee(outgoing.amount)) {
    return FailureCode::fee_insufficient;
  }
  if (outgoing.amount < policy.htlc_minimum) return FailureCode::amount_below_minimum;
  if (outgoing.amount > policy.htlc_maximum) return FailureCode::temporary_channel_failure;
  if (policy.is_disabled) return FailureCode::channel_disabled;
  if (network_.channel(channel.channel()).refusal(channel.direction(), outgoing.amount) !=
      Refusal::none) {
    return FailureCode::temporary_channel_failure;
  }
  if (incoming.expiry - outgoing.expiry < policy.cltv_expiry_delta) {
    return FailureCode::incorrect_cltv_expiry;
  }
  return FailureCode::none;
}

std::string Forwarder::explanation(FailureCode code,
                                   const Hop& incoming,
                                   const Hop& outgoing) const {
  const topo::ForwardingPolicy& policy = network_.policy(outgoing.channel);
  const std::string_view name = name_of(code);
  if (code == FailureCode::fee_insufficient) {
    return fmt::format("{} ({} msat of {})", name, (incoming.amount - outgoing.amount).count,
                       policy.fee(outgoing.amount).count);
  }
  if (code == FailureCode::amount_below_minimum) {
    return fmt::format("{} (minimum {} msat)", name, policy.htlc_minimum.count);
  }
  if (code == FailureCode::incorrect_cltv_expiry) {
    return fmt::format("{} ({} blocks of {})", name, (incoming.expiry - outgoing.expiry).count,
                       policy.cltv_expiry_delta.count);
  }
  if (code != FailureCode::temporary_channel_failure) return std::string(name);
  if (outgoing.amount > policy.htlc_maximum) {
    return fmt::format("{} (maximum {} msat)", name, policy.htlc_maximum.count);
  }
  const DirectedChannel d = outgoing.channel;
  const Refusal reason = network_.channel(d.channel()).refusal(d.direction(), outgoing.amount);
  return fmt::format("{} ({})", name, name_of(reason));
}

void Forwarder::tell_refusal(const Attempt& attempt, std::uint32_t hop) const {
  if (!flow_.is_traced(attempt.payment)) return;
  const Hop& incoming = attempt.route.hops[hop];
  const Hop& outgoing = attempt.route.hops[hop + 1];
  flow_.tell({.kind = TraceKind::htlc_refused,
              .from = network_.source(outgoing.channel),
              .part = attempt.part,
              .attempt = attempt.number,
              .amount = outgoing.amount,
              .channel = outgoing.channel.channel(),
              .expiry = outgoing.expiry,
              .hash = attempt.lock.hash,
              .note = explanation(attempt.failure, incoming, outgoing)});
}

void Forwarder::forward(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  const Hop incoming = attempt.route.hops[hop];
  Hop& outgoing = attempt.route.hops[hop + 1];
  flow_.tell_htlc(TraceKind::htlc_committed, attempt, hop);

  const FailureCode named = refusal(incoming, outgoing, outgoing.channel);
  if (named == FailureCode::none) {
    flow_.offer(id, hop + 1);
    return;
  }
  for (const DirectedChannel other : network_.parallel(outgoing.channel)) {
    if (other != outgoing.channel && refusal(incoming, outgoing, other) == FailureCode::none) {
      outgoing.channel = other;
      flow_.offer(id, hop + 1);
      return;
    }
  }
  attempt.failure = named;
  attempt.failed_at = static_cast<std::int32_t>(hop) + 1;
  tell_refusal(attempt, hop);
  flow_.fail(id, hop);
}

}  // namespace ampsim::sim
