#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.hpp"

/// The secrets of an AMP payment: shares, the root they add up to, and what is derived from them.
///
/// Tested by tests/share_test.cpp, against independent test vectors where they are present.
namespace ampsim::amp {

/// 32 bytes whose meaning is in the Tag: a share is not a preimage is not a hash.
template <class Tag>
struct Bytes32 {
  std::array<std::byte, 32> bytes{};

  friend auto operator<=>(const Bytes32&, const Bytes32&) = default;
  bool is_zero() const { return *this == Bytes32{}; }
};
using Share = Bytes32<struct ShareTag>;              ///< one part's secret; the root is one too
using Preimage = Bytes32<struct PreimageTag>;        ///< releases an HTLC
using PaymentHash = Bytes32<struct PaymentHashTag>;  ///< SHA256(preimage): locks an HTLC
using SetId = Bytes32<struct SetIdTag>;              ///< names the HTLC set of one payment

/// How shares add up and children are derived.
///
/// | name   | root                        | preimage_i                                     | source
/// |
/// |--------|-----------------------------|------------------------------------------------|--------|
/// | lnd    | share_1 ^ ... ^ share_n     | SHA256(root || share_i || be32(index_i))       | lnd
/// amp/child.go | | og2018 | share_1 ^ ... ^ share_n     | SHA256(root || be32(index_i)) |
/// lightning-dev 2018-02-06; the encoding of i is our choice | | toy    | share_1 + ... + share_n
/// mod 2^256 | SHA256(dec(root) || dec(index_i)), ASCII digits | the explainer's worked example |
///
/// and hash_i = SHA256(preimage_i) in all.
enum class Derivation { lnd, og2018, toy };
std::string_view name_of(Derivation derivation);

/// What one part of a payment is locked with and opened by.
struct Child {
  Share share;
  std::uint32_t index = 0;
  Preimage preimage;
  PaymentHash hash;
};

/// a + b and a - b in the group of the derivation: XOR, or addition modulo 2^256 (big-endian).
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
/// The receiver's side: adds the shares up and derives every child, in the order given.
std::vector<Child> reconstruct_children(Derivation derivation,
                                        std::span<const ShareAndIndex> parts);

/// A fresh random share. For `toy` a small number (below 10^6), as in the worked example.
Share random_share(Derivation derivation, Rng& rng);

}  // namespace ampsim::amp
