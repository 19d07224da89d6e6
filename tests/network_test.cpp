#include "sim/network/network.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "sim/routing/channel_graph.hpp"
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

TEST_CASE("network: a network that reads a graph is the one that reads its own announcements") {
  const topo::Topology topology = test::parse_network(kDiamond);
  const sim::ChannelGraph graph(topology);
  const Network shared(topology, {}, 1, graph.announced());
  const Network own(topology, {}, 1);
  for (std::uint32_t index = 0; index < 10; ++index) {
    const DirectedChannel d{index};
    CHECK(shared.source(d) == topology.source(d));
    CHECK(shared.target(d) == own.target(d));
    CHECK(shared.policy(d) == *topology.channels[d.channel().index].policy[d.direction()]);
    CHECK(shared.policy(d) == own.policy(d));
    CHECK(shared.message_delay(d) == own.message_delay(d));
  }
  for (std::uint32_t node = 0; node < 4; ++node) {
    const auto out = shared.outgoing(NodeId{node});
    const auto expected = own.outgoing(NodeId{node});
    CHECK(std::equal(out.begin(), out.end(), expected.begin(), expected.end()));
  }
}

TEST_CASE("network: the announcements of another network are refused") {
  const topo::Topology topology = test::parse_network(kDiamond);
  const sim::ChannelGraph graph(test::parse_network("a 100 -- 0 b"));
  CHECK_THROWS_AS(Network(topology, {}, 1, graph.announced()), InvariantError);
}

TEST_CASE("network: a changed policy is the network's own affair") {
  const topo::Topology topology = test::parse_network(kDiamond);
  const sim::ChannelGraph graph(topology);
  Network network(topology, {}, 1, graph.announced());
  const Network other(topology, {}, 1, graph.announced());
  const DirectedChannel d{3};
  const topo::ForwardingPolicy announced = network.policy(d);
  topo::ForwardingPolicy changed = announced;
  changed.fee_base = Msat{123};
  network.set_policy(d, changed);
  CHECK(network.policy(d) == changed);
  changed.fee_base = Msat{456};
  network.set_policy(d, changed);
  CHECK(network.policy(d) == changed);
  CHECK(network.policy(d.reversed()) == *topology.channels[1].policy[0]);
  CHECK(other.policy(d) == announced);
  CHECK(graph.announced(d).fee_base == announced.fee_base);
}

TEST_CASE("network: a node that is slow is so for every message that it gets") {
  const topo::Topology topology = test::parse_network(kDiamond);
  Network network(topology, {}, 1);
  const Network before(topology, {}, 1);
  const NodeId bob = topology.source(DirectedChannel{1});
  network.slow_down(bob, std::chrono::seconds{1});
  network.slow_down(bob, std::chrono::seconds{2});
  for (std::uint32_t index = 0; index < 10; ++index) {
    const DirectedChannel d{index};
    const SimDuration more = network.target(d) == bob ? std::chrono::seconds{3} : SimDuration{};
    CHECK(network.message_delay(d) == before.message_delay(d) + more);
    CHECK(network.three_messages_delay(d) ==
          2 * network.message_delay(d) + network.message_delay(d.reversed()));
  }
}

TEST_CASE("network: delays of any length are exact") {
  const topo::Topology topology = test::parse_network("a 100 -- 0 b");
  for (const std::int64_t ns : {0LL, 1LL, 4'294'967'294LL, 4'294'967'295LL, 86'400'000'000'000LL}) {
    const Network network(topology, {.latency = {}, .processing = SimDuration{ns}}, 1);
    CHECK(network.message_delay(DirectedChannel{0}) == SimDuration{ns});
    CHECK(network.message_delay(DirectedChannel{1}) == SimDuration{ns});
    CHECK(network.three_messages_delay(DirectedChannel{0}) == SimDuration{3 * ns});
  }
}

TEST_CASE("network: nodes leave for several reasons, and what left for the chain stays theirs") {
  const topo::Topology topology = test::parse_network("a 100 -- 50 b");
  Network network(topology, {}, 1);
  const NodeId a{0};
  CHECK(network.is_up(a));
  network.leave(a);
  network.leave(a);
  network.come_back(a);
  CHECK_FALSE(network.is_up(a));
  CHECK(network.is_up(NodeId{1}));
  CHECK_FALSE(network.is_connected(DirectedChannel{0}));
  network.come_back(a);
  CHECK(network.is_connected(DirectedChannel{0}));
  CHECK_THROWS_AS(network.come_back(a), InvariantError);

  CHECK(network.on_chain(a) == Msat{0});
  network.channel(ChannelId{0}).close();
  network.pay_out(ChannelId{0}, 0, Msat{1000});
  CHECK(network.on_chain(a) == Msat{99'000});
  CHECK(network.on_chain(NodeId{1}) == Msat{0});
  CHECK(network.chain_fees() == Msat{1000});
  CHECK_NOTHROW(network.check_conservation(true));
}
