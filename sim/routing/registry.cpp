#include "sim/routing/registry.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"
#include "sim/routing/routers/cln_router.hpp"
#include "sim/routing/routers/eclair_router.hpp"
#include "sim/routing/routers/flash_router.hpp"
#include "sim/routing/routers/landmark_routers.hpp"
#include "sim/routing/routers/ldk_router.hpp"
#include "sim/routing/routers/lnd_router.hpp"
#include "sim/routing/routers/max_flow_router.hpp"
#include "sim/routing/routers/path_router.hpp"
#include "sim/routing/routers/pickhardt_router.hpp"
#include "sim/routing/routers/waterfilling_router.hpp"
#include "sim/routing/splitters/splitters.hpp"
#include "sim/routing/views/apriori.hpp"
#include "sim/routing/views/bimodal.hpp"
#include "sim/routing/views/estimates.hpp"
#include "sim/routing/views/known_bounds.hpp"
#include "sim/routing/views/no_memory.hpp"
#include "sim/routing/views/scorer.hpp"
#include "sim/routing/views/true_balances.hpp"

namespace ampsim::sim {
namespace {

std::vector<RouterKind>& router_table() {
  // clang-format off: one a line
  static std::vector<RouterKind> table = {
      lnd_router_kind(),           ldk_router_kind(),
      eclair_router_kind(),        cheapest_router_kind(),
      shortest_router_kind(),      widest_router_kind(),
      max_flow_router_kind(),      waterfilling_router_kind(),
      flash_router_kind(),         silentwhispers_router_kind(),
      speedymurmurs_router_kind(), cln_router_kind(),
      pickhardt_router_kind(),
  };
  // clang-format on
  return table;
}

std::vector<LiquidityViewKind>& view_table() {
  static std::vector<LiquidityViewKind> table = {
      {.name = "none",
       .help = "nothing is remembered; all balances are equally likely",
       .make = [](const RoutingMeans&) { return std::make_unique<NoMemory>(); }},
      {.name = "apriori",
       .help = "lnd's mission control and its apriori estimator",
       .make =
           [](const RoutingMeans& means) {
             return std::make_unique<Apriori>(means.graph, means.params);
           }},
      {.name = "bimodal",
       .help = "lnd's mission control and its bimodal estimator",
       .make =
           [](const RoutingMeans& means) {
             return std::make_unique<Bimodal>(means.graph, means.params);
           }},
      {.name = "scorer",
       .help = "LDK's scorer: bounds of each channel, and their history",
       .make =
           [](const RoutingMeans& means) {
             return std::make_unique<Scorer>(means.graph, means.params.ldk);
           }},
      {.name = "estimates",
       .help = "Eclair's estimates: bounds of each pair of nodes, and how old they are",
       .make =
           [](const RoutingMeans& means) {
             return std::make_unique<Estimates>(means.graph,
                                                means.params.eclair.estimate_half_life);
           }},
      {.name = "bounds",
       .help = "Core Lightning's askrene: bounds of each channel's balance",
       .make =
           [](const RoutingMeans& means) {
             return std::make_unique<KnownBounds>(means.graph, means.params);
           }},
      {.name = "balances",
       .help = "the true balances of all channels",
       .sees_balances = true,
       .make =
           [](const RoutingMeans& means) {
             AMPSIM_CHECK(means.balances != nullptr, "a view of balances without balances");
             return std::make_unique<TrueBalances>(*means.balances);
           }},
  };
  return table;
}

std::vector<SplitterKind>& splitter_table() {
  static std::vector<SplitterKind> table = {
      whole_splitter_kind(),         halving_splitter_kind(),  equal_splitter_kind(),
      edge_avoiding_splitter_kind(), capacity_splitter_kind(), random_splitter_kind(),
      flow_splitter_kind(),
  };
  return table;
}

template <class Kind>
const Kind& find(const std::vector<Kind>& table, std::string_view name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Kind& kind) { return kind.name == name; });
  AMPSIM_CHECK(found != table.end(), "no router, splitter or liquidity view has that name");
  return *found;
}

template <class Kind>
void add(std::vector<Kind>& table, Kind kind) {
  const bool is_new = std::none_of(table.begin(), table.end(),
                                   [&](const Kind& each) { return each.name == kind.name; });
  AMPSIM_CHECK(is_new && !kind.name.empty(), "a name that is taken: " + kind.name);
  AMPSIM_CHECK(kind.make != nullptr, "cannot be made: " + kind.name);
  table.push_back(std::move(kind));
}

bool does_router_see(const RoutingParams& params) {
  const RouterKind& kind = find(router_table(), params.algorithm);
  return kind.sees_balances && (!kind.sees_by_probes || params.baseline.probes);
}

RoutingMeans with_balances(RoutingMeans means, const Network& network, bool sees_balances) {
  means.balances = sees_balances ? &network : nullptr;
  return means;
}

}  // namespace

const std::vector<RouterKind>& routers() { return router_table(); }
const std::vector<LiquidityViewKind>& liquidity_views() { return view_table(); }
const std::vector<SplitterKind>& splitters() { return splitter_table(); }

void add_router(RouterKind kind) { add(router_table(), std::move(kind)); }
void add_liquidity_view(LiquidityViewKind kind) { add(view_table(), std::move(kind)); }
void add_splitter(SplitterKind kind) { add(splitter_table(), std::move(kind)); }
void replace_router(RouterKind kind) {
  std::vector<RouterKind>& table = router_table();
  const auto before = std::find_if(table.begin(), table.end(),
                                   [&](const RouterKind& each) { return each.name == kind.name; });
  AMPSIM_CHECK(before != table.end(), "no router to replace: " + kind.name);
  *before = std::move(kind);
}

const RouterKind& router_of(const RoutingParams& params) {
  return find(router_table(), params.algorithm);
}
const LiquidityViewKind& liquidity_view_of(const RoutingParams& params) {
  const bool is_own = params.liquidity_view == "auto";
  return find(view_table(), is_own ? router_of(params).liquidity_view : params.liquidity_view);
}
const SplitterKind& splitter_of(const RoutingParams& params) {
  const bool is_own = params.splitter == "auto";
  return find(splitter_table(), is_own ? router_of(params).splitter : params.splitter);
}

RoutingRefusal refusal_of(const RoutingParams& params) {
  const RouterKind& router = router_of(params);
  const std::string& splitter = splitter_of(params).name;
  const std::string& view = liquidity_view_of(params).name;
  if (splitter == "flow" && !router.has_flow) {
    return {"routing.splitter", router.name + " finds one route at a time and has no flow"};
  }
  if (!router.refuses) return {};
  const std::string reason = router.refuses(view, splitter);
  if (reason.empty()) return {};
  // Which of the two it is: with its own choice of the other, there is nothing to refuse.
  const bool is_view = !router.refuses(view, router.splitter).empty();
  return {is_view ? "routing.liquidity_view" : "routing.splitter", reason};
}

bool sees_balances(const RoutingParams& params) {
  return does_router_see(params) || liquidity_view_of(params).sees_balances;
}

OwnUse own_use(const RoutingParams& params) {
  const RouterKind& router = router_of(params);
  const bool is_seen = params.own_parts == OwnParts::router ? router.counts_own_parts
                                                            : params.own_parts == OwnParts::seen;
  if (!is_seen || sees_balances(params)) return OwnUse::none;
  return router.counts_own_payments ? OwnUse::sender : OwnUse::payment;
}

std::unique_ptr<Router> make_router(const RoutingMeans& means, const Network& network) {
  return router_of(means.params).make(with_balances(means, network, does_router_see(means.params)));
}

std::unique_ptr<LiquidityView> make_liquidity_view(const RoutingMeans& means,
                                                   const Network& network) {
  const LiquidityViewKind& kind = liquidity_view_of(means.params);
  return kind.make(with_balances(means, network, kind.sees_balances));
}

PartsResult Router::find_flow(const RouteRequest& request,
                              const LiquidityView& view,
                              const PartLimits& /*limits*/) {
  RouteResult result = find(request, view);
  if (const NoRoute* reason = std::get_if<NoRoute>(&result)) return *reason;
  return std::vector<Route>{std::move(std::get<Route>(result))};
}

}  // namespace ampsim::sim
