#include "sim/routing/promises.hpp"

#include <algorithm>
#include <variant>

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

void check_path(const Route& route,
                const RouteRequest& request,
                const ChannelGraph& graph,
                const std::string& router) {
  AMPSIM_CHECK(!route.hops.empty() && route.amount() > Msat{0},
               "a route for nothing, from router " + router);
  NodeId at = request.source;
  Msat received = Msat::max();
  for (const Hop& hop : route.hops) {
    AMPSIM_CHECK(graph.tail(hop.channel) == at, "a route with a gap, from router " + router);
    AMPSIM_CHECK(hop.amount <= received, "a route that makes money, from router " + router);
    at = graph.head(hop.channel);
    received = hop.amount;
  }
  AMPSIM_CHECK(at == request.target, "a route to another node, from router " + router);
  AMPSIM_CHECK(route.hops.front().expiry <= request.cltv_limit,
               "a route above the time limit, from router " + router);
}

void check_answer(const std::vector<Route>& routes,
                  const RouteRequest& request,
                  const ChannelGraph& graph,
                  const std::string& router) {
  check_promises(routes, request, graph, router);
  Msat sum;
  for (const Route& route : routes) {
    sum += route.amount();
    for (const Hop& hop : route.hops) {
      const bool is_avoided = std::find(request.avoided.begin(), request.avoided.end(),
                                        hop.channel.channel()) != request.avoided.end();
      AMPSIM_CHECK(!is_avoided, "a route over a channel to avoid, from router " + router);
    }
  }
  AMPSIM_CHECK(sum == request.amount, "less than was asked for, from router " + router);
}

}  // namespace

void check_promises(const std::vector<Route>& routes,
                    const RouteRequest& request,
                    const ChannelGraph& graph,
                    const std::string& router) {
  AMPSIM_CHECK(!routes.empty(), "neither routes nor a reason, from router " + router);
  Msat sum;
  Msat fees;
  for (const Route& route : routes) {
    check_path(route, request, graph, router);
    sum += route.amount();
    fees += route.fee();
  }
  AMPSIM_CHECK(sum <= request.amount, "more than was asked for, from router " + router);
  AMPSIM_CHECK(fees <= request.fee_limit, "routes above the fee limit, from router " + router);
  for (const Route& route : routes) {
    const DirectedChannel own = route.hops.front().channel;
    Msat left;
    for (const LocalChannel& local : request.local) {
      if (local.channel == own) left = local.available;
    }
    for (const Route& other : routes) {
      if (other.hops.front().channel == own) left -= other.sent();
    }
    AMPSIM_CHECK(left >= Msat{0}, "more than an own channel can send, from router " + router);
  }
}

RouteResult CheckedRouter::find(const RouteRequest& request, const LiquidityView& view) {
  RouteResult result = router_.find(request, view);
  if (const auto* const route = std::get_if<Route>(&result)) {
    check_answer({*route}, request, graph_, name_);
  }
  return result;
}

PartsResult CheckedRouter::find_flow(const RouteRequest& request,
                                     const LiquidityView& view,
                                     const PartLimits& limits) {
  PartsResult result = router_.find_flow(request, view, limits);
  const auto* const routes = std::get_if<std::vector<Route>>(&result);
  if (routes == nullptr) return result;
  check_answer(*routes, request, graph_, name_);
  AMPSIM_CHECK(routes->size() <= limits.room(), "too many parts, from router " + name_);
  const Msat least = std::min(limits.min_part, request.amount);
  for (const Route& route : *routes) {
    const Msat rounding{static_cast<std::int64_t>(routes->size())};
    AMPSIM_CHECK(routes->size() == 1 || route.amount() + rounding >= least,
                 "a part below the smallest, from router " + name_);
  }
  return result;
}

}  // namespace ampsim::sim
