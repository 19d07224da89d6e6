#include "sim/routing/path_pricing.hpp"

#include <vector>

#include "sim/routing/views/no_memory.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// a -- b -- c -- d, 1,000,000 msat each; every channel takes 100 msat and 1 %, and 40 blocks.
struct Line {
  Line() {
    const topo::ForwardingPolicy policy{.fee_base = Msat{100},
                                        .fee_proportional = Ppm{10'000},
                                        .cltv_expiry_delta = BlockDelta{40},
                                        .htlc_minimum = Msat{1000}};
    for (const char* ends : {"ab", "bc", "cd"}) {
      path.push_back(network.channel({ends[0]}, {ends[1]}, Msat{1'000'000}, policy));
    }
    request.source = network.node("a");
    request.cltv_limit = BlockDelta{2016};
    request.final_cltv_delta = BlockDelta{9};
  }
  std::optional<Route> price(Msat amount) const {
    return price_path(ChannelGraph(network.topology), path, amount, request);
  }
  SmallNetwork network;
  std::vector<DirectedChannel> path;
  RouteRequest request{};
};

}  // namespace

TEST_CASE("path_pricing: fees and deltas of all channels but the sender's own") {
  const Line line;
  const std::optional<Route> route = line.price(Msat{100'000});
  REQUIRE(route);
  // c takes 100 + 1,000; b takes 100 + 1 % of 101,100.
  CHECK(route->hops[2].amount == Msat{100'000});
  CHECK(route->hops[1].amount == Msat{101'100});
  CHECK(route->hops[0].amount == Msat{102'211});
  CHECK(route->fee() == Msat{2'211});
  CHECK(route->hops[2].expiry == BlockDelta{9});
  CHECK(route->hops[1].expiry == BlockDelta{49});
  CHECK(route->hops[0].expiry == BlockDelta{89});
}

TEST_CASE("path_pricing: what a channel does not take has no price") {
  Line line;
  CHECK(!line.price(Msat{999}));
  CHECK(line.price(Msat{1000}));
  CHECK(!line.price(Msat{1'000'000}));  // with the fees it is above the capacity of b -- c
  line.request.cltv_limit = BlockDelta{89};
  CHECK(line.price(Msat{1000}));
  line.request.cltv_limit = BlockDelta{88};
  CHECK(!line.price(Msat{1000}));
}

TEST_CASE("path_pricing: a disabled channel is passed by its own node alone") {
  Line line;
  line.network.policy(line.path[0]).is_disabled = true;
  CHECK(line.price(Msat{1000}));
  line.network.policy(line.path[1]).is_disabled = true;
  CHECK(!line.price(Msat{1000}));
}

TEST_CASE("path_pricing: the bottleneck is what is known of the narrowest channel") {
  Line line;
  const ChannelGraph graph(line.network.topology);
  const Route route = *line.price(Msat{1000});
  const std::vector<LocalChannel> local = {{line.path[0], Msat{400'000}}};
  line.request.local = local;
  CHECK(bottleneck(graph, route, line.request, NoMemory()) == Msat{400'000});
  const std::vector<ChannelUse> used = {{line.path[1], Msat{700'000}}};
  line.request.used = used;
  CHECK(bottleneck(graph, route, line.request, NoMemory()) == Msat{300'000});
}

TEST_CASE("path_pricing: nothing goes over what is disabled, avoided, or has failed") {
  Line line;
  const auto most = [&line](std::size_t hop) {
    const ChannelGraph graph(line.network.topology);
    return most_over(graph, graph.announced(line.path[hop]), line.request, NoMemory());
  };
  CHECK(most(0) == Msat{0});  // an own channel that is not there
  CHECK(most(1) == Msat{1'000'000});
  const std::vector<ChannelId> avoided = {line.path[1].channel()};
  line.request.avoided = avoided;
  CHECK(most(1) == Msat{0});
  line.request.avoided = {};
  const std::vector<FailedHop> failed = {{.channel = line.path[1]}};
  line.request.failed = failed;
  CHECK(most(1) == Msat{0});
  CHECK(most(2) == Msat{1'000'000});
  line.network.policy(line.path[2]).is_disabled = true;
  CHECK(most(2) == Msat{0});
}
