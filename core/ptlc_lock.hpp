#pragma once

#include "core/lock_scheme.hpp"

/// `ptlc`: AMP with points for hashes (Fournier 2019), on secp256k1 with generator G. The invoice
/// names the point PP = pp G, whose scalar pp only the receiver knows. With the root and children
/// of AMP (core/share.hpp), r_i = preimage_i:
///
///   lock of part i:     P_i = PP + r_i G
///   what opens it:      pp + r_i
///   payload of part i:  as with AMP: total, set id, share_i, child index
///
/// The receiver needs all shares to know any r_i, so that it claims all parts or none. The sender
/// knows all r_i, so that one claim tells it pp: proof that it paid the invoice, which AMP has not.
/// No two parts have a common lock.
///
/// Nor have two hops of one part: with t_1, t_2, ... drawn by the sender, the HTLC that d other
/// hops separate from the receiver is locked with P_i + (t_1 + ... + t_d) G. Each forwarder is told
/// its t, and adds it to what it is shown; who has only two of the locks cannot tell that they
/// belong together, and what opens one of them does not open the other. The simulator carries P_i
/// and its secret, and computes what a hop sees when it is asked (lock_at, preimage_at).
///
/// Cost: 65 us a part at its two ends, and 20 us for each check that a secret opens a lock.
/// Tested by tests/ptlc_lock_test.cpp and tests/lock_scheme_test.cpp.
namespace ampsim::amp {

SetEnds open_ptlc(const SetTerms& terms, Rng& rng);

}  // namespace ampsim::amp
