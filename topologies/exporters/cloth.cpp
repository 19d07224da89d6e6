#include <fmt/format.h>

#include "core/check.hpp"
#include "topologies/exporters/formats.hpp"
#include "topologies/exporters/text.hpp"

namespace ampsim::topo {
namespace {

void write_edge(TextBlocks& text, const Channel& channel, std::size_t number, std::size_t side) {
  const ForwardingPolicy& policy = *channel.policy[side];
  const Msat balance = side == 0 ? *channel.balance_0 : *channel.capacity - *channel.balance_0;
  const std::int64_t minimum =
      policy.is_disabled ? channel.capacity->count + 1 : policy.htlc_minimum.count;
  text.add(fmt::format(
      "{},{},{},{},{},{},{},{},{},{}\n", 2 * number + side, number, 2 * number + 1 - side,
      channel.ends[side].index, channel.ends[1 - side].index, balance.count, policy.fee_base.count,
      policy.fee_proportional.millionths, minimum, policy.cltv_expiry_delta.count));
}

void write(const Topology& topology, std::span<std::ostream* const> out) {
  TextBlocks nodes(*out[0]);
  TextBlocks channels(*out[1]);
  TextBlocks edges(*out[2]);
  nodes.add("id\n");
  for (std::size_t i = 0; i < topology.nodes.size(); ++i) nodes.add(fmt::format("{}\n", i));
  channels.add("id,edge1_id,edge2_id,node1_id,node2_id,capacity\n");
  edges.add(
      "id,channel_id,counter_edge_id,from_node_id,to_node_id,balance,fee_base,fee_proportional,"
      "min_htlc,timelock\n");
  for (std::size_t i = 0; i < topology.channels.size(); ++i) {
    const Channel& channel = topology.channels[i];
    AMPSIM_CHECK(channel.capacity && channel.balance_0 && channel.has_policies(),
                 "a channel must be complete");
    channels.add(fmt::format("{},{},{},{},{},{}\n", i, 2 * i, 2 * i + 1, channel.ends[0].index,
                             channel.ends[1].index, channel.capacity->count));
    write_edge(edges, channel, i, 0);
    write_edge(edges, channel, i, 1);
  }
  for (TextBlocks* const blocks : {&nodes, &channels, &edges}) blocks->flush();
}

}  // namespace

Exporter cloth_target() {
  return {.name = "cloth",
          .summary = "CLoTH's nodes, channels and edges as three CSV files",
          .holds = {.ids = IdKind::numbered,
                    .names = false,
                    .aliases = false,
                    .htlc_maximum = false,
                    .disabled_minimum = false},
          .needs = {.capacities = true, .balances = true, .policies = true},
          .files = {"nodes.csv", "channels.csv", "edges.csv"},
          .write = write};
}

}  // namespace ampsim::topo
