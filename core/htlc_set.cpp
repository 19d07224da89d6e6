#include "core/htlc_set.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace ampsim::amp {

Decision CollectingSet::arrive(const ArrivedPart& part) {
  AMPSIM_CHECK(part.amount.count > 0, "an HTLC of nothing");
  // A replayed HTLC is answered as before.
  if (holds(part.attempt)) return Hold{};
  if (std::any_of(claimed_.begin(), claimed_.end(),
                  [&](const ClaimedPart& claimed) { return claimed.attempt == part.attempt; })) {
    return Claim{claimed_};
  }
  if (state_ != State::open) return Fail{SetFailure::set_closed, {part.attempt}};
  if (const auto reason = refuse(part)) return Fail{*reason, {part.attempt}};

  const auto reason = spoils(part);
  held_.push_back(part);
  if (reason) return fail_all(*reason);
  if (received() < part.payload.total.count) return Hold{};
  const auto preimages = unlock();
  return preimages ? claim(*preimages) : fail_all(SetFailure::reconstruction);
}

Decision CollectingSet::time_out(std::span<const AttemptId> parts) {
  Fail fail{SetFailure::timed_out, {}};
  for (const AttemptId attempt : parts) {
    const auto part = std::find_if(held_.begin(), held_.end(), [attempt](const ArrivedPart& held) {
      return held.attempt == attempt;
    });
    if (part == held_.end()) continue;
    fail.parts.push_back(attempt);
    held_.erase(part);
  }
  if (fail.parts.empty()) return Hold{};
  return fail;
}

std::vector<AttemptId> CollectingSet::held() const {
  std::vector<AttemptId> attempts;
  for (const ArrivedPart& part : held_) attempts.push_back(part.attempt);
  return attempts;
}

std::optional<SetFailure> CollectingSet::spoils(const ArrivedPart& part) const {
  const Msat total = part.payload.total;
  if (total < least_total()) return SetFailure::total_too_low;
  if (!held_.empty() && held_.front().payload.total != total) return SetFailure::total_mismatch;
  if (completion_ == Completion::eq && received() + part.amount.count > total.count) {
    return SetFailure::overpaid;
  }
  return std::nullopt;
}

Int128 CollectingSet::received() const {
  Int128 sum = 0;
  for (const ArrivedPart& part : held_) sum += part.amount.count;
  return sum;
}

bool CollectingSet::holds(AttemptId attempt) const {
  return std::any_of(held_.begin(), held_.end(),
                     [attempt](const ArrivedPart& part) { return part.attempt == attempt; });
}

Decision CollectingSet::claim(const std::vector<Preimage>& preimages) {
  AMPSIM_CHECK(preimages.size() == held_.size(), "a set is claimed with all of its parts");
  for (std::size_t i = 0; i < held_.size(); ++i) {
    AMPSIM_CHECK(hash_of(preimages[i]) == held_[i].hash, "a preimage that opens nothing");
    claimed_.push_back({held_[i].attempt, preimages[i]});
  }
  held_.clear();
  state_ = State::claimed;
  return Claim{claimed_};
}

Decision CollectingSet::fail_all(SetFailure reason) {
  Fail fail{reason, held()};
  held_.clear();
  state_ = State::failed;
  return fail;
}

}  // namespace ampsim::amp
