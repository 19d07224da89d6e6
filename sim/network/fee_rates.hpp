#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/units.hpp"

/// What transactions cost: BOLT 3's weights at a fee rate that is constant or a series.
///
/// Tested by tests/fee_rates_test.cpp.
namespace ampsim::sim {

/// Weights of BOLT 3 with anchors: the commitment transaction, what each HTLC adds to it, and the
/// second-stage transactions.
constexpr std::int64_t kCommitmentWeight = 1124;
constexpr std::int64_t kCommitmentHtlcWeight = 172;
constexpr std::int64_t kHtlcTimeoutWeight = 666;
constexpr std::int64_t kHtlcSuccessWeight = 706;

class FeeRates {
 public:
  /// Constant, >= 0.
  explicit FeeRates(double sat_per_vbyte);
  /// From a CSV with the columns at_s,sat_per_vbyte in order of time; before the first row its rate
  /// holds. Errors: InputError with the line.
  static FeeRates from_file(const std::string& file);

  double sat_per_vbyte(SimTime at) const;
  /// Of a transaction of `weight`, whole satoshi, rounded down as BOLT 3 does.
  Msat fee(std::int64_t weight, SimTime at) const;

 private:
  struct Step {
    SimTime from;
    double sat_per_vbyte = 0;
  };
  FeeRates() = default;

  std::vector<Step> steps_;  // in order of time, at least one
};

}  // namespace ampsim::sim
