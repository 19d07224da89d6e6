#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

/// What single payments show that no measure does: how long they take, all of them, and which
/// amounts arrive. One pass over payments.csv, whose rows come run by run: memory is that of one
/// point's durations, 8 bytes a succeeded payment.
///
/// Errors: InputError for a table that is broken, or not of this experiment.
/// Tested by tests/payment_curves_test.cpp.
namespace ampsim::report {

/// Shares of succeeded payments at which the times of a point are told: close together at both
/// ends.
const std::vector<double>& latency_shares();

/// How long succeeded payments of one point took, replicates together.
struct LatencyCurve {
  std::size_t payments = 0;   ///< all
  std::size_t succeeded = 0;  ///< of those
  /// One a share of latency_shares(), quantiles as in runs.csv; empty where none succeeded.
  std::vector<double> ms;
};

/// Payments of one point whose amounts are alike.
struct AmountBin {
  std::int64_t from_sat = 0;  ///< 1, 2 or 5 times a power of ten; 0 for what is below 1 sat
  std::int64_t to_sat = 0;    ///< excluded
  std::size_t payments = 0;   ///< in all replicates
  double rate = 0;            ///< share that succeeded, mean over the replicates that have such
  double ci95 = 0;            ///< half width over these replicates; NaN with one
};

struct PaymentCurves {
  std::vector<LatencyCurve> latencies;            ///< one a point
  std::vector<std::vector<AmountBin>> by_amount;  ///< one list a point, by amount
};

/// `file` is payments.csv of an experiment with so many points and replicates.
PaymentCurves read_payments(const std::filesystem::path& file,
                            std::size_t points,
                            std::size_t replicates);

}  // namespace ampsim::report
