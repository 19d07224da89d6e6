#include "sim/payment/forwarder.hpp"

namespace ampsim::sim {

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

void Forwarder::forward(AttemptId id, std::uint32_t hop) {
  Attempt& attempt = attempts_[id];
  const Hop incoming = attempt.route.hops[hop];
  Hop& outgoing = attempt.route.hops[hop + 1];

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
  flow_.fail(id, hop);
}

}  // namespace ampsim::sim
