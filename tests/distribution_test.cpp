#include "core/distribution.hpp"

#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

using namespace ampsim;

namespace {
double sample_mean(const Distribution& distribution) {
  Rng rng(11, "sample");
  double sum = 0;
  for (int i = 0; i < 200'000; ++i) sum += draw(distribution, rng);
  return sum / 200'000;
}
}  // namespace

TEST_CASE("distribution: the mean is the mean of the distribution itself") {
  CHECK(sample_mean({.kind = DistributionKind::constant, .mean = 5}) == doctest::Approx(5));
  CHECK(sample_mean({.kind = DistributionKind::uniform, .minimum = 2, .maximum = 6}) ==
        doctest::Approx(4).epsilon(0.01));
  CHECK(sample_mean({.kind = DistributionKind::exponential, .mean = 7}) ==
        doctest::Approx(7).epsilon(0.02));
  CHECK(sample_mean({.kind = DistributionKind::normal, .mean = 9, .deviation = 1}) ==
        doctest::Approx(9).epsilon(0.01));
  CHECK(sample_mean({.kind = DistributionKind::lognormal, .mean = 100, .sigma = 0.7}) ==
        doctest::Approx(100).epsilon(0.02));
}

TEST_CASE("distribution: lightning delays are half the measured round trips") {
  Rng rng(5, "latency");
  std::vector<double> delays(100'000);
  for (double& delay : delays) delay = draw({.kind = DistributionKind::lightning}, rng);
  std::sort(delays.begin(), delays.end());
  CHECK(delays[50'000] == doctest::Approx(90.3 / 2).epsilon(0.02));
  CHECK(delays[95'000] == doctest::Approx(222.0 / 2).epsilon(0.03));
  CHECK(delays.front() >= 0.22);
  CHECK(delays.back() <= 423.0);
}
