#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "core/units.hpp"
#include "sim/measure/run_result.hpp"

/// When a run has seen enough: no payment starts after that; those that are under way come to their
/// end and count. All rules go by measured payments, those after the warm-up, in the order in which
/// they end, and by simulated time: a run stops at the same payment on every machine.
///
/// Tested by tests/stopping_test.cpp.
namespace ampsim::sim {

/// What `stop.interval` is about, the mean of: 0 or 1 for each payment; the latency or the fee of
/// each succeeded one; the attempts of each payment.
enum class IntervalMeasure : std::uint8_t {
  none,
  success_rate,
  latency_mean_ms,
  fee_ppm_mean,
  attempts_mean
};

/// `[stop]`.
struct StopParams {
  std::uint64_t payments = 0;  ///< measured ones that start; 0 = all of the workload
  SimDuration time{};          ///< from the start of the run; 0 = never
  IntervalMeasure measure = IntervalMeasure::none;
  double half_width = 0;     ///< of the 95 % interval
  bool is_relative = false;  ///< the half width is a share of the mean
  double success_below = 0;  ///< success rate of the window; 0 = never
  std::uint32_t window = 500;

  bool has_rule() const { return measure != IntervalMeasure::none || success_below > 0; }
  bool is_any() const { return has_rule() || payments > 0 || time > SimDuration{}; }
};

/// Why no more payments started.
enum class StopReason : std::uint8_t {
  workload,  ///< there were no more
  payments,  ///< stop.payments
  time,      ///< stop.time_s
  interval,  ///< stop.interval
  success,   ///< stop.success
};
/// As `stopped_by` in runs.csv has it.
std::string_view name_of(StopReason reason);

/// A 95 % interval of the mean of values that depend on each other, and when it is narrow enough:
/// the sequential batch means of Law and Carson (A sequential procedure for determining the length
/// of a steady-state simulation, Operations Research 27, 1979).
///
/// It looks after 800, 1200, 1600, 2400, ... values, each number twice the last but one. The values
/// are cut into 400 batches; if the means of neighbouring batches depend on each other (jackknifed
/// lag-1 correlation r >= 0.4; or 0 < r < 0.4, and no less in 200 batches of twice the size), the
/// run is too short to judge. Otherwise 40 batches, ten times as long, are taken as independent:
/// half width = t(0.975, 39) * sd / sqrt(40).
///
/// Costs 8 bytes a value.
class BatchMeans {
 public:
  static constexpr std::uint64_t kFirstLook = 800;

  /// Whether the interval of all values so far is to be judged now and is no wider than
  /// `half_width` (times the mean's size, if relative).
  bool add(double value, double half_width, bool is_relative);
  /// Of the last look whose batches were independent enough; NaN before.
  double half_width() const { return half_width_; }

 private:
  bool are_independent() const;

  std::vector<double> values_;
  std::uint64_t look_ = kFirstLook;
  std::uint64_t next_look_ = 1200;
  double half_width_ = std::numeric_limits<double>::quiet_NaN();
};

/// Lag-1 correlation of a series, with the jackknife of its halves: 2 r - (r1 + r2) / 2; 0 of a
/// constant series.
double lag_one_correlation(const std::vector<double>& series);

/// The rules that depend on how payments end.
class StopRule {
 public:
  explicit StopRule(const StopParams& params) : params_(params) {}

  void payment_ended(const PaymentRecord& record);
  bool is_fulfilled() const { return reason_ != StopReason::workload; }
  /// `workload` while no rule is fulfilled.
  StopReason reason() const { return reason_; }
  /// Of the interval at the last look whose batches were independent; NaN if there was none.
  double half_width() const { return batches_.half_width(); }

 private:
  void look_at_interval(const PaymentRecord& record);
  void look_at_window(bool is_success);

  StopParams params_;
  StopReason reason_ = StopReason::workload;
  BatchMeans batches_;
  std::vector<bool> last_;  ///< of the window, the oldest at `oldest_` once it is full
  std::size_t oldest_ = 0;
  std::uint32_t succeeded_ = 0;  ///< of the window
};

}  // namespace ampsim::sim
