#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/units.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/measure/stopping.hpp"
#include "sim/workload/workload.hpp"

/// Which payments of a workload start, and which of those are measured: all but the warm-up, up to
/// the limits of `[stop]` and, once a rule is fulfilled, none more.
///
/// Tested by tests/stopping_test.cpp.
namespace ampsim::sim {

class Timetable {
 public:
  /// The workload must outlive it.
  Timetable(const std::vector<PaymentSpec>& workload,
            const WarmUpParams& warm_up,
            const StopParams& stop)
      : workload_(workload), end_(workload.size()) {
    const std::size_t first = warm_up_payments(workload, warm_up);
    if (first > 0) {
      measured_ = {PaymentId{static_cast<std::uint32_t>(first)},
                   first < workload.size() ? workload[first].at : SimTime::max()};
    }
    if (stop.time > SimDuration{}) {
      const auto late = std::partition_point(
          workload.begin(), workload.end(),
          [&stop](const PaymentSpec& each) { return each.at < SimTime{stop.time}; });
      limit(static_cast<std::size_t>(late - workload.begin()), StopReason::time);
    }
    if (stop.payments > 0 && stop.payments <= workload.size()) {
      limit(first + stop.payments, StopReason::payments);
    }
  }

  const MeasuredPart& measured() const { return measured_; }
  /// Whether the warm-up takes all payments that start.
  bool is_all_warm_up() const { return measured_.first.index > 0 && measured_.first.index >= end_; }
  /// Payments that start: those before this one.
  std::size_t end() const { return end_; }
  const PaymentSpec& operator[](std::uint32_t payment) const { return workload_[payment]; }
  bool is_end_of_warm_up(std::uint32_t payment) const {
    return payment > 0 && payment == measured_.first.index;
  }
  /// From this one on, no payment starts.
  void stop(StopReason reason, std::uint32_t payment) {
    end_ = payment;
    reason_ = reason;
  }
  /// Whether no payment can be tried any more. `ended`: how many have.
  bool is_over(std::uint64_t ended, SimTime now, SimDuration timeout) const {
    return end_ == 0 || ended == end_ || now >= workload_[end_ - 1].at + timeout;
  }
  /// `stopped_by`, where it is a column.
  std::vector<Word> words(const RecordParams& record) const {
    if (!record.stops) return {};
    return {{kWordColumns[0], name_of(reason_)}};
  }

 private:
  void limit(std::size_t end, StopReason reason) {
    if (end > end_ || (end == end_ && reason_ != StopReason::workload)) return;
    if (end == end_ && reason == StopReason::time) return;  // it would have ended anyway
    end_ = end;
    reason_ = reason;
  }

  const std::vector<PaymentSpec>& workload_;
  std::size_t end_;
  MeasuredPart measured_;
  StopReason reason_ = StopReason::workload;
};

}  // namespace ampsim::sim
