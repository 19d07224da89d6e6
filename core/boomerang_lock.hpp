#pragma once

#include <cstdint>
#include <span>

#include "core/lock_scheme.hpp"
#include "core/point.hpp"

/// `boomerang`: more parts than needed, and who claims one too many loses all of them (Bagaria, Neu
/// and Tse 2020). The amount is cut into n equal parts and n + u of them set out. The receiver
/// draws a polynomial of degree n over the scalars of secp256k1,
///
///   P(x) = a_0 + a_1 x + ... + a_n x^n,     a_0 = P(0) its secret,
///
/// and its invoice names the points P(0) G, P(1) G, ..., P(n + u) G:
///
///   lock of part i:     P(i) G, i from 1; a part that failed gives its i back
///   what opens it:      P(i)
///
/// n claims show n values of P, which say nothing of P(0); n + 1 give it to the sender (Lagrange).
/// With P(0) the paper's contract returns the money of all claimed parts. Every claim shows P(i),
/// so that nobody has to notice a cheat: the values decide.
///
/// Simplified: in the paper a claim pays out after a time in which the sender may show P(0). Here
/// the receiver tells the sender what it claims (Ask), the sender gives its word when it knows n
/// values (Answer), and only then does money move: all claimed parts settle, or all go back
/// (SetFailure::reversed). So fewer than n claims never settle, where the paper's do.
///
/// An honest receiver shows the values of the first parts that reach the total. A greedy one shows
/// each as its part arrives: with spares on their way it shows one too many, and gets nothing.
///
/// Locks differ from hop to hop as with `ptlc` (core/ptlc_lock.hpp). Cost: 30 us for each of the
/// n + u points of an invoice, 20 us for each check, a few us n^2 for the word.
/// Tested by tests/boomerang_lock_test.cpp and tests/lock_scheme_test.cpp.
namespace ampsim::amp {

/// A value of a polynomial: P(at).
struct PolynomialValue {
  std::uint32_t at = 0;  ///< above 0
  Scalar value;
};
/// P(0) of the polynomial of the least degree with these values, which have different places: the
/// one that they were taken from if they are more than its degree.
Scalar value_at_zero(std::span<const PolynomialValue> values);

SetEnds open_boomerang(const SetTerms& terms, Rng& rng);

}  // namespace ampsim::amp
