#include <fmt/format.h>

#include "topologies/exporters/formats.hpp"
#include "topologies/exporters/text.hpp"

namespace ampsim::topo {
namespace {

/// `,"nodeN_policy":{...}` with what is known of it, or nothing.
std::string policy_field(const Channel& channel, std::size_t side) {
  if (!channel.policy[side]) return "";
  const ForwardingPolicy& policy = *channel.policy[side];
  std::string fields;
  const auto add = [&fields](std::string_view name, auto value) {
    fields += fmt::format("{}\"{}\":{}", fields.empty() ? "" : ",", name, value);
  };
  const auto has = [&](PolicyFields field) { return (channel.missing[side] & field) == 0; };
  if (has(kFeeBase)) add("fee_base_msat", policy.fee_base.count);
  if (has(kFeeProportional)) add("fee_proportional_ppm", policy.fee_proportional.millionths);
  if (has(kCltvExpiryDelta)) add("cltv_expiry_delta_blocks", policy.cltv_expiry_delta.count);
  if (has(kHtlcMinimum)) add("htlc_minimum_msat", policy.htlc_minimum.count);
  if (policy.htlc_maximum != Msat::max()) add("htlc_maximum_msat", policy.htlc_maximum.count);
  if (policy.is_disabled) add("is_disabled", true);
  return fmt::format(",\"node{}_policy\":{{{}}}", side + 1, fields);
}

void write(const Topology& topology, std::span<std::ostream* const> out) {
  TextBlocks text(*out[0]);
  text.add("{\"format\":\"ampsim\",\"version\":1,\n\"nodes\":[");
  const char* separator = "\n";
  for (const Node& node : topology.nodes) {
    text.add(fmt::format("{}{{\"name\":{}", separator, json_text(node.name)));
    if (!node.alias.empty()) text.add(fmt::format(",\"alias\":{}", json_text(node.alias)));
    text.add("}");
    separator = ",\n";
  }
  text.add("\n],\n\"channels\":[");
  separator = "\n";
  for (const Channel& channel : topology.channels) {
    text.add(fmt::format("{}{{\"id\":{},\"node1\":{},\"node2\":{}", separator,
                         json_text(channel.id),
                         json_text(topology.nodes[channel.ends[0].index].name),
                         json_text(topology.nodes[channel.ends[1].index].name)));
    if (channel.capacity) text.add(fmt::format(",\"capacity_msat\":{}", channel.capacity->count));
    if (channel.balance_0)
      text.add(fmt::format(",\"node1_balance_msat\":{}", channel.balance_0->count));
    text.add(fmt::format("{}{}}}", policy_field(channel, 0), policy_field(channel, 1)));
    separator = ",\n";
  }
  text.add("\n]}\n");
  text.flush();
}

}  // namespace

Exporter ampsim_network_target() {
  return {.name = "ampsim", .summary = "our own JSON, which holds everything", .write = write};
}

}  // namespace ampsim::topo
