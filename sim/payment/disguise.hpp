#pragma once

#include <cstdint>
#include <vector>

#include "core/random.hpp"
#include "core/units.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/params.hpp"
#include "sim/payment/session.hpp"

/// What the two ends of a payment do so that nodes on the way cannot tell which parts belong
/// together. All of it is off by default, and what is off draws nothing.
///
/// - random_amounts (Eclair's MPP splitting): cut parts have random sizes, not halves;
/// - random_expiry_blocks (BOLT 4's shadow route, offset): a part's expiries are later;
/// - disjoint_paths: a part keeps off the channels of the others;
/// - settle_jitter: each part's preimage starts later by itself, the claim stays one decision.
///
/// Streams of the seed: `part_amounts`, `part_expiries`, `settle_jitter`.
///
/// Tested by tests/disguise_test.cpp.
namespace ampsim::sim {

class Disguise {
 public:
  Disguise(const PaymentParams& payment, const ReceiverParams& receiver, std::uint64_t seed)
      : payment_(payment),
        receiver_(receiver),
        amounts_(seed, "part_amounts"),
        expiries_(seed, "part_expiries"),
        jitter_(seed, "settle_jitter") {}

  /// Where the sizes of cut parts come from; null: they are halves.
  Rng* amounts() { return payment_.random_amounts ? &amounts_ : nullptr; }

  /// For one part: blocks that its receiver seems to ask for beyond its own.
  BlockDelta expiry_offset() {
    const std::int32_t most = payment_.random_expiry.count;
    return {most > 0 ? static_cast<std::int32_t>(expiries_.between(0, most)) : 0};
  }

  /// Channels that a new part of the payment would rather not pass.
  std::vector<ChannelId> avoided(AttemptTable& attempts, const Session& session) const {
    std::vector<ChannelId> channels;
    if (!payment_.disjoint_paths) return channels;
    for (const AttemptId id : session.in_flight) {
      for (const Hop& hop : attempts[id].route.hops) channels.push_back(hop.channel.channel());
    }
    return channels;
  }

  /// For one part: how long after the claim its preimage starts.
  SimDuration settle_delay() {
    const std::int64_t most = receiver_.settle_jitter.count();
    return SimDuration{most > 0 ? jitter_.between(0, most) : 0};
  }

 private:
  const PaymentParams& payment_;
  const ReceiverParams& receiver_;
  Rng amounts_;
  Rng expiries_;
  Rng jitter_;
};

}  // namespace ampsim::sim
