#pragma once

#include <cstdint>

#include "core/sha256.hpp"
#include "core/share.hpp"

/// Points of secp256k1 and their scalars, by libsecp256k1 (inverses by OpenSSL): as much
/// as point locks need.
///
/// A point is written as its x coordinate and stands for the one of its two with even y (BIP 340),
/// a scalar in 32 bytes, big-endian, from 1 to the order of the group less 1. G is the generator.
/// Sums of random values are never zero, but with probability 2^-256.
///
/// Cost: 20 to 40 us for each operation on points, a few us for an inverse, less for a sum or a
/// product.
/// Tested by tests/point_test.cpp.
namespace ampsim::amp {

using Scalar = Bytes32<struct ScalarTag>;
using Point = Bytes32<struct PointTag>;

/// scalar G, or its negative.
Point point_of(const Scalar& scalar);
/// scalar or -scalar: the one with scalar G == point_of(scalar).
Scalar even(const Scalar& scalar);
/// point + scalar G, or its negative.
Point add(const Point& point, const Scalar& scalar);
Scalar add(const Scalar& a, const Scalar& b);
Scalar negate(const Scalar& scalar);
Scalar multiply(const Scalar& a, const Scalar& b);
/// The one with scalar * inverse == 1.
Scalar inverse(const Scalar& scalar);
/// A number above 0.
Scalar scalar_of(std::uint32_t number);

/// A digest as a scalar; one in 2^127 digests is none, and a bug.
Scalar scalar_of(const Digest& digest);

}  // namespace ampsim::amp
