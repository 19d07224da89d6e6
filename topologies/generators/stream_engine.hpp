#pragma once

#include <cstdint>
#include <limits>

#include "core/random.hpp"

/// One of our random streams in the shape that Boost.Graph's generators ask of an engine. Copies
/// draw from the same stream, because those generators copy their engine and assign it back.
///
/// Tested by tests/generators_test.cpp.
namespace ampsim::topo {

class StreamEngine {
 public:
  using result_type = std::uint64_t;

  explicit StreamEngine(Rng& rng) : rng_(&rng) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
  result_type operator()() { return rng_->bits(); }

 private:
  Rng* rng_;
};

}  // namespace ampsim::topo
