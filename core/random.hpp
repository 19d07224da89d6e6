#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string_view>

/// All randomness of a run comes from one seed, in named streams, so that a draw added in one
/// place does not shift the others: Rng(seed, "arrivals") and Rng(seed, "amounts") never meet.
///
/// The engine is std::mt19937_64, whose output the standard fixes; the distributions are
/// Boost.Random's, because those of the standard library differ from one library to the next
/// (WG21 P2059).
///
/// Tested by tests/random_test.cpp.
namespace ampsim {

/// The seed of replicate `replicate` of an experiment: SplitMix64 of both, so that neighbouring
/// replicates share nothing.
std::uint64_t replicate_seed(std::uint64_t experiment_seed, std::uint64_t replicate);

class Rng {
 public:
  Rng(std::uint64_t seed, std::string_view stream);

  std::uint64_t bits() { return engine_(); }
  /// Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [low, high], both included.
  std::int64_t between(std::int64_t low, std::int64_t high);
  /// Uniform in [0, 1).
  double unit();
  bool chance(double probability) { return unit() < probability; }
  double exponential(double mean);
  double normal(double mean, double standard_deviation);
  void fill(std::span<std::byte> bytes);

 private:
  std::mt19937_64 engine_;
};

/// Draws that belong to a thing and not to a moment: the same keys give the same number, whatever
/// was drawn before. SplitMix64 over the keys; for chances, not for secrets.
class KeyedRng {
 public:
  KeyedRng(std::uint64_t seed, std::string_view stream);
  /// Uniform in [0, 1).
  double unit(std::uint64_t a, std::uint64_t b, std::uint64_t c) const;

 private:
  std::uint64_t key_;
};

}  // namespace ampsim
