#include "sim/network/block_clock.hpp"

#include "core/check.hpp"

namespace ampsim::sim {

BlockClock::BlockClock(const ChainParams& params, std::uint64_t seed)
    : mean_(params.block_interval), arrivals_(params.block_arrivals), rng_(seed, "blocks") {
  next_ += interval();
}

SimDuration BlockClock::interval() {
  switch (arrivals_) {
    case BlockArrivals::exponential:
      return from_seconds(rng_.exponential(to_seconds(mean_)));
    case BlockArrivals::fixed:
      return mean_;
  }
  AMPSIM_UNREACHABLE("unknown arrivals of blocks");
}

void BlockClock::advance() {
  ++height_.count;
  next_ += interval();
}

}  // namespace ampsim::sim
