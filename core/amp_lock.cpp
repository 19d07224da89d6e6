#include "core/amp_lock.hpp"

#include <memory>

#include "core/shard_tracker.hpp"

namespace ampsim::amp {
namespace {

class AmpLocks final : public PartLocks {
 public:
  AmpLocks(const SetTerms& terms, Rng& rng)
      : total_(terms.total), tracker_(terms.derivation, rng) {}

  PartLock next(AttemptId attempt, bool completes) override {
    return lock_of(tracker_.new_shard(attempt, completes));
  }
  PartLock surplus(AttemptId attempt) override {
    return lock_of(tracker_.new_empty_shard(attempt));
  }
  void cancel(AttemptId attempt) override { tracker_.cancel(attempt); }

 private:
  PartLock lock_of(const Child& child) const {
    return {child.hash, {total_, tracker_.set_id(), child.share, child.index}};
  }

  Msat total_;
  ShardTracker tracker_;
};

}  // namespace

std::optional<SetFailure> AmpSet::refuse(const ArrivedPart& part) const {
  const SetId& set_id = part.payload.set_id;
  if (set_id.is_zero()) return SetFailure::wrong_set;
  if (!held_parts().empty() && held_parts().front().payload.set_id != set_id) {
    return SetFailure::wrong_set;
  }
  return std::nullopt;
}

std::vector<Preimage> AmpSet::candidates() const {
  std::vector<ShareAndIndex> shares;
  for (const ArrivedPart& part : held_parts()) {
    shares.push_back({part.payload.share, part.payload.child_index});
  }
  std::vector<Preimage> preimages;
  for (const Child& child : reconstruct_children(derivation_, shares)) {
    preimages.push_back(child.preimage);
  }
  return preimages;
}

SetEnds open_amp(const SetTerms& terms, Rng& rng) {
  return {std::make_unique<AmpLocks>(terms, rng), receive_amp(terms)};
}

std::unique_ptr<HtlcSet> receive_amp(const SetTerms& terms) {
  return std::make_unique<AmpSet>(terms.derivation, terms.completion, terms.behaviour,
                                  terms.late_part);
}

}  // namespace ampsim::amp
