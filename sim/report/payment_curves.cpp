#include "sim/report/payment_curves.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <span>

#include <fmt/format.h>

#include "core/check.hpp"
#include "sim/measure/confidence.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/report/csv_rows.hpp"

namespace ampsim::report {
namespace {

constexpr std::int64_t kMsatPerSat = 1000;

/// The largest of 1, 2, 5, 10, 20, ... that is not above `sat`, and the next one.
AmountBin bin_of(std::int64_t sat) {
  constexpr std::array<std::int64_t, 3> kSteps = {1, 2, 5};
  if (sat < 1) return {.from_sat = 0, .to_sat = 1};
  std::int64_t decade = 1;
  while (sat / decade >= 10) decade *= 10;
  std::size_t step = 2;
  while (sat < kSteps[step] * decade) --step;
  return {.from_sat = kSteps[step] * decade,
          .to_sat = step == 2 ? 10 * decade : kSteps[step + 1] * decade};
}

/// Collects the payments of one point, run by run.
class PointPayments {
 public:
  void add(double ms, std::int64_t amount_msat, bool succeeded) {
    ++curve_.payments;
    if (succeeded) durations_.push_back(ms);
    const AmountBin bin = bin_of(amount_msat / kMsatPerSat);
    Counts& counts = run_[bin.from_sat];
    ++counts.payments;
    counts.succeeded += succeeded ? 1 : 0;
  }

  void end_run() {
    for (const auto& [from, counts] : run_) {
      Rates& rates = rates_[from];
      rates.payments += counts.payments;
      rates.of_runs.push_back(static_cast<double>(counts.succeeded) /
                              static_cast<double>(counts.payments));
    }
    run_.clear();
  }

  LatencyCurve latency() {
    std::sort(durations_.begin(), durations_.end());
    curve_.succeeded = durations_.size();
    if (!durations_.empty()) {
      for (const double share : latency_shares()) {
        curve_.ms.push_back(sim::quantile_of_sorted(durations_, share));
      }
    }
    return curve_;
  }

  std::vector<AmountBin> by_amount() const {
    std::vector<AmountBin> bins;
    for (const auto& [from, rates] : rates_) {
      AmountBin& bin = bins.emplace_back(bin_of(from));
      const sim::Confidence result = sim::confidence(rates.of_runs);
      bin.payments = rates.payments;
      bin.rate = result.mean;
      bin.ci95 = result.ci95;
    }
    return bins;
  }

 private:
  struct Counts {
    std::size_t payments = 0;
    std::size_t succeeded = 0;
  };
  struct Rates {
    std::size_t payments = 0;
    std::vector<double> of_runs;
  };

  LatencyCurve curve_;
  std::vector<double> durations_;
  std::map<std::int64_t, Counts> run_;   ///< of the run that is being read, by the bin's beginning
  std::map<std::int64_t, Rates> rates_;  ///< of the finished runs
};

}  // namespace

const std::vector<double>& latency_shares() {
  static const std::vector<double> shares = [] {
    std::vector<double> all = {0, 0.005, 0.01, 0.02};
    for (int i = 2; i <= 38; ++i) all.push_back(0.025 * i);
    all.insert(all.end(), {0.96, 0.97, 0.98, 0.99, 0.995, 0.999, 1});
    return all;
  }();
  return shares;
}

PaymentCurves read_payments(const std::filesystem::path& file,
                            std::size_t points,
                            std::size_t replicates) {
  CsvRows rows(file);
  const std::size_t run_column = rows.column("run");
  const std::size_t amount = rows.column("amount_msat");
  const std::size_t start = rows.column("start_ms");
  const std::size_t end = rows.column("end_ms");
  const std::size_t state = rows.column("state");

  PaymentCurves curves;
  PointPayments point;
  std::size_t run = 0;
  const auto go_on_to = [&](std::size_t next) {
    for (; run < next; ++run) {
      point.end_run();
      if ((run + 1) % replicates != 0) continue;
      curves.latencies.push_back(point.latency());
      curves.by_amount.push_back(point.by_amount());
      point = {};
    }
  };
  while (rows.next()) {
    const double number = rows.number(run_column);
    if (!(number >= static_cast<double>(run)) ||
        number >= static_cast<double>(points * replicates)) {
      throw InputError({.file = file.string()},
                       fmt::format("found run {} after run {}; allowed: runs in their order, below "
                                   "{}",
                                   number, run, points * replicates));
    }
    go_on_to(static_cast<std::size_t>(number));
    point.add(rows.number(end) - rows.number(start), static_cast<std::int64_t>(rows.number(amount)),
              rows.cell(state) == "succeeded");
  }
  go_on_to(points * replicates);
  return curves;
}

}  // namespace ampsim::report
