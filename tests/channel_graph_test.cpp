#include "sim/routing/channel_graph.hpp"

#include <vector>

#include "core/check.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// The directed channels in a node's row; those whose tails can forward only, if asked.
std::vector<std::uint32_t> row(const ChannelGraph& graph, NodeId node, bool only_transit) {
  const IncomingChannels& incoming = graph.incoming();
  std::vector<std::uint32_t> channels;
  const auto edges = out_edges(node.index, incoming.rows);
  for (auto edge = edges.first; edge != edges.second; ++edge) {
    if (only_transit && (*edge).idx >= incoming.transit_end[node.index]) break;
    channels.push_back(incoming.channel_of(*edge).index);
  }
  return channels;
}

}  // namespace

TEST_CASE("channel_graph: a row holds what leads to the node, parallels adjacent, leaves last") {
  //  L - A = B    (two channels between A and B)
  //       \ /
  //        C
  SmallNetwork network;
  const Msat capacity{1'000'000};
  const auto la = network.channel("L", "A", capacity, {});
  const auto ab = network.channel("A", "B", capacity, {});
  const auto ca = network.channel("C", "A", capacity, {});
  const auto ba = network.channel("B", "A", capacity, {});
  const auto bc = network.channel("B", "C", capacity, {});
  const ChannelGraph graph(network.topology);

  CHECK(graph.node_count() == 4);
  CHECK(graph.channel_count() == 5);
  CHECK(graph.tail(bc) == network.node("B"));
  CHECK(graph.head(bc) == network.node("C"));
  CHECK(graph.tail(bc.reversed()) == network.node("C"));

  const std::vector<std::uint32_t> transit{ab.reversed().index, ba.index, ca.index};
  CHECK(row(graph, network.node("A"), true) == transit);
  const std::vector<std::uint32_t> all{ab.reversed().index, ba.index, ca.index, la.index};
  CHECK(row(graph, network.node("A"), false) == all);
  CHECK(row(graph, network.node("L"), true) == std::vector<std::uint32_t>{la.reversed().index});
  for (std::uint32_t i = 0; i < 10; ++i) CHECK(graph.incoming().at({i}).channel.index == i);
}

TEST_CASE("channel_graph: a channel carries what its policy and its capacity allow") {
  SmallNetwork network;
  const auto channel = network.channel("A", "B", Msat{5000},
                                       {.htlc_minimum = Msat{1000}, .htlc_maximum = Msat{9000}});
  const ChannelGraph graph(network.topology);
  const AnnouncedChannel& announced = graph.incoming().at(channel);
  CHECK_FALSE(announced.carries(Msat{999}));
  CHECK(announced.carries(Msat{1000}));
  CHECK(announced.carries(Msat{5000}));
  CHECK_FALSE(announced.carries(Msat{5001}));
}

TEST_CASE("channel_graph: a channel that lacks its policy or capacity is a bug") {
  SmallNetwork network;
  network.channel("A", "B", Msat{5000}, {});
  network.topology.channels[0].policy[1].reset();
  CHECK_THROWS_AS(ChannelGraph{network.topology}, InvariantError);
}

TEST_CASE("channel_graph: the channels that lead to a node, and what is known of each") {
  SmallNetwork network;
  const topo::ForwardingPolicy policy{.fee_base = Msat{7}};
  const DirectedChannel ab = network.channel("a", "b", Msat{100}, policy);
  const DirectedChannel cb = network.channel("c", "b", Msat{200}, policy);
  network.node("alone");
  const ChannelGraph graph(network.topology);
  std::vector<DirectedChannel> found;
  for (const AnnouncedChannel& channel : graph.channels_to(network.node("b"))) {
    found.push_back(channel.channel);
    CHECK(channel.capacity == graph.announced(channel.channel).capacity);
    CHECK(channel.fee_base == Msat{7});
  }
  CHECK(found == std::vector<DirectedChannel>{ab, cb});
  CHECK(graph.announced(cb.reversed()).capacity == Msat{200});
  CHECK(graph.announced(cb).fee_base == Msat{7});
  CHECK(graph.channels_to(network.node("alone")).empty());
}
