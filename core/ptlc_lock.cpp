#include "core/ptlc_lock.hpp"

#include <memory>
#include <optional>
#include <vector>

#include "core/htlc_set.hpp"
#include "core/point.hpp"
#include "core/shard_tracker.hpp"

namespace ampsim::amp {
namespace {

class PtlcLocks final : public PartLocks {
 public:
  PtlcLocks(const SetTerms& terms, const Point& invoice, Rng& rng)
      : total_(terms.total), invoice_(invoice), tracker_(terms.derivation, rng), rng_(&rng) {}

  PartLock next(AttemptId attempt, bool completes) override {
    return lock_of(tracker_.new_shard(attempt, completes));
  }
  PartLock surplus(AttemptId attempt) override {
    return lock_of(tracker_.new_empty_shard(attempt));
  }
  void cancel(AttemptId attempt) override { tracker_.cancel(attempt); }

 private:
  PartLock lock_of(const Child& child) {
    PartLock lock{PaymentHash{add(invoice_, scalar_of(child.preimage.bytes)).bytes},
                  {total_, tracker_.set_id(), child.share, child.index}};
    lock.kind = LockKind::point;
    rng_->fill(lock.path_seed.bytes);
    return lock;
  }

  Msat total_;
  Point invoice_;
  ShardTracker tracker_;
  Rng* rng_;
};

class PtlcSet final : public CollectingSet {
 public:
  PtlcSet(const SetTerms& terms, const Scalar& invoice_secret)
      : CollectingSet(terms.completion, terms.behaviour),
        amount_(terms.total),
        derivation_(terms.derivation),
        invoice_secret_(invoice_secret) {}

 private:
  LockKind lock_kind() const override { return LockKind::point; }
  /// The first held part says which set this is.
  std::optional<SetFailure> refuse(const ArrivedPart& part) const override {
    const SetId& set_id = part.payload.set_id;
    if (set_id.is_zero()) return SetFailure::wrong_set;
    if (!held_parts().empty() && held_parts().front().payload.set_id != set_id) {
      return SetFailure::wrong_set;
    }
    return std::nullopt;
  }
  std::optional<Msat> asked_amount() const override { return amount_; }
  std::vector<Preimage> candidates() const override {
    std::vector<ShareAndIndex> shares;
    for (const ArrivedPart& part : held_parts()) {
      shares.push_back({part.payload.share, part.payload.child_index});
    }
    std::vector<Preimage> secrets;
    for (const Child& child : reconstruct_children(derivation_, shares)) {
      secrets.push_back({add(invoice_secret_, scalar_of(child.preimage.bytes)).bytes});
    }
    return secrets;
  }

  Msat amount_;
  Derivation derivation_;
  Scalar invoice_secret_;  // the one with even y
};

}  // namespace

SetEnds open_ptlc(const SetTerms& terms, Rng& rng) {
  Digest drawn;
  rng.fill(drawn);
  const Scalar secret = even(scalar_of(drawn));
  return {std::make_unique<PtlcLocks>(terms, point_of(secret), rng),
          std::make_unique<PtlcSet>(terms, secret)};
}

}  // namespace ampsim::amp
