#include "core/share.hpp"

#include <algorithm>
#include <limits>

#include <boost/multiprecision/cpp_int.hpp>

#include "core/check.hpp"
#include "core/hex.hpp"
#include "core/sha256.hpp"

namespace ampsim::amp {
namespace {

using boost::multiprecision::uint256_t;
using boost::multiprecision::uint512_t;

/// Shares are moved in and out of numbers by words of 64 bits.
constexpr std::size_t kWordSize = 8;

/// The bytes as one big-endian number; arithmetic on it wraps at 2^256.
uint256_t to_number(const Share& share) {
  uint256_t number = 0;
  for (std::size_t begin = 0; begin < share.bytes.size(); begin += kWordSize) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < kWordSize; ++i) {
      word = word << 8U | std::to_integer<std::uint64_t>(share.bytes[begin + i]);
    }
    number = (number << 64U) | word;
  }
  return number;
}

Share to_share(uint256_t number) {
  Share share;
  for (std::size_t end = share.bytes.size(); end > 0; end -= kWordSize) {
    auto word = static_cast<std::uint64_t>(number & std::numeric_limits<std::uint64_t>::max());
    for (std::size_t i = 1; i <= kWordSize; ++i) {
      share.bytes[end - i] = static_cast<std::byte>(word & 0xffU);
      word >>= 8U;
    }
    number >>= 64U;
  }
  return share;
}

Share exclusive_or(const Share& a, const Share& b) {
  Share sum;
  for (std::size_t i = 0; i < sum.bytes.size(); ++i) sum.bytes[i] = a.bytes[i] ^ b.bytes[i];
  return sum;
}

/// What is hashed into a preimage: at most root, share and index one after the other.
class Message {
 public:
  void append(const Share& share) {
    std::copy(share.bytes.begin(), share.bytes.end(), bytes_.begin() + size_);
    size_ += static_cast<std::ptrdiff_t>(share.bytes.size());
  }
  void append_be32(std::uint32_t value) {
    for (unsigned shift = 32; shift > 0; shift -= 8) {
      bytes_[static_cast<std::size_t>(size_++)] =
          static_cast<std::byte>((value >> (shift - 8)) & 0xffU);
    }
  }
  Preimage preimage() const {
    return {sha256(std::span(bytes_).first(static_cast<std::size_t>(size_)))};
  }

 private:
  std::array<std::byte, 68> bytes_{};
  std::ptrdiff_t size_ = 0;
};

Preimage derive_preimage(Derivation derivation,
                         const Share& root,
                         const Share& share,
                         std::uint32_t index) {
  Message message;
  switch (derivation) {
    case Derivation::lnd:
      message.append(root);
      message.append(share);
      message.append_be32(index);
      return message.preimage();
    case Derivation::og2018:
      message.append(root);
      message.append_be32(index);
      return message.preimage();
    case Derivation::toy:
      return {sha256(to_number(root).str() + std::to_string(index))};
  }
  AMPSIM_UNREACHABLE("unknown derivation");
}

}  // namespace

std::string_view name_of(Derivation derivation) {
  switch (derivation) {
    case Derivation::lnd:
      return "lnd";
    case Derivation::og2018:
      return "og2018";
    case Derivation::toy:
      return "toy";
  }
  AMPSIM_UNREACHABLE("unknown derivation");
}

std::optional<Derivation> find_derivation(std::string_view name) {
  const auto* const found =
      std::find_if(kDerivations.begin(), kDerivations.end(),
                   [name](Derivation derivation) { return name_of(derivation) == name; });
  if (found == kDerivations.end()) return std::nullopt;
  return *found;
}

std::uint32_t first_index(Derivation derivation) { return derivation == Derivation::lnd ? 0 : 1; }

Share combine(Derivation derivation, const Share& a, const Share& b) {
  if (derivation == Derivation::toy) return to_share(to_number(a) + to_number(b));
  return exclusive_or(a, b);
}

Share remove(Derivation derivation, const Share& from, const Share& share) {
  if (derivation == Derivation::toy) return to_share(to_number(from) - to_number(share));
  return exclusive_or(from, share);
}

PaymentHash hash_of(const Preimage& preimage) { return {sha256(preimage.bytes)}; }

Child derive_child(Derivation derivation,
                   const Share& root,
                   const Share& share,
                   std::uint32_t index) {
  const Preimage preimage = derive_preimage(derivation, root, share, index);
  return {share, index, preimage, hash_of(preimage)};
}

Share root_of(Derivation derivation, std::span<const ShareAndIndex> parts) {
  Share root;
  for (const ShareAndIndex& part : parts) root = combine(derivation, root, part.share);
  return root;
}

std::vector<Child> reconstruct_children(Derivation derivation,
                                        std::span<const ShareAndIndex> parts) {
  const Share root = root_of(derivation, parts);
  std::vector<Child> children;
  children.reserve(parts.size());
  for (const ShareAndIndex& part : parts) {
    children.push_back(derive_child(derivation, root, part.share, part.index));
  }
  return children;
}

Share random_share(Derivation derivation, Rng& rng) {
  if (derivation == Derivation::toy) return to_share(1 + rng.below(999'999));
  Share share;
  rng.fill(share.bytes);
  return share;
}

Share random_root(Derivation derivation, Rng& rng) {
  if (derivation == Derivation::toy) return to_share(100'000'000 + rng.below(900'000'000));
  return random_share(derivation, rng);
}

std::string to_text(Derivation derivation, const Share& share) {
  return derivation == Derivation::toy ? to_number(share).str() : to_hex(share.bytes);
}

std::optional<Share> parse_share(Derivation derivation, std::string_view text) {
  if (derivation != Derivation::toy) {
    const auto bytes = parse_hex32(text);
    if (!bytes) return std::nullopt;
    return Share{*bytes};
  }
  constexpr std::size_t kMostDigits = 78;  // of 2^256 - 1
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || text.size() > kMostDigits ||
      !std::all_of(text.begin(), text.end(), is_digit)) {
    return std::nullopt;
  }
  uint512_t number = 0;
  for (const char digit : text) number = number * 10 + static_cast<unsigned>(digit - '0');
  if ((number >> 256U) != 0) return std::nullopt;
  return to_share(static_cast<uint256_t>(number));
}

}  // namespace ampsim::amp
