#include "sim/routing/splitter.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace ampsim::sim {
namespace {

bool has_no_path(const RouteResult& result) {
  const NoRoute* reason = std::get_if<NoRoute>(&result);
  return reason != nullptr && *reason == NoRoute::no_path;
}

/// Around the channels to avoid if there is a way, through them otherwise.
RouteResult find_route(Router& router, RouteRequest request, const LiquidityView& view) {
  RouteResult result = router.find(request, view);
  if (request.avoided.empty() || !has_no_path(result)) return result;
  request.avoided = {};
  return router.find(request, view);
}

/// A random piece of the amount of a route that was found, over that route or a better one.
RouteResult cut(Router& router,
                RouteRequest request,
                const LiquidityView& view,
                const SplitLimits& limits,
                RouteResult found) {
  const Msat amount = request.amount;
  const Msat least = std::max({amount / 5, limits.min_part, Msat{1}});
  if (least >= amount) return found;
  request.amount = Msat{limits.sizes->between(least.count, amount.count)};
  if (request.amount == amount) return found;
  RouteResult smaller = find_route(router, request, view);
  // A minimum on the way may be above the smaller amount.
  return std::holds_alternative<Route>(smaller) ? smaller : found;
}

}  // namespace

RouteResult find_part(Router& router,
                      RouteRequest request,
                      const LiquidityView& view,
                      const SplitLimits& limits) {
  const bool may_split = limits.is_enabled && limits.parts_in_flight + 1 < limits.max_parts;
  const Msat whole = request.amount;
  while (true) {
    RouteResult result = find_route(router, request, view);
    const bool is_cut = request.amount < whole && std::holds_alternative<Route>(result);
    if (is_cut && limits.sizes != nullptr) {
      return cut(router, request, view, limits, std::move(result));
    }
    if (!has_no_path(result) || !may_split) return result;
    request.amount = request.amount / 2;
    if (request.amount < limits.min_part || request.amount <= Msat{0}) return result;
  }
}

}  // namespace ampsim::sim
