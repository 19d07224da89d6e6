#pragma once

#include <cstdint>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/flow/min_cost_flow.hpp"
#include "sim/routing/flow/request_channels.hpp"
#include "sim/routing/router.hpp"

/// From a flow to routes that can be sent: what routers with a flow have in common. The structure
/// is that of Core Lightning's askrene (plugins/askrene/mcf.c linear_routes, refine.c).
///
///  1. The cheapest flow for what is left of the amount, as paths.
///  2. Each path, the largest first, carries at most what it has room for with real fees; a channel
///     whose minimum is not reached is closed for the request. What little is missing (2 %) is
///     added where there is room.
///  3. Dearer than the fee limit, or this flow's share of it: again, with fees that weigh more; too
///     long a time lock: again, with time locks that weigh more, or without the slowest channel.
///  4. Again from 1 for what is left, with the paths so far set aside.
///  5. Equal paths become one. If there are too many parts, or parts that are too small, the
///     largest stay and take over the rest, or give the small ones what they lack; where they
///     cannot, the flow is found anew in ever larger units, up to those of which no more than the
///     allowed parts make the amount.
///
/// So the parts add up to the amount, to the msat.
///
/// In a flow a channel carries at most its largest HTLC. Where that leaves no parts and the model
/// wants it, all is done once more without that bound, and a path has as many parts as it takes.
///
/// Tested by tests/flow_routers_test.cpp.
namespace ampsim::sim {

/// The costs of a router, and what it does when its flow is too dear or too slow.
class FlowModel : public FlowCosts {
 public:
  /// What the next flow is asked for.
  struct Task {
    const RequestChannels* channels = nullptr;
    Msat amount;
    Msat unit;                   ///< flows are multiples of it
    bool is_one_path = false;    ///< then the unit is the amount, and costs are those of the whole
    bool repeats_htlcs = false;  ///< more than its largest HTLC may flow through a channel
  };

  /// Forgets what made the last request's fees and time locks weigh more.
  virtual void begin_request() = 0;
  virtual void begin_flow(const Task& task) = 0;
  /// Of the flow of an amount.
  virtual Msat unit(Msat amount) const = 0;
  virtual bool takes_one_path(Msat amount) const = 0;
  /// Whether flows are looked for once more with repeats_htlcs where there is none without.
  virtual bool may_repeat_htlcs() const { return false; }
  /// Fees, or time locks, weigh more from now on; false if they weigh all they can.
  virtual bool weigh_fees() = 0;
  virtual bool weigh_delays() = 0;
};

class FlowPlanner {
 public:
  /// The graph must outlive the planner.
  explicit FlowPlanner(const ChannelGraph& graph);

  /// The best single path: a flow of one unit.
  RouteResult find(const RouteRequest& request, const LiquidityView& view, FlowModel& model);
  PartsResult find_flow(const RouteRequest& request,
                        const LiquidityView& view,
                        FlowModel& model,
                        const PartLimits& limits);

 private:
  struct Part {
    std::vector<DirectedChannel> path;
    Msat amount;
    std::int64_t cost = 0;
  };
  using Parts = std::vector<Part>;
  enum class Verdict : std::uint8_t { keep, again, fail };

  /// How flows are looked for.
  struct Way {
    Msat least_unit;
    bool is_one_path = false;
    bool repeats_htlcs = false;
  };

  std::vector<Route> find_parts(const RouteRequest& request,
                                const LiquidityView& view,
                                FlowModel& model,
                                const PartLimits& limits,
                                bool repeats_htlcs);
  Parts plan(FlowModel& model, const Way& way);
  Parts solve(FlowModel& model, Msat amount, const Way& way);
  void fit(Parts& parts, Msat amount, int most_pieces);
  void clip(Parts& parts, int most_pieces);
  void add_missing(Parts& parts, Msat missing);
  Verdict judge(FlowModel& model, const Parts& parts, Msat amount, Msat budget);
  bool close_slowest(const Part& part);
  BlockDelta expiry(const Part& part) const;
  Msat fees(const Parts& parts) const;
  void merge_equal_paths(Parts& parts);
  bool reduce(Parts& parts, std::size_t most, Msat min_part);
  Msat grow(Parts& parts, Msat missing);
  bool lift(Parts& parts, Part small, Msat min_part);
  Msat spare(const Part& part);
  void raise(Part& part, Msat extra);
  void release(const Parts& parts);
  std::vector<Route> price(const Parts& parts, const LiquidityView& view) const;

  const ChannelGraph& graph_;
  MinCostFlow solver_;
  RequestChannels channels_;
};

}  // namespace ampsim::sim
