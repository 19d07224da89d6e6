#pragma once

#include "core/lock_scheme.hpp"

/// `stuckless`: more parts than needed, and no more claimed than the sender says (after the
/// proposal of 2019 to make stuck payments harmless). The amount is cut into n equal parts and n +
/// u of them set out; the invoice names the point PP = pp G, and the sender draws y_i for each
/// part:
///
///   lock of part i:     PP + y_i G
///   what opens it:      pp + y_i
///
/// The receiver knows pp alone, so that nothing opens before the sender speaks. It holds parts
/// until they reach the total, then names them to the sender (Ask); the sender tells the y_i of
/// those and of no others (Answer); the receiver claims them and fails the rest. A part that
/// neither fails nor arrives holds up nothing: its y_i is never told. A claim tells the sender pp:
/// proof of payment.
///
/// Locks differ from hop to hop as with `ptlc` (core/ptlc_lock.hpp). Cost: as there.
/// Tested by tests/stuckless_lock_test.cpp and tests/lock_scheme_test.cpp.
namespace ampsim::amp {

SetEnds open_stuckless(const SetTerms& terms, Rng& rng);

}  // namespace ampsim::amp
