#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Bytes as people and files write them: two hexadecimal digits each, printed in lower case, read
/// in either.
///
/// Tested by tests/hex_test.cpp.
namespace ampsim {

std::string to_hex(std::span<const std::byte> bytes);

/// Nothing if the length is odd or a character is no hexadecimal digit.
std::optional<std::vector<std::byte>> parse_hex(std::string_view text);
/// As parse_hex, for exactly 64 digits.
std::optional<std::array<std::byte, 32>> parse_hex32(std::string_view text);

}  // namespace ampsim
