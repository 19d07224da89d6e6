#pragma once

#include <algorithm>

#include "sim/routing/liquidity_view.hpp"

/// A sender that learns nothing beyond what RouteRequest::failed tells it of the payment at hand.
/// Every balance of a channel of capacity c is equally likely (Pickhardt et al. 2021): with `used`
/// of it taken,
///
///   P(amount) = (c + 1 - used - amount) / (c + 1 - used),  in msat
///
/// Tested by tests/liquidity_view_test.cpp.
namespace ampsim::sim {

class NoMemory final : public LiquidityView {
 public:
  double probability(const HopQuery& query) const override {
    const std::int64_t left = (query.capacity - query.used).count + 1;
    if (query.amount.count >= left) return 0;
    return static_cast<double>(left - query.amount.count) / static_cast<double>(left);
  }
  LiquidityBounds bounds(const HopQuery& query) const override {
    return {Msat{0}, std::max(Msat{0}, query.capacity - query.used)};
  }
  void report_success(const Route& /*route*/, SimTime /*now*/) override {}
  void report_failure(const Route& /*route*/,
                      std::size_t /*erring_node*/,
                      FailureCode /*code*/,
                      SimTime /*now*/) override {}
};

}  // namespace ampsim::sim
