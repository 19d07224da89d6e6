/// What holds for every router, with every view and splitter that it does not refuse: on random
/// networks its routes can be sent as they are, and whole runs end well.
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/routing/path_pricing.hpp"
#include "sim/routing/registry.hpp"
#include "sim/routing/router.hpp"
#include "sim/simulation.hpp"
#include "tests/printing.hpp"
#include "tests/routing_world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using namespace ampsim::test;

namespace {

/// Every choice that is not refused.
void for_all_choices(const std::function<void(const RoutingParams&)>& test) {
  int refused = 0;
  int tested = 0;
  for (const RouterKind& router : routers()) {
    for (const LiquidityViewKind& view : liquidity_views()) {
      for (const SplitterKind& splitter : splitters()) {
        RoutingParams params;
        params.algorithm = router.name;
        params.liquidity_view = view.name;
        params.splitter = splitter.name;
        params.baseline.probes = view.name == "none";
        const RoutingRefusal refusal = refusal_of(params);
        CHECK(refusal.key.empty() == refusal.reason.empty());
        if (!refusal.key.empty()) {
          ++refused;
          continue;
        }
        CAPTURE(router.name);
        CAPTURE(view.name);
        CAPTURE(splitter.name);
        test(params);
        ++tested;
      }
    }
    // Its own choice is never refused.
    RoutingParams own;
    own.algorithm = router.name;
    CHECK(refusal_of(own).reason == "");
  }
  CHECK(refused > 0);
  CHECK(tested > 50);
}

/// The route can be sent: from source to target over each node once, what a hop pays for the next
/// is what its policy asks, and time locks are at least that far apart.
void check_route(const ChannelGraph& graph, const Route& route, const RouteRequest& request) {
  REQUIRE(!route.hops.empty());
  std::vector<DirectedChannel> path;
  std::set<NodeId> passed = {request.source};
  NodeId node = request.source;
  for (const Hop& hop : route.hops) {
    REQUIRE(graph.tail(hop.channel) == node);
    node = graph.head(hop.channel);
    CHECK(passed.insert(node).second);
    path.push_back(hop.channel);
  }
  CHECK(node == request.target);
  const auto priced = price_path(graph, path, route.amount(), request);
  REQUIRE(priced.has_value());
  for (std::size_t i = 0; i < path.size(); ++i) {
    CHECK(route.hops[i].amount == priced->hops[i].amount);
    // Who does not know which of parallel channels is used takes the longest time lock.
    CHECK(route.hops[i].expiry >= priced->hops[i].expiry);
    CHECK(route.hops[i].expiry <= request.cltv_limit);
  }
  CHECK(route.probability >= 0);
  CHECK(route.probability <= 1);
}

/// Of one answer, whatever is divided.
void check_parts(const ChannelGraph& graph,
                 const std::vector<Route>& parts,
                 const RouteRequest& request,
                 const PartLimits& limits) {
  REQUIRE(!parts.empty());
  CHECK(parts.size() <= limits.room());
  Msat amount;
  Msat fee;
  std::map<std::uint32_t, Msat> own;
  for (const Route& part : parts) {
    check_route(graph, part, request);
    amount += part.amount();
    fee += part.fee();
    own[part.hops.front().channel.index] += part.sent();
    // Equal parts of an amount that does not divide differ by 1 msat.
    const Msat rounding{static_cast<std::int64_t>(parts.size())};
    if (part.amount() < request.amount) CHECK(part.amount() + rounding >= limits.min_part);
  }
  CHECK(amount <= request.amount);
  CHECK(fee <= request.fee_limit);
  // Several parts are a whole division; a first part is alone.
  if (parts.size() > 1) CHECK(amount == request.amount);
  for (const LocalChannel& local : request.local) {
    if (own.contains(local.channel.index)) {
      CHECK(own[local.channel.index] <= local.available);
      own.erase(local.channel.index);
    }
  }
  CHECK(own.empty());
}

}  // namespace

TEST_CASE("routers: every route can be sent, and every division is one") {
  for_all_choices([](const RoutingParams& params) {
    int found = 0;
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      CAPTURE(seed);
      Rng rng(seed, "routers_test");
      const topo::Topology topology = random_topology(rng, {.nodes = 8, .channels = 20});
      const ChannelGraph graph(topology);
      const Network network(topology, plain_params(), seed);
      const RoutingMeans means{graph, params, seed};
      const auto router = make_router(means, network);
      const auto view = make_liquidity_view(means, network);
      const auto splitter = splitter_of(params).make(means, 3);
      for (std::uint32_t target = 1; target < 8; ++target) {
        CAPTURE(target);
        const auto local = own_channels(topology, network, {0});
        RouteRequest request =
            request_of({0}, {target}, Msat::from_sat(rng.between(3, 120)), local);
        request.fee_limit = request.amount / 5 + Msat{1000};
        const PartLimits limits{.min_part = Msat::from_sat(5), .max_parts = 6};
        const PartsResult parts = splitter->split(*router, request, *view, limits);
        if (const auto* routes = std::get_if<std::vector<Route>>(&parts)) {
          check_parts(graph, *routes, request, limits);
          ++found;
        }
        // What is to be avoided is, by the router itself.
        const std::vector<ChannelId> avoided{ChannelId{target}, ChannelId{2 * target}};
        request.avoided = avoided;
        const RouteResult around = router->find(request, *view);
        if (const Route* route = std::get_if<Route>(&around)) {
          CHECK(route->amount() == request.amount);
          check_parts(graph, {*route}, request, {});
          for (const Hop& hop : route->hops) {
            CHECK(std::find(avoided.begin(), avoided.end(), hop.channel.channel()) ==
                  avoided.end());
          }
        }
      }
    }
    CHECK(found > 0);
  });
}

TEST_CASE("routers: who cannot send enough is told so, who is cut off has no path") {
  for_all_choices([](const RoutingParams& params) {
    topo::Topology topology;
    topology.nodes = {{"0", ""}, {"1", ""}, {"2", ""}};
    const Msat capacity = Msat::from_sat(100);
    topo::Channel channel{.id = "0",
                          .ends = {NodeId{0}, NodeId{1}},
                          .capacity = capacity,
                          .balance_0 = capacity,
                          .policy = {topo::ForwardingPolicy{.htlc_maximum = capacity},
                                     topo::ForwardingPolicy{.htlc_maximum = capacity}}};
    topology.channels = {channel};
    const ChannelGraph graph(topology);
    const Network network(topology, plain_params(), 1);
    const RoutingMeans means{graph, params, 1};
    const auto router = make_router(means, network);
    const auto view = make_liquidity_view(means, network);
    const auto local = own_channels(topology, network, {0});
    const RouteRequest cut_off = request_of({0}, {2}, Msat::from_sat(50), local);
    CHECK(std::get<NoRoute>(router->find(cut_off, *view)) == NoRoute::no_path);
    const RouteRequest too_much = request_of({0}, {1}, Msat::from_sat(101), local);
    CHECK(std::get<NoRoute>(router->find(too_much, *view)) == NoRoute::insufficient_balance);
    const RouteRequest possible = request_of({0}, {1}, Msat::from_sat(40), local);
    CHECK(std::get<Route>(router->find(possible, *view)).fee() == Msat{0});
  });
}

namespace {

std::vector<PaymentSpec> payments_of(Rng& rng) {
  std::vector<PaymentSpec> payments;
  for (int i = 0; i < 25; ++i) {
    const auto from = static_cast<std::uint32_t>(rng.below(10));
    const auto to = static_cast<std::uint32_t>((from + 1 + rng.below(9)) % 10);
    payments.push_back({.sender = NodeId{from},
                        .receiver = NodeId{to},
                        .amount = Msat::from_sat(rng.between(1'000, 60'000)),
                        .at = SimTime{std::chrono::milliseconds{50 * i}}});
  }
  return payments;
}

/// Ends, and throws if an invariant breaks, conservation of money first of all; pays all or
/// nothing. Returns how many payments succeeded.
int check_run(const topo::Topology& topology,
              const std::vector<PaymentSpec>& payments,
              const SimulationParams& params) {
  const RunResult result = simulate(topology, payments, params, {.check_every_event = true});
  CHECK(result.payments.size() == payments.size());
  int succeeded = 0;
  for (const PaymentRecord& payment : result.payments) {
    CHECK(payment.state != PaymentState::partial);
    CHECK(payment.delivered ==
          (payment.state == PaymentState::succeeded ? payment.amount : Msat{0}));
    CHECK(payment.fee <= payment.amount / 20);
    succeeded += payment.state == PaymentState::succeeded ? 1 : 0;
  }
  return succeeded;
}

SimulationParams params_of(const RoutingParams& routing) {
  SimulationParams params;
  params.payment.min_part = Msat::from_sat(1'000);
  params.record = {.payments = true, .channels = true, .messages = true, .feasibility = true};
  params.routing = routing;
  params.seed = 7;
  return params;
}

}  // namespace

TEST_CASE("routers: whole runs end, conserve money, and pay all or nothing") {
  for_all_choices([](const RoutingParams& routing) {
    Rng rng(7, "routers_test.runs");
    const topo::Topology topology =
        random_topology(rng, {.nodes = 10, .channels = 25, .most_sat = 100'000});
    CHECK(check_run(topology, payments_of(rng), params_of(routing)) > 0);
  });
}

TEST_CASE("routers: nothing is tried for ever where time stands still and policies are stale") {
  for_all_choices([](const RoutingParams& routing) {
    Rng rng(8, "routers_test.faults");
    const topo::Topology topology =
        random_topology(rng, {.nodes = 10, .channels = 25, .most_sat = 100'000});
    SimulationParams params = params_of(routing);
    params.network.latency = {.kind = DistributionKind::constant};
    params.network.max_htlcs = 2;
    params.faults.stale_policy_probability = 0.2;
    params.faults.failure_probability = 0.05;
    params.faults.mean_up = std::chrono::seconds{10};
    params.faults.mean_down = std::chrono::seconds{1};
    CHECK(check_run(topology, payments_of(rng), params) >= 0);
  });
}
