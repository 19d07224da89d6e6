#include "core/invoice_lock.hpp"

#include <memory>

namespace ampsim::amp {
namespace {

/// The sender knows one hash and no preimage; a failed part costs nothing.
class InvoiceLocks final : public PartLocks {
 public:
  InvoiceLocks(const PaymentHash& hash, Msat total) : hash_(hash), total_(total) {}

  PartLock next(AttemptId /*attempt*/, bool /*completes*/) override {
    return {hash_, {.total = total_}};
  }
  void cancel(AttemptId /*attempt*/) override {}

 private:
  PaymentHash hash_;
  Msat total_;
};

SetEnds open_invoice(const SetTerms& terms, InvoiceParts parts, Rng& rng) {
  Preimage preimage;
  rng.fill(preimage.bytes);
  auto set = std::make_unique<InvoiceSet>(InvoiceSet::Invoice{terms.total, preimage, parts},
                                          terms.completion, terms.behaviour);
  auto locks = std::make_unique<InvoiceLocks>(set->hash(), terms.total);
  return {std::move(locks), std::move(set)};
}

}  // namespace

std::optional<SetFailure> InvoiceSet::refuse(const ArrivedPart& part) const {
  if (!part.payload.set_id.is_zero()) return SetFailure::wrong_set;
  if (part.hash != hash_) return SetFailure::wrong_hash;
  if (invoice_.parts == InvoiceParts::one && part.amount < part.payload.total) {
    return SetFailure::total_too_low;
  }
  return std::nullopt;
}

std::vector<Preimage> InvoiceSet::candidates() const {
  return std::vector<Preimage>(held_parts().size(), invoice_.preimage);
}

SetEnds open_one_part_invoice(const SetTerms& terms, Rng& rng) {
  return open_invoice(terms, InvoiceParts::one, rng);
}

SetEnds open_mpp(const SetTerms& terms, Rng& rng) {
  return open_invoice(terms, InvoiceParts::several, rng);
}

}  // namespace ampsim::amp
