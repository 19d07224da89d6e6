#pragma once

#include "core/random.hpp"
#include "core/units.hpp"
#include "sim/network/params.hpp"

/// The height of the chain: zero when a run starts, one more with every block.
///
/// Tested by tests/block_clock_test.cpp.
namespace ampsim::sim {

class BlockClock {
 public:
  /// Block times come from stream `blocks` of the seed.
  BlockClock(const ChainParams& params, std::uint64_t seed);

  BlockHeight height() const { return height_; }
  /// When the next block is found.
  SimTime next() const { return next_; }
  /// It is found.
  void advance();

 private:
  SimDuration interval();

  SimDuration mean_;
  BlockArrivals arrivals_;
  Rng rng_;
  BlockHeight height_{};
  SimTime next_{};
};

}  // namespace ampsim::sim
