#include "core/point.hpp"

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/amp_printing.hpp"

using namespace ampsim::amp;
using ampsim::sha256;
using ampsim::test::from_hex;

namespace {

Scalar scalar(unsigned char value) {
  Scalar result;
  result.bytes.back() = std::byte{value};
  return result;
}

}  // namespace

TEST_CASE("point: small multiples of the generator of secp256k1 (SEC 2; BIP 340, vector 0)") {
  CHECK(point_of(scalar(1)) ==
        from_hex<Point>("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"));
  CHECK(point_of(scalar(2)) ==
        from_hex<Point>("c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5"));
  CHECK(point_of(scalar(3)) ==
        from_hex<Point>("f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"));
}

TEST_CASE("point: adding is a homomorphism once the sign is settled") {
  for (const char* text : {"a", "b", "c", "d", "e", "f"}) {
    const Scalar a = even(scalar_of(sha256(text)));
    const Scalar b = scalar_of(sha256(std::string(text) + "2"));
    CHECK(point_of(a) == point_of(scalar_of(sha256(text))));
    CHECK(point_of(add(a, b)) == add(point_of(a), b));
    CHECK(even(a) == a);
  }
  CHECK(add(scalar(1), scalar(2)) == scalar(3));
}

TEST_CASE("point: scalars are a field") {
  CHECK(multiply(scalar_of(6U), scalar_of(7U)) == scalar_of(42U));
  CHECK(scalar_of(7U) == scalar(7));
  CHECK(add(negate(scalar(2)), scalar(5)) == scalar(3));
  CHECK(inverse(scalar(1)) == scalar(1));
  CHECK(inverse(negate(scalar(1))) == negate(scalar(1)));
  for (const char* text : {"a", "b", "c"}) {
    const Scalar a = scalar_of(sha256(text));
    CHECK(multiply(a, inverse(a)) == scalar(1));
    CHECK(inverse(inverse(a)) == a);
  }
  CHECK(add(inverse(scalar(2)), inverse(scalar(2))) == scalar(1));
  CHECK_THROWS_AS(scalar_of(0U), ampsim::InvariantError);
}

TEST_CASE("point: zero and the order of the group are no scalars") {
  CHECK_THROWS_AS(scalar_of({}), ampsim::InvariantError);
  const auto order =
      from_hex<Scalar>("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  CHECK_THROWS_AS(scalar_of(order.bytes), ampsim::InvariantError);
}
