#include "core/point.hpp"

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
  Scalar result = scalar;
  if (is_odd) {
    const int done = secp256k1_ec_seckey_negate(context(), raw(result));
    AMPSIM_CHECK(done == 1, "a scalar out of range");
  }
  return result;
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

Scalar scalar_of(const Digest& digest) {
  const Scalar scalar{digest};
  AMPSIM_CHECK(secp256k1_ec_seckey_verify(context(), raw(scalar)) == 1,
               "a digest that is no scalar");
  return scalar;
}

}  // namespace ampsim::amp
