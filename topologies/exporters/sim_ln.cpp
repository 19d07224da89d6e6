#include <fmt/format.h>

#include "core/check.hpp"
#include "topologies/exporters/formats.hpp"
#include "topologies/exporters/text.hpp"
#include "topologies/short_channel_id.hpp"

namespace ampsim::topo {
namespace {

std::string node_object(const Topology& topology, const Channel& channel, std::size_t side) {
  const Node& node = topology.nodes[channel.ends[side].index];
  const ForwardingPolicy& policy = *channel.policy[side];
  constexpr int kMostHtlcs = 483;  // BOLT 2
  return fmt::format(
      R"({{"pubkey":{},"alias":{},"max_htlc_count":{},"max_in_flight_msat":{},)"
      R"("min_htlc_size_msat":{},"max_htlc_size_msat":{},"cltv_expiry_delta":{},"base_fee":{},)"
      R"("fee_rate_prop":{}}})",
      json_text(node.name), json_text(node.alias), policy.is_disabled ? 0 : kMostHtlcs,
      policy.is_disabled ? 0 : channel.capacity->count, policy.htlc_minimum.count,
      policy.htlc_maximum.count, policy.cltv_expiry_delta.count, policy.fee_base.count,
      policy.fee_proportional.millionths);
}

void write(const Topology& topology, std::span<std::ostream* const> out) {
  const ShortChannelIds ids = short_channel_ids(topology);
  TextBlocks text(*out[0]);
  text.add("{\"sim_network\":[");
  const char* separator = "\n";
  for (std::size_t i = 0; i < topology.channels.size(); ++i) {
    const Channel& channel = topology.channels[i];
    AMPSIM_CHECK(channel.capacity && channel.has_policies(), "a channel must be complete");
    text.add(fmt::format("{}{{\"scid\":{},\"capacity_msat\":{},\"node_1\":{},\"node_2\":{}}}",
                         separator, ids.ids[i], channel.capacity->count,
                         node_object(topology, channel, 0), node_object(topology, channel, 1)));
    separator = ",\n";
  }
  text.add("\n]}\n");
  text.flush();
}

}  // namespace

Exporter sim_ln_target() {
  return {.name = "sim_ln",
          .summary = "sim-ln's sim_network",
          .holds = {.ids = IdKind::short_channel_id,
                    .lone_nodes = false,
                    .node_order = false,
                    .balances = false},
          .needs = {.capacities = true, .policies = true},
          .write = write};
}

}  // namespace ampsim::topo
