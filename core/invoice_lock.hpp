#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/htlc_set.hpp"
#include "core/lock_scheme.hpp"

/// The schemes of an invoice: the receiver draws a preimage and tells the sender its hash, which
/// locks every part. `single` and `invoices` take one part a set, `mpp` as many as it needs (BOLT
/// 4). With `mpp` nothing but the receiver's own interest keeps it from claiming early: it has the
/// preimage from the start, and whoever sees it on one part can claim all others.
///
/// Tested by tests/htlc_set_test.cpp and tests/lock_scheme_test.cpp.
namespace ampsim::amp {

enum class InvoiceParts : std::uint8_t { one, several };

class InvoiceSet final : public CollectingSet {
 public:
  struct Invoice {
    Msat amount;
    Preimage preimage;
    InvoiceParts parts = InvoiceParts::several;
  };

  InvoiceSet(const Invoice& invoice,
             Completion completion,
             ReceiverBehaviour behaviour = ReceiverBehaviour::honest)
      : CollectingSet(completion, behaviour), invoice_(invoice), hash_(hash_of(invoice.preimage)) {}

  const PaymentHash& hash() const { return hash_; }

 private:
  std::optional<SetFailure> refuse(const ArrivedPart& part) const override;
  std::optional<Msat> asked_amount() const override { return invoice_.amount; }
  std::vector<Preimage> candidates() const override;

  Invoice invoice_;
  PaymentHash hash_;
};

SetEnds open_one_part_invoice(const SetTerms& terms, Rng& rng);
SetEnds open_mpp(const SetTerms& terms, Rng& rng);

}  // namespace ampsim::amp
