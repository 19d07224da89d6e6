#pragma once

#include <algorithm>

#include "sim/network/network.hpp"
#include "sim/routing/liquidity_view.hpp"

/// A sender that sees what every channel could send at this moment: no wallet, but the bound of
/// what knowledge could bring. Parts in flight are off the balances already, so that for this view
/// only what is planned and not sent yet counts as used.
///
/// Tested by tests/liquidity_view_test.cpp.
namespace ampsim::sim {

/// What the channel could send at this moment: nothing if one of its ends is away.
inline Msat sendable(const Network& network, DirectedChannel channel) {
  if (!network.is_connected(channel)) return Msat{0};
  return network.channel(channel.channel()).spendable(channel.direction());
}

class TrueBalances final : public LiquidityView {
 public:
  /// The network must outlive the view.
  explicit TrueBalances(const Network& network) : network_(&network) {}

  double probability(const HopQuery& query) const override {
    return query.amount <= left(query) ? 1 : 0;
  }
  LiquidityBounds bounds(const HopQuery& query) const override {
    return {left(query), left(query)};
  }
  void report_success(const Route& /*route*/, SimTime /*now*/) override {}
  void report_failure(const Route& /*route*/,
                      std::size_t /*erring_node*/,
                      FailureCode /*code*/,
                      SimTime /*now*/) override {}

 private:
  Msat left(const HopQuery& query) const {
    return std::max(Msat{0}, sendable(*network_, query.channel) - query.used);
  }
  const Network* network_;
};

}  // namespace ampsim::sim
