#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "sim/routing/splitters/plan.hpp"
#include "sim/routing/splitters/splitters.hpp"

// lnd's payment session (routing/payment_session.go RequestRoute).
namespace ampsim::sim {
namespace {

bool has_no_path(const RouteResult& result) {
  const NoRoute* reason = std::get_if<NoRoute>(&result);
  return reason != nullptr && *reason == NoRoute::no_path;
}

/// A random piece of the amount of a route that was found, over that route or a better one.
RouteResult cut(Router& router,
                RouteRequest request,
                const LiquidityView& view,
                const PartLimits& limits,
                RouteResult found) {
  const Msat amount = request.amount;
  const Msat least = std::max({amount / 5, limits.min_part, Msat{1}});
  if (least >= amount) return found;
  request.amount = Msat{limits.sizes->between(least.count, amount.count)};
  if (request.amount == amount) return found;
  RouteResult smaller = find_around(router, request, view);
  // A minimum on the way may be above the smaller amount.
  return std::holds_alternative<Route>(smaller) ? smaller : found;
}

/// The whole amount is asked for first. Where there is no path for it, half of it (rounded down to
/// whole msat) is tried, and so on, until a route is found or the half is below min_part. The rest
/// is the next part's problem. Nothing is split when one more part would reach max_parts, nor when
/// the balances together do not suffice: parts that cannot be completed would only block channels.
///
/// With `sizes` a cut part is a random 20 to 100 % of the half that has a route (Eclair,
/// router/RouteCalculation.scala, randomize), no less than min_part. A whole that needs no cut
/// stays whole.
class HalvingSplitter final : public Splitter {
 public:
  PartsResult split(Router& router,
                    const RouteRequest& request,
                    const LiquidityView& view,
                    const PartLimits& limits) override {
    const bool may_split = limits.parts_in_flight + 1 < limits.max_parts;
    RouteRequest asked = request;
    while (true) {
      RouteResult result = find_around(router, asked, view);
      const bool is_cut = asked.amount < request.amount && std::holds_alternative<Route>(result);
      if (is_cut && limits.sizes != nullptr) {
        return as_parts(cut(router, asked, view, limits, std::move(result)));
      }
      if (!has_no_path(result) || !may_split) return as_parts(std::move(result));
      asked.amount = asked.amount / 2;
      if (asked.amount < limits.min_part || asked.amount <= Msat{0}) {
        return as_parts(std::move(result));
      }
    }
  }
};

}  // namespace

SplitterKind halving_splitter_kind() {
  return {.name = "halving",
          .help = "halves until there is a path (lnd)",
          .make = [](const RoutingMeans&, std::uint32_t) {
            return std::make_unique<HalvingSplitter>();
          }};
}

}  // namespace ampsim::sim
