#include "sim/routing/splitter.hpp"

namespace ampsim::sim {

RouteResult find_part(Router& router,
                      RouteRequest request,
                      const LiquidityView& view,
                      const SplitLimits& limits) {
  const bool may_split = limits.is_enabled && limits.parts_in_flight + 1 < limits.max_parts;
  while (true) {
    RouteResult result = router.find(request, view);
    const NoRoute* reason = std::get_if<NoRoute>(&result);
    if (reason == nullptr || *reason != NoRoute::no_path || !may_split) return result;
    request.amount = request.amount / 2;
    if (request.amount < limits.min_part || request.amount <= Msat{0}) return result;
  }
}

}  // namespace ampsim::sim
