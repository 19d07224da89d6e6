#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/random.hpp"

/// When payments start. All processes have the same mean rate, `workload.rate_per_s`:
///
/// - poisson: independent exponential gaps.
/// - fixed: payment i, from 1, at i / rate.
/// - bursty: a Poisson process whose rate jumps between two values (Markov-modulated; Fischer and
///   Meier-Hellstern, The Markov-modulated Poisson process cookbook, Performance Evaluation 18,
///   1993). Bursts and pauses last exponential times. In pauses the rate is the share `pause_rate`
///   of the mean, in bursts what makes the mean right:
///   (burst + pause - pause_rate * pause) / burst times it. The run begins in a burst with
///   probability burst / (burst + pause), so that it is stationary from the start.
/// - daily: a Poisson process whose rate follows the time of the day,
///   1 + amplitude * cos(2 pi (t - peak) / day) times the mean, or 24 weights, one an hour, over
///   their mean. Drawn by thinning (Lewis and Shedler, Simulation of nonhomogeneous Poisson
///   processes by thinning, Naval Research Logistics 26, 1979). The run begins at hour 0.
///
/// Tested by tests/arrivals_test.cpp.
namespace ampsim::sim {

enum class ArrivalProcess : std::uint8_t { poisson, fixed, bursty, daily };

/// `workload.arrivals`.
struct ArrivalParams {
  ArrivalProcess process = ArrivalProcess::poisson;
  double burst_s = 10;  ///< mean length, > 0
  double pause_s = 30;  ///< mean length, > 0
  double pause_rate = 0;
  double amplitude = 0.5;    ///< from 0 to 1
  double peak_hour = 18;     ///< of 24
  double day_s = 86'400;     ///< its length, > 0
  std::string hour_weights;  ///< 24 numbers, separated by spaces; "" = the cosine
};

/// Of the 24 hours, with mean 1. Errors: InputError if the text is not 24 numbers from 0 on, not
/// all of them 0.
std::array<double, 24> hour_weights_of(const std::string& text);

class ArrivalTimes {
 public:
  /// Errors: those of hour_weights_of.
  ArrivalTimes(const ArrivalParams& params, double rate_per_s, std::uint64_t seed);
  /// Of the next payment, in seconds from the start of the run; never before the last one.
  double next();

 private:
  double next_of_bursts();
  double next_of_day();
  /// At the time, over the mean rate.
  double share_of_day(double at_s) const;

  ArrivalParams params_;
  double rate_;  ///< mean, per second
  Rng gaps_;
  Rng bursts_;
  Rng thinning_;
  std::array<double, 24> weights_{};
  double highest_ = 1;  ///< share of the day
  double now_s_ = 0;
  std::uint64_t count_ = 0;
  bool is_burst_ = true;
  double change_s_ = 0;  ///< when the burst or the pause ends
};

}  // namespace ampsim::sim
