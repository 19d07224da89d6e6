#include "sim/payment/forwarder.hpp"

#include <string_view>

#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

/// lnd: an HTLC that expires this soon, or later than that, is not passed on.
constexpr BlockDelta kExpiryTooSoon{3};
constexpr BlockDelta kExpiryTooFar{2016};

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
    case Refusal::closed:
      return "closed";
  }
  AMPSIM_UNREACHABLE("unknown refusal");
}

}  // namespace

FailureCode Forwarder::refusal(const Attempt& attempt,
                               std::uint32_t hop,
                               DirectedChannel channel) const {
  const Htlc& incoming = attempt.htlcs[hop];
  const Htlc& outgoing = attempt.htlcs[hop + 1];
  const topo::ForwardingPolicy policy = network_.policy(channel);
  if (!network_.is_connected(channel)) return FailureCode::unknown_next_peer;
  if (incoming.amount - outgoing.amount < policy.fee(outgoing.amount)) {
    return FailureCode::fee_insufficient;
  }
  if (outgoing.amount < policy.htlc_minimum) return FailureCode::amount_below_minimum;
  if (outgoing.amount > policy.htlc_maximum) return FailureCode::temporary_channel_failure;
  const BlockDelta ahead = attempt.expiry(hop + 1) - blocks_.height();
  if (ahead <= kExpiryTooSoon) return FailureCode::expiry_too_soon;
  if (ahead > kExpiryTooFar) return FailureCode::expiry_too_far;
  if (policy.is_disabled) return FailureCode::channel_disabled;
  switch (network_.channel(channel.channel()).refusal(channel.direction(), outgoing.amount)) {
    case Refusal::none:
      break;
    case Refusal::closed:
      return FailureCode::permanent_channel_failure;
    case Refusal::too_many_htlcs:
    case Refusal::in_flight_cap:
    case Refusal::balance_too_low:
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
  const topo::ForwardingPolicy policy = network_.policy(outgoing.channel);
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
  flow_.tell_htlc(TraceKind::htlc_committed, attempt, hop);
  const DirectedChannel wanted = attempt.htlcs[hop + 1].channel;
  const FailureCode code = refusal(attempt, hop, wanted);
  if (code != FailureCode::none && !takes_other(attempt, hop, wanted)) {
    return refuse(id, hop, code);
  }
  flow_.offer(id, hop + 1);
}

bool Forwarder::takes_other(Attempt& attempt, std::uint32_t hop, DirectedChannel wanted) const {
  for (const DirectedChannel other : network_.parallel(wanted)) {
    if (other == wanted || refusal(attempt, hop, other) != FailureCode::none) continue;
    attempt.reroute(hop + 1, other);
    return true;
  }
  return false;
}

void Forwarder::refuse(AttemptId id, std::uint32_t hop, FailureCode code) {
  Attempt& attempt = attempts_[id];
  attempt.failure = code;
  attempt.failed_at = static_cast<std::int32_t>(hop) + 1;
  if (!attempt.is_final(hop)) tell_refusal(attempt, hop);
  flow_.fail(id, hop);
}

}  // namespace ampsim::sim
