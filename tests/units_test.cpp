#include "core/units.hpp"

#include "tests/printing.hpp"

using namespace ampsim;

TEST_CASE("units: a proportional fee rounds down and does not overflow") {
  CHECK(Msat{999'999} * Ppm{1} == Msat{0});
  CHECK(Msat{123'456'789} * Ppm{250} == Msat{30'864});
  // All bitcoin at 100 %: the product needs 93 bits.
  CHECK(Msat::from_sat(2'100'000'000'000'000) * Ppm{1'000'000} ==
        Msat::from_sat(2'100'000'000'000'000));
}

TEST_CASE("units: a directed channel is channel and direction") {
  const auto forth = DirectedChannel::of(ChannelId{21}, 1);
  CHECK(forth.channel() == ChannelId{21});
  CHECK(forth.direction() == 1);
  CHECK(forth.reversed() == DirectedChannel::of(ChannelId{21}, 0));
  CHECK(forth.reversed().reversed() == forth);
}

TEST_CASE("units: heights and deltas add up as on a chain") {
  CHECK(BlockHeight{100} + BlockDelta{40} == BlockHeight{140});
  CHECK(BlockHeight{140} - BlockHeight{100} == BlockDelta{40});
}

TEST_CASE("units: seconds become whole nanoseconds") {
  CHECK(from_seconds(1.5) == SimDuration{1'500'000'000});
  CHECK(to_ms(SimDuration{2'500'000}) == doctest::Approx(2.5));
}
