#include "sim/routing/routers/path_router.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "core/check.hpp"
#include "sim/routing/path_pricing.hpp"
#include "sim/routing/views/no_memory.hpp"
#include "sim/routing/views/true_balances.hpp"
#include "tests/printing.hpp"
#include "tests/routing_world.hpp"
#include "tests/text_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using namespace ampsim::test;

namespace {

//      B          two channels, dear and wide
//    /   \        .
//   A--C--D       a dear one from C, narrow
//    \     \      .
//     E--F--D     four hops in all, cheap
constexpr const char* kNetwork =
    "A 900 -- 0 B\n"
    "B 800 -- 0 D base=9000\n"
    "A 900 -- 0 C\n"
    "C 300 -- 0 D base=5000\n"
    "A 900 -- 0 E\n"
    "E 500 -- 0 F base=1000\n"
    "F 500 -- 0 D base=1000\n";

struct Asker {
  explicit Asker(std::string_view text) : topology(parse_network(text)), graph(topology) {}

  NodeId node(const std::string& name) const {
    for (std::uint32_t i = 0; i < topology.nodes.size(); ++i) {
      if (topology.nodes[i].name == name) return {i};
    }
    throw std::invalid_argument(name);
  }
  RouteRequest ask(std::int64_t sat) {
    const Network network(topology, plain_params(), 1);
    local = own_channels(topology, network, node("A"));
    RouteRequest request = request_of(node("A"), node("D"), Msat::from_sat(sat), local);
    request.fee_limit = Msat::from_sat(100);
    return request;
  }
  std::vector<std::uint32_t> lines(PathOrder order, const RouteRequest& request) {
    PathRouter router(graph, order);
    const RouteResult result = router.find(request, NoMemory());
    std::vector<std::uint32_t> lines;
    if (const Route* route = std::get_if<Route>(&result)) {
      for (const Hop& hop : route->hops) lines.push_back(hop.channel.channel().index);
    }
    return lines;
  }

  topo::Topology topology;
  ChannelGraph graph;
  std::vector<LocalChannel> local;
};

using Lines = std::vector<std::uint32_t>;

/// What a path is by its order: smaller is better.
using Rank = std::tuple<std::int64_t, std::int64_t, std::int64_t>;

Rank rank_of(PathOrder order,
             const ChannelGraph& graph,
             const Route& route,
             const RouteRequest& request,
             const LiquidityView& view) {
  const std::int64_t fee = route.fee().count;
  const auto hops = static_cast<std::int64_t>(route.hops.size());
  if (order == PathOrder::cheapest) return {fee, hops, 0};
  if (order == PathOrder::shortest) return {hops, fee, 0};
  return {-bottleneck(graph, route, request, view).count, 0, 0};
}

/// The path as a route if nothing speaks against it.
std::optional<Route> usable(const ChannelGraph& graph,
                            const std::vector<DirectedChannel>& path,
                            const RouteRequest& request,
                            const LiquidityView& view) {
  auto route = price_path(graph, path, request.amount, request);
  if (!route || route->fee() > request.fee_limit) return std::nullopt;
  for (const Hop& hop : route->hops) {
    const bool is_own = &hop == &route->hops.front();
    const HopQuery query = hop_query(graph, hop.channel, hop.amount, request);
    if (!is_own && view.bounds(query).upper < hop.amount) return std::nullopt;
    for (const LocalChannel& own : request.local) {
      if (own.channel == hop.channel && own.available < hop.amount) return std::nullopt;
    }
  }
  return route;
}

}  // namespace

TEST_CASE("path_router: each order has a path of its own") {
  Asker asker(kNetwork);
  const RouteRequest request = asker.ask(200);
  CHECK(asker.lines(PathOrder::cheapest, request) == Lines{4, 5, 6});
  CHECK(asker.lines(PathOrder::shortest, request) == Lines{2, 3});
  CHECK(asker.lines(PathOrder::widest, request) == Lines{0, 1});
}

TEST_CASE("path_router: a channel is not there for more than its capacity") {
  Asker asker(kNetwork);
  const RouteRequest request = asker.ask(400);
  CHECK(asker.lines(PathOrder::shortest, request) == Lines{0, 1});
  CHECK(asker.lines(PathOrder::cheapest, asker.ask(600)) == Lines{0, 1});
  CHECK(asker.lines(PathOrder::cheapest, asker.ask(850)).empty());
}

TEST_CASE("path_router: where the best path is too dear, the cheapest is taken") {
  Asker asker(kNetwork);
  RouteRequest request = asker.ask(200);
  request.fee_limit = Msat::from_sat(2);
  CHECK(asker.lines(PathOrder::shortest, request) == Lines{4, 5, 6});
  CHECK(asker.lines(PathOrder::widest, request) == Lines{4, 5, 6});
  request.fee_limit = Msat::from_sat(2) - Msat{1};
  for (const PathOrder order : {PathOrder::cheapest, PathOrder::shortest, PathOrder::widest}) {
    CHECK(asker.lines(order, request).empty());
  }
}

TEST_CASE("path_router: the time lock limit counts the final delta") {
  Asker asker(kNetwork);
  RouteRequest request = asker.ask(200);
  request.cltv_limit = BlockDelta{40 + 40};
  CHECK(asker.lines(PathOrder::cheapest, request) == Lines{2, 3});
  request.cltv_limit = BlockDelta{40 + 39};
  CHECK(asker.lines(PathOrder::cheapest, request).empty());
}

TEST_CASE("path_router: what has failed in this payment or is to be avoided is left out") {
  Asker asker(kNetwork);
  RouteRequest request = asker.ask(200);
  const std::vector<FailedHop> failed{
      {DirectedChannel{6}, Msat{1}, FailureCode::temporary_channel_failure, {}}};
  request.failed = failed;
  CHECK(asker.lines(PathOrder::shortest, request) == Lines{0, 1});
  const std::vector<ChannelId> avoided{ChannelId{5}, ChannelId{1}};
  request.avoided = avoided;
  CHECK(asker.lines(PathOrder::shortest, request).empty());
  request.failed = {};
  CHECK(asker.lines(PathOrder::cheapest, request) == Lines{2, 3});
}

TEST_CASE("path_router: what the receiver said speaks against no channel") {
  Asker asker(kNetwork);
  RouteRequest request = asker.ask(200);
  const std::vector<FailedHop> failed{{DirectedChannel{6}, Msat{1}, FailureCode::mpp_timeout, {}}};
  request.failed = failed;
  CHECK(asker.lines(PathOrder::shortest, request) == Lines{2, 3});
}

TEST_CASE("path_router: what other parts use is off a channel's capacity") {
  Asker asker(kNetwork);
  RouteRequest request = asker.ask(200);
  const std::vector<ChannelUse> used{{DirectedChannel{6}, Msat::from_sat(101)}};
  request.used = used;
  CHECK(asker.lines(PathOrder::shortest, request) == Lines{0, 1});
}

TEST_CASE("path_router: own balances decide between no path and not enough") {
  Asker asker(kNetwork);
  PathRouter router(asker.graph, PathOrder::widest);
  CHECK(std::get<NoRoute>(router.find(asker.ask(2701), NoMemory())) ==
        NoRoute::insufficient_balance);
  CHECK(std::get<NoRoute>(router.find(asker.ask(2700), NoMemory())) == NoRoute::no_path);
  RouteRequest request = asker.ask(200);
  request.target = request.source;
  CHECK_THROWS_AS(router.find(request, NoMemory()), InvariantError);
}

TEST_CASE("path_router: of equal paths that with the smaller channel at the sender is taken") {
  Asker asker("A 9 -- 0 B\nB 9 -- 0 D\nA 9 -- 0 C\nC 9 -- 0 D\nA 9 -- 0 B\nB 9 -- 0 D\n");
  for (const PathOrder order : {PathOrder::cheapest, PathOrder::shortest, PathOrder::widest}) {
    CHECK(asker.lines(order, asker.ask(5)) == Lines{0, 1});
  }
}

TEST_CASE("path_router: the best of all paths, on small networks") {
  int found_routes = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "path_router_test");
    const bool has_fees = seed % 3 != 0;
    const topo::Topology topology =
        random_topology(rng, {.nodes = 6, .channels = 12, .has_fees = has_fees});
    const ChannelGraph graph(topology);
    const Network network(topology, plain_params(), seed);
    const NoMemory nothing;
    const TrueBalances balances(network);
    const bool knows = seed % 2 == 0;
    const LiquidityView& view = knows ? static_cast<const LiquidityView&>(balances) : nothing;
    const auto local = own_channels(topology, network, {0});
    for (std::uint32_t target = 1; target < 6; ++target) {
      CAPTURE(target);
      // Above all smallest HTLCs: there a larger fee could help.
      const RouteRequest request =
          request_of({0}, {target}, Msat::from_sat(rng.between(2, 60)), local);
      std::vector<Route> routes;
      for (const auto& path : all_paths(topology, {0}, {target})) {
        if (auto route = usable(graph, path, request, view)) routes.push_back(*route);
      }
      for (const PathOrder order : {PathOrder::cheapest, PathOrder::shortest, PathOrder::widest}) {
        CAPTURE(static_cast<int>(order));
        PathRouter router(graph, order);
        const RouteResult result = router.find(request, view);
        REQUIRE(std::holds_alternative<Route>(result) == !routes.empty());
        if (routes.empty()) continue;
        const Route& route = std::get<Route>(result);
        ++found_routes;
        std::vector<DirectedChannel> path;
        for (const Hop& hop : route.hops) path.push_back(hop.channel);
        const auto priced = usable(graph, path, request, view);
        REQUIRE(priced.has_value());
        CHECK(priced->hops == route.hops);
        Rank best = rank_of(order, graph, routes.front(), request, view);
        for (const Route& other : routes) {
          best = std::min(best, rank_of(order, graph, other, request, view));
        }
        // The others keep one label a node, and its fees may spoil what comes before.
        if (order == PathOrder::cheapest || !has_fees) {
          CHECK(rank_of(order, graph, route, request, view) == best);
        }
      }
    }
  }
  CHECK(found_routes > 300);
}
