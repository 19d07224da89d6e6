#pragma once

#include "sim/routing/flow/flow_planner.hpp"
#include "sim/routing/params.hpp"
#include "sim/routing/registry.hpp"

/// Optimally reliable flows (Pickhardt and Richter 2021), with the costs of the authors' package
/// (pickhardtpayments, UncertaintyChannel.py). Between the bounds [a, b] that the view believes in,
/// every balance is equally likely, and -log2 P of a flow is convex; five pieces stand for it:
///
///   [0, a)                                                     mu ppm a unit
///   n equal pieces of [a, b), n = 5, or 4 if a > 0; the i-th   i floor(1.5 10^10 / (b - a)) + mu
///   ppm
///
/// with a and b in sat. No channel carries more than its largest HTLC, unless there are no parts
/// without. The sender's own channels are known and free. Base fees do not count, and channels with
/// more than routing.pickhardt.most_base_fee_msat are left out. Real fees are computed for the
/// paths; above the fee limit mu is multiplied by ten, up to a million, where nothing but fees
/// counts.
///
/// Tested by tests/flow_routers_test.cpp.
namespace ampsim::sim {

class PickhardtModel final : public FlowModel {
 public:
  static constexpr std::int64_t kPieces = 5;
  /// A channel of 150 BTC, the authors' largest.
  static constexpr std::int64_t kLargestSat = 15'000'000'000;

  explicit PickhardtModel(const PickhardtParams& params) : params_(params) {}

  void begin_request() override { mu_ = params_.mu; }
  void begin_flow(const Task& task) override { task_ = task; }
  Msat unit(Msat amount) const override;
  bool takes_one_path(Msat /*amount*/) const override { return false; }
  bool may_repeat_htlcs() const override { return true; }
  bool weigh_fees() override;
  bool weigh_delays() override { return false; }
  CostPieces pieces(const AnnouncedChannel& channel) override;

 private:
  CostPieces in_units(LiquidityBounds room, std::int64_t fee, Msat most, Msat unit) const;

  PickhardtParams params_;
  double mu_ = 0;
  Task task_;
};

class PickhardtRouter final : public Router {
 public:
  /// The graph must outlive the router.
  PickhardtRouter(const ChannelGraph& graph, const RoutingParams& params)
      : planner_(graph), model_(params.pickhardt) {}

  RouteResult find(const RouteRequest& request, const LiquidityView& view) override {
    return planner_.find(request, view, model_);
  }
  PartsResult find_flow(const RouteRequest& request,
                        const LiquidityView& view,
                        const PartLimits& limits) override {
    return planner_.find_flow(request, view, model_, limits);
  }

 private:
  FlowPlanner planner_;
  PickhardtModel model_;
};

RouterKind pickhardt_router_kind();

}  // namespace ampsim::sim
