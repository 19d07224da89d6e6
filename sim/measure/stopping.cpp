#include "sim/measure/stopping.hpp"

#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "core/check.hpp"
#include "sim/measure/confidence.hpp"

namespace ampsim::sim {
namespace {

constexpr std::size_t kFine = 400;
constexpr std::size_t kCoarse = 40;
constexpr double kMostCorrelation = 0.4;

/// Equal batches, in their order; `values` divides into them.
std::vector<double> batch_means(const std::vector<double>& values, std::size_t batches) {
  const std::size_t size = values.size() / batches;
  std::vector<double> means;
  means.reserve(batches);
  for (std::size_t i = 0; i < batches; ++i) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(i * size);
    const double sum = std::accumulate(first, first + static_cast<std::ptrdiff_t>(size), 0.0);
    means.push_back(sum / static_cast<double>(size));
  }
  return means;
}

double plain_correlation(std::span<const double> series) {
  const double mean =
      std::accumulate(series.begin(), series.end(), 0.0) / static_cast<double>(series.size());
  double products = 0;
  double squares = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double here = series[i] - mean;
    squares += here * here;
    if (i + 1 < series.size()) products += here * (series[i + 1] - mean);
  }
  return squares > 0 ? products / squares : 0;
}

}  // namespace

std::string_view name_of(StopReason reason) {
  switch (reason) {
    case StopReason::workload:
      return "workload";
    case StopReason::payments:
      return "payments";
    case StopReason::time:
      return "time";
    case StopReason::interval:
      return "interval";
    case StopReason::success:
      return "success";
  }
  AMPSIM_UNREACHABLE("unknown reason");
}

double lag_one_correlation(const std::vector<double>& series) {
  const std::span<const double> all(series);
  const std::size_t half = series.size() / 2;
  return 2 * plain_correlation(all) -
         0.5 * (plain_correlation(all.first(half)) + plain_correlation(all.subspan(half)));
}

bool BatchMeans::are_independent() const {
  const double fine = lag_one_correlation(batch_means(values_, kFine));
  if (fine <= 0) return true;
  if (fine >= kMostCorrelation) return false;
  return lag_one_correlation(batch_means(values_, kFine / 2)) < fine;
}

bool BatchMeans::add(double value, double half_width, bool is_relative) {
  values_.push_back(value);
  if (values_.size() < look_) return false;
  look_ = std::exchange(next_look_, 2 * look_);
  if (!are_independent()) return false;
  const Confidence interval = confidence(batch_means(values_, kCoarse));
  half_width_ = interval.ci95;
  return half_width_ <= (is_relative ? half_width * std::abs(interval.mean) : half_width);
}

void StopRule::payment_ended(const PaymentRecord& record) {
  // The first rule that is fulfilled is the reason; payments under way still end.
  if (is_fulfilled()) return;
  if (params_.success_below > 0) look_at_window(record.state == PaymentState::succeeded);
  if (!is_fulfilled() && params_.measure != IntervalMeasure::none) look_at_interval(record);
}

void StopRule::look_at_interval(const PaymentRecord& record) {
  const bool is_success = record.state == PaymentState::succeeded;
  double value = 0;
  switch (params_.measure) {
    case IntervalMeasure::none:
      return;
    case IntervalMeasure::success_rate:
      value = is_success ? 1 : 0;
      break;
    case IntervalMeasure::latency_mean_ms:
      if (!is_success) return;
      value = to_ms(record.end - record.start);
      break;
    case IntervalMeasure::fee_ppm_mean:
      if (!is_success) return;
      value =
          1e6 * static_cast<double>(record.fee.count) / static_cast<double>(record.amount.count);
      break;
    case IntervalMeasure::attempts_mean:
      value = record.attempts;
      break;
  }
  if (batches_.add(value, params_.half_width, params_.is_relative)) reason_ = StopReason::interval;
}

void StopRule::look_at_window(bool is_success) {
  if (last_.size() < params_.window) {
    last_.push_back(is_success);
  } else {
    succeeded_ -= last_[oldest_] ? 1U : 0U;
    last_[oldest_] = is_success;
    oldest_ = (oldest_ + 1) % params_.window;
  }
  succeeded_ += is_success ? 1U : 0U;
  const bool is_full = last_.size() == params_.window;
  if (is_full && succeeded_ < params_.success_below * params_.window) {
    reason_ = StopReason::success;
  }
}

}  // namespace ampsim::sim
