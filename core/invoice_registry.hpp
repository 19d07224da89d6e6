#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "core/lock_scheme.hpp"

/// The invoices of one receiver and the sets that pay them (lnd, invoices/invoiceregistry.go and
/// update.go; BOLT 4). A part says which invoice it pays by its payment secret, and which set it
/// belongs to by its set id. The registry finds the set, and the set decides.
///
/// In the order of lnd's rules: a part that its set knows is answered as before. A part for an
/// unknown invoice is refused, unless it is spontaneous: then an invoice is made just in time. An
/// invoice that was cancelled takes nothing more. A set id is of use under one invoice only: where
/// another one has had it, the part is refused.
///
/// An invoice for one set is as open as its set. A reusable one (lnd's AMP) stays open: every set
/// id has a set and a state of its own, and what fails one set leaves the others alone - but for
/// BadSet::cancel_invoice, where a set that does not open cancels the invoice for good. Parts of
/// other sets that are held then are left to their timers.
///
/// Cost: logarithmic in the number of invoices. Tested by tests/invoice_registry_test.cpp.
namespace ampsim::amp {

/// What a failed reconstruction ends: the set, or the invoice with it (what lnd has been seen to
/// do, so that one wrong share closes a reusable invoice for all senders).
enum class BadSet : std::uint8_t { fail_set, cancel_invoice };

class InvoiceRegistry {
 public:
  /// `terms` are those of the sets that it opens itself; their total is not used.
  InvoiceRegistry(const Scheme& scheme, const SetTerms& terms, BadSet bad_set)
      : scheme_(&scheme), terms_(terms), bad_set_(bad_set) {}

  /// An invoice that was asked for, for one set.
  void add(const PaymentSecret& secret, std::unique_ptr<HtlcSet> set);
  /// A reusable one, for any amount. Requires scheme.is_reusable.
  void add_reusable(const PaymentSecret& secret);

  Decision arrive(const ArrivedPart& part);
  /// The set of parts that arrived with this payload; null if no part of it was let in.
  HtlcSet* find_set(const PaymentSecret& secret, const SetId& set_id);
  /// No more parts of this set will come: its set, and an invoice for one set, need not be kept.
  /// The set id stays taken under an invoice that is there for more.
  void forget(const PaymentSecret& secret, const SetId& set_id);

  bool is_open(const PaymentSecret& secret) const;
  std::size_t invoice_count() const { return invoices_.size(); }

 private:
  struct Invoice {
    bool is_reusable = false;
    bool is_spontaneous = false;  ///< made for the part that came
    bool is_cancelled = false;
    /// By set id; the id zero for a set that has none.
    std::map<SetId, std::unique_ptr<HtlcSet>> sets;
  };

  /// The set that the part is for, opened if it is new; null with the reason.
  HtlcSet* set_for(const ArrivedPart& part, SetFailure& reason);

  const Scheme* scheme_;
  SetTerms terms_;
  BadSet bad_set_;
  std::map<PaymentSecret, Invoice> invoices_;
  std::map<SetId, PaymentSecret> set_ids_;  ///< under which invoice each was first seen
};

}  // namespace ampsim::amp
