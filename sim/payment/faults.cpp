#include "sim/payment/faults.hpp"

#include <cmath>

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

FailureCode failure_named(const std::string& name) {
  for (const FailureCode code : failure_codes()) {
    if (name_of(code) == name) return code;
  }
  AMPSIM_UNREACHABLE("unknown failure " + name);
}

/// Two numbers in [0, 1) for the far end of one hop of one attempt.
struct Draw {
  double chance;
  double length;
};
Draw draw_for(const KeyedRng& rng, const Attempt& attempt, std::uint32_t hop) {
  const std::uint64_t which = std::uint64_t{attempt.number} << 32U | hop;
  return {rng.unit(attempt.payment.index, which, 0), rng.unit(attempt.payment.index, which, 1)};
}

std::optional<SimDuration> for_a_while(const Draw& draw, double probability, SimDuration mean) {
  if (draw.chance >= probability) return std::nullopt;
  return from_seconds(-std::log1p(-draw.length) * to_seconds(mean));
}

topo::ForwardingPolicy stale(topo::ForwardingPolicy policy, std::uint64_t way) {
  switch (way) {
    case 0:
      policy.fee_base += policy.fee_base / 2 + Msat::from_sat(1);
      policy.fee_proportional.millionths += policy.fee_proportional.millionths / 2;
      break;
    case 1:
      policy.cltv_expiry_delta = policy.cltv_expiry_delta + BlockDelta{40};
      break;
    default:
      policy.is_disabled = true;
      break;
  }
  return policy;
}

void slow_nodes_down(Network& network, const FaultParams& params, std::uint64_t seed) {
  if (params.slow_probability <= 0) return;
  Rng slow(seed, "slow");
  for (std::uint32_t node = 0; node < network.node_count(); ++node) {
    if (slow.chance(params.slow_probability)) network.slow_down(NodeId{node}, params.slow_delay);
  }
}

void change_policies(Network& network, const FaultParams& params, std::uint64_t seed) {
  if (params.stale_policy_probability <= 0) return;
  Rng policies(seed, "stale_policies");
  for (std::uint32_t index = 0; index < 2 * network.channel_count(); ++index) {
    // Both drawn for every one, so that a larger share holds the smaller one's.
    const bool is_stale = policies.chance(params.stale_policy_probability);
    const std::uint64_t way = policies.below(3);
    const DirectedChannel d{index};
    if (is_stale) network.set_policy(d, stale(network.policy(d), way));
  }
}

}  // namespace

void apply_faults(Network& network, const FaultParams& params, std::uint64_t seed) {
  slow_nodes_down(network, params, seed);
  change_policies(network, params, seed);
}

Faults::Faults(const FaultParams& params, std::uint64_t seed)
    : params_(params),
      failure_(failure_named(params.failure)),
      stuck_(seed, "stuck"),
      vanished_(seed, "vanished"),
      failed_(seed, "node_failures") {}

std::optional<SimDuration> Faults::hangs(const Attempt& attempt, std::uint32_t hop) const {
  if (params_.stuck_probability <= 0) return std::nullopt;
  return for_a_while(draw_for(stuck_, attempt, hop), params_.stuck_probability, params_.stuck_mean);
}

std::optional<SimDuration> Faults::vanishes(const Attempt& attempt, std::uint32_t hop) const {
  if (params_.vanish_probability <= 0) return std::nullopt;
  return for_a_while(draw_for(vanished_, attempt, hop), params_.vanish_probability,
                     params_.vanish_mean);
}

std::optional<FailureCode> Faults::fails(const Attempt& attempt, std::uint32_t hop) const {
  if (params_.failure_probability <= 0) return std::nullopt;
  if (attempt.is_final(hop) != is_of_receiver(failure_)) return std::nullopt;
  if (draw_for(failed_, attempt, hop).chance >= params_.failure_probability) return std::nullopt;
  return failure_;
}

}  // namespace ampsim::sim
