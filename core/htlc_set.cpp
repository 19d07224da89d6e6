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
  const bool is_greedy = behaviour_ == ReceiverBehaviour::greedy;
  const bool is_whole = !reason && is_complete();
  if (is_whole || is_greedy) {
    const std::vector<ClaimedPart> opened = open_held();
    const bool opens_all = opened.size() == held_.size();
    if (opens_all || (is_greedy && !opened.empty())) return claim(opened, is_whole);
  }
  if (reason) return fail_all(*reason);
  if (is_whole) return fail_all(SetFailure::reconstruction);
  return Hold{};
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

bool CollectingSet::is_complete() const { return received() >= held_.front().payload.total.count; }

Int128 CollectingSet::received() const {
  Int128 sum = claimed_amount_;
  for (const ArrivedPart& part : held_) sum += part.amount.count;
  return sum;
}

bool CollectingSet::holds(AttemptId attempt) const {
  return std::any_of(held_.begin(), held_.end(),
                     [attempt](const ArrivedPart& part) { return part.attempt == attempt; });
}

std::vector<ClaimedPart> CollectingSet::open_held() const {
  const std::vector<Preimage> preimages = candidates();
  AMPSIM_CHECK(preimages.size() == held_.size(), "a candidate for each held part");
  std::vector<ClaimedPart> opened;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    if (opens(lock_kind(), preimages[i], held_[i].hash))
      opened.push_back({held_[i].attempt, preimages[i]});
  }
  return opened;
}

Decision CollectingSet::claim(const std::vector<ClaimedPart>& opened, bool is_whole) {
  for (const ClaimedPart& claimed : opened) {
    const auto part = std::find_if(held_.begin(), held_.end(), [&](const ArrivedPart& held) {
      return held.attempt == claimed.attempt;
    });
    claimed_amount_ += part->amount.count;
    held_.erase(part);
  }
  claimed_.insert(claimed_.end(), opened.begin(), opened.end());
  if (is_whole && held_.empty()) state_ = State::claimed;
  return Claim{opened};
}

Decision CollectingSet::fail_all(SetFailure reason) {
  Fail fail{reason, held()};
  held_.clear();
  state_ = State::failed;
  return fail;
}

}  // namespace ampsim::amp
