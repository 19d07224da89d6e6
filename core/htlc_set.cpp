#include "core/htlc_set.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"

namespace ampsim::amp {

Decision CollectingSet::arrive(const ArrivedPart& part) {
  AMPSIM_CHECK(part.amount.count > 0, "an HTLC of nothing");
  // A replayed HTLC is answered as before.
  if (holds(part.attempt)) return Hold{};
  if (has_claimed(part.attempt)) return Claim{claimed_, {}};
  if (state_ != State::open) {
    if (late_part_ == LatePart::reject) {
      const bool is_spare = needs_word() && is_claimed_;
      return Fail{is_spare ? SetFailure::not_needed : SetFailure::set_closed, {part.attempt}};
    }
    state_ = State::open;
    claimed_amount_ = 0;  // lnd: settled parts do not count towards the total
  }
  if (const auto reason = refuse(part)) return Fail{*reason, {part.attempt}};

  const auto reason = spoils(part);
  held_.push_back(part);
  if (needs_word()) return ask(reason);
  const bool is_whole = !reason && is_complete();
  if (is_whole || is_greedy()) {
    const std::vector<ClaimedPart> opened = open_held();
    const bool opens_all = opened.size() == held_.size();
    if (opens_all || (is_greedy() && !opened.empty())) return claim(opened, is_whole);
  }
  if (reason) return fail_all(*reason);
  if (is_whole) return fail_all(SetFailure::reconstruction);
  return Hold{};
}

Decision CollectingSet::ask(std::optional<SetFailure> reason) {
  if (reason) return fail_all(*reason);
  const bool is_whole = is_complete();
  std::vector<ClaimedPart> parts = question(is_whole);
  is_waiting_ = is_waiting_ || is_whole;
  if (parts.empty()) return Hold{};
  return Ask{std::move(parts)};
}

Decision CollectingSet::hear(const Answer& answer) {
  // Meant for parts that have timed out since: not enough is left.
  if (state_ != State::open || !is_waiting_) return Hold{};
  is_waiting_ = false;
  if (const auto reason = learn(answer)) return fail_all(*reason);
  const std::vector<ClaimedPart> opened = open_held();
  Int128 sum = 0;
  for (const ArrivedPart& part : held_) {
    const bool is_open = std::any_of(opened.begin(), opened.end(), [&](const ClaimedPart& each) {
      return each.attempt == part.attempt;
    });
    if (is_open) sum += part.amount.count;
  }
  if (sum < held_.front().payload.total.count) return fail_all(SetFailure::reconstruction);
  static_cast<void>(claim(opened, false));
  Claim whole{opened, held()};
  held_.clear();
  state_ = State::claimed;
  is_claimed_ = true;
  return whole;
}

void CollectingSet::drop(AttemptId part) {
  std::erase_if(held_, [part](const ArrivedPart& held) { return held.attempt == part; });
  std::erase_if(claimed_, [part](const ClaimedPart& claimed) { return claimed.attempt == part; });
  if (!is_waiting_ || (!held_.empty() && is_complete())) return;
  is_waiting_ = false;
  ask_again();
}

Decision CollectingSet::time_out(std::span<const AttemptId> parts) {
  if (is_waiting_) return Hold{};
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
  const std::optional<Msat> asked = asked_amount();
  if (total < asked.value_or(Msat{1})) return SetFailure::total_too_low;
  const Int128 most = Int128{2} * asked.value_or(Msat{0}).count;  // BOLT 4: twice the invoice
  if (asked && total.count > most) return SetFailure::total_too_high;
  if (!held_.empty() && held_.front().payload.total != total) return SetFailure::total_mismatch;
  if (needs_word()) return std::nullopt;  // spares are meant to be more than the total
  const Int128 sum = received() + part.amount.count;
  if (completion_ == Completion::eq && sum > total.count) return SetFailure::overpaid;
  if (asked && sum > most) return SetFailure::overpaid;
  return std::nullopt;
}

bool CollectingSet::is_complete() const { return received() >= held_.front().payload.total.count; }

Int128 CollectingSet::received() const {
  Int128 sum = claimed_amount_;
  for (const ArrivedPart& part : held_) sum += part.amount.count;
  return sum;
}

bool CollectingSet::has_claimed(AttemptId attempt) const {
  return std::any_of(claimed_.begin(), claimed_.end(),
                     [attempt](const ClaimedPart& part) { return part.attempt == attempt; });
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
  if (is_whole && held_.empty()) {
    state_ = State::claimed;
    is_claimed_ = true;
  }
  return Claim{opened, {}};
}

Decision CollectingSet::fail_all(SetFailure reason) {
  Fail fail{reason, held()};
  held_.clear();
  state_ = State::failed;
  is_waiting_ = false;
  return fail;
}

}  // namespace ampsim::amp
