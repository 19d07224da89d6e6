#include "sim/network/block_clock.hpp"

#include <doctest/doctest.h>

using namespace ampsim;
using namespace ampsim::sim;

TEST_CASE("block_clock: fixed arrivals are ten minutes apart") {
  BlockClock blocks({.block_arrivals = BlockArrivals::fixed}, 1);
  CHECK(blocks.height() == BlockHeight{0});
  CHECK(blocks.next() == SimTime{std::chrono::minutes{10}});
  blocks.advance();
  CHECK(blocks.height() == BlockHeight{1});
  CHECK(blocks.next() == SimTime{std::chrono::minutes{20}});
}

TEST_CASE("block_clock: exponential arrivals have the interval as their mean") {
  BlockClock blocks({.block_interval = std::chrono::seconds{60}}, 7);
  constexpr int kBlocks = 20'000;
  int short_ones = 0;  // of less than the mean: 1 - 1/e of them
  for (int i = 0; i < kBlocks; ++i) {
    const SimTime before = blocks.next();
    blocks.advance();
    REQUIRE(blocks.next() >= before);
    short_ones += blocks.next() - before < std::chrono::seconds{60} ? 1 : 0;
  }
  CHECK(to_seconds(blocks.next().time_since_epoch()) / kBlocks ==
        doctest::Approx(60).epsilon(0.03));
  CHECK(static_cast<double>(short_ones) / kBlocks == doctest::Approx(0.632).epsilon(0.03));
}

TEST_CASE("block_clock: the same seed finds the same blocks") {
  BlockClock a({}, 3);
  BlockClock b({}, 3);
  CHECK(a.next() == b.next());
  CHECK(a.next() != BlockClock({}, 4).next());
}
