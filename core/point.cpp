#include "core/point.hpp"

#include <memory>

#include <openssl/bn.h>
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>

#include "core/check.hpp"

namespace ampsim::amp {
namespace {

/// Only read after it is made, so that threads share it.
const secp256k1_context* context() {
  static const secp256k1_context* const made =
      secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
  return made;
}

template <class Tag>
const unsigned char* raw(const Bytes32<Tag>& value) {
  return reinterpret_cast<const unsigned char*>(value.bytes.data());
}
template <class Tag>
unsigned char* raw(Bytes32<Tag>& value) {
  return reinterpret_cast<unsigned char*>(value.bytes.data());
}

secp256k1_pubkey times_generator(const Scalar& scalar) {
  secp256k1_pubkey key;
  const int done = secp256k1_ec_pubkey_create(context(), &key, raw(scalar));
  AMPSIM_CHECK(done == 1, "a scalar out of range");
  return key;
}

/// `is_odd`: of its y coordinate.
Point x_of(const secp256k1_pubkey& key, bool* is_odd = nullptr) {
  secp256k1_xonly_pubkey x_only;
  int parity = 0;
  Point point;
  const bool done = secp256k1_xonly_pubkey_from_pubkey(context(), &x_only, &parity, &key) == 1 &&
                    secp256k1_xonly_pubkey_serialize(context(), raw(point), &x_only) == 1;
  AMPSIM_CHECK(done, "a point without coordinates");
  if (is_odd != nullptr) *is_odd = parity == 1;
  return point;
}

}  // namespace

Point point_of(const Scalar& scalar) { return x_of(times_generator(scalar)); }

Scalar even(const Scalar& scalar) {
  bool is_odd = false;
  static_cast<void>(x_of(times_generator(scalar), &is_odd));
  return is_odd ? negate(scalar) : scalar;
}

Point add(const Point& point, const Scalar& scalar) {
  secp256k1_xonly_pubkey x_only;
  secp256k1_pubkey sum;
  const bool done = secp256k1_xonly_pubkey_parse(context(), &x_only, raw(point)) == 1 &&
                    secp256k1_xonly_pubkey_tweak_add(context(), &sum, &x_only, raw(scalar)) == 1;
  AMPSIM_CHECK(done, "a point that is none, or a sum of nothing");
  return x_of(sum);
}

Scalar add(const Scalar& a, const Scalar& b) {
  Scalar sum = a;
  const int done = secp256k1_ec_seckey_tweak_add(context(), raw(sum), raw(b));
  AMPSIM_CHECK(done == 1, "a scalar out of range, or a sum of nothing");
  return sum;
}

Scalar negate(const Scalar& scalar) {
  Scalar result = scalar;
  const int done = secp256k1_ec_seckey_negate(context(), raw(result));
  AMPSIM_CHECK(done == 1, "a scalar out of range");
  return result;
}

Scalar multiply(const Scalar& a, const Scalar& b) {
  Scalar product = a;
  const int done = secp256k1_ec_seckey_tweak_mul(context(), raw(product), raw(b));
  AMPSIM_CHECK(done == 1, "a scalar out of range");
  return product;
}

Scalar inverse(const Scalar& scalar) {
  using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;
  // The order of the group, 0 as a scalar, is -1 as a number and 1 more.
  Scalar one;
  one.bytes.back() = std::byte{1};
  const Scalar minus_one = negate(one);
  const Number order(BN_bin2bn(raw(minus_one), 32, nullptr), BN_free);
  const Number number(BN_bin2bn(raw(scalar), 32, nullptr), BN_free);
  const std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> scratch(BN_CTX_new(), BN_CTX_free);
  AMPSIM_CHECK(order && number && scratch && BN_add_word(order.get(), 1) == 1, "no memory");
  const Number result(BN_mod_inverse(nullptr, number.get(), order.get(), scratch.get()), BN_free);
  AMPSIM_CHECK(result != nullptr, "a scalar without an inverse");
  Scalar inverted;
  const int length = BN_bn2binpad(result.get(), raw(inverted), 32);
  AMPSIM_CHECK(length == 32, "a number without 32 bytes");
  return inverted;
}

Scalar scalar_of(std::uint32_t number) {
  AMPSIM_CHECK(number > 0, "zero is no scalar");
  Scalar scalar;
  for (std::size_t i = 0; i < 4; ++i) {
    scalar.bytes.at(31 - i) = static_cast<std::byte>((number >> (8 * i)) & 0xffU);
  }
  return scalar;
}

Scalar scalar_of(const Digest& digest) {
  const Scalar scalar{digest};
  AMPSIM_CHECK(secp256k1_ec_seckey_verify(context(), raw(scalar)) == 1,
               "a digest that is no scalar");
  return scalar;
}

}  // namespace ampsim::amp
