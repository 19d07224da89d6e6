#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sim/experiment/tables.hpp"
#include "sim/measure/confidence.hpp"
#include "tests/experiment_world.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
}

TEST_CASE("summary: the interval is Student's, by the values of printed tables") {
  // Quantiles t(0.975, n - 1) as printed in any table: 12.706, 4.303, 2.776.
  const std::vector<double> two = {1, 3};
  CHECK(confidence(two).mean == 2);
  CHECK(confidence(two).sd == doctest::Approx(std::sqrt(2.0)));
  CHECK(confidence(two).ci95 == doctest::Approx(12.7062047364).epsilon(1e-9));
  const std::vector<double> three = {1, 2, 3};
  CHECK(confidence(three).sd == 1);
  CHECK(confidence(three).ci95 == doctest::Approx(4.3026527297 / std::sqrt(3.0)).epsilon(1e-9));
  const std::vector<double> five = {2, 4, 4, 4, 6};
  CHECK(confidence(five).ci95 ==
        doctest::Approx(2.7764451052 * std::sqrt(2.0) / std::sqrt(5.0)).epsilon(1e-9));
}

TEST_CASE("summary: one value has no spread, none has nothing, NaN is left out") {
  CHECK(confidence(std::vector<double>{7}).mean == 7);
  CHECK(std::isnan(confidence(std::vector<double>{7}).sd));
  CHECK(std::isnan(confidence(std::vector<double>{7}).ci95));
  CHECK(std::isnan(confidence(std::vector<double>{}).mean));
  CHECK(std::isnan(confidence(std::vector<double>{kNaN, kNaN}).mean));
  CHECK(confidence(std::vector<double>{1, kNaN, 3}).mean == 2);
}

TEST_CASE("summary: a row a point, in the order of the points, empty cells for nothing") {
  const Experiment experiment = experiment_of(
      "replicates = 2\n[sweep]\n\"payment.scheme\" = [\"mpp\", \"amp\"]\n"
      "\"payment.max_parts\" = [1, 2]\n");
  Summary summary(experiment, "point,replicate,seed,payment.scheme,payment.max_parts,a,b\n");
  std::string text = summary.header();
  text += summary.add("0,0,5,mpp,1,1,\n");
  text += summary.add("0,1,6,mpp,1,1,0.5\n");
  text += summary.add("1,0,5,mpp,2,3,\n");
  text += summary.add("1,1,6,mpp,2,3,\n");
  CHECK(text ==
        "payment.scheme,payment.max_parts,replicates,a_mean,a_sd,a_ci95,b_mean,b_sd,b_ci95\n"
        "mpp,1,2,1,0,0,0.5,,\n"
        "mpp,2,2,3,0,0,,,\n");
}
