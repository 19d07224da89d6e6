#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.hpp"

/// The secrets of an AMP payment: shares, the root they add up to, and what is derived from them.
///
/// How shares add up and children are derived, by name of the derivation:
///
///   lnd     root = share_1 ^ ... ^ share_n
///           preimage_i = SHA256(root || share_i || be32(index_i))
///           (lnd, amp/child.go; indexes are arbitrary)
///   og2018  root = share_1 ^ ... ^ share_n
///           preimage_i = SHA256(root || be32(index_i))
///           (lightning-dev, 2018-02-06; indexes from 1, their encoding is our choice)
///   toy     root = share_1 + ... + share_n modulo 2^256
///           preimage_i = SHA256(dec(root) || dec(index_i)), both as ASCII digits
///           (the explainer's worked example, 123456 + 654321 = 777777; indexes from 1)
///
/// and hash_i = SHA256(preimage_i) in all. Any n - 1 shares are independent of the root: without
/// all of them no preimage can be derived. (`toy` draws small numbers to be read by people, and
/// hides nothing.)
///
/// Tested by tests/share_test.cpp, against independent test vectors in tests/amp_vectors_test.cpp.
namespace ampsim::amp {

/// 32 bytes whose meaning is in the Tag: a share is not a preimage is not a hash.
template <class Tag>
struct Bytes32 {
  std::array<std::byte, 32> bytes{};

  friend auto operator<=>(const Bytes32&, const Bytes32&) = default;
  bool is_zero() const { return *this == Bytes32{}; }
};
using Share = Bytes32<struct ShareTag>;                  ///< one part's secret; the root is one too
using Preimage = Bytes32<struct PreimageTag>;            ///< opens an HTLC
using PaymentHash = Bytes32<struct PaymentHashTag>;      ///< SHA256(preimage): locks an HTLC
using SetId = Bytes32<struct SetIdTag>;                  ///< names the HTLC set of one payment
using PaymentSecret = Bytes32<struct PaymentSecretTag>;  ///< names an invoice: its sender saw it

enum class Derivation { lnd, og2018, toy };
inline constexpr std::array kDerivations{Derivation::lnd, Derivation::og2018, Derivation::toy};
std::string_view name_of(Derivation derivation);
std::optional<Derivation> find_derivation(std::string_view name);
/// Where a sender's count of child indexes starts: 0 for lnd, else 1.
std::uint32_t first_index(Derivation derivation);

/// What one part of a payment is locked with and opened by.
struct Child {
  Share share;
  std::uint32_t index = 0;
  Preimage preimage;
  PaymentHash hash;
};

/// a + b and from - share in the group of the derivation: XOR, or addition modulo 2^256
/// (big-endian).
Share combine(Derivation derivation, const Share& a, const Share& b);
Share remove(Derivation derivation, const Share& from, const Share& share);

PaymentHash hash_of(const Preimage& preimage);
Child derive_child(Derivation derivation,
                   const Share& root,
                   const Share& share,
                   std::uint32_t index);

struct ShareAndIndex {
  Share share;
  std::uint32_t index = 0;
};
/// The shares added up.
Share root_of(Derivation derivation, std::span<const ShareAndIndex> parts);
/// The receiver's side: adds the shares up and derives every child, in the order given.
std::vector<Child> reconstruct_children(Derivation derivation,
                                        std::span<const ShareAndIndex> parts);

/// A fresh random share. For `toy` a small number (from 1, below 10^6), as in the worked example.
Share random_share(Derivation derivation, Rng& rng);
/// A fresh random root. For `toy` of nine digits: more than a hundred shares together, so that the
/// share that takes the rest does not wrap around to a huge number.
Share random_root(Derivation derivation, Rng& rng);

/// As people write it: a decimal integer for `toy`, 64 hexadecimal digits otherwise.
std::string to_text(Derivation derivation, const Share& share);
/// Nothing if it is not of that form, or a decimal beyond 2^256 - 1.
std::optional<Share> parse_share(Derivation derivation, std::string_view text);

}  // namespace ampsim::amp
