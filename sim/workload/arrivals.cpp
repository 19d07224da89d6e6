#include "sim/workload/arrivals.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <sstream>

#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

constexpr double kHours = 24;

/// The two rates of the bursty process, over the mean rate.
double burst_share(const ArrivalParams& params) {
  return (params.burst_s + params.pause_s * (1 - params.pause_rate)) / params.burst_s;
}

}  // namespace

std::array<double, 24> hour_weights_of(const std::string& text) {
  std::array<double, 24> weights{};
  std::istringstream words(text);
  std::size_t count = 0;
  double sum = 0;
  bool is_good = true;
  for (std::string word; words >> word; ++count) {
    double weight = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), weight);
    is_good = is_good && error == std::errc{} && end == word.data() + word.size() &&
              std::isfinite(weight) && weight >= 0;
    if (count < weights.size()) weights[count] = weight;
    sum += weight;
  }
  if (!is_good || count != weights.size() || !(sum > 0)) {
    throw InputError({.key = "workload.arrivals.hour_weights"},
                     fmt::format("found \"{}\"; allowed: 24 numbers from 0 on, one an hour, "
                                 "separated by spaces, not all of them 0",
                                 text));
  }
  for (double& weight : weights) weight *= kHours / sum;
  return weights;
}

ArrivalTimes::ArrivalTimes(const ArrivalParams& params, double rate_per_s, std::uint64_t seed)
    : params_(params),
      rate_(rate_per_s),
      gaps_(seed, "arrivals"),
      bursts_(seed, "bursts"),
      thinning_(seed, "thinning") {
  if (params_.process == ArrivalProcess::bursty) {
    is_burst_ = bursts_.chance(params_.burst_s / (params_.burst_s + params_.pause_s));
    change_s_ = bursts_.exponential(is_burst_ ? params_.burst_s : params_.pause_s);
  }
  if (params_.process == ArrivalProcess::daily) {
    if (params_.hour_weights.empty()) {
      highest_ = 1 + params_.amplitude;
    } else {
      weights_ = hour_weights_of(params_.hour_weights);
      highest_ = *std::max_element(weights_.begin(), weights_.end());
    }
  }
}

double ArrivalTimes::next() {
  ++count_;
  switch (params_.process) {
    case ArrivalProcess::poisson:
      now_s_ += gaps_.exponential(1.0 / rate_);
      break;
    case ArrivalProcess::fixed:
      now_s_ = static_cast<double>(count_) / rate_;
      break;
    case ArrivalProcess::bursty:
      now_s_ = next_of_bursts();
      break;
    case ArrivalProcess::daily:
      now_s_ = next_of_day();
      break;
  }
  return now_s_;
}

double ArrivalTimes::next_of_bursts() {
  double at = now_s_;
  for (;;) {
    const double share = is_burst_ ? burst_share(params_) : params_.pause_rate;
    // Exponential times have no memory: what was drawn beyond the change is drawn anew.
    if (share > 0) {
      const double arrival = at + gaps_.exponential(1.0 / (rate_ * share));
      if (arrival < change_s_) return arrival;
    }
    at = change_s_;
    is_burst_ = !is_burst_;
    change_s_ += bursts_.exponential(is_burst_ ? params_.burst_s : params_.pause_s);
  }
}

double ArrivalTimes::share_of_day(double at_s) const {
  const double of_day = at_s / params_.day_s - std::floor(at_s / params_.day_s);
  if (params_.hour_weights.empty()) {
    const double angle = 2 * std::numbers::pi * (of_day - params_.peak_hour / kHours);
    return 1 + params_.amplitude * std::cos(angle);
  }
  return weights_[std::min<std::size_t>(static_cast<std::size_t>(of_day * kHours), 23)];
}

double ArrivalTimes::next_of_day() {
  double at = now_s_;
  do {
    at += gaps_.exponential(1.0 / (rate_ * highest_));
  } while (thinning_.unit() * highest_ >= share_of_day(at));
  return at;
}

}  // namespace ampsim::sim
