#include "core/random.hpp"

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <boost/random/uniform_int_distribution.hpp>

#include "core/check.hpp"

namespace ampsim {
namespace {

/// Steele, Lea and Flood 2014: the finalizer that spreads neighbouring inputs over all 64 bits.
constexpr std::uint64_t split_mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111eb;
  return x ^ (x >> 31U);
}

/// FNV-1a of the stream's name: fixed for ever, unlike std::hash.
constexpr std::uint64_t name_hash(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

}  // namespace

std::uint64_t replicate_seed(std::uint64_t experiment_seed, std::uint64_t replicate) {
  return split_mix(split_mix(experiment_seed) + replicate);
}

Rng::Rng(std::uint64_t seed, std::string_view stream)
    : engine_(split_mix(seed ^ name_hash(stream))) {}

std::uint64_t Rng::below(std::uint64_t bound) {
  AMPSIM_CHECK(bound > 0, "a draw from nothing");
  return boost::random::uniform_int_distribution<std::uint64_t>(0, bound - 1)(engine_);
}

std::int64_t Rng::between(std::int64_t low, std::int64_t high) {
  AMPSIM_CHECK(low <= high, "a draw from an empty range");
  return boost::random::uniform_int_distribution<std::int64_t>(low, high)(engine_);
}

double Rng::unit() { return boost::random::uniform_01<double>()(engine_); }

double Rng::exponential(double mean) {
  return boost::random::exponential_distribution<double>(1.0 / mean)(engine_);
}

double Rng::normal(double mean, double standard_deviation) {
  return boost::random::normal_distribution<double>(mean, standard_deviation)(engine_);
}

void Rng::fill(std::span<std::byte> bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i % 8 == 0) word = bits();
    bytes[i] = static_cast<std::byte>(word & 0xffU);
    word >>= 8U;
  }
}

KeyedRng::KeyedRng(std::uint64_t seed, std::string_view stream)
    : key_(split_mix(seed ^ name_hash(stream))) {}

double KeyedRng::unit(std::uint64_t a, std::uint64_t b, std::uint64_t c) const {
  constexpr double kTwoToMinus53 = 0x1p-53;
  const std::uint64_t word = split_mix(split_mix(split_mix(key_ ^ a) + b) + c);
  return static_cast<double>(word >> 11U) * kTwoToMinus53;
}

}  // namespace ampsim
