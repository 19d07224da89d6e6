#include "sim/routing/promises.hpp"

#include <vector>

#include "core/check.hpp"
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
