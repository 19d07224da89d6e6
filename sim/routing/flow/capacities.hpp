#pragma once

#include <cstdint>
#include <vector>

#include "core/units.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/liquidity_view.hpp"
#include "sim/routing/router.hpp"

/// What flows may take of directed channels.
///
/// Tested by tests/max_flow_test.cpp.
namespace ampsim::sim {

class ChannelCapacities {
 public:
  virtual ~ChannelCapacities() = default;
  /// In all; 0 if nothing: no largest HTLC is looked at, nor a policy.
  virtual Msat of(DirectedChannel channel) const = 0;
  /// How many parts it can take at once.
  virtual std::uint32_t slots(DirectedChannel channel) const;
};

/// What could be sent at this moment, as nobody but an oracle knows it: of the sender's own
/// channels what the request says; of others the balance above the reserve, within the cap of what
/// may be in flight, if a slot is free and both ends are there, less what the request says is used.
/// Nothing of channels to avoid, nor of those that refused the payment at this very moment or for
/// another reason than their balance.
///
/// Costs 9 bytes a directed channel, once.
class TrueCapacities final : public ChannelCapacities {
 public:
  /// The network must outlive it.
  TrueCapacities(const ChannelGraph& graph, const Network& network);

  /// The request must outlive what is asked until `end`.
  void begin(const RouteRequest& request);
  void end();
  Msat of(DirectedChannel channel) const override;
  std::uint32_t slots(DirectedChannel channel) const override;

 private:
  const Network& network_;
  const RouteRequest* request_ = nullptr;
  // By directed channel; nothing but 0 between requests.
  std::vector<Msat> amounts_;         ///< available, or used
  std::vector<std::uint8_t> states_;  ///< as anybody's, out, the sender's own
};

/// What the sender of a request believes could be sent at most (believed_capacity), in as many
/// HTLCs as BOLT 2 allows for.
class BelievedCapacities final : public ChannelCapacities {
 public:
  /// All of it must outlive this.
  BelievedCapacities(const ChannelGraph& graph,
                     const RouteRequest& request,
                     const LiquidityView& view)
      : graph_(graph), request_(request), view_(view) {}
  Msat of(DirectedChannel channel) const override;
  std::uint32_t slots(DirectedChannel channel) const override;

 private:
  const ChannelGraph& graph_;
  const RouteRequest& request_;
  const LiquidityView& view_;
};

/// The capacities as what somebody knows for certain; what the request uses is off them already.
class KnownCapacities final : public LiquidityView {
 public:
  explicit KnownCapacities(const ChannelCapacities& capacities) : capacities_(capacities) {}
  double probability(const HopQuery& query) const override {
    return query.amount <= capacities_.of(query.channel) ? 1 : 0;
  }
  LiquidityBounds bounds(const HopQuery& query) const override {
    const Msat most = capacities_.of(query.channel);
    return {most, most};
  }
  void report_success(const Route& /*route*/, SimTime /*now*/) override {}
  void report_failure(const Route& /*route*/,
                      std::size_t /*erring_node*/,
                      FailureCode /*code*/,
                      SimTime /*now*/) override {}

 private:
  const ChannelCapacities& capacities_;
};

}  // namespace ampsim::sim
