#include "sim/routing/splitters/splitters.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "sim/routing/routers/lnd_router.hpp"
#include "sim/routing/splitters/plan.hpp"
#include "sim/routing/views/apriori.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// Payments from a to z over a network of which nothing but the capacities is known.
class Case {
 public:
  explicit Case(SmallNetwork small) : network(std::move(small)), graph_(network.topology) {
    request.source = network.node("a");
    request.target = network.node("z");
    request.fee_limit = Msat{1'000'000};
    request.cltv_limit = BlockDelta{2016};
    request.final_cltv_delta = BlockDelta{80};
    local_ = network.local(request.source);
    request.local = local_;
    limits.max_parts = 16;
    limits.min_part = Msat{10};
  }

  /// All of a payment.
  std::vector<Route> split(const SplitterKind& kind, std::uint32_t parts, Msat amount) {
    request.amount = amount;
    if (request.total == Msat{0}) request.total = amount;
    PartsResult result =
        kind.make({graph_, params_}, parts)->split(router_, request, view_, limits);
    if (const NoRoute* reason = std::get_if<NoRoute>(&result)) {
      refusal = *reason;
      return {};
    }
    return std::get<std::vector<Route>>(result);
  }

  SmallNetwork network;
  RouteRequest request{};
  PartLimits limits;
  NoRoute refusal{};

 private:
  ChannelGraph graph_;
  RoutingParams params_;
  Apriori view_{graph_, params_};
  std::vector<LocalChannel> local_;
  LndRouter router_{graph_, params_};
};

std::vector<Msat> amounts(const std::vector<Route>& routes) {
  std::vector<Msat> all;
  for (const Route& route : routes) all.push_back(route.amount());
  return all;
}
Msat sum(const std::vector<Route>& routes) {
  Msat total;
  for (const Route& route : routes) total += route.amount();
  return total;
}

}  // namespace

/// Paths from a to z over one node in between, each with a bottleneck behind it, in sat:
///
///        b            c            d
///   900 / \ 100  900 / \ 200  900 / \ 700
///      a   z        a   z        a   z
SmallNetwork three_paths() {
  SmallNetwork network;
  const topo::ForwardingPolicy free{.htlc_minimum = Msat{1}};
  network.node("a");
  network.node("z");
  for (const auto& [middle, sat] : {std::pair("b", 100), {"c", 200}, {"d", 700}}) {
    network.channel("a", middle, Msat::from_sat(900), free);
    network.channel(middle, "z", Msat::from_sat(sat), free);
  }
  return network;
}

TEST_CASE("splitters: equal parts differ by 1 msat at most, and have the whole") {
  CHECK(equal_amounts(Msat{10}, 3) == std::vector<Msat>{Msat{4}, Msat{3}, Msat{3}});
  Case three(three_paths());
  const std::vector<Route> routes = three.split(equal_splitter_kind(), 4, Msat{100'001});
  CHECK(amounts(routes) ==
        std::vector<Msat>{Msat{25'001}, Msat{25'000}, Msat{25'000}, Msat{25'000}});
}

TEST_CASE("splitters: a part that failed is sent again as it was, not divided anew") {
  Case three(three_paths());
  three.request.total = Msat{100'000};
  three.limits.parts_in_flight = 3;
  CHECK(amounts(three.split(equal_splitter_kind(), 4, Msat{25'000})) ==
        std::vector<Msat>{Msat{25'000}});
  three.limits.parts_in_flight = 2;
  CHECK(three.split(equal_splitter_kind(), 4, Msat{50'000}).size() == 2);
}

TEST_CASE("splitters: parts are not below the minimum, and no more than may fly") {
  Case three(three_paths());
  three.limits.min_part = Msat{30'000};
  CHECK(three.split(equal_splitter_kind(), 4, Msat{100'000}).size() == 3);
  three.limits.min_part = Msat{200'000};
  CHECK(three.split(equal_splitter_kind(), 4, Msat{100'000}).size() == 1);
  three.limits = {.max_parts = 2};
  CHECK(three.split(equal_splitter_kind(), 4, Msat{100'000}).size() == 2);
}

TEST_CASE("splitters: parts that are made together do not spend the sender's balance twice") {
  SmallNetwork network;
  const topo::ForwardingPolicy free{.htlc_minimum = Msat{1}};
  network.node("a");
  network.node("z");
  network.channel("a", "z", Msat{100}, free);
  network.channel("a", "z", Msat{60}, free);
  Case two(network);
  const std::vector<Route> routes = two.split(equal_splitter_kind(), 3, Msat{150});
  REQUIRE(routes.size() == 3);
  Msat over_first;
  for (const Route& route : routes) {
    if (route.hops[0].channel == DirectedChannel{0}) over_first += route.amount();
  }
  CHECK(over_first == Msat{100});
  CHECK(two.split(equal_splitter_kind(), 2, Msat{150}).empty());  // 75 does not fit beside 75
  CHECK(two.refusal == NoRoute::no_path);
}

TEST_CASE("splitters: edge_avoiding has no channel twice, and fewer parts where paths are few") {
  Case three(three_paths());
  for (const std::uint32_t parts : {1U, 2U, 3U, 9U}) {
    const std::vector<Route> routes =
        three.split(edge_avoiding_splitter_kind(), parts, Msat{90'000});
    CAPTURE(parts);
    CHECK(routes.size() == std::min(parts, 3U));
    CHECK(sum(routes) == Msat{90'000});
    std::set<ChannelId> channels;
    for (const Route& route : routes) {
      for (const Hop& hop : route.hops) CHECK(channels.insert(hop.channel.channel()).second);
    }
  }
  // A part in flight over b keeps the others off its channels.
  const std::vector<ChannelUse> in_flight = {{DirectedChannel{2}, Msat{10'000}}};
  three.limits.in_flight = in_flight;
  CHECK(three.split(edge_avoiding_splitter_kind(), 9, Msat{90'000}).size() == 2);
}

TEST_CASE("splitters: capacity_proportional gives each path what it could carry of the whole") {
  Case three(three_paths());
  std::vector<Msat> parts = amounts(three.split(capacity_splitter_kind(), 3, Msat{100'000}));
  std::sort(parts.begin(), parts.end());
  CHECK(parts == std::vector<Msat>{Msat{10'000}, Msat{20'000}, Msat{70'000}});
  // What would be below the minimum goes to the others: 2 and 7 of 9.
  three.limits.min_part = Msat{15'000};
  parts = amounts(three.split(capacity_splitter_kind(), 3, Msat{90'000}));
  std::sort(parts.begin(), parts.end());
  CHECK(parts == std::vector<Msat>{Msat{20'000}, Msat{70'000}});
}

TEST_CASE("splitters: random sizes have the whole, keep the minimum and differ") {
  Case three(three_paths());
  three.limits.min_part = Msat{5'000};
  std::set<std::vector<Msat>> seen;
  const auto kind = random_splitter_kind();
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const ChannelGraph graph(three.network.topology);
    const RoutingParams params;
    const auto splitter = kind.make({graph, params, seed}, 3);
    LndRouter router(graph, params);
    three.request.amount = three.request.total = Msat{90'000};
    const PartsResult result =
        splitter->split(router, three.request, Apriori(graph, params), three.limits);
    if (std::holds_alternative<NoRoute>(result)) continue;  // one part of all has no path
    const auto& routes = std::get<std::vector<Route>>(result);
    CHECK(sum(routes) == Msat{90'000});
    CHECK(routes.size() <= 3);
    for (const Route& route : routes) CHECK(route.amount() >= Msat{5'000});
    seen.insert(amounts(routes));
  }
  CHECK(seen.size() > 100);
}

TEST_CASE("splitters: what a plan has taken of fees is not there for its next part") {
  SmallNetwork network;
  const topo::ForwardingPolicy dear{.fee_base = Msat{10}, .htlc_minimum = Msat{1}};
  network.channel("a", "b", Msat{1000}, dear);
  network.channel("b", "z", Msat{1000}, dear);
  Case one(network);
  one.request.fee_limit = Msat{20};
  CHECK(one.split(equal_splitter_kind(), 2, Msat{100}).size() == 2);
  one.request.fee_limit = Msat{19};
  CHECK(one.split(equal_splitter_kind(), 2, Msat{100}).empty());
}

TEST_CASE("splitters: every splitter carries a payment that no single path can") {
  for (const SplitterKind& kind : splitters()) {
    if (kind.name == "none" || kind.name == "flow") continue;
    CAPTURE(kind.name);
    test::World world("a 60 -- 0 b\na 60 -- 0 c\nb 60 -- 0 z\nc 60 -- 0 z");
    world.params.routing.splitter = kind.name;
    world.params.payment.parts = 2;
    world.params.payment.min_part = Msat::from_sat(1);
    // `random` may draw one part or one too large: some of ten seeds do.
    double succeeded = 0;
    world.pay("a", "z", 80, 0);
    for (world.params.seed = 0; world.params.seed < 10; ++world.params.seed) {
      world.run();
      world.expect_conserved();
      CHECK(world.measure("partial_payments") == 0);
      succeeded += world.measure("succeeded");
    }
    CHECK(succeeded >= (kind.name == "random" ? 1 : 10));
  }
}

TEST_CASE("splitters: parts count what others have in flight if they are to") {
  // Two parts of 40 do not fit through b -- z. Seen, the second goes around by d; unseen it fails
  // first, as with lnd.
  test::World world("a 200 -- 0 b\nb 60 -- 0 z\nb 50 -- 0 d\nd 50 -- 0 z");
  world.params.payment.min_part = Msat::from_sat(1);
  world.pay("a", "z", 80);
  for (const auto& [own, attempts] :
       {std::pair(OwnParts::router, 3), {OwnParts::unseen, 3}, {OwnParts::seen, 2}}) {
    world.params.routing.own_parts = own;
    world.run();
    CHECK(world.measure("succeeded") == 1);
    CHECK(world.measure("attempts_mean") == attempts);
  }
}

TEST_CASE("splitters: who probes has parts in flight off the balances once") {
  // Halves of 40 are in flight over b and d when the last one looks: 20 are left over each.
  test::World world("a 200 -- 0 b\nb 60 -- 0 z\na 200 -- 0 d\nd 60 -- 0 z");
  world.params.routing.algorithm = "waterfilling";
  world.params.routing.splitter = "halving";
  world.params.payment.min_part = Msat::from_sat(10);
  world.pay("a", "z", 110);
  for (const OwnParts own : {OwnParts::router, OwnParts::seen}) {
    world.params.routing.own_parts = own;
    world.run();
    CHECK(world.measure("succeeded") == 1);
  }
}

TEST_CASE("splitters: ldk and cln count what all payments of the sender have in flight") {
  // The first payment hangs at its receiver; the second is too much for what it leaves of b -- z.
  test::World world("a 500 -- 0 b\nb 100 -- 0 z\na 500 -- 0 d\nd 100 -- 0 z base=1000");
  world.params.payment.fee_limit = 1;
  world.params.payment.scheme = "single";
  world.params.receiver.hold = std::chrono::seconds{5};
  world.pay("a", "z", 70).pay("a", "z", 60, 1000);
  for (const auto& [router, attempts] :
       {std::pair(std::string("ldk"), 1), {"cln", 1}, {"pickhardt_richter", 2}, {"lnd", 2}}) {
    CAPTURE(router);
    world.params.routing.algorithm = router;
    const auto& payments = world.run().payments;
    for (const PaymentRecord& payment : payments) {
      CHECK(payment.state == PaymentState::succeeded);
      if (payment.amount == Msat::from_sat(60)) CHECK(payment.attempts == attempts);
    }
  }
}
