#include "sim/routing/flow/path_parts.hpp"

#include <map>
#include <optional>
#include <vector>

#include "tests/printing.hpp"
#include "tests/routing_world.hpp"
#include "tests/text_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using namespace ampsim::test;

namespace {

class GivenCapacities final : public ChannelCapacities {
 public:
  std::map<std::uint32_t, Msat> given;
  std::uint32_t most_parts = 100;
  std::uint32_t slots(DirectedChannel channel) const override {
    return channel == DirectedChannel{0} ? most_parts : 100;
  }
  Msat of(DirectedChannel channel) const override {
    const auto found = given.find(channel.index);
    return found == given.end() ? Msat::from_sat(1000) : found->second;
  }
};

using Path = std::vector<DirectedChannel>;

//   A --0-- B --1-- D     two paths that share channel 0
//            \      |
//             2 C --3
struct Shared {
  topo::Topology topology = parse_network(
      "A 1000 -- 0 B\n"
      "B 1000 -- 0 D base=1000 ppm=10000\n"
      "B 1000 -- 0 C\n"
      "C 1000 -- 0 D\n");
  ChannelGraph graph{topology};
  GivenCapacities capacities;
  RouteRequest request{.source = {0},
                       .target = {2},
                       .amount = Msat::from_sat(100),
                       .fee_limit = Msat::from_sat(50),
                       .cltv_limit = BlockDelta{2016},
                       .final_cltv_delta = BlockDelta{40}};
  Path direct{DirectedChannel{0}, DirectedChannel{2}};
  Path around{DirectedChannel{0}, DirectedChannel{4}, DirectedChannel{6}};
};

}  // namespace

TEST_CASE("path_parts: what is deliverable is the largest amount whose hops all fit") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "path_parts_test");
    const topo::Topology topology = random_topology(rng, {.nodes = 5, .channels = 10});
    const ChannelGraph graph(topology);
    const RouteRequest request = request_of({0}, {4}, Msat{1}, {});
    for (const Path& path : all_paths(topology, {0}, {4})) {
      std::vector<Msat> limits;
      for (std::size_t i = 0; i < path.size(); ++i) limits.push_back({rng.between(0, 60'000)});
      const Msat most = deliverable(graph, path, limits);
      const auto fits = [&](Msat amount) {
        const auto route = price_path(graph, path, amount, request);
        if (!route) return false;
        for (std::size_t i = 0; i < path.size(); ++i) {
          if (route->hops[i].amount > limits[i]) return false;
        }
        return true;
      };
      if (most <= Msat{0}) {
        CHECK_FALSE(fits(Msat{1}));
        continue;
      }
      // A disabled channel or a smallest HTLC may still speak against it.
      const bool is_priced = price_path(graph, path, most, request).has_value();
      CHECK(fits(most) == is_priced);
      CHECK_FALSE(fits(most + Msat{1}));
    }
  }
}

TEST_CASE("path_parts: parts share what a channel can carry, fees included") {
  Shared net;
  net.capacities.given = {{0, Msat::from_sat(101)}, {2, Msat::from_sat(50)}};
  PathParts parts(net.graph);
  parts.begin(net.request, net.capacities);
  CHECK(parts.add(net.direct, Msat::from_sat(100)) == Msat::from_sat(50));
  CHECK(parts.fee() == Msat{1000 + 500});
  // 51.5 sat of the first channel are taken.
  CHECK(parts.left({0}) == Msat{49'500});
  CHECK(parts.add(net.around, Msat::from_sat(50)) == Msat{49'500});
  CHECK(parts.amount() == Msat{99'500});
  CHECK_FALSE(parts.take({.max_parts = 10}).has_value());
  parts.end();
  CHECK(parts.amount() == Msat{0});
  parts.begin(net.request, net.capacities);
  CHECK(parts.left({0}) == Msat::from_sat(101));
  parts.end();
}

TEST_CASE("path_parts: a part on a path becomes larger, not two parts") {
  Shared net;
  PathParts parts(net.graph);
  parts.begin(net.request, net.capacities);
  CHECK(parts.add(net.around, Msat::from_sat(60)) == Msat::from_sat(60));
  CHECK(parts.add(net.around, Msat::from_sat(40)) == Msat::from_sat(40));
  const auto taken = parts.take({.max_parts = 10});
  REQUIRE(taken.has_value());
  CHECK(taken->size() == 1);
  parts.end();
}

TEST_CASE("path_parts: small parts move or grow, and too many become fewer") {
  Shared net;
  PathParts parts(net.graph);
  const auto split = [&](Msat limit_around, const PartLimits& limits) {
    net.capacities.given = {{4, limit_around}};
    parts.begin(net.request, net.capacities);
    parts.add(net.around, Msat::from_sat(95));
    parts.add(net.direct, Msat::from_sat(5));
    std::optional<std::vector<Route>> taken = parts.take(limits);
    parts.end();
    std::vector<Msat> amounts;
    if (taken) {
      for (const Route& route : *taken) amounts.push_back(route.amount());
    }
    return amounts;
  };
  using Amounts = std::vector<Msat>;
  const PartLimits small{.min_part = Msat::from_sat(10), .max_parts = 10};
  CHECK(split(Msat::from_sat(1000), small) == Amounts{Msat::from_sat(100)});
  CHECK(split(Msat::from_sat(97), small) == Amounts{Msat::from_sat(90), Msat::from_sat(10)});
  CHECK(split(Msat::from_sat(97), {.min_part = Msat::from_sat(60), .max_parts = 10}).empty());
  CHECK(split(Msat::from_sat(97), {.max_parts = 1}).empty());
  CHECK(split(Msat::from_sat(1000), {.max_parts = 1}) == Amounts{Msat::from_sat(100)});
  net.request.fee_limit = Msat{1000};
  CHECK(split(Msat::from_sat(95), {.max_parts = 10}).empty());
}

TEST_CASE("path_parts: no more parts than a channel has slots for") {
  Shared net;
  net.capacities.most_parts = 1;
  PathParts parts(net.graph);
  parts.begin(net.request, net.capacities);
  CHECK(parts.add(net.around, Msat::from_sat(60)) == Msat::from_sat(60));
  CHECK(parts.left({0}) == Msat{0});
  CHECK(parts.add(net.direct, Msat::from_sat(40)) == Msat{0});
  CHECK(parts.add(net.around, Msat::from_sat(40)) == Msat::from_sat(40));
  parts.end();
}

TEST_CASE("path_parts: where the largest HTLC is small a path has several parts") {
  Shared net;
  net.topology.channels[2].policy[0]->htlc_maximum = Msat::from_sat(30);
  net.graph = ChannelGraph(net.topology);
  net.request.amount = Msat::from_sat(100);
  PathParts parts(net.graph);
  parts.begin(net.request, net.capacities);
  CHECK(parts.room_for_one(net.around) == Msat::from_sat(30));
  CHECK(parts.room(net.around) == Msat::from_sat(1000));
  CHECK(parts.add(net.around, Msat::from_sat(40)) == Msat::from_sat(40));
  CHECK(parts.size() == 2);
  // The one that is not full grows before another is opened.
  CHECK(parts.add(net.around, Msat::from_sat(60)) == Msat::from_sat(60));
  std::optional<std::vector<Route>> taken = parts.take({.max_parts = 10});
  REQUIRE(taken.has_value());
  CHECK(taken->size() == 4);
  CHECK(taken->front().amount() == Msat::from_sat(30));
  CHECK(taken->back().amount() == Msat::from_sat(10));
  CHECK_FALSE(parts.take({.max_parts = 3}).has_value());
  parts.end();
  // Parts that are too small grow at the cost of a large one on the same path.
  parts.begin(net.request, net.capacities);
  parts.add(net.around, Msat::from_sat(100));
  taken = parts.take({.min_part = Msat::from_sat(20), .max_parts = 10});
  REQUIRE(taken.has_value());
  CHECK(taken->back().amount() == Msat::from_sat(20));
  parts.end();
}

TEST_CASE("path_parts: parts of one path share its slots, its balance and its fees") {
  Shared net;
  net.topology.channels[1].policy[0]->htlc_maximum = Msat::from_sat(30);
  net.graph = ChannelGraph(net.topology);
  net.request.amount = Msat::from_sat(1000);
  PathParts parts(net.graph);
  for (const std::int64_t most_sat : {20, 30, 31, 32, 63, 64, 95, 200}) {
    CAPTURE(most_sat);
    net.capacities.given = {{0, Msat::from_sat(most_sat)}};
    net.capacities.most_parts = 3;
    parts.begin(net.request, net.capacities);
    const Msat room = parts.room(net.direct);
    // Each of 30 sat costs 1 sat and 1 %.
    const std::int64_t full = std::min<std::int64_t>(most_sat * 1000 / 31'300, 3);
    CHECK(room >= Msat::from_sat(30 * full));
    CHECK(room <= Msat::from_sat(std::min<std::int64_t>(30 * (full + 1), 90)));
    CHECK(parts.add(net.direct, Msat::from_sat(1000)) == room);
    CHECK(parts.size() <= 3);
    Msat sent;
    for (const Route& route : parts.routes()) sent += route.sent();
    CHECK(sent <= Msat::from_sat(most_sat));
    CHECK(parts.room(net.direct) <= Msat{0});
    parts.end();
  }
}

TEST_CASE("path_parts: a rest below the smallest HTLC takes half of the part before it") {
  Shared net;
  net.topology.channels[2].policy[0]->htlc_maximum = Msat::from_sat(30);
  net.topology.channels[2].policy[0]->htlc_minimum = Msat::from_sat(10);
  net.graph = ChannelGraph(net.topology);
  PathParts parts(net.graph);
  parts.begin(net.request, net.capacities);
  CHECK(parts.add(net.around, Msat::from_sat(65)) == Msat::from_sat(65));
  REQUIRE(parts.size() == 3);
  CHECK(parts.routes()[1].amount() == Msat{17'500});
  CHECK(parts.routes()[2].amount() == Msat{17'500});
  parts.end();
}
