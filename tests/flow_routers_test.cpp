// The two routers with a flow, and what they have in common (sim/routing/flow/flow_planner.hpp).
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "core/check.hpp"
#include "core/random.hpp"
#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/routers/cln_router.hpp"
#include "sim/routing/routers/pickhardt_router.hpp"
#include "sim/routing/splitters/splitters.hpp"
#include "sim/routing/views/apriori.hpp"
#include "sim/routing/views/known_bounds.hpp"
#include "sim/routing/views/no_memory.hpp"
#include "tests/pathfinding_vectors.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// Not free: with a median fee of nothing, Core Lightning's costs are fees alone.
constexpr topo::ForwardingPolicy kAlike{.fee_proportional = Ppm{10},
                                        .cltv_expiry_delta = BlockDelta{40}};
constexpr topo::ForwardingPolicy kCheap{.fee_base = Msat{1000},
                                        .fee_proportional = Ppm{10},
                                        .cltv_expiry_delta = BlockDelta{40},
                                        .htlc_minimum = Msat{1000}};

Msat sat(std::int64_t amount) { return Msat::from_sat(amount); }

/// A network, a router and a request with wide limits; tests narrow it.
struct Query {
  explicit Query(SmallNetwork& small, std::string router = "pickhardt_richter")
      : network(small), name(std::move(router)) {}

  RouteRequest asked() {
    if (local.empty()) local = network.local(request.source);
    request.local = local;
    return request;
  }
  PartsResult flow(std::int64_t amount, const PartLimits& limits) {
    const ChannelGraph graph(network.topology);
    request.amount = sat(amount);
    request.total = request.amount;
    const RouteRequest now = asked();
    return make(graph)->find_flow(now, view_or(graph), limits);
  }
  /// Amounts in sat by the nodes that the parts pass, as "ABD"; empty if there is no flow.
  std::map<std::string, std::int64_t> parts(std::int64_t amount,
                                            const PartLimits& limits = {.max_parts = 16}) {
    const PartsResult result = flow(amount, limits);
    std::map<std::string, std::int64_t> amounts;
    if (const auto* routes = std::get_if<std::vector<Route>>(&result)) {
      for (const Route& route : *routes) amounts[path(route)] += route.amount().count / 1000;
    }
    return amounts;
  }
  std::string single(std::int64_t amount) {
    const ChannelGraph graph(network.topology);
    request.amount = sat(amount);
    const RouteRequest now = asked();
    const RouteResult result = make(graph)->find(now, view_or(graph));
    const auto* route = std::get_if<Route>(&result);
    return route == nullptr ? "" : path(*route);
  }
  std::unique_ptr<Router> make(const ChannelGraph& graph) const {
    if (name == "cln") return std::make_unique<ClnRouter>(graph, params);
    return std::make_unique<PickhardtRouter>(graph, params);
  }
  std::string path(const Route& route) const {
    std::string names = network.topology.nodes[request.source.index].name;
    for (const Hop& hop : route.hops) {
      names += network.topology.nodes[network.topology.target(hop.channel).index].name;
    }
    return names;
  }
  const LiquidityView& view_or(const ChannelGraph& graph) {
    own_view = std::make_unique<KnownBounds>(graph, params);
    for (const auto& [route, at] : failures) {
      own_view->report_failure(route, at, FailureCode::temporary_channel_failure, request.now);
    }
    return *own_view;
  }

  SmallNetwork& network;
  std::string name;
  RoutingParams params;
  std::vector<LocalChannel> local;  ///< by default all channels of the source, with all in them
  std::vector<std::pair<Route, std::size_t>> failures;  ///< that the sender has learnt from
  std::unique_ptr<KnownBounds> own_view;
  RouteRequest request{.source = NodeId{0},
                       .target = NodeId{1},
                       .fee_limit = Msat::from_sat(100'000),
                       .cltv_limit = BlockDelta{2016},
                       .final_cltv_delta = BlockDelta{80},
                       .now = SimTime{std::chrono::hours{1}}};
};

/// S to T over A, B and C, with channels of so many sat at the far side.
SmallNetwork three_ways(std::int64_t a, std::int64_t b, std::int64_t c) {
  SmallNetwork network;
  network.node("S");
  network.node("T");
  for (const auto& [name, capacity] : {std::pair("A", a), std::pair("B", b), std::pair("C", c)}) {
    network.channel("S", name, sat(10'000'000), kAlike);
    network.channel(name, "T", sat(capacity), kAlike);
  }
  return network;
}

}  // namespace

TEST_CASE("flow_routers: what one channel cannot carry is divided, the larger channel takes more") {
  for (const std::string router : {"pickhardt_richter", "cln"}) {
    CAPTURE(router);
    SmallNetwork network = three_ways(1'000'000, 500'000, 100'000);
    Query query(network, router);
    const auto parts = query.parts(700'000);
    std::int64_t sum = 0;
    for (const auto& [path, amount] : parts) sum += amount;
    CHECK(sum == 700'000);
    CHECK(parts.at("SAT") > parts.at("SBT"));
    CHECK(parts.at("SBT") > 0);
  }
}

TEST_CASE("flow_routers: Pickhardt and Richter's pieces, filled in the order of their costs") {
  // Pieces of a fifth: 200,000 at 15,000 i over A, 100,000 at 30,000 i over B.
  SmallNetwork network = three_ways(1'000'000, 500'000, 1000);
  Query query(network);
  // 1 of A; 2 of A and 1 of B cost the same; then 3 of A; then 4 of A and 2 of B.
  CHECK(query.parts(200'000) == std::map<std::string, std::int64_t>{{"SAT", 200'000}});
  CHECK(query.parts(500'000).at("SAT") == 400'000);
  CHECK(query.parts(500'000).at("SBT") == 100'000);
  CHECK(query.parts(700'000).at("SAT") == 600'000);
}

TEST_CASE("flow_routers: a fee weighs against uncertainty, by mu") {
  SmallNetwork network = three_ways(1'000'000, 900'000, 1000);
  topo::ForwardingPolicy& dear = network.policy({DirectedChannel::of({1}, 0)});  // A to T
  dear.fee_proportional = Ppm{5000};
  Query query(network);
  CHECK(query.single(100'000) == "SBT");
  query.params.pickhardt.mu = 0;
  CHECK(query.single(100'000) == "SAT");
  dear.fee_proportional = Ppm{0};
  dear.fee_base = Msat{1001};
  CHECK(query.single(100'000) == "SBT");
  query.params.pickhardt.most_base_fee = Msat{1001};
  CHECK(query.single(100'000) == "SAT");
}

TEST_CASE("flow_routers: dearer than the fee limit is not taken where there is a cheaper way") {
  for (const std::string router : {"pickhardt_richter", "cln"}) {
    CAPTURE(router);
    SmallNetwork network = three_ways(100'000'000, 1'000'000, 1'000'000);
    network.policy({DirectedChannel::of({1}, 0)}).fee_proportional = Ppm{100};
    network.policy({DirectedChannel::of({5}, 0)}).fee_proportional = Ppm{110};
    network.policy({DirectedChannel::of({3}, 0)}).fee_proportional = Ppm{90};
    Query query(network, router);
    query.params.pickhardt.mu = 0;
    CHECK(query.single(500'000) == "SAT");
    query.request.fee_limit = sat(45);
    CHECK(query.single(500'000) == "SBT");
    query.request.fee_limit = Msat{44'999};
    CHECK(query.single(500'000).empty());
    CHECK(query.parts(500'000).empty());
  }
}

TEST_CASE("flow_routers: a time lock above the limit is not taken") {
  for (const std::string router : {"pickhardt_richter", "cln"}) {
    CAPTURE(router);
    SmallNetwork network = three_ways(100'000'000, 1'000'000, 1000);
    network.policy({DirectedChannel::of({1}, 0)}).cltv_expiry_delta = BlockDelta{1900};
    Query query(network, router);
    CHECK(query.single(100'000) == "SAT");
    query.request.cltv_limit = BlockDelta{1979};
    CHECK(query.single(100'000) == "SBT");
    CHECK(query.parts(100'000) == std::map<std::string, std::int64_t>{{"SBT", 100'000}});
    query.request.cltv_limit = BlockDelta{100};
    CHECK(query.single(100'000).empty());
  }
}

TEST_CASE("flow_routers: parts are few and large enough") {
  for (const std::string router : {"pickhardt_richter", "cln"}) {
    CAPTURE(router);
    SmallNetwork network = three_ways(1'000'000, 500'000, 300'000);
    Query query(network, router);
    CHECK(query.parts(1'200'000).size() == 3);
    const auto two = query.parts(1'200'000, {.max_parts = 2});
    CHECK(two.size() <= 2);
    const auto large = query.parts(1'200'000, {.min_part = sat(350'000), .max_parts = 16});
    REQUIRE(!large.empty());
    std::int64_t sum = 0;
    for (const auto& [path, amount] : large) {
      CHECK(amount >= 350'000);
      sum += amount;
    }
    CHECK(sum > 1'200'000 - 3);  // in whole sat, rounded down
    // More than the two largest can carry.
    CHECK(query.parts(1'550'000, {.max_parts = 2}).empty());
  }
}

TEST_CASE("flow_routers: the balances together do not suffice") {
  SmallNetwork network = three_ways(1'000'000, 1'000'000, 1'000'000);
  Query query(network);
  query.local = {{DirectedChannel::of({0}, 0), sat(100)}, {DirectedChannel::of({2}, 0), sat(50)}};
  const PartsResult result = query.flow(151, {.max_parts = 16});
  CHECK(std::get<NoRoute>(result) == NoRoute::insufficient_balance);
  CHECK(query.parts(150).size() == 2);
}

TEST_CASE("flow_routers: what was learnt is used first, and what failed is kept off") {
  for (const std::string router : {"pickhardt_richter", "cln"}) {
    CAPTURE(router);
    SmallNetwork network = three_ways(1'000'000, 900'000, 800'000);
    Query query(network, router);
    CHECK(query.single(300'000) == "SAT");
    Route over_a;
    over_a.hops = {{DirectedChannel::of({0}, 0), sat(300'000), {}},
                   {DirectedChannel::of({1}, 0), sat(300'000), {}}};
    query.failures = {{over_a, 1}};
    CHECK(query.single(300'000) == "SBT");
    // The last channel is known to carry it: better than one of which nothing is known.
    Route over_c;
    over_c.hops = {{DirectedChannel::of({4}, 0), sat(300'000), {}},
                   {DirectedChannel::of({5}, 0), sat(300'000), {}}};
    query.failures = {{over_c, 2}};
    CHECK(query.single(300'000) == "SCT");
    const std::vector<ChannelUse> used{{DirectedChannel::of({5}, 0), sat(300'000)}};
    query.request.used = used;
    CHECK(query.single(300'000) == "SAT");
  }
}

TEST_CASE("flow_routers: for the splitter, channels to avoid are a wish") {
  SmallNetwork network = three_ways(1'000'000, 900'000, 800'000);
  Query query(network);
  const ChannelGraph graph(network.topology);
  const auto splitter = flow_splitter_kind().make({graph, query.params}, 1);
  const auto router = query.make(graph);
  const auto path_around = [&](const std::vector<ChannelId>& avoided) {
    query.request.amount = sat(100'000);
    query.request.avoided = avoided;
    const RouteRequest now = query.asked();
    const PartsResult result = splitter->split(*router, now, NoMemory(), {.max_parts = 16});
    return query.path(std::get<std::vector<Route>>(result).front());
  };
  CHECK(path_around({}) == "SAT");
  CHECK(path_around({ChannelId{0}}) == "SBT");
  CHECK(path_around({ChannelId{1}, ChannelId{3}, ChannelId{5}}) == "SAT");
}

TEST_CASE("flow_routers: Core Lightning's pieces, as in the vectors") {
  CHECK(kClnPieces[0].slope() == doctest::Approx(1.386).epsilon(0.001));
  CHECK(kClnPieces[1].slope() == doctest::Approx(3.054).epsilon(0.001));
  CHECK(kClnPieces[2].slope() == doctest::Approx(9.242).epsilon(0.001));
  for (const auto& v : pathfinding_vectors("cln_pieces")) {
    CAPTURE(v.dump());
    const ClnPiece& piece = kClnPieces[v["piece"].get<std::size_t>() - 1];
    CHECK(piece.width() == doctest::Approx(v["cap_fraction"].get<double>()).epsilon(1e-13));
    CHECK(piece.slope() == doctest::Approx(v["slope_times_width"].get<double>()).epsilon(1e-13));
  }
}

TEST_CASE("flow_routers: a bias makes the ways over hubs dearer, as in the vectors") {
  SmallNetwork network = three_ways(1'000'000, 900'000, 800'000);
  for (int i = 0; i < 5; ++i) network.channel("A", "L" + std::to_string(i), sat(100'000), kAlike);
  Query query(network, "cln");
  CHECK(query.single(300'000) == "SAT");
  query.params.cln.biased_hubs = 1;  // A
  CHECK(query.single(300'000) == "SBT");
  query.params.cln.bias = 0;
  CHECK(query.single(300'000) == "SAT");
  for (const auto& v : pathfinding_vectors("cln_bias_factor")) {
    CAPTURE(v.dump());
    CHECK(cln_bias_factor(v["bias"].get<double>()) ==
          doctest::Approx(v["factor"].get<double>()).epsilon(1e-13));
  }
}

TEST_CASE("flow_routers: the last twentieth of what Core Lightning does not know is not used") {
  SmallNetwork network = three_ways(1'010'000, 1000, 1000);
  Query query(network, "cln");
  CHECK(query.parts(940'000).size() == 1);
  CHECK(query.parts(990'000).empty());
  // All of what it knows.
  Route over_a;
  over_a.hops = {{DirectedChannel::of({0}, 0), sat(1'010'000), {}},
                 {DirectedChannel::of({1}, 0), sat(1'010'000), {}}};
  query.failures = {{over_a, 2}};
  CHECK(query.parts(990'000).size() == 1);
}

TEST_CASE("flow_routers: with Core Lightning, small amounts go over one path") {
  SmallNetwork network = three_ways(1200, 1200, 1200);
  Query query(network, "cln");
  CHECK(query.parts(1000).size() == 1);
  CHECK(query.parts(1001).size() > 1);
  query.params.cln.single_path = Msat{0};
  CHECK(query.parts(1000).size() > 1);
}

namespace {

/// All that a list of parts must keep to, on a random network.
void check_parts(const ChannelGraph& graph,
                 const RouteRequest& request,
                 const LiquidityView& view,
                 const PartLimits& limits,
                 const std::vector<Route>& routes) {
  Msat sum;
  Msat fees;
  std::map<DirectedChannel, Msat> sent;
  for (const Route& route : routes) {
    sum += route.amount();
    fees += route.fee();
    REQUIRE(!route.hops.empty());
    CHECK((routes.size() == 1 || route.amount() >= limits.min_part));
    CHECK(graph.tail(route.hops.front().channel) == request.source);
    CHECK(graph.head(route.hops.back().channel) == request.target);
    CHECK(route.hops.front().expiry <= request.cltv_limit);
    for (std::size_t i = 0; i < route.hops.size(); ++i) {
      const AnnouncedChannel& channel = graph.incoming().at(route.hops[i].channel);
      sent[channel.channel] += route.hops[i].amount;
      CHECK(channel.carries(route.hops[i].amount));
      for (const ChannelId avoided : request.avoided) CHECK(channel.channel.channel() != avoided);
      if (i == 0) continue;
      CHECK_FALSE(channel.is_disabled);
      CHECK(graph.tail(channel.channel) == graph.head(route.hops[i - 1].channel));
      CHECK(route.hops[i - 1].amount ==
            route.hops[i].amount + forwarding_fee(channel, route.hops[i].amount));
    }
  }
  CHECK(sum == request.amount);
  CHECK(fees <= request.fee_limit);
  CHECK(routes.size() <= limits.room());
  for (const auto& [channel, amount] : sent) {
    const AnnouncedChannel& announced = graph.incoming().at(channel);
    HopQuery query{.from = graph.tail(channel),
                   .to = graph.head(channel),
                   .channel = channel,
                   .capacity = announced.capacity,
                   .now = request.now};
    for (const ChannelUse& use : request.used) {
      if (use.channel == channel) query.used = use.amount;
    }
    Msat most = view.bounds(query).upper;
    for (const LocalChannel& own : request.local) {
      if (own.channel == channel) most = own.available;
    }
    CHECK(amount <= most);
  }
}

SmallNetwork random_network(Rng& rng) {
  SmallNetwork network;
  const auto nodes = static_cast<std::uint32_t>(rng.between(3, 12));
  for (std::uint32_t i = 0; i < nodes; ++i) network.node(std::to_string(i));
  for (std::uint32_t i = 0; i < 3 * nodes; ++i) {
    const auto from = static_cast<std::uint32_t>(rng.below(nodes));
    const auto to = static_cast<std::uint32_t>((from + 1 + rng.below(nodes - 1)) % nodes);
    const Msat capacity = Msat{rng.between(10'000, 1'000'000'000)};
    const DirectedChannel channel =
        network.channel(std::to_string(from), std::to_string(to), capacity, kCheap);
    for (const DirectedChannel direction : {channel, channel.reversed()}) {
      topo::ForwardingPolicy& policy = network.policy(direction);
      policy.fee_base = Msat{rng.between(0, 1000)};
      policy.fee_proportional = Ppm{static_cast<std::uint32_t>(rng.below(3000))};
      policy.htlc_minimum = Msat{rng.chance(0.2) ? rng.between(1, capacity.count) : 1};
      policy.htlc_maximum = Msat{rng.between(policy.htlc_minimum.count, capacity.count)};
      policy.cltv_expiry_delta = BlockDelta{static_cast<std::int32_t>(rng.between(10, 400))};
      policy.is_disabled = rng.chance(0.05);
    }
  }
  return network;
}

}  // namespace

TEST_CASE("flow_routers: parts keep to every limit, on random networks with every view") {
  Rng rng(4, "flow_routers");
  std::map<std::string, int> found;
  for (int round = 0; round < 600; ++round) {
    CAPTURE(round);
    SmallNetwork network = random_network(rng);
    const ChannelGraph graph(network.topology);
    RoutingParams params;
    params.pickhardt.quantum = Msat{rng.chance(0.3) ? 5000 : 0};
    const NoMemory none;
    const Apriori apriori(graph, params);
    KnownBounds bounds(graph, params);
    const LiquidityView* const views[] = {&none, &apriori, &bounds};
    std::vector<LocalChannel> local = network.local(NodeId{0});
    for (LocalChannel& own : local) own.available = Msat{rng.between(0, own.available.count)};
    std::vector<ChannelId> avoided;
    if (rng.chance(0.3)) avoided.push_back({static_cast<std::uint32_t>(rng.below(5))});
    RouteRequest request{
        .source = NodeId{0},
        .target = NodeId{1},
        .amount = Msat{std::int64_t{1} << rng.between(8, 30)},
        .cltv_limit = BlockDelta{static_cast<std::int32_t>(rng.between(300, 2016))},
        .final_cltv_delta = BlockDelta{80},
        .now = SimTime{std::chrono::hours{1}},
        .local = local,
        .avoided = avoided};
    request.amount += Msat{static_cast<std::int64_t>(rng.below(1000))};
    request.total = request.amount;
    request.fee_limit = Msat{2000} + request.amount / rng.between(10, 1000);
    const PartLimits limits{.min_part = Msat{rng.between(0, 1'000'000)},
                            .parts_in_flight = static_cast<std::uint32_t>(rng.below(3)),
                            .max_parts = static_cast<std::uint32_t>(rng.between(1, 16))};
    PickhardtRouter pickhardt(graph, params);
    ClnRouter cln(graph, params);
    for (Router* router : {static_cast<Router*>(&pickhardt), static_cast<Router*>(&cln)}) {
      const std::string name = router == &cln ? "cln" : "pickhardt";
      for (const LiquidityView* view : views) {
        const PartsResult parts = router->find_flow(request, *view, limits);
        if (const auto* routes = std::get_if<std::vector<Route>>(&parts)) {
          check_parts(graph, request, *view, limits, *routes);
          ++found[name + (routes->size() > 1 ? " many" : " one")];
        }
        const RouteResult single = router->find(request, *view);
        if (const auto* route = std::get_if<Route>(&single)) {
          check_parts(graph, request, *view, {.max_parts = 1}, {*route});
          ++found[name + " single"];
        }
      }
      // What is learnt makes the next round of the same network another one.
      const RouteResult single = router->find(request, bounds);
      if (const auto* route = std::get_if<Route>(&single)) {
        if (route->hops.size() > 1) {
          bounds.report_failure(*route, 1 + rng.below(route->hops.size() - 1),
                                FailureCode::temporary_channel_failure, request.now);
        }
      }
    }
  }
  for (const auto& each : found) CHECK_MESSAGE(each.second > 20, each.first);
  CHECK(found.size() == 6);
}

TEST_CASE("flow_routers: the same request has the same answer, whatever was asked before") {
  Rng rng(5, "flow_routers");
  for (const char* name : {"pickhardt_richter", "cln"}) {
    SmallNetwork network = random_network(rng);
    const ChannelGraph graph(network.topology);
    Query query(network, name);
    const auto router = query.make(graph);
    const NoMemory view;
    const auto answer = [&](Router& asked, std::int64_t amount) {
      query.request.amount = Msat{amount};
      const RouteRequest now = query.asked();
      const PartsResult result = asked.find_flow(now, view, {.max_parts = 16});
      std::vector<std::vector<Hop>> hops;
      if (const auto* routes = std::get_if<std::vector<Route>>(&result)) {
        for (const Route& route : *routes) hops.push_back(route.hops);
      }
      return hops;
    };
    for (std::int64_t amount = 1000; amount < 1'000'000'000; amount *= 3) {
      CHECK(answer(*router, amount) == answer(*query.make(graph), amount));
    }
  }
}
