#include "topologies/exporters/lnd.hpp"

#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/check.hpp"

namespace ampsim::topo {
namespace {

std::string json_text(std::string_view text) {
  using Json = nlohmann::json;
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string policy_object(const ForwardingPolicy& policy) {
  return fmt::format(R"({{"time_lock_delta":{},"min_htlc":"{}","fee_base_msat":"{}",)"
                     R"("fee_rate_milli_msat":"{}","disabled":{},"max_htlc_msat":"{}"}})",
                     policy.cltv_expiry_delta.count, policy.htlc_minimum.count,
                     policy.fee_base.count, policy.fee_proportional.millionths, policy.is_disabled,
                     policy.htlc_maximum.count);
}

std::string edge_object(const Topology& topology, const Channel& channel) {
  AMPSIM_CHECK(channel.capacity && channel.policy[0] && channel.policy[1],
               "a channel must be complete to be written");
  AMPSIM_CHECK(channel.capacity->count % 1000 == 0, "describegraph has capacities in whole sat");
  return fmt::format(R"({{"channel_id":{},"node1_pub":{},"node2_pub":{},"capacity":"{}",)"
                     R"("node1_policy":{},"node2_policy":{}}})",
                     json_text(channel.id), json_text(topology.nodes[channel.ends[0].index].name),
                     json_text(topology.nodes[channel.ends[1].index].name),
                     channel.capacity->count / 1000, policy_object(*channel.policy[0]),
                     policy_object(*channel.policy[1]));
}

}  // namespace

void write_lnd(const Topology& topology, std::ostream& out) {
  out << "{\"nodes\":[";
  const char* separator = "\n";
  for (const Node& node : topology.nodes) {
    out << separator
        << fmt::format(R"({{"pub_key":{},"alias":{}}})", json_text(node.name),
                       json_text(node.alias));
    separator = ",\n";
  }
  out << "\n],\"edges\":[";
  separator = "\n";
  for (const Channel& channel : topology.channels) {
    out << separator << edge_object(topology, channel);
    separator = ",\n";
  }
  out << "\n]}\n";
}

}  // namespace ampsim::topo
