#include "core/invoice_registry.hpp"

#include <utility>
#include <variant>

#include "core/check.hpp"

namespace ampsim::amp {

void InvoiceRegistry::add(const PaymentSecret& secret, std::unique_ptr<HtlcSet> set) {
  Invoice& invoice = invoices_[secret];
  AMPSIM_CHECK(invoice.sets.empty() && !invoice.is_reusable, "a payment secret was used twice");
  invoice.sets.emplace(SetId{}, std::move(set));
}

void InvoiceRegistry::add_reusable(const PaymentSecret& secret) {
  AMPSIM_CHECK(scheme_->is_reusable, "an invoice of this scheme cannot be reused");
  invoices_[secret].is_reusable = true;
}

HtlcSet* InvoiceRegistry::set_for(const ArrivedPart& part, SetFailure& reason) {
  const PaymentSecret& secret = part.payload.payment_secret;
  const SetId& set_id = part.payload.set_id;
  auto found = invoices_.find(secret);
  if (found == invoices_.end()) {
    reason = SetFailure::unknown_invoice;
    if (scheme_->receive == nullptr) return nullptr;
    found =
        invoices_
            .emplace(secret, Invoice{.is_reusable = scheme_->is_reusable, .is_spontaneous = true})
            .first;
  }
  Invoice& invoice = found->second;
  reason = SetFailure::invoice_closed;
  if (invoice.is_cancelled) return nullptr;
  reason = SetFailure::wrong_set;
  if (invoice.is_reusable && set_id.is_zero()) return nullptr;
  if (invoice.is_reusable) {
    reason = SetFailure::unknown_invoice;
    if (set_ids_.emplace(set_id, secret).first->second != secret) return nullptr;
  }
  // Whoever asked for an invoice for one set has it opened already, under no id.
  const SetId key = invoice.is_reusable ? set_id : SetId{};
  std::unique_ptr<HtlcSet>& set = invoice.sets[key];
  if (!set) set = scheme_->receive(terms_);
  return set.get();
}

Decision InvoiceRegistry::arrive(const ArrivedPart& part) {
  HtlcSet* const known = find_set(part.payload.payment_secret, part.payload.set_id);
  if (known != nullptr && known->knows(part.attempt)) return known->arrive(part);
  SetFailure reason{};
  HtlcSet* const set = set_for(part, reason);
  if (set == nullptr) return Fail{reason, {part.attempt}};
  Decision decision = set->arrive(part);
  const auto* const fail = std::get_if<Fail>(&decision);
  if (fail != nullptr && fail->reason == SetFailure::reconstruction &&
      bad_set_ == BadSet::cancel_invoice) {
    invoices_.at(part.payload.payment_secret).is_cancelled = true;
  }
  return decision;
}

HtlcSet* InvoiceRegistry::find_set(const PaymentSecret& secret, const SetId& set_id) {
  const auto invoice = invoices_.find(secret);
  if (invoice == invoices_.end()) return nullptr;
  const auto set = invoice->second.sets.find(invoice->second.is_reusable ? set_id : SetId{});
  return set == invoice->second.sets.end() ? nullptr : set->second.get();
}

void InvoiceRegistry::forget(const PaymentSecret& secret, const SetId& set_id) {
  const auto found = invoices_.find(secret);
  if (found == invoices_.end()) return;
  const Invoice& invoice = found->second;
  if (!invoice.is_reusable || invoice.is_spontaneous) {
    for (const auto& set : invoice.sets) set_ids_.erase(set.first);
    invoices_.erase(found);
    return;
  }
  found->second.sets.erase(set_id);
}

bool InvoiceRegistry::is_open(const PaymentSecret& secret) const {
  const auto invoice = invoices_.find(secret);
  return invoice != invoices_.end() && !invoice->second.is_cancelled;
}

}  // namespace ampsim::amp
