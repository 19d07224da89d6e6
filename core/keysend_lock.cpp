#include "core/keysend_lock.hpp"

#include <memory>
#include <optional>
#include <vector>

#include "core/htlc_set.hpp"
#include "core/shard_tracker.hpp"

namespace ampsim::amp {
namespace {

enum class KeysendParts : std::uint8_t { one, several };

/// Shares are cut off the preimage as off a root of AMP; nothing is derived from it.
class KeysendLocks final : public PartLocks {
 public:
  KeysendLocks(const SetTerms& terms, Rng& rng)
      : total_(terms.total),
        tracker_(Derivation::lnd, rng),
        hash_(hash_of(Preimage{tracker_.sharer().root().bytes})) {}

  PartLock next(AttemptId attempt, bool completes) override {
    return {hash_, {.total = total_, .share = tracker_.new_shard(attempt, completes).share}};
  }
  PartLock surplus(AttemptId attempt) override {
    return {hash_, {.total = total_, .share = tracker_.new_empty_shard(attempt).share}};
  }
  void cancel(AttemptId attempt) override { tracker_.cancel(attempt); }

 private:
  Msat total_;
  ShardTracker tracker_;
  PaymentHash hash_;
};

class KeysendSet final : public CollectingSet {
 public:
  KeysendSet(const SetTerms& terms, KeysendParts parts)
      : CollectingSet(terms.completion, terms.behaviour), parts_(parts) {}

 private:
  /// The first held part says which set this is.
  std::optional<SetFailure> refuse(const ArrivedPart& part) const override {
    if (!part.payload.set_id.is_zero()) return SetFailure::wrong_set;
    if (!held_parts().empty() && held_parts().front().hash != part.hash) {
      return SetFailure::wrong_hash;
    }
    if (parts_ == KeysendParts::one && part.amount < part.payload.total) {
      return SetFailure::total_too_low;
    }
    return std::nullopt;
  }
  /// What the held shares add up to: the preimage if none is missing.
  std::vector<Preimage> candidates() const override {
    Share sum;
    for (const ArrivedPart& part : held_parts()) {
      sum = combine(Derivation::lnd, sum, part.payload.share);
    }
    return std::vector<Preimage>(held_parts().size(), Preimage{sum.bytes});
  }

  KeysendParts parts_;
};

SetEnds open(const SetTerms& terms, KeysendParts parts, Rng& rng) {
  return {std::make_unique<KeysendLocks>(terms, rng), std::make_unique<KeysendSet>(terms, parts)};
}

}  // namespace

std::unique_ptr<HtlcSet> receive_keysend(const SetTerms& terms) {
  return std::make_unique<KeysendSet>(terms, KeysendParts::one);
}

std::unique_ptr<HtlcSet> receive_mpp_keysend(const SetTerms& terms) {
  return std::make_unique<KeysendSet>(terms, KeysendParts::several);
}

SetEnds open_keysend(const SetTerms& terms, Rng& rng) {
  return open(terms, KeysendParts::one, rng);
}

SetEnds open_mpp_keysend(const SetTerms& terms, Rng& rng) {
  return open(terms, KeysendParts::several, rng);
}

}  // namespace ampsim::amp
