#include "sim/routing/promises.hpp"

#include <string>
#include <variant>
#include <vector>

#include "core/check.hpp"
#include "sim/routing/views/no_memory.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// a -- b -- c, and what is asked for.
struct Asked {
  Asked()
      : ab(network.channel("a", "b", Msat{100}, {})), bc(network.channel("b", "c", Msat{100}, {})) {
    local = {{ab, Msat{60}}};
    request.source = network.node("a");
    request.target = network.node("c");
    request.amount = Msat{50};
    request.fee_limit = Msat{5};
    request.cltv_limit = BlockDelta{100};
    request.local = local;
    route.hops = {{ab, Msat{52}, BlockDelta{80}}, {bc, Msat{50}, BlockDelta{40}}};
  }
  void check(const std::vector<Route>& routes) const {
    check_promises(routes, request, ChannelGraph(network.topology), "mine");
  }
  void fails(const std::vector<Route>& routes, const char* why) const {
    CHECK_THROWS_WITH_AS(check(routes), doctest::Contains(why), InvariantError);
    CHECK_THROWS_WITH_AS(check(routes), doctest::Contains("from router mine"), InvariantError);
  }
  SmallNetwork network;
  DirectedChannel ab;
  DirectedChannel bc;
  std::vector<LocalChannel> local;
  RouteRequest request{};
  Route route;
};

}  // namespace

TEST_CASE("promises: each that is broken is named, with the router") {
  Asked asked;
  asked.check({asked.route});
  asked.fails({}, "neither routes nor a reason");
  asked.fails({asked.route, asked.route}, "more than was asked for");
  Route broken = asked.route;
  broken.hops.pop_back();
  asked.fails({broken}, "to another node");
  broken = asked.route;
  broken.hops.erase(broken.hops.begin());
  asked.fails({broken}, "with a gap");
  broken = asked.route;
  broken.hops[0].amount = Msat{49};
  asked.fails({broken}, "makes money");
  broken = asked.route;
  broken.hops[0].amount = Msat{56};
  asked.fails({broken}, "above the fee limit");
  broken = asked.route;
  broken.hops[0].expiry = BlockDelta{101};
  asked.fails({broken}, "above the time limit");
  broken.hops.clear();
  asked.fails({broken}, "for nothing");
}

TEST_CASE("promises: parts together do not send more than an own channel has") {
  Asked asked;
  Route half = asked.route;
  half.hops[0].amount = Msat{25};
  half.hops[1].amount = Msat{25};
  asked.check({half, half});
  asked.local[0].available = Msat{49};
  asked.request.local = asked.local;
  asked.fails({half, half}, "more than an own channel can send");
}

namespace {

/// Answers what it is told to.
struct Puppet final : Router {
  std::vector<Route> answer;
  RouteResult find(const RouteRequest& /*request*/, const LiquidityView& /*view*/) override {
    if (answer.empty()) return NoRoute::no_path;
    return answer.front();
  }
  PartsResult find_flow(const RouteRequest& /*request*/,
                        const LiquidityView& /*view*/,
                        const PartLimits& /*limits*/) override {
    if (answer.empty()) return NoRoute::no_path;
    return answer;
  }
};

}  // namespace

TEST_CASE("promises: a router's own answers have the whole amount, around what is to be avoided") {
  Asked asked;
  const ChannelGraph graph(asked.network.topology);
  const std::string name = "mine";
  Puppet puppet;
  CheckedRouter router(puppet, graph, name);
  const auto fails = [&](const PartLimits& limits, const char* why) {
    CHECK_THROWS_WITH_AS(router.find_flow(asked.request, NoMemory(), limits),
                         doctest::Contains(why), InvariantError);
  };
  CHECK(std::get<NoRoute>(router.find(asked.request, NoMemory())) == NoRoute::no_path);
  puppet.answer = {asked.route};
  CHECK(std::get<Route>(router.find(asked.request, NoMemory())).hops == asked.route.hops);
  Route half = asked.route;
  half.hops[0].amount = half.hops[1].amount = Msat{25};
  puppet.answer = {half};
  CHECK_THROWS_WITH_AS(router.find(asked.request, NoMemory()),
                       doctest::Contains("less than was asked for, from router mine"),
                       InvariantError);
  puppet.answer = {half, half};
  CHECK(std::holds_alternative<std::vector<Route>>(
      router.find_flow(asked.request, NoMemory(), {.max_parts = 2})));
  fails({.max_parts = 1}, "too many parts, from router mine");
  fails({.min_part = Msat{28}, .max_parts = 2}, "a part below the smallest, from router mine");
  const std::vector<ChannelId> avoided{asked.bc.channel()};
  asked.request.avoided = avoided;
  fails({.max_parts = 2}, "a route over a channel to avoid, from router mine");
}
