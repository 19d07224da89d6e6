#pragma once

#include <optional>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/router.hpp"

/// Parts that are found one after another and sent together: each sees what those before it will
/// take of the sender's channels, of other channels and of the fee limit.
///
/// Tested by tests/splitters_test.cpp.
namespace ampsim::sim {

class Plan {
 public:
  /// The request and what it refers to must outlive the plan. With `avoids_own_channels` no part
  /// passes a channel, in either direction, that a part of the plan or one in flight passes.
  Plan(const RouteRequest& request, const PartLimits& limits, bool avoids_own_channels);

  /// Finds a route for one more part and adds it; nothing is added where there is none. Other
  /// channels to avoid are a wish: a route through them is taken where there is none around them.
  std::optional<NoRoute> add(Router& router, const LiquidityView& view, Msat amount);
  /// Adds one that was found elsewhere.
  void add(Route route);

  const std::vector<Route>& routes() const { return routes_; }
  std::vector<Route> take() { return std::move(routes_); }
  /// What a router is asked for the next part.
  RouteRequest request_for(Msat amount) const;

 private:
  const RouteRequest& request_;
  bool avoids_own_channels_;
  std::vector<LocalChannel> local_;
  std::vector<ChannelUse> used_;
  std::vector<ChannelId> own_;      // passed by parts of the payment
  std::vector<ChannelId> avoided_;  // own_ and the request's
  Msat fees_;
  std::vector<Route> routes_;
};

/// Around the channels to avoid if there is a way, through them otherwise.
RouteResult find_around(Router& router, RouteRequest request, const LiquidityView& view);

/// A route as the one part that it is.
PartsResult as_parts(RouteResult result);

/// Into `parts` amounts that differ by 1 msat at most, the larger ones first.
std::vector<Msat> equal_amounts(Msat amount, std::uint32_t parts);

/// How many of `parts` equal parts of the whole payment the request is worth: all of them at first,
/// one for each part that has failed later. At least one; fewer where parts would be below the
/// minimum or too many at once.
std::uint32_t parts_of(const RouteRequest& request, const PartLimits& limits, std::uint32_t parts);

/// A route for each amount, planned together.
PartsResult plan_parts(Router& router,
                       const LiquidityView& view,
                       Plan plan,
                       const std::vector<Msat>& amounts);

}  // namespace ampsim::sim
