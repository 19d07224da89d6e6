#pragma once

#include <cstdint>

#include "core/lock_scheme.hpp"

/// `og_amp`: AMP as Osuntokun and Fromknecht proposed it (lightning-dev, 2018-02-06). With n parts,
///
///   root = share_1 ^ ... ^ share_n
///   preimage_i = SHA256(root || be32(i)),  hash_i = SHA256(preimage_i)
///   payload of part i: (set id, n, share_i); no total, and no i
///
/// The receiver completes by count, not by amount: once it holds n parts it adds up the shares,
/// derives preimage_1, preimage_2, ... and finds each part's among them by its hash. It knows no
/// amount to wait for; that the parts are worth the payment is the sender's affair.
///
/// n is 0 in all parts but the one that uses up the amount. The proposal leaves open what happens
/// when a part fails after n was told, and more or fewer parts take its place. Here:
///  - A replaced part takes the next i, never a used one, so that no hash is seen twice; i may then
///    exceed n, and the receiver looks for it up to kMostIndexes.
///  - The part that uses up the amount again tells the new n. Parts arrive in any order, so the
///    receiver cannot know which n is the latest: a set is complete when the number of held parts
///    is *any* n told by one of them, and all hashes are found. A stale n does no harm: without all
///    live shares nothing is found. And the latest n is right: its part lives, or the amount is not
///    used up; and no part was sent or failed since.
///  - So a wrong share looks like a missing part: the set is held until its timer fails it. (lnd's
///    AMP knows the total, and fails it at once.)
///
/// Cost: looking derives up to kMostIndexes children, 0.2 us each; a greedy receiver looks whenever
/// a part arrives. Tested by tests/og_amp_lock_test.cpp and tests/lock_scheme_test.cpp.
namespace ampsim::amp {

/// No i beyond this is looked for. A payment that needs more attempts than this times out.
inline constexpr std::uint32_t kMostIndexes = 1000;

SetEnds open_og_amp(const SetTerms& terms, Rng& rng);
std::unique_ptr<HtlcSet> receive_og_amp(const SetTerms& terms);

}  // namespace ampsim::amp
