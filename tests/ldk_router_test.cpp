#include "sim/routing/routers/ldk_router.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/random.hpp"
#include "sim/routing/views/no_memory.hpp"
#include "tests/printing.hpp"
#include "tests/wallet_networks.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using namespace ampsim::test;

namespace {

Msat sat(std::int64_t count) { return Msat::from_sat(count); }

/// LDK's label and how a hop changes it, as they read, for one path with the whole amount.
struct Label {
  double score = 0;
  Msat amount;  ///< what the node has to receive
  Msat fees;
  Msat minimum;
  Msat penalty;
  BlockDelta expiry;
  int hops = 0;
};

struct PlainRule {
  const topo::Topology& topology;
  const RouteRequest& request;
  const LiquidityView& view;
  std::uint32_t saturation;

  Label start() const { return {.amount = request.amount, .expiry = request.final_cltv_delta}; }

  std::optional<Label> operator()(const Label& at, DirectedChannel channel) const {
    const topo::ForwardingPolicy& policy = policy_of(topology, channel);
    const Msat capacity = *topology.channels[channel.channel().index].capacity;
    const bool is_own = topology.source(channel) == request.source;
    if (is_forbidden(request, channel) || is_forbidden(request, channel.reversed())) return {};
    if (policy.is_disabled && !is_own) return {};
    const Msat amount = at.amount;
    if (amount > policy.htlc_maximum || amount < policy.htlc_minimum || amount < at.minimum) {
      return {};
    }
    Msat used;
    for (const ChannelUse& use : request.used) {
      if (use.channel == channel) used = use.amount;
    }
    Label next = at;
    ++next.hops;
    next.minimum = std::max(at.minimum, policy.htlc_minimum);
    if (is_own) {
      for (const LocalChannel& own : request.local) {
        if (own.channel == channel && own.available < amount) return {};
      }
    } else {
      if (amount > Msat{capacity.count >> saturation} || amount + used > capacity) return {};
      const Msat fee = policy.fee(amount);
      next.fees += fee;
      next.amount += fee;
      next.minimum += policy.fee(next.minimum);
      next.expiry = at.expiry + policy.cltv_expiry_delta;
      next.penalty += penalty(channel, amount, used, capacity);
    }
    if (next.fees > request.fee_limit || next.hops > 19) return {};
    if (next.expiry > std::min(request.cltv_limit, BlockDelta{1008})) return {};
    next.score = static_cast<double>((std::max(next.fees, next.minimum) + next.penalty).count) /
                 static_cast<double>(request.amount.count);
    return next;
  }

  Msat penalty(DirectedChannel channel, Msat amount, Msat used, Msat capacity) const {
    const HopQuery query{.from = topology.source(channel),
                         .to = topology.target(channel),
                         .channel = channel,
                         .capacity = capacity,
                         .amount = amount,
                         .used = used,
                         .now = request.now};
    LdkRisk risk;
    if (const auto* const scorer = dynamic_cast<const Scorer*>(&view)) {
      risk = scorer->risk(query);
    } else {
      const double p = view.probability(query);
      risk.history = p < 0.01 ? 2 : -std::log10(p);
      risk.is_impossible = amount > view.bounds(query).upper;
    }
    const double a = static_cast<double>(amount.count);
    double sum = 5120 + 655360 * a / 1073741824 + risk.history * (50000 + 6250 * a / 1048576);
    if (policy_of(topology, channel).htlc_maximum >= capacity / 2) sum += 1250;
    if (risk.is_impossible) sum += 1e11;
    return Msat{static_cast<std::int64_t>(sum)};
  }
};

std::optional<Path> plain_find(const topo::Topology& topology,
                               const RouteRequest& request,
                               const LiquidityView& view) {
  for (const std::uint32_t saturation : {2U, 0U}) {
    const PlainRule rule{topology, request, view, saturation};
    PlainSearch<Label> search{topology, request.source, rule};
    if (const auto path = search.run(request.target, rule.start(), {})) return path;
  }
  return std::nullopt;
}

Path path_of(const Route& route) {
  Path path;
  for (const Hop& hop : route.hops) path.push_back(hop.channel);
  return path;
}

/// Own channels to one peer may be any that fits.
Path without_first(Path path, const topo::Topology& topology) {
  const NodeId peer = topology.target(path.front());
  path.erase(path.begin());
  if (path.empty()) path.push_back({peer.index});
  return path;
}

/// A made-up result of a route.
void teach(Rng& rng, LiquidityView& view, const Route& route, SimTime now) {
  if (rng.below(3) == 0) return view.report_success(route, now);
  const FailureCode codes[] = {FailureCode::temporary_channel_failure,
                               FailureCode::temporary_channel_failure,
                               FailureCode::temporary_node_failure, FailureCode::mpp_timeout};
  const std::size_t node = rng.below(route.hops.size());
  view.report_failure(route, node, codes[rng.below(4)], now);
}

const char* kTwoWays = R"(
  a 900000 -- 100000 b  base=1000 ppm=100
  b 900000 -- 100000 d  base=1000 ppm=100
  a 900000 -- 100000 c  base=1000 ppm=200
  c 900000 -- 100000 d  base=1000 ppm=200
)";

}  // namespace

TEST_CASE("ldk_router: random networks and knowledge give the plain search's path") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "ldk_router_test");
    const SmallNetwork network = random_wallet_network(rng, 12, false);
    const topo::Topology& topology = network.topology;
    const ChannelGraph graph(topology);
    const RoutingParams params;
    LdkRouter router(graph, params);
    Scorer scorer(graph, params.ldk);
    const NoMemory none;
    for (int i = 0; i < 15; ++i) {
      const RandomRequest random(rng, topology, true);
      const LiquidityView& view = i % 5 == 4 ? static_cast<const LiquidityView&>(none) : scorer;
      const RouteResult found = router.find(random.request, view);
      const std::optional<Path> plain = plain_find(topology, random.request, view);
      const Route* const route = std::get_if<Route>(&found);
      REQUIRE((route != nullptr) == plain.has_value());
      if (route == nullptr) continue;
      CHECK(without_first(path_of(*route), topology) == without_first(*plain, topology));
      check_routes(topology, random.request, {*route});
      teach(rng, scorer, *route, random.request.now - std::chrono::minutes{rng.between(0, 60)});
    }
  }
}

TEST_CASE("ldk_router: where nobody asks for a fee, no simple path costs less") {
  int routes = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "ldk_router_test.brute_force");
    const SmallNetwork network = random_wallet_network(rng, 7, true);
    const topo::Topology& topology = network.topology;
    const ChannelGraph graph(topology);
    LdkRouter router(graph, {});
    const LdkParams ldk;
    const Scorer view(graph, ldk);
    const RandomRequest random(rng, topology, false);
    const RouteResult found = router.find(random.request, view);
    double least = std::numeric_limits<double>::infinity();
    for (const std::uint32_t saturation : {2U, 0U}) {
      const PlainRule rule{topology, random.request, view, saturation};
      for_each_simple_path(topology, random.request.source, random.request.target,
                           [&](const Path& path) {
                             std::optional<Label> label = rule.start();
                             for (std::size_t i = path.size(); i-- > 0 && label;) {
                               label = rule(*label, path[i]);
                             }
                             if (label) least = std::min(least, label->score);
                           });
      if (least < std::numeric_limits<double>::infinity()) break;
    }
    const Route* const route = std::get_if<Route>(&found);
    REQUIRE((route != nullptr) == (least < std::numeric_limits<double>::infinity()));
    if (route == nullptr) continue;
    ++routes;
    // The penalties are the route's cost; the least amount of the path, 1 msat, counts as well.
    const double score = static_cast<double>(std::max(route->cost, std::int64_t{1})) /
                         static_cast<double>(random.request.amount.count);
    CHECK(score == doctest::Approx(least).epsilon(1e-4));
  }
  CHECK(routes > 150);
}

TEST_CASE("ldk_router: parts of random networks keep to every limit and to the amount") {
  int divided = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "ldk_router_test.parts");
    const SmallNetwork network = random_wallet_network(rng, 10, false);
    const topo::Topology& topology = network.topology;
    const ChannelGraph graph(topology);
    LdkRouter router(graph, {});
    const LdkParams ldk;
    Scorer view(graph, ldk);
    for (int i = 0; i < 10; ++i) {
      RandomRequest random(rng, topology, true);
      random.request.amount = random.request.amount * rng.between(1, 6);
      const PartLimits limits{.min_part = sat(10'000), .max_parts = 2 + (seed % 3 == 0 ? 14U : 2U)};
      const PartsResult found = router.find_flow(random.request, view, limits);
      const auto* const routes = std::get_if<std::vector<Route>>(&found);
      if (routes == nullptr) continue;
      check_routes(topology, random.request, *routes);
      CHECK(routes->size() <= limits.max_parts);
      if (routes->size() > 1) ++divided;
      for (const Route& route : *routes) {
        CHECK(route.hops.size() <= LdkRouter::kMaxHops);
        CHECK(route.hops.front().expiry <= BlockDelta{1008});
        if (routes->size() > 1) CHECK(route.amount() >= limits.min_part);
      }
      teach(rng, view, routes->front(), random.request.now - std::chrono::minutes{1});
    }
  }
  CHECK(divided > 100);
}

namespace {

/// A request from "a" to "d" of a network in text, and what is asked of it.
struct Asked {
  explicit Asked(std::string_view text)
      : world(text), graph(world.topology), view(graph, params.ldk) {
    for (std::uint32_t i = 0; i < 2 * world.topology.channels.size(); ++i) {
      const topo::Channel& channel = world.topology.channels[i / 2];
      if (world.topology.source({i}) != world.node("a")) continue;
      const Msat first = *channel.balance_0;
      local.push_back({{i}, i % 2 == 0 ? first : *channel.capacity - first});
    }
    request = {.source = world.node("a"),
               .target = world.node("d"),
               .fee_limit = sat(10'000),
               .cltv_limit = BlockDelta{2016},
               .final_cltv_delta = BlockDelta{40},
               .now = SimTime{std::chrono::hours{1}}};
  }
  PartsResult find(std::int64_t amount_sat) {
    request.amount = sat(amount_sat);
    request.total = request.amount;
    request.local = local;
    LdkRouter router(graph, params);
    return router.find_flow(request, view, {.min_part = sat(1'000), .max_parts = 16});
  }
  /// The amounts in sat, by the first node after "a": "b 400000 c 200000".
  std::string parts(std::int64_t amount_sat) {
    PartsResult result = find(amount_sat);
    if (std::holds_alternative<NoRoute>(result)) return "none";
    std::string text;
    for (const Route& route : std::get<std::vector<Route>>(result)) {
      const NodeId first = world.topology.target(route.hops.front().channel);
      text += (text.empty() ? "" : " ") + world.topology.nodes[first.index].name + " " +
              std::to_string(route.amount().count / 1000);
    }
    return text;
  }

  World world;
  ChannelGraph graph;
  RoutingParams params;
  Scorer view;
  std::vector<LocalChannel> local;
  RouteRequest request;
};

}  // namespace

TEST_CASE("ldk_router: a quarter of each channel is enough for one path") {
  Asked asked(kTwoWays);
  CHECK(asked.parts(200'000) == "b 200000");
}

TEST_CASE("ldk_router: beyond a quarter the other way helps, before more than that is taken") {
  //      b      Each channel counts with 250k. Both ways together have 500k; a second round with
  //     / .     all of the capacities adds what is needed for three times the amount, and the
  //    a   d    cheapest per msat are kept.
  //     \ /
  //      c
  Asked asked(kTwoWays);
  // What is too much comes off the path with the lower rate.
  CHECK(asked.parts(400'000) == "b 150000 c 250000");
  SUBCASE("without that rule one path is enough") {
    asked.params.ldk.saturation = 0;
    CHECK(asked.parts(400'000) == "b 400000");
  }
}

TEST_CASE("ldk_router: a collection reaches what no single path can carry") {
  Asked asked(kTwoWays);
  const std::string parts = asked.parts(1'500'000);
  CHECK(parts != "none");
  CHECK(asked.parts(1'850'000) == "none");  // two channels of 900k
  CHECK(std::holds_alternative<NoRoute>(asked.find(1'850'000)));
}

TEST_CASE("ldk_router: equal paths become one part") {
  // A quarter of the only way first, then the rest of it: one part.
  Asked asked(R"(
    a 900000 -- 100000 b
    b 900000 -- 100000 d
  )");
  CHECK(asked.parts(600'000) == "b 600000");
}

TEST_CASE("ldk_router: a path has to carry its share") {
  //  a = b = d over one channel of 1M sat, and ten more nodes with channels of 80k.
  std::string text = "a 900000 -- 100000 b\nb 900000 -- 100000 d\n";
  for (char node = 'e'; node < 'o'; ++node) {
    text += std::string("a 72000 -- 8000 ") + node + "\n" + node + " 72000 -- 8000 d\n";
  }
  Asked asked(text);
  // A tenth of 900k is more than the small ones have.
  CHECK(asked.parts(900'000) == "b 900000");
  asked.params.ldk.max_paths = 16;
  // The channel to b has 900k at most; one of the small ones is enough for the rest.
  CHECK(asked.parts(950'000) == "b 878000 n 72000");
}

TEST_CASE("ldk_router: a channel over which a part has failed is not tried again, either way") {
  Asked asked(kTwoWays);
  const std::vector<FailedHop> failed = {
      {DirectedChannel::of({1}, 0), sat(1), FailureCode::temporary_channel_failure, SimTime{}}};
  asked.request.failed = failed;
  CHECK(asked.parts(100'000) == "c 100000");
  const std::vector<FailedHop> by_receiver = {
      {DirectedChannel::of({1}, 0), sat(1), FailureCode::mpp_timeout, SimTime{}}};
  asked.request.failed = by_receiver;
  CHECK(asked.parts(100'000) == "b 100000");
}

TEST_CASE("ldk_router: what is known makes a detour worth its fee") {
  Asked asked(kTwoWays);
  Route route{.hops = {{DirectedChannel::of({0}, 0), sat(100'000), BlockDelta{80}},
                       {DirectedChannel::of({1}, 0), sat(100'000), BlockDelta{40}}}};
  asked.view.report_failure(route, 1, FailureCode::temporary_channel_failure, asked.request.now);
  CHECK(asked.parts(150'000) == "c 150000");
}

TEST_CASE("ldk_router: the time lock counts up to 1008 blocks") {
  Asked asked(R"(
    a 900000 -- 100000 b
    b 900000 -- 100000 d  delta=969
    a 900000 -- 100000 c
    c 900000 -- 100000 d  delta=968 base=100000
  )");
  CHECK(asked.parts(100'000) == "c 100000");
  asked.params.ldk.cltv_limit = BlockDelta{1007};
  CHECK(asked.parts(100'000) == "none");
}

TEST_CASE("ldk_router: payments end, with what can be paid paid") {
  for (const char* view : {"auto", "none", "apriori", "balances"}) {
    CAPTURE(view);
    World world(R"(
      a 500000 -- 0 b
      b 300000 -- 200000 d
      a 500000 -- 0 c
      c 450000 -- 50000 d
      c 100000 -- 400000 b
    )");
    world.params.routing.algorithm = "ldk";
    world.params.routing.liquidity_view = view;
    world.pay("a", "d", 100'000).pay("a", "d", 350'000, 20'000).pay("a", "d", 400'000, 200'000);
    const RunResult& result = world.run();
    world.expect_conserved();
    REQUIRE(result.payments.size() == 3);
    CHECK(result.payments[0].state == PaymentState::succeeded);
    CHECK(result.payments[1].state == PaymentState::succeeded);
    // 300k are left behind b and c together.
    CHECK(result.payments[2].state == PaymentState::failed);
    CHECK(world.balance("d") == sat(250'000 + 450'000));
  }
}

TEST_CASE("ldk_router: a payment that no path can carry is made in parts") {
  World world(R"(
    a 500000 -- 0 b
    b 1900000 -- 100000 d
    a 500000 -- 0 c
    c 1900000 -- 100000 d
  )");
  world.params.routing.algorithm = "ldk";
  world.pay("a", "d", 600'000);
  const RunResult& result = world.run();
  world.expect_conserved();
  CHECK(result.payments[0].state == PaymentState::succeeded);
  CHECK(result.payments[0].parts == 2);
  CHECK(result.payments[0].attempts == 2);
}
