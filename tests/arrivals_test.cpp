#include "sim/workload/arrivals.hpp"

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/check.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

std::vector<double> times_of(const ArrivalParams& params, double rate, std::size_t count) {
  ArrivalTimes arrivals(params, rate, 5);
  std::vector<double> times(count);
  for (double& time : times) time = arrivals.next();
  return times;
}

/// Variance over mean of the arrivals in windows of equal length.
double dispersion(const std::vector<double>& times, double window_s) {
  std::vector<double> counts(static_cast<std::size_t>(times.back() / window_s));
  for (const double time : times) {
    const auto window = static_cast<std::size_t>(time / window_s);
    if (window < counts.size()) ++counts[window];
  }
  double mean = 0;
  for (const double count : counts) mean += count / static_cast<double>(counts.size());
  double squares = 0;
  for (const double count : counts) squares += (count - mean) * (count - mean);
  return squares / static_cast<double>(counts.size() - 1) / mean;
}

/// Of the hours of the day, against the expected shares.
double chi_squared(const std::vector<double>& times,
                   double day_s,
                   const std::vector<double>& shares) {
  std::vector<double> counts(24, 0);
  // Whole days only: the last one is cut off.
  const double end = std::floor(times.back() / day_s) * day_s;
  double all = 0;
  for (const double time : times) {
    if (time >= end) break;
    ++counts[static_cast<std::size_t>(std::fmod(time, day_s) / day_s * 24)];
    ++all;
  }
  double sum = 0;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    const double expected = all * shares[hour];
    if (expected == 0) {
      CHECK(counts[hour] == 0);
      continue;
    }
    sum += (counts[hour] - expected) * (counts[hour] - expected) / expected;
  }
  return sum;
}

/// Chance 0.999 of chi squared with 23 degrees of freedom.
constexpr double kMostOf23 = 49.73;

std::string refusal(const std::string& weights) {
  try {
    hour_weights_of(weights);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("arrivals: fixed payments come at equal times") {
  const std::vector<double> times = times_of({.process = ArrivalProcess::fixed}, 4, 1000);
  CHECK(times[0] == 0.25);
  CHECK(times[999] == 250);
  CHECK(dispersion(times, 10) < 0.01);
}

TEST_CASE("arrivals: every process has the mean rate") {
  // The count in a time t has the variance (rate t) * dispersion: 4 standard deviations of the
  // mean.
  const auto mean_rate = [](const ArrivalParams& params) {
    const std::vector<double> times = times_of(params, 4, 200'000);
    return 200'000 / times.back();
  };
  CHECK(mean_rate({}) == doctest::Approx(4).epsilon(0.009));
  CHECK(mean_rate({.process = ArrivalProcess::fixed}) == doctest::Approx(4));
  CHECK(mean_rate({.process = ArrivalProcess::bursty, .burst_s = 1, .pause_s = 3}) ==
        doctest::Approx(4).epsilon(0.04));
  CHECK(mean_rate(
            {.process = ArrivalProcess::bursty, .burst_s = 1, .pause_s = 3, .pause_rate = 0.5}) ==
        doctest::Approx(4).epsilon(0.02));
  CHECK(mean_rate({.process = ArrivalProcess::daily, .amplitude = 1, .day_s = 100}) ==
        doctest::Approx(4).epsilon(0.009));
}

TEST_CASE("arrivals: bursts disperse as the formula of the Markov-modulated process says") {
  // 1 + 2 r1 r2 (l1 - l2)^2 / ((r1 + r2)^2 (l1 r2 + l2 r1)), with rates l in burst and pause and
  // r = 1 / mean length; windows much longer than both. 500 windows: a standard deviation of 6 %.
  const std::vector<double> plain = times_of({}, 4, 200'000);
  CHECK(dispersion(plain, 100) == doctest::Approx(1).epsilon(0.25));
  const std::vector<double> silent =
      times_of({.process = ArrivalProcess::bursty, .burst_s = 1, .pause_s = 3}, 4, 200'000);
  CHECK(dispersion(silent, 100) == doctest::Approx(19).epsilon(0.25));
  // l1 = 10, l2 = 2: 1 + 2 (1/3) 64 / ((16/9) (10/3 + 2)) = 5.5.
  const std::vector<double> quiet =
      times_of({.process = ArrivalProcess::bursty, .burst_s = 1, .pause_s = 3, .pause_rate = 0.5},
               4, 200'000);
  CHECK(dispersion(quiet, 100) == doctest::Approx(5.5).epsilon(0.25));
}

TEST_CASE("arrivals: the daily cycle follows its cosine") {
  std::vector<double> shares(24);
  const auto integral = [](double hour) {
    return hour / 24 +
           0.8 / (2 * std::numbers::pi) * std::sin(2 * std::numbers::pi * (hour - 18) / 24);
  };
  for (std::size_t hour = 0; hour < 24; ++hour) {
    shares[hour] = integral(static_cast<double>(hour) + 1) - integral(static_cast<double>(hour));
  }
  const ArrivalParams params{.process = ArrivalProcess::daily, .amplitude = 0.8, .day_s = 240};
  CHECK(chi_squared(times_of(params, 10, 100'000), 240, shares) < kMostOf23);
  // The test sees the difference: an even day does not pass.
  CHECK(chi_squared(times_of({}, 10, 100'000), 240, shares) > 10 * kMostOf23);
}

TEST_CASE("arrivals: the hours have their weights") {
  std::string text;
  std::vector<double> shares(24);
  for (int hour = 0; hour < 24; ++hour) {
    text += std::to_string(hour % 4) + " ";
    shares[static_cast<std::size_t>(hour)] = (hour % 4) / 36.0;
  }
  const ArrivalParams params{.process = ArrivalProcess::daily, .day_s = 240, .hour_weights = text};
  CHECK(chi_squared(times_of(params, 10, 100'000), 240, shares) < kMostOf23);
  CHECK(hour_weights_of(text)[3] == doctest::Approx(2));
}

TEST_CASE("arrivals: weights that are no 24 numbers are refused") {
  std::string zeros;
  for (int hour = 0; hour < 24; ++hour) zeros += "0 ";
  CHECK(
      refusal("1 2") ==
      "workload.arrivals.hour_weights: found \"1 2\"; allowed: 24 numbers from 0 on, one an hour, "
      "separated by spaces, not all of them 0");
  CHECK(!refusal(zeros).empty());
  CHECK(!refusal(zeros + "1").empty());
  CHECK(!refusal(zeros.substr(2) + "-1").empty());
  CHECK(!refusal(zeros.substr(2) + "one").empty());
  CHECK(refusal(zeros.substr(2) + "0.5").empty());
}
