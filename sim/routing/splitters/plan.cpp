#include "sim/routing/splitters/plan.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace ampsim::sim {

RouteResult find_around(Router& router, RouteRequest request, const LiquidityView& view) {
  RouteResult result = router.find(request, view);
  const NoRoute* reason = std::get_if<NoRoute>(&result);
  const bool has_no_path = reason != nullptr && *reason == NoRoute::no_path;
  if (request.avoided.empty() || !has_no_path) return result;
  request.avoided = {};
  return router.find(request, view);
}

Plan::Plan(const RouteRequest& request, const PartLimits& limits, bool avoids_own_channels)
    : request_(request),
      avoids_own_channels_(avoids_own_channels),
      local_(request.local.begin(), request.local.end()),
      used_(request.used.begin(), request.used.end()),
      avoided_(request.avoided.begin(), request.avoided.end()) {
  if (!avoids_own_channels) return;
  for (const ChannelUse& use : limits.in_flight) own_.push_back(use.channel.channel());
}

RouteRequest Plan::request_for(Msat amount) const {
  RouteRequest request = request_;
  request.amount = amount;
  request.fee_limit = request_.fee_limit - fees_;
  request.local = local_;
  request.used = used_;
  request.avoided = avoids_own_channels_ ? own_ : avoided_;
  return request;
}

std::optional<NoRoute> Plan::add(Router& router, const LiquidityView& view, Msat amount) {
  const RouteRequest request = request_for(amount);
  RouteResult result =
      avoids_own_channels_ ? router.find(request, view) : find_around(router, request, view);
  if (const NoRoute* reason = std::get_if<NoRoute>(&result)) return *reason;
  add(std::move(std::get<Route>(result)));
  return std::nullopt;
}

void Plan::add(Route route) {
  fees_ += route.fee();
  for (std::size_t i = 0; i < route.hops.size(); ++i) {
    const Hop& hop = route.hops[i];
    if (avoids_own_channels_) own_.push_back(hop.channel.channel());
    if (i == 0) {
      for (LocalChannel& own : local_) {
        if (own.channel == hop.channel) own.available -= std::min(own.available, hop.amount);
      }
      continue;
    }
    const auto use = std::find_if(used_.begin(), used_.end(),
                                  [&](const ChannelUse& u) { return u.channel == hop.channel; });
    if (use != used_.end()) {
      use->amount += hop.amount;
    } else {
      used_.push_back({hop.channel, hop.amount});
    }
  }
  routes_.push_back(std::move(route));
}

PartsResult as_parts(RouteResult result) {
  if (const NoRoute* reason = std::get_if<NoRoute>(&result)) return *reason;
  return std::vector<Route>{std::move(std::get<Route>(result))};
}

std::vector<Msat> equal_amounts(Msat amount, std::uint32_t parts) {
  std::vector<Msat> amounts(parts, amount / parts);
  const auto larger = static_cast<std::size_t>(amount.count % parts);
  for (std::size_t i = 0; i < larger; ++i) amounts[i] += Msat{1};
  return amounts;
}

std::uint32_t parts_of(const RouteRequest& request, const PartLimits& limits, std::uint32_t parts) {
  std::int64_t of_whole = std::min<std::int64_t>(parts, limits.max_parts);
  if (limits.min_part > Msat{0}) {
    of_whole = std::min(of_whole, request.total.count / limits.min_part.count);
  }
  of_whole = std::max<std::int64_t>(of_whole, 1);
  // Rounded to the nearest: parts of a whole that does not divide differ by 1 msat.
  const Int128 doubled = Int128{2} * request.amount.count * of_whole + request.total.count;
  const auto here = static_cast<std::int64_t>(doubled / (Int128{2} * request.total.count));
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(
      here, 1, std::min<std::int64_t>(limits.room(), request.amount.count)));
}

PartsResult plan_parts(Router& router,
                       const LiquidityView& view,
                       Plan plan,
                       const std::vector<Msat>& amounts) {
  for (const Msat amount : amounts) {
    if (const auto reason = plan.add(router, view, amount)) return *reason;
  }
  return plan.take();
}

}  // namespace ampsim::sim
