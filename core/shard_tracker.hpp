#pragma once

#include <cstdint>
#include <vector>

#include "core/sharer.hpp"
#include "core/units.hpp"

/// The sender's shards of one AMP payment (lnd, amp/shard_tracker.go).
///
/// Invariant, checked after every step: the shares of the live shards and what the sharer still
/// holds add up to the root. So the receiver can reconstruct exactly when nothing is left to the
/// sharer.
///
/// Randomness comes from the Rng given, which must outlive the tracker; tests may give the root
/// and every draw instead. new_shard and cancel cost time linear in the number of live shards.
///
/// Tested by tests/shard_tracker_test.cpp.
namespace ampsim::amp {

class ShardTracker {
 public:
  /// What is random about a shard.
  struct Draw {
    Share left;  ///< its share, unless it completes the payment
    std::uint32_t index = 0;
  };

  /// Draws set id and root, in this order.
  ShardTracker(Derivation derivation, Rng& rng);
  ShardTracker(Derivation derivation, const SetId& set_id, const Share& root, Rng& rng);

  const SetId& set_id() const { return set_id_; }
  const Sharer& sharer() const { return sharer_; }

  /// `completes`: with it the live shards reach the total, so that it takes the rest of the root.
  /// The child index is a random number for lnd, and counts from 1 without ever repeating for the
  /// others; either way a retried part has a payment hash that was never seen before.
  Child new_shard(AttemptId attempt, bool completes);
  Child new_shard(AttemptId attempt, bool completes, const Draw& draw);
  /// One that adds nothing, before the one that completes: the others are the root without it, too.
  Child new_empty_shard(AttemptId attempt);
  /// The attempt failed: merges its share back and forgets it.
  void cancel(AttemptId attempt);

  /// The live shares, oldest first.
  std::vector<Share> live_shares() const;

 private:
  struct LiveShard {
    AttemptId attempt;
    Share share;
  };

  std::uint32_t next_index();
  std::vector<LiveShard>::iterator find(AttemptId attempt);
  void check_invariant() const;

  Sharer sharer_;
  SetId set_id_;
  Rng* rng_;
  std::uint32_t next_index_ = 1;  ///< og2018 and toy
  std::vector<LiveShard> live_;   ///< in order of creation
};

}  // namespace ampsim::amp
