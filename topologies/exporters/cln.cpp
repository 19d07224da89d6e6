#include <fmt/format.h>

#include "core/check.hpp"
#include "topologies/exporters/formats.hpp"
#include "topologies/exporters/text.hpp"
#include "topologies/short_channel_id.hpp"

namespace ampsim::topo {
namespace {

void write_channels(const Topology& topology, std::ostream& out) {
  const ShortChannelIds ids = short_channel_ids(topology);
  TextBlocks text(out);
  text.add("{\"channels\":[");
  const char* separator = "\n";
  for (std::size_t i = 0; i < topology.channels.size(); ++i) {
    const Channel& channel = topology.channels[i];
    AMPSIM_CHECK(channel.capacity && channel.has_policies(), "a channel must be complete");
    const std::string id = in_three_parts(ids.ids[i]);
    for (std::size_t side = 0; side < 2; ++side) {
      const std::string& source = topology.nodes[channel.ends[side].index].name;
      const std::string& destination = topology.nodes[channel.ends[1 - side].index].name;
      const ForwardingPolicy& policy = *channel.policy[side];
      const int direction = source < destination ? 0 : 1;
      text.add(fmt::format(
          R"({}{{"source":{},"destination":{},"short_channel_id":"{}","direction":{},)"
          R"("public":true,"amount_msat":{},"message_flags":1,"channel_flags":{},"active":{},)"
          R"("last_update":0,"base_fee_millisatoshi":{},"fee_per_millionth":{},"delay":{},)"
          R"("htlc_minimum_msat":{},"htlc_maximum_msat":{},"features":""}})",
          separator, json_text(source), json_text(destination), id, direction,
          channel.capacity->count, direction + (policy.is_disabled ? 2 : 0), !policy.is_disabled,
          policy.fee_base.count, policy.fee_proportional.millionths, policy.cltv_expiry_delta.count,
          policy.htlc_minimum.count, policy.htlc_maximum.count));
      separator = ",\n";
    }
  }
  text.add("\n]}\n");
  text.flush();
}

void write_nodes(const Topology& topology, std::ostream& out) {
  TextBlocks text(out);
  text.add("{");
  add_json_nodes(text, topology, "nodeid");
  text.add("}\n");
  text.flush();
}

void write(const Topology& topology, std::span<std::ostream* const> out) {
  write_channels(topology, *out[0]);
  write_nodes(topology, *out[1]);
}

}  // namespace

Exporter cln_target() {
  return {.name = "cln",
          .summary = "what lightning-cli listchannels and listnodes print",
          .holds = {.ids = IdKind::short_channel_id, .end_order = false, .balances = false},
          .needs = {.capacities = true, .policies = true},
          .files = {"listchannels.json", "listnodes.json"},
          .write = write};
}

}  // namespace ampsim::topo
