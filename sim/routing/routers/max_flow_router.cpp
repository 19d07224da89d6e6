#include "sim/routing/routers/max_flow_router.hpp"

#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "core/check.hpp"
#include "sim/routing/flow/capacities.hpp"
#include "sim/routing/flow/flow_finder.hpp"
#include "sim/routing/routers/path_router.hpp"

namespace ampsim::sim {
namespace {

class MaxFlowRouter final : public Router {
 public:
  MaxFlowRouter(const ChannelGraph& graph, const Network& balances)
      : capacities_(graph, balances),
        known_(capacities_),
        cheapest_(graph, PathOrder::cheapest),
        flows_(graph) {}

  RouteResult find(const RouteRequest& request, const LiquidityView& /*view*/) override {
    capacities_.begin(request);
    RouteResult result = cheapest_.find(request, known_);
    capacities_.end();
    return result;
  }

  PartsResult find_flow(const RouteRequest& request,
                        const LiquidityView& view,
                        const PartLimits& limits) override {
    RouteResult whole = find(request, view);
    if (Route* const route = std::get_if<Route>(&whole))
      return std::vector<Route>{std::move(*route)};
    if (std::get<NoRoute>(whole) == NoRoute::insufficient_balance) return std::get<NoRoute>(whole);
    PartsResult result = NoRoute::no_path;
    capacities_.begin(request);
    for (const auto order : {FlowFinder::Order::cheapest, FlowFinder::Order::near}) {
      auto parts = flows_.find(request, capacities_, limits, order);
      if (!parts) continue;
      result = std::move(*parts);
      break;
    }
    capacities_.end();
    return result;
  }

 private:
  TrueCapacities capacities_;
  KnownCapacities known_;
  PathRouter cheapest_;
  FlowFinder flows_;
};

}  // namespace

RouterKind max_flow_router_kind() {
  return {.name = "max_flow",
          .help = "an oracle: the cheapest flow through the true balances",
          .splitter = "flow",
          .liquidity_view = "balances",
          .has_flow = true,
          .sees_balances = true,
          .refuses = [](std::string_view view, std::string_view /*splitter*/) -> std::string {
            return view == "balances" ? "" : "an oracle knows the true balances";
          },
          .make = [](const RoutingMeans& means) -> std::unique_ptr<Router> {
            AMPSIM_CHECK(means.balances != nullptr, "an oracle without balances");
            return std::make_unique<MaxFlowRouter>(means.graph, *means.balances);
          }};
}

}  // namespace ampsim::sim
