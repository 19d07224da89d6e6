#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "sim/routing/flow/flow_finder.hpp"
#include "sim/routing/path_pricing.hpp"
#include "sim/routing/routers/max_flow_router.hpp"
#include "sim/routing/views/true_balances.hpp"
#include "tests/max_flow_oracle.hpp"
#include "tests/printing.hpp"
#include "tests/routing_world.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using namespace ampsim::test;

namespace {

/// The parts are what price_path says, and together fit into the balances.
void check_parts(const ChannelGraph& graph,
                 const std::vector<Route>& parts,
                 const RouteRequest& request,
                 const ChannelCapacities& capacities) {
  std::map<std::uint32_t, Msat> taken;
  Msat amount;
  Msat fee;
  for (const Route& part : parts) {
    std::vector<DirectedChannel> path;
    for (const Hop& hop : part.hops) {
      path.push_back(hop.channel);
      taken[hop.channel.index] += hop.amount;
    }
    const auto priced = price_path(graph, path, part.amount(), request);
    REQUIRE(priced.has_value());
    CHECK(priced->hops == part.hops);
    amount += part.amount();
    fee += part.fee();
  }
  CHECK(amount == request.amount);
  CHECK(fee <= request.fee_limit);
  for (const auto& each : taken) CHECK(each.second <= capacities.of({each.first}));
}

constexpr PartLimits kAnyParts{.max_parts = 1000};

}  // namespace

TEST_CASE("max_flow: a maximum flow is what Boost.Graph says, near or cheapest paths first") {
  int several = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "max_flow_test");
    const topo::Topology topology =
        random_topology(rng, {.nodes = 8, .channels = 20, .has_fees = false});
    const ChannelGraph graph(topology);
    const Network network(topology, plain_params(), seed);
    TrueCapacities capacities(graph, network);
    ResidualFlow flow(graph);
    const auto local = own_channels(topology, network, {0});
    const RouteRequest request = request_of({0}, {7}, Msat::from_sat(100'000), local);
    const Msat expected = max_flow(topology, network, {0}, {7});
    capacities.begin(request);
    for (const bool is_near : {true, false}) {
      flow.begin({0}, {7}, Msat{1}, capacities);
      const Msat most = Msat::from_sat(100'000);
      CHECK((is_near ? flow.add_near(most) : flow.add_cheapest(most)) == expected);
      Msat sum;
      const std::vector<FlowPath> paths = flow.take_paths();
      for (const FlowPath& path : paths) {
        sum += path.amount;
        CHECK(graph.tail(path.channels.front()) == NodeId{0});
        CHECK(graph.head(path.channels.back()) == NodeId{7});
      }
      CHECK(sum == expected);
      several += paths.size() > 1 ? 1 : 0;
      flow.end();
    }
    capacities.end();
  }
  CHECK(several > 100);
}

TEST_CASE("max_flow: without fees there are parts for the maximum flow, and for no msat more") {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "max_flow_test.parts");
    // In every third network an HTLC is at most a part of what a channel has.
    const topo::Topology topology = random_topology(
        rng, {.nodes = 8, .channels = 20, .has_fees = false, .has_small_htlcs = seed % 3 == 0});
    const ChannelGraph graph(topology);
    const Network network(topology, plain_params(), seed);
    const auto router = max_flow_router_kind().make({graph, RoutingParams{}, seed, &network});
    const auto local = own_channels(topology, network, {0});
    const Msat most = max_flow(topology, network, {0}, {7});
    TrueCapacities capacities(graph, network);
    RouteRequest request = request_of({0}, {7}, std::max(most, Msat{1}), local);
    capacities.begin(request);
    const PartsResult parts = router->find_flow(request, TrueBalances(network), kAnyParts);
    REQUIRE(std::holds_alternative<std::vector<Route>>(parts) == (most > Msat{0}));
    if (most > Msat{0}) {
      check_parts(graph, std::get<std::vector<Route>>(parts), request, capacities);
    }
    request.amount = most + Msat{1};
    CHECK(std::holds_alternative<NoRoute>(
        router->find_flow(request, TrueBalances(network), kAnyParts)));
    capacities.end();
  }
}

TEST_CASE(
    "max_flow: a channel whose largest HTLC is small carries several, with other routers too") {
  World world("A 10000000 -- 0 B max=1000000\n");
  world.pay("A", "B", 3'000'000);
  for (const std::string router : {"max_flow", "waterfilling", "flash", "silentwhispers",
                                   "pickhardt_richter", "lnd", "ldk", "eclair"}) {
    CAPTURE(router);
    world.params.routing.algorithm = router;
    const PaymentRecord& payment = world.run().payments[0];
    CHECK(payment.state == PaymentState::succeeded);
    CHECK(payment.parts >= 3);
    if (router == "max_flow") CHECK(payment.parts == 3);
    world.expect_conserved();
  }
  // Core Lightning bounds what flows through a channel by its largest HTLC.
  world.params.routing.algorithm = "cln";
  CHECK(world.run().payments[0].failure == PaymentFailure::no_route);
}

TEST_CASE("max_flow: with fees and limits of HTLCs the parts fit into the balances, too") {
  int found = 0;
  int possible = 0;
  int several = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "max_flow_test.fees");
    const topo::Topology topology = random_topology(rng, {.nodes = 8, .channels = 20});
    const ChannelGraph graph(topology);
    const Network network(topology, plain_params(), seed);
    const auto router = max_flow_router_kind().make({graph, RoutingParams{}, seed, &network});
    const auto local = own_channels(topology, network, {0});
    const Msat most = max_flow(topology, network, {0}, {7});
    if (most < Msat::from_sat(10)) continue;
    RouteRequest request = request_of({0}, {7}, most / 10 * 8, local);
    request.fee_limit = request.amount / 5 + Msat{2000};
    TrueCapacities capacities(graph, network);
    capacities.begin(request);
    ++possible;
    const PartLimits limits{.min_part = Msat::from_sat(3), .max_parts = 6};
    const PartsResult parts = router->find_flow(request, TrueBalances(network), limits);
    if (const auto* routes = std::get_if<std::vector<Route>>(&parts)) {
      ++found;
      several += routes->size() > 1 ? 1 : 0;
      check_parts(graph, *routes, request, capacities);
      CHECK(routes->size() <= 6);
      for (const Route& route : *routes) {
        CHECK((routes->size() == 1 || route.amount() >= limits.min_part));
      }
    }
    capacities.end();
  }
  MESSAGE(found << " of " << possible << ", " << several << " with several parts");
  CHECK(found * 2 > possible);
  CHECK(several > 30);
}

TEST_CASE("max_flow: sends over what is there, not over what is announced") {
  //   A --- B --- D      B has 40 of 100 left, C has 80
  //    \__ C ____/
  World world(
      "A 200 -- 0 B\n"
      "B 40 -- 60 D\n"
      "A 200 -- 0 C\n"
      "C 80 -- 20 D\n");
  world.params.routing.algorithm = "max_flow";
  world.params.payment.min_part = Msat{1};
  world.pay("A", "D", 60).pay("A", "D", 60, 10'000).pay("A", "D", 1, 20'000);
  const auto& payments = world.run().payments;
  CHECK(payments[0].state == PaymentState::succeeded);
  CHECK(payments[0].parts == 1);
  CHECK(payments[1].state == PaymentState::succeeded);
  CHECK(payments[1].parts == 2);
  CHECK(payments[1].attempts == 2);
  CHECK(payments[2].failure == PaymentFailure::no_route);
  world.expect_conserved();
}

TEST_CASE("max_flow: refuses views that do not know what it knows") {
  const RouterKind kind = max_flow_router_kind();
  CHECK(kind.refuses("balances", "halving").empty());
  CHECK(kind.refuses("none", "flow") == "an oracle knows the true balances");
}
