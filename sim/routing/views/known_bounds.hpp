#pragma once

#include <cstddef>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/liquidity_view.hpp"
#include "sim/routing/params.hpp"
#include "sim/routing/router.hpp"

/// What Core Lightning's askrene keeps of other channels (plugins/askrene/layer.c): between which
/// bounds a balance lies. What one direction can send the other cannot, so that each result says
/// something of both: with a capacity of c, bounds [a, b] of one are [c - b, c - a] of the other.
///
/// An attempt of amount x teaches, of channels that are not the sender's own:
///
///   passed, but failed further on          a = max(a, x)
///   temporary_channel_failure              b = x + what else the sender has in flight there - 1
///   the receiver has got the part          a = max(a, x), then both bounds less x: it has moved
///   other failures of a forwarder          nothing; the router keeps off for this payment
///   mpp_timeout                            nothing
///   a failure that cannot be read          b = x - 1 of one hop, each of the route's in its turn
///
/// (Core Lightning blames a random hop for the last.) Of a new bound that contradicts the other
/// one, the other is dropped. A bound is dropped after routing.bounds.memory_s, an hour in Core
/// Lightning.
///
/// Within the bounds every whole msat is equally likely (Pickhardt and Richter 2021): with u used,
/// a' = max(0, a - u) and b' = max(0, b - u), more than x msat pass with
///
///   P(x) = (b' + 1 - x) / (b' + 1 - a'),   1 up to a', 0 above b'
///
/// Memory: 40 bytes a channel that was part of an attempt, dropped when its bounds are.
///
/// Tested by tests/known_bounds_test.cpp.
namespace ampsim::sim {

class KnownBounds final : public LiquidityView {
 public:
  /// Graph and parameters must outlive the view.
  KnownBounds(const ChannelGraph& graph, const RoutingParams& params)
      : graph_(&graph), params_(&params) {}

  double probability(const HopQuery& query) const override;
  LiquidityBounds bounds(const HopQuery& query) const override;
  void report_sent(const Route& route) override;
  void report_success(const Route& route, SimTime now) override;
  void report_failure(const Route& route,
                      std::size_t erring_node,
                      FailureCode code,
                      SimTime now) override;

  /// Channels of which something is known.
  std::size_t size() const { return channels_.size(); }

 private:
  static constexpr SimTime kNever = SimTime::min();

  /// Of direction 0; that of a bound that is not known is kNever.
  struct Known {
    ChannelId channel;
    Msat lower;
    Msat upper;
    SimTime lower_time = kNever;
    SimTime upper_time = kNever;
  };

  bool is_fresh(SimTime time, SimTime now) const {
    return time != kNever && now - time <= params_->bounds.memory;
  }
  const Known* find(ChannelId channel) const;
  Known& at(DirectedChannel channel, SimTime now);
  Msat capacity(DirectedChannel channel) const;
  void at_least(DirectedChannel channel, Msat amount, SimTime now);
  void at_most(DirectedChannel channel, Msat amount, SimTime now);
  void move(DirectedChannel channel, Msat amount, SimTime now);
  void land(const Route& route);
  Msat in_flight(DirectedChannel channel) const;
  void forget(SimTime now);

  const ChannelGraph* graph_;
  const RoutingParams* params_;
  std::vector<Known> channels_;  ///< sorted by channel
  std::vector<Hop> in_flight_;   ///< of the sender's parts, but over its own channels
  std::size_t next_sweep_ = 64;  ///< channels that are kept before old ones are looked for
  std::size_t blamed_ = 0;       ///< hops, for what could not be read
};

/// P(x) above, for bounds beyond what is used.
double uniform_probability(LiquidityBounds bounds, Msat amount);

}  // namespace ampsim::sim
