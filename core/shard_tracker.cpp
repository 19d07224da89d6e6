#include "core/shard_tracker.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace ampsim::amp {
namespace {

SetId random_set_id(Rng& rng) {
  SetId set_id;
  rng.fill(set_id.bytes);
  return set_id;
}

}  // namespace

// Braces, because they draw from left to right; the order of arguments in parentheses is up to the
// compiler.
ShardTracker::ShardTracker(Derivation derivation, Rng& rng)
    : ShardTracker{derivation, random_set_id(rng), random_root(derivation, rng), rng} {}

ShardTracker::ShardTracker(Derivation derivation, const SetId& set_id, const Share& root, Rng& rng)
    : sharer_(derivation, root), set_id_(set_id), rng_(&rng) {
  AMPSIM_CHECK(!set_id.is_zero(), "a set id of zero names no set");
}

Child ShardTracker::new_shard(AttemptId attempt, bool completes) {
  Draw draw;
  if (!completes) draw.left = random_share(sharer_.derivation(), *rng_);
  draw.index = next_index();
  return new_shard(attempt, completes, draw);
}

Child ShardTracker::new_empty_shard(AttemptId attempt) {
  return new_shard(attempt, false, {.left = Share{}, .index = next_index()});
}

std::uint32_t ShardTracker::next_index() {
  return sharer_.derivation() == Derivation::lnd ? static_cast<std::uint32_t>(rng_->bits() >> 32U)
                                                 : next_index_++;
}

Child ShardTracker::new_shard(AttemptId attempt, bool completes, const Draw& draw) {
  AMPSIM_CHECK(find(attempt) == live_.end(), "an attempt cannot have two shards");
  const Share share = completes ? sharer_.take_rest() : sharer_.split(draw.left);
  live_.push_back({attempt, share});
  check_invariant();
  return derive_child(sharer_.derivation(), sharer_.root(), share, draw.index);
}

void ShardTracker::cancel(AttemptId attempt) {
  const auto shard = find(attempt);
  AMPSIM_CHECK(shard != live_.end(), "only a live shard can be cancelled");
  sharer_.merge(shard->share);
  live_.erase(shard);
  check_invariant();
}

std::vector<Share> ShardTracker::live_shares() const {
  std::vector<Share> shares;
  for (const LiveShard& shard : live_) shares.push_back(shard.share);
  return shares;
}

std::vector<ShardTracker::LiveShard>::iterator ShardTracker::find(AttemptId attempt) {
  return std::find_if(live_.begin(), live_.end(),
                      [attempt](const LiveShard& shard) { return shard.attempt == attempt; });
}

void ShardTracker::check_invariant() const {
  Share sum = sharer_.current();
  for (const LiveShard& shard : live_) sum = combine(sharer_.derivation(), sum, shard.share);
  AMPSIM_CHECK(sum == sharer_.root(), "live shares and the rest do not add up to the root");
}

}  // namespace ampsim::amp
