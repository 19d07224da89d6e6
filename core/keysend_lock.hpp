#pragma once

#include "core/lock_scheme.hpp"

/// The schemes in which the preimage itself travels to the receiver, nobody asking for an invoice:
///
///   keysend      one part; its payload carries the preimage (lnd, record/experimental.go)
///   mpp_keysend  several parts; each payload carries an XOR share of the preimage (sketch of 2023)
///
/// and the payment hash is SHA256(preimage) on every part. They are one construction: the shares of
/// all parts add up to the preimage, and one part's share is all of it. So a receiver can claim no
/// proper subset, as with AMP; but the parts have the same hash, as with MPP: who sees two of them
/// can link them, and whoever sees the preimage on one can claim the others. A replaced part has
/// the hash of the part that failed.
///
/// The receiver knows a set by the payment hash of its first held part. The total is that of MPP's
/// record; keysend proper has none, because the one HTLC's amount is the total.
///
/// Tested by tests/keysend_lock_test.cpp and tests/lock_scheme_test.cpp.
namespace ampsim::amp {

SetEnds open_keysend(const SetTerms& terms, Rng& rng);
SetEnds open_mpp_keysend(const SetTerms& terms, Rng& rng);
std::unique_ptr<HtlcSet> receive_keysend(const SetTerms& terms);
std::unique_ptr<HtlcSet> receive_mpp_keysend(const SetTerms& terms);

}  // namespace ampsim::amp
