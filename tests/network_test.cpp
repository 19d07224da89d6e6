#include "sim/network/network.hpp"

#include <doctest/doctest.h>

#include "tests/printing.hpp"
#include "tests/text_network.hpp"

using namespace ampsim;
using sim::Network;

namespace {
const char* const kDiamond = R"(
  alice 100 -- 0 bob
  alice 50 -- 50 carol
  bob 70 -- 30 dave
  alice 10 -- 20 bob
  carol 5 -- 5 dave
)";
}  // namespace

TEST_CASE("network: outgoing channels are ordered by target, parallel ones stand together") {
  const topo::Topology topology = test::parse_network(kDiamond);
  const Network network(topology, {}, 1);
  const auto out = network.outgoing(NodeId{0});
  REQUIRE(out.size() == 3);
  CHECK(out[0] == DirectedChannel::of(ChannelId{0}, 0));
  CHECK(out[1] == DirectedChannel::of(ChannelId{3}, 0));
  CHECK(out[2] == DirectedChannel::of(ChannelId{1}, 0));
  CHECK(network.parallel(out[1]).size() == 2);
  CHECK(network.parallel(out[2]).size() == 1);
  CHECK(network.parallel(out[1].reversed()).size() == 2);
}

TEST_CASE("network: limits are shares of the capacity, rounded down to whole msat") {
  const topo::Topology topology = test::parse_network("a 100 -- 0 b");
  Network network(topology, {.reserve = 0.015, .max_in_flight = 0.5}, 1);
  CHECK(network.channel(ChannelId{0}).spendable(0) == Msat{50'000});
  network.channel(ChannelId{0}).add_htlc(0, Msat{50'000});
  network.channel(ChannelId{0}).fulfill_htlc(0, Msat{50'000});
  CHECK(network.channel(ChannelId{0}).spendable(0) == Msat{48'500});
}

TEST_CASE("network: conservation at rest does not hold while an HTLC is in flight") {
  const topo::Topology topology = test::parse_network(kDiamond);
  Network network(topology, {.reserve = 0}, 1);
  CHECK_NOTHROW(network.check_conservation(true));
  network.channel(ChannelId{1}).add_htlc(0, Msat{5});
  CHECK_NOTHROW(network.check_conservation(false));
  CHECK_THROWS_AS(network.check_conservation(true), InvariantError);
}

TEST_CASE("network: delays come from the seed") {
  const topo::Topology topology = test::parse_network(kDiamond);
  const Network first(topology, {}, 1);
  const Network again(topology, {}, 1);
  const Network other(topology, {}, 2);
  CHECK(first.message_delay(DirectedChannel{4}) == again.message_delay(DirectedChannel{4}));
  CHECK(first.message_delay(DirectedChannel{4}) != other.message_delay(DirectedChannel{4}));
}
