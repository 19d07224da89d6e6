#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/routing/flow/flow_planner.hpp"
#include "sim/routing/params.hpp"
#include "sim/routing/registry.hpp"

/// Core Lightning's xpay and askrene (plugins/askrene/mcf.c). An amount is divided into 1000 units,
/// rounded up. Between the bounds [a, b) of a channel, -ln P of x is -ln((b - x) / (b - a)); with
/// widths and slopes of
///
///   [0, a)                    0
///   0.5, 0.3, 0.15 of b - a   1.386, 3.054, 9.242 = ln((1 - f) / (1 - f')) / (f' - f)  over b - a
///
/// for the fractions f, f' where a piece begins and ends; the last 5 % are not used. Bounds are
/// taken 1 % smaller, for the fees on the way. The cost of a unit is
///
///   mu fee + (100 - mu) k 1000 (amount in units) slope
///   fee = floor(ppm + base 10^7 / amount + phi delta)
///   k   = median of all fees / median of all 1000 (amount in units) slope
///
/// mu is 1, then 10, 20, ... 100 while the fees exceed the limit; phi is 10^-6, doubled up to 10
/// while time locks do. Amounts up to 1000 sat take the one path of least cost, with
/// fee = real fee + phi delta and -ln P itself. The sender's own channels are known and free. The
/// costs of a channel that leads away from a biased node are multiplied by exp(-bias ln 30 / 100).
///
/// Where this differs: the exact optimum is found, not that of cost scaling with its ties; medians
/// are those of the announced network, of the amount rounded to a power of 2^(1/4), so that
/// they need not be computed for each payment; and amounts that cannot be reduced to the allowed
/// parts are tried once more, in larger units.
///
/// Tested by tests/flow_routers_test.cpp.
namespace ampsim::sim {

/// The pieces beyond a.
struct ClnPiece {
  double begin;
  double end;
  double width() const { return end - begin; }
  /// Over b - a.
  double slope() const;
};
inline constexpr std::array<ClnPiece, 3> kClnPieces = {{{0, 0.5}, {0.5, 0.8}, {0.8, 0.95}}};

double cln_bias_factor(double bias);

class ClnModel final : public FlowModel {
 public:
  ClnModel(const ChannelGraph& graph, const ClnParams& params);

  void begin_request() override;
  void begin_flow(const Task& task) override;
  Msat unit(Msat amount) const override;
  bool takes_one_path(Msat amount) const override { return amount <= params_.single_path; }
  bool weigh_fees() override;
  bool weigh_delays() override;
  CostPieces pieces(const AnnouncedChannel& channel) override;

 private:
  struct Piece {
    std::int64_t units;
    double uncertainty;
  };
  static constexpr std::size_t kMostPieces = 1 + kClnPieces.size();
  using Pieces = std::array<Piece, kMostPieces>;

  /// Of a key of (amount, one path or not, delays); found before, or computed.
  double median_ratio();
  static Pieces linear(LiquidityBounds room, Msat most, const Task& task);
  static double uncertainty_of_whole(LiquidityBounds room, Msat amount);
  std::int64_t fee(const AnnouncedChannel& channel, const Task& task) const;
  std::int64_t combine(std::int64_t fee, double uncertainty, double bias_factor) const;

  struct Ratio {
    std::int64_t key;
    double ratio;
  };

  const ChannelGraph& graph_;
  ClnParams params_;
  std::int64_t mu_ = 1;
  int doublings_ = 0;  ///< of phi
  double phi_ = 0;
  double ratio_ = 1;
  Task task_;
  std::vector<Ratio> ratios_;    ///< sorted by key
  std::vector<bool> is_biased_;  ///< by node; empty if none is
};

class ClnRouter final : public Router {
 public:
  /// The graph must outlive the router.
  ClnRouter(const ChannelGraph& graph, const RoutingParams& params)
      : planner_(graph), model_(graph, params.cln) {}

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
  ClnModel model_;
};

RouterKind cln_router_kind();

}  // namespace ampsim::sim
