#include <algorithm>

#include <fmt/format.h>

#include "core/check.hpp"
#include "topologies/exporters/formats.hpp"
#include "topologies/exporters/text.hpp"
#include "topologies/short_channel_id.hpp"

namespace ampsim::topo {
namespace {

std::string policy_object(const ForwardingPolicy& policy) {
  return fmt::format(R"({{"time_lock_delta":{},"min_htlc":"{}","fee_base_msat":"{}",)"
                     R"("fee_rate_milli_msat":"{}","disabled":{},"max_htlc_msat":"{}"}})",
                     policy.cltv_expiry_delta.count, policy.htlc_minimum.count,
                     policy.fee_base.count, policy.fee_proportional.millionths, policy.is_disabled,
                     policy.htlc_maximum.count);
}

void write(const Topology& topology, std::span<std::ostream* const> out) {
  const ShortChannelIds ids = short_channel_ids(topology);
  TextBlocks text(*out[0]);
  text.add("{");
  add_json_nodes(text, topology, "pub_key");
  text.add(",\"edges\":[");
  const char* separator = "\n";
  for (std::size_t i = 0; i < topology.channels.size(); ++i) {
    const Channel& channel = topology.channels[i];
    AMPSIM_CHECK(channel.capacity && channel.has_policies(), "a channel must be complete");
    const std::int64_t sat = std::max<std::int64_t>(1, channel.capacity->count / 1000);
    text.add(fmt::format(R"({}{{"channel_id":"{}","node1_pub":{},"node2_pub":{},"capacity":"{}",)"
                         R"("node1_policy":{},"node2_policy":{}}})",
                         separator, ids.ids[i],
                         json_text(topology.nodes[channel.ends[0].index].name),
                         json_text(topology.nodes[channel.ends[1].index].name), sat,
                         policy_object(*channel.policy[0]), policy_object(*channel.policy[1])));
    separator = ",\n";
  }
  text.add("\n]}\n");
  text.flush();
}

}  // namespace

Exporter lnd_target() {
  return {.name = "lnd",
          .summary = "what lncli describegraph prints",
          .holds = {.ids = IdKind::short_channel_id, .balances = false, .msat = false},
          .needs = {.capacities = true, .policies = true},
          .write = write};
}

}  // namespace ampsim::topo
