#include "core/hex.hpp"

#include <string>

#include <doctest/doctest.h>

using ampsim::parse_hex;
using ampsim::parse_hex32;
using ampsim::to_hex;

TEST_CASE("hex: bytes are printed in lower case and read in either") {
  const auto bytes = parse_hex("00aBcDeF7f");
  REQUIRE(bytes.has_value());
  CHECK(to_hex(*bytes) == "00abcdef7f");
  CHECK(parse_hex("")->empty());
}

TEST_CASE("hex: an odd length and characters that are no digits are refused") {
  CHECK_FALSE(parse_hex("abc").has_value());
  CHECK_FALSE(parse_hex("0g").has_value());
  CHECK_FALSE(parse_hex("g0").has_value());
  CHECK_FALSE(parse_hex(" 0").has_value());
  CHECK_FALSE(parse_hex("0x").has_value());
}

TEST_CASE("hex: 32 bytes are 64 digits, no more and no less") {
  const std::string digits(64, 'f');
  REQUIRE(parse_hex32(digits).has_value());
  CHECK(to_hex(*parse_hex32(digits)) == digits);
  CHECK_FALSE(parse_hex32(digits + "ff").has_value());
  CHECK_FALSE(parse_hex32(digits.substr(2)).has_value());
  CHECK_FALSE(parse_hex32(std::string(63, 'f') + "x").has_value());
}
