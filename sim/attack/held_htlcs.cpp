#include "sim/attack/held_htlcs.hpp"

#include <utility>

namespace ampsim::sim {

void HeldHtlcs::hold(AttemptId id, std::uint32_t hop, SimDuration time) {
  const std::uint32_t generation = attempts_[id].generation;
  held_[id] = {.hop = hop, .generation = generation};
  scheduler_.schedule(time, EventPayload::of(EventKind::attack_releases, id.index, generation));
}

void HeldHtlcs::release(AttemptId id, std::uint32_t generation) {
  const auto found = held_.find(id);
  if (found == held_.end() || found->second.generation != generation) return;
  const Held held = found->second;
  held_.erase(found);
  fail(id, held);
}

void HeldHtlcs::release_all() {
  const std::map<AttemptId, Held> all = std::exchange(held_, {});
  for (const auto& [id, held] : all) fail(id, held);
}

void HeldHtlcs::fail(AttemptId id, const Held& held) {
  Attempt& attempt = attempts_[id];
  if (attempt.generation != held.generation) return;
  if (attempt.htlcs[held.hop].state != HtlcState::offered) return;
  attempt.failure = attempt.is_final(held.hop) ? FailureCode::incorrect_or_unknown_payment_details
                                               : FailureCode::temporary_channel_failure;
  attempt.failed_at = static_cast<std::int32_t>(held.hop) + 1;
  flow_.fail(id, held.hop);
}

}  // namespace ampsim::sim
