#include "core/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <doctest/doctest.h>

using ampsim::Rng;

TEST_CASE("random: a stream is fixed by seed and name") {
  Rng a(1, "arrivals");
  Rng b(1, "arrivals");
  Rng other_name(1, "amounts");
  Rng other_seed(2, "arrivals");
  const auto first = a.bits();
  CHECK(first == b.bits());
  CHECK(first != other_name.bits());
  CHECK(first != other_seed.bits());
}

TEST_CASE("random: golden draws; a change here changes every result ever published") {
  Rng rng(1, "golden");
  CHECK(rng.below(1'000'000) == 181'706);
  CHECK(rng.between(-5, 5) == 4);
  CHECK(rng.unit() == doctest::Approx(0.616185));
}

TEST_CASE("random: replicates have seeds of their own") {
  CHECK(ampsim::replicate_seed(1, 0) != ampsim::replicate_seed(1, 1));
  CHECK(ampsim::replicate_seed(1, 1) != ampsim::replicate_seed(2, 0));
}

TEST_CASE("random: means of the distributions") {
  Rng rng(7, "means");
  double exponential = 0;
  double normal = 0;
  double squares = 0;
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) {
    exponential += rng.exponential(3.0);
    const double x = rng.normal(10.0, 2.0);
    normal += x;
    squares += (x - 10) * (x - 10);
  }
  CHECK(exponential / kDraws == doctest::Approx(3.0).epsilon(0.02));
  CHECK(normal / kDraws == doctest::Approx(10.0).epsilon(0.01));
  CHECK(std::sqrt(squares / kDraws) == doctest::Approx(2.0).epsilon(0.02));
}

TEST_CASE("random: fill covers every byte") {
  Rng rng(3, "fill");
  std::array<std::byte, 33> bytes{};
  rng.fill(bytes);
  CHECK(std::count(bytes.begin(), bytes.end(), std::byte{0}) < 5);
}
