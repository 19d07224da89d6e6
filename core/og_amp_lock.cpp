#include "core/og_amp_lock.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "core/htlc_set.hpp"
#include "core/shard_tracker.hpp"

namespace ampsim::amp {
namespace {

constexpr Derivation kDerivation = Derivation::og2018;

class OgAmpLocks final : public PartLocks {
 public:
  explicit OgAmpLocks(Rng& rng) : tracker_(kDerivation, rng) {}

  PartLock next(AttemptId attempt, bool completes) override {
    return lock_of(tracker_.new_shard(attempt, completes), completes);
  }
  PartLock surplus(AttemptId attempt) override {
    return lock_of(tracker_.new_empty_shard(attempt), false);
  }
  void cancel(AttemptId attempt) override { tracker_.cancel(attempt); }

 private:
  PartLock lock_of(const Child& child, bool completes) const {
    const auto live = static_cast<std::uint32_t>(tracker_.live_shares().size());
    return {child.hash,
            {.set_id = tracker_.set_id(), .share = child.share, .count = completes ? live : 0}};
  }

  ShardTracker tracker_;
};

class OgAmpSet final : public CollectingSet {
 public:
  explicit OgAmpSet(const SetTerms& terms) : CollectingSet(terms.completion, terms.behaviour) {}

 private:
  /// The first held part says which set this is.
  std::optional<SetFailure> refuse(const ArrivedPart& part) const override {
    const SetId& set_id = part.payload.set_id;
    if (set_id.is_zero()) return SetFailure::wrong_set;
    if (!held_parts().empty() && held_parts().front().payload.set_id != set_id) {
      return SetFailure::wrong_set;
    }
    return std::nullopt;
  }
  /// Amounts and totals mean nothing here.
  std::optional<SetFailure> spoils(const ArrivedPart& /*part*/) const override {
    return std::nullopt;
  }

  bool is_complete() const override {
    const std::vector<ArrivedPart>& parts = held_parts();
    const bool is_told = std::any_of(parts.begin(), parts.end(), [&](const ArrivedPart& part) {
      return part.payload.count == parts.size();
    });
    if (!is_told) return false;
    const std::vector<Preimage> preimages = candidates();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (hash_of(preimages[i]) != parts[i].hash) return false;
    }
    return true;
  }

  /// For each part the child of the held shares' root that has its hash, or zero.
  std::vector<Preimage> candidates() const override {
    const std::vector<ArrivedPart>& parts = held_parts();
    Share root;
    for (const ArrivedPart& part : parts) root = combine(kDerivation, root, part.payload.share);
    std::vector<Preimage> preimages(parts.size());
    std::size_t found = 0;
    for (std::uint32_t i = 1; i <= kMostIndexes && found < parts.size(); ++i) {
      const Child child = derive_child(kDerivation, root, Share{}, i);
      for (std::size_t part = 0; part < parts.size(); ++part) {
        if (parts[part].hash != child.hash) continue;
        preimages[part] = child.preimage;
        ++found;
      }
    }
    return preimages;
  }
};

}  // namespace

SetEnds open_og_amp(const SetTerms& terms, Rng& rng) {
  return {std::make_unique<OgAmpLocks>(rng), receive_og_amp(terms)};
}

std::unique_ptr<HtlcSet> receive_og_amp(const SetTerms& terms) {
  return std::make_unique<OgAmpSet>(terms);
}

}  // namespace ampsim::amp
