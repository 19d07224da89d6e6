#include "core/stuckless_lock.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "core/htlc_set.hpp"
#include "core/point.hpp"

namespace ampsim::amp {
namespace {

/// y_i of one part.
struct PartSecret {
  AttemptId attempt;
  Scalar secret;
};

class StucklessLocks final : public PartLocks {
 public:
  StucklessLocks(const SetTerms& terms, const Point& invoice, Rng& rng)
      : total_(terms.total), invoice_(invoice), rng_(&rng) {}

  PartLock next(AttemptId attempt, bool /*completes*/) override {
    Digest drawn;
    rng_->fill(drawn);
    live_.push_back({attempt, scalar_of(drawn)});
    PartLock lock{PaymentHash{add(invoice_, live_.back().secret).bytes}, {.total = total_}};
    lock.kind = LockKind::point;
    rng_->fill(lock.path_seed.bytes);
    return lock;
  }
  void cancel(AttemptId attempt) override {
    const auto part = find(attempt);
    AMPSIM_CHECK(part != live_.end(), "only a live part can be cancelled");
    live_.erase(part);
  }
  std::optional<Answer> answer(const Ask& ask) override {
    Answer secrets;
    for (const ClaimedPart& asked : ask.parts) {
      const auto part = find(asked.attempt);
      if (part != live_.end()) secrets.push_back({part->attempt, {part->secret.bytes}});
    }
    return secrets;
  }

 private:
  std::vector<PartSecret>::iterator find(AttemptId attempt) {
    return std::find_if(live_.begin(), live_.end(),
                        [attempt](const PartSecret& part) { return part.attempt == attempt; });
  }

  Msat total_;
  Point invoice_;
  Rng* rng_;
  std::vector<PartSecret> live_;
};

class StucklessSet final : public CollectingSet {
 public:
  StucklessSet(const SetTerms& terms, const Scalar& invoice_secret)
      : CollectingSet(terms.completion, terms.behaviour),
        amount_(terms.total),
        invoice_secret_(invoice_secret) {}

 private:
  LockKind lock_kind() const override { return LockKind::point; }
  std::optional<SetFailure> refuse(const ArrivedPart& part) const override {
    if (!part.payload.set_id.is_zero()) return SetFailure::wrong_set;
    return std::nullopt;
  }
  std::optional<Msat> asked_amount() const override { return amount_; }
  bool needs_word() const override { return true; }

  /// Once, when the held parts reach the total: all of them.
  std::vector<ClaimedPart> question(bool is_whole) override {
    std::vector<ClaimedPart> parts;
    if (!is_whole || has_asked_) return parts;
    has_asked_ = true;
    for (const AttemptId attempt : held()) parts.push_back({attempt, {}});
    return parts;
  }
  void ask_again() override { has_asked_ = false; }
  std::optional<SetFailure> learn(const Answer& answer) override {
    for (const ClaimedPart& part : answer) {
      told_.push_back({part.attempt, Scalar{part.preimage.bytes}});
    }
    return std::nullopt;
  }
  std::vector<Preimage> candidates() const override {
    std::vector<Preimage> secrets;
    for (const ArrivedPart& part : held_parts()) {
      const auto told = std::find_if(told_.begin(), told_.end(), [&](const PartSecret& each) {
        return each.attempt == part.attempt;
      });
      secrets.push_back(told == told_.end() ? Preimage{}
                                            : Preimage{add(invoice_secret_, told->secret).bytes});
    }
    return secrets;
  }

  Msat amount_;
  Scalar invoice_secret_;  // the one with even y
  bool has_asked_ = false;
  std::vector<PartSecret> told_;
};

}  // namespace

SetEnds open_stuckless(const SetTerms& terms, Rng& rng) {
  Digest drawn;
  rng.fill(drawn);
  const Scalar secret = even(scalar_of(drawn));
  return {std::make_unique<StucklessLocks>(terms, point_of(secret), rng),
          std::make_unique<StucklessSet>(terms, secret)};
}

}  // namespace ampsim::amp
