#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "topologies/topology.hpp"

/// What all importers agree on about amounts and policies.
///
/// Tested by tests/importer_test.cpp.
namespace ampsim::topo {

constexpr std::int64_t kAllBitcoinSat = 2'100'000'000'000'000;
constexpr std::int64_t kAllBitcoinMsat = kAllBitcoinSat * 1000;
/// Of the fields of a channel_update (BOLT 7).
constexpr std::int64_t kMostFee = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kMostDelta = std::numeric_limits<std::uint16_t>::max();

/// An htlc_maximum that is 0 was not given: it is the capacity, as is what is above it. Where the
/// capacity is not known either, it is Msat::max(). A direction whose htlc_minimum is above the
/// maximum can carry nothing: it becomes disabled, with the minimum lowered.
inline void settle_limits(ForwardingPolicy& policy, std::optional<Msat> capacity) {
  const Msat most = capacity.value_or(Msat::max());
  if (policy.htlc_maximum == Msat{} || policy.htlc_maximum > most) policy.htlc_maximum = most;
  if (policy.htlc_minimum > policy.htlc_maximum) {
    policy.htlc_minimum = policy.htlc_maximum;
    policy.is_disabled = true;
  }
}

/// For formats in which every direction that is in use has a policy: one that has none was never
/// announced, and becomes a disabled one of zeros.
inline void settle_announced(Channel& channel) {
  for (std::optional<ForwardingPolicy>& policy : channel.policy) {
    if (!policy) policy = ForwardingPolicy{.is_disabled = true};
    settle_limits(*policy, channel.capacity);
  }
}

}  // namespace ampsim::topo
