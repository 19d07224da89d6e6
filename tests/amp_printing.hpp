#pragma once

#include <string>

#include <doctest/doctest.h>

#include "core/hex.hpp"
#include "core/share.hpp"

/// How doctest prints shares, preimages and hashes, and how tests read them.
namespace doctest {

template <class Tag>
struct StringMaker<ampsim::amp::Bytes32<Tag>> {
  static String convert(const ampsim::amp::Bytes32<Tag>& value) {
    return ampsim::to_hex(value.bytes).c_str();
  }
};

}  // namespace doctest

namespace ampsim::test {

/// `Bytes` is Share, Preimage, PaymentHash, ...; 64 hexadecimal digits.
template <class Bytes>
Bytes from_hex(const std::string& text) {
  const auto bytes = parse_hex32(text);
  REQUIRE_MESSAGE(bytes.has_value(), "not 64 hexadecimal digits: " << text);
  return {*bytes};
}

}  // namespace ampsim::test
