#include "core/hex.hpp"

namespace ampsim {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

/// 0 to 15, or nothing.
std::optional<unsigned> digit_value(char c) {
  if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  const std::size_t value = kDigits.find(c);
  if (value == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(value);
}

/// Fills `bytes` from twice as many digits; false if one is none.
bool read_digits(std::string_view text, std::span<std::byte> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto high = digit_value(text[2 * i]);
    const auto low = digit_value(text[2 * i + 1]);
    if (!high || !low) return false;
    bytes[i] = static_cast<std::byte>(*high << 4U | *low);
  }
  return true;
}

}  // namespace

std::string to_hex(std::span<const std::byte> bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<std::size_t>(byte >> 4U)];
    text += kDigits[std::to_integer<std::size_t>(byte & std::byte{0xf})];
  }
  return text;
}

std::optional<std::vector<std::byte>> parse_hex(std::string_view text) {
  std::vector<std::byte> bytes(text.size() / 2);
  if (text.size() % 2 != 0 || !read_digits(text, bytes)) return std::nullopt;
  return bytes;
}

std::optional<std::array<std::byte, 32>> parse_hex32(std::string_view text) {
  std::array<std::byte, 32> bytes{};
  if (text.size() != 2 * bytes.size() || !read_digits(text, bytes)) return std::nullopt;
  return bytes;
}

}  // namespace ampsim
