#include "sim/routing/routers/lnd_router.hpp"

#include <string>

#include "core/check.hpp"
#include "sim/routing/views/apriori.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

constexpr Msat kCapacity = Msat::from_sat(1'000'000);
constexpr topo::ForwardingPolicy kPolicy{.fee_base = Msat{1000},
                                         .fee_proportional = Ppm{100},
                                         .cltv_expiry_delta = BlockDelta{40},
                                         .htlc_minimum = Msat{1000}};

/// A request with wide limits, by names; tests narrow it.
struct Query {
  explicit Query(SmallNetwork& small) : network(small) {}

  RouteResult find(const char* from, const char* to) {
    const ChannelGraph graph(network.topology);
    return find(from, to, graph, Apriori(graph, params));
  }
  RouteResult find(const char* from,
                   const char* to,
                   const ChannelGraph& graph,
                   const LiquidityView& view) {
    request.source = network.node(from);
    request.target = network.node(to);
    if (local.empty()) local = network.local(request.source);
    request.local = local;
    return LndRouter(graph, params).find(request, view);
  }

  SmallNetwork& network;
  RoutingParams params;
  std::vector<LocalChannel> local;  ///< by default all channels of the source, with all in them
  RouteRequest request{.source = {},
                       .target = {},
                       .amount = Msat{100'000'000},
                       .fee_limit = Msat{10'000'000},
                       .cltv_limit = BlockDelta{2016},
                       .final_cltv_delta = BlockDelta{80},
                       .now = SimTime{std::chrono::hours{1}},
                       .local = {}};
};

/// The nodes of a route, as "ABC", or why there is none.
std::string path(const SmallNetwork& network, const RouteResult& result) {
  if (const NoRoute* reason = std::get_if<NoRoute>(&result)) {
    return *reason == NoRoute::no_path ? "no path" : "insufficient balance";
  }
  std::string names;
  for (const Hop& hop : std::get<Route>(result).hops) {
    names += network.topology.nodes[network.topology.source(hop.channel).index].name;
  }
  const DirectedChannel last = std::get<Route>(result).hops.back().channel;
  return names + network.topology.nodes[network.topology.target(last).index].name;
}

/// A - B - C, and A - D - C where D is dearer.
SmallNetwork diamond() {
  SmallNetwork network;
  topo::ForwardingPolicy dearer = kPolicy;
  dearer.fee_base = Msat{5000};
  network.channel("A", "B", kCapacity, kPolicy);
  network.channel("B", "C", kCapacity, kPolicy);
  network.channel("A", "D", kCapacity, dearer);
  network.channel("D", "C", kCapacity, dearer);
  return network;
}
constexpr DirectedChannel kBToC = DirectedChannel::of({1}, 0);

}  // namespace

TEST_CASE("lnd_router: the routing example of BOLT 7") {
  //    B        each node asks the same of all its channels:
  //   / \       A: 100 msat + 1000 ppm, 10 blocks    B: 200 + 2000, 20
  //  A   C      C: 300 + 3000, 30                    D: 400 + 4000, 40
  //   \ /       C wants 18 blocks at the end; the example adds 42 as a shadow route.
  //    D
  SmallNetwork network;
  for (const char* ends : {"AB", "AD", "BC", "DC"}) {
    const DirectedChannel channel = network.channel({ends[0]}, {ends[1]}, kCapacity, {});
    for (const DirectedChannel direction : {channel, channel.reversed()}) {
      const std::string& name =
          network.topology.nodes[network.topology.source(direction).index].name;
      const int rank = name[0] - 'A' + 1;
      network.policy(direction).fee_base = Msat{std::int64_t{rank} * 100};
      network.policy(direction).fee_proportional = Ppm{static_cast<std::uint32_t>(rank) * 1000};
      network.policy(direction).cltv_expiry_delta = BlockDelta{rank * 10};
    }
  }
  Query query(network);
  query.request.amount = Msat{4'999'999};
  query.request.final_cltv_delta = BlockDelta{18 + 42};

  SUBCASE("B to C directly") {
    const Route route = std::get<Route>(query.find("B", "C"));
    REQUIRE(route.hops.size() == 1);
    CHECK(route.hops[0] == Hop{DirectedChannel::of({2}, 0), Msat{4'999'999}, BlockDelta{60}});
    CHECK(route.fee() == Msat{0});
  }
  SUBCASE("A to C through B") {
    const Route route = std::get<Route>(query.find("A", "C"));
    REQUIRE(route.hops.size() == 2);
    CHECK(route.hops[0] == Hop{DirectedChannel::of({0}, 0), Msat{5'010'198}, BlockDelta{80}});
    CHECK(route.hops[1] == Hop{DirectedChannel::of({2}, 0), Msat{4'999'999}, BlockDelta{60}});
    CHECK(route.fee() == Msat{10'199});
    CHECK(route.probability == doctest::Approx(0.95 * 0.6));
  }
  SUBCASE("A to C through D, where A has no channel to B") {
    query.local = {{DirectedChannel::of({1}, 0), kCapacity}};
    const Route route = std::get<Route>(query.find("A", "C"));
    REQUIRE(route.hops.size() == 2);
    CHECK(route.hops[0] == Hop{DirectedChannel::of({1}, 0), Msat{5'020'398}, BlockDelta{100}});
    CHECK(route.hops[1] == Hop{DirectedChannel::of({3}, 0), Msat{4'999'999}, BlockDelta{60}});
  }
}

TEST_CASE("lnd_router: the fee limit holds to the msat") {
  SmallNetwork network = diamond();
  Query query(network);
  query.request.fee_limit = Msat{11'000};  // B's 1000 + 100 ppm
  CHECK(path(network, query.find("A", "C")) == "ABC");
  query.request.fee_limit = Msat{10'999};
  CHECK(path(network, query.find("A", "C")) == "no path");
}

TEST_CASE("lnd_router: the time lock limit counts the final delta") {
  SmallNetwork network = diamond();
  Query query(network);
  query.request.cltv_limit = BlockDelta{120};
  CHECK(path(network, query.find("A", "C")) == "ABC");
  query.request.cltv_limit = BlockDelta{119};
  CHECK(path(network, query.find("A", "C")) == "no path");
  query.request.cltv_limit = BlockDelta{79};
  CHECK(path(network, query.find("A", "B")) == "no path");
}

TEST_CASE("lnd_router: a disabled channel is not forwarded over, but may be the sender's own") {
  SmallNetwork network = diamond();
  network.policy(kBToC).is_disabled = true;
  Query query(network);
  CHECK(path(network, query.find("A", "C")) == "ADC");
  CHECK(path(network, Query(network).find("B", "C")) == "BC");
}

TEST_CASE("lnd_router: minimum, maximum and capacity of a channel bound the amount") {
  SmallNetwork network = diamond();
  Query query(network);
  SUBCASE("minimum") { network.policy(kBToC).htlc_minimum = Msat{100'000'001}; }
  SUBCASE("maximum") { network.policy(kBToC).htlc_maximum = Msat{99'999'999}; }
  SUBCASE("capacity") {
    network.topology.channels[1].capacity = Msat{99'999'999};
    network.policy(kBToC).htlc_maximum = Msat{99'999'999};
  }
  SUBCASE("maximum of an own channel, which carries the fee too") {
    network.policy(DirectedChannel::of({0}, 0)).htlc_maximum = Msat{100'010'999};
  }
  CHECK(path(network, query.find("A", "C")) == "ADC");
}

TEST_CASE("lnd_router: own balances decide between no path and not enough") {
  SmallNetwork network = diamond();
  const DirectedChannel to_b = DirectedChannel::of({0}, 0);
  const DirectedChannel to_d = DirectedChannel::of({2}, 0);
  Query query(network);
  SUBCASE("the fee must be there as well") {
    query.local = {{to_b, Msat{100'010'999}}, {to_d, kCapacity}};
    CHECK(path(network, query.find("A", "C")) == "ADC");
    query.local = {{to_b, Msat{100'011'000}}, {to_d, kCapacity}};
    CHECK(path(network, query.find("A", "C")) == "ABC");
  }
  SUBCASE("two channels together have it: a smaller part may go") {
    query.local = {{to_b, Msat{60'000'000}}, {to_d, Msat{40'000'000}}};
    CHECK(path(network, query.find("A", "C")) == "no path");
  }
  SUBCASE("all channels together have not") {
    query.local = {{to_b, Msat{60'000'000}}, {to_d, Msat{39'999'999}}};
    CHECK(path(network, query.find("A", "C")) == "insufficient balance");
  }
}

TEST_CASE("lnd_router: parallel channels of a forwarder count as their dearest") {
  SmallNetwork network;
  network.channel("A", "B", kCapacity, kPolicy);
  const auto cheap = network.channel("B", "C", kCapacity, kPolicy);
  const auto dear = network.channel("B", "C", kCapacity, kPolicy);
  network.policy(cheap).cltv_expiry_delta = BlockDelta{144};
  network.policy(dear).fee_base = Msat{2000};
  Query query(network);
  SUBCASE("fee of the one, time lock of the other") {
    const Route route = std::get<Route>(query.find("A", "C"));
    CHECK(route.hops[1].channel == dear);
    CHECK(route.fee() == Msat{12'000});
    CHECK(route.hops[0].expiry == BlockDelta{80 + 144});
  }
  SUBCASE("one that cannot carry the amount does not count") {
    network.policy(dear).htlc_maximum = Msat{99'999'999};
    CHECK(std::get<Route>(query.find("A", "C")).fee() == Msat{11'000});
  }
  SUBCASE("of equals the first is named") {
    network.policy(dear).fee_base = Msat{1000};
    CHECK(std::get<Route>(query.find("A", "C")).hops[1].channel == cheap);
  }
}

TEST_CASE("lnd_router: of own parallel channels the one with most available is taken") {
  SmallNetwork network;
  const auto first = network.channel("A", "B", kCapacity, kPolicy);
  const auto second = network.channel("A", "B", kCapacity, kPolicy);
  Query query(network);
  query.local = {{first, Msat{300'000'000}}, {second, Msat{400'000'000}}};
  CHECK(std::get<Route>(query.find("A", "B")).hops[0].channel == second);
  query.local = {{second, Msat{400'000'000}}, {first, Msat{400'000'000}}};
  CHECK(std::get<Route>(query.find("A", "B")).hops[0].channel == first);
}

TEST_CASE("lnd_router: what failed before is avoided, and tried again later") {
  SmallNetwork network = diamond();
  const ChannelGraph graph(network.topology);
  Query query(network);
  Apriori view(graph, query.params);
  const Route first = std::get<Route>(query.find("A", "C", graph, view));
  view.report_failure(first, 1, FailureCode::temporary_channel_failure, query.request.now);
  CHECK(path(network, query.find("A", "C", graph, view)) == "ADC");
  query.request.amount = Msat{50'000'000};  // less than what failed
  CHECK(path(network, query.find("A", "C", graph, view)) == "ABC");
  query.request.amount = Msat{100'000'000};
  query.request.now += std::chrono::hours{24};
  CHECK(path(network, query.find("A", "C", graph, view)) == "ABC");
}

TEST_CASE("lnd_router: a path that is too unlikely is no path") {
  SmallNetwork network;
  for (const char* ends : {"AB", "BC", "CD", "DE"}) {
    network.channel({ends[0]}, {ends[1]}, kCapacity, kPolicy);
  }
  Query query(network);
  query.params.min_probability = 0.2;  // 0.95 * 0.6^3 = 0.2052
  CHECK(path(network, query.find("A", "E")) == "ABCDE");
  query.params.min_probability = 0.21;
  CHECK(path(network, query.find("A", "E")) == "no path");
}

TEST_CASE("lnd_router: who is not connected has no path") {
  SmallNetwork network = diamond();
  network.channel("X", "Y", kCapacity, kPolicy);
  CHECK(path(network, Query(network).find("A", "X")) == "no path");
}

TEST_CASE("lnd_router: a request that makes no sense is a bug") {
  SmallNetwork network = diamond();
  Query query(network);
  CHECK_THROWS_AS(query.find("A", "A"), InvariantError);
  query.request.amount = Msat{0};
  CHECK_THROWS_AS(query.find("A", "B"), InvariantError);
}
