#include "topologies/exporters/channel_columns.hpp"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

namespace ampsim::topo {
namespace {

std::string number(std::optional<Msat> amount) {
  return amount ? std::to_string(amount->count) : std::string();
}

/// What a policy says in one field, unless the source left it out.
template <std::size_t side, std::uint8_t field, class Get>
std::string policy_field(const Channel& channel, Get get) {
  if (!channel.policy[side] || (channel.missing[side] & field) != 0) return "";
  return fmt::format("{}", get(*channel.policy[side]));
}

template <std::size_t side>
void add_policy_columns(std::vector<ChannelColumn>& columns) {
  using Policy = ForwardingPolicy;
  const auto add = [&columns](std::string_view name, std::string_view type, auto value) {
    columns.push_back({fmt::format("node{}_{}", side + 1, name), type, value});
  };
  add("fee_base_msat", "long", [](const Channel& c) {
    return policy_field<side, kFeeBase>(c, [](const Policy& p) { return p.fee_base.count; });
  });
  add("fee_proportional_ppm", "long", [](const Channel& c) {
    return policy_field<side, kFeeProportional>(
        c, [](const Policy& p) { return p.fee_proportional.millionths; });
  });
  add("cltv_expiry_delta_blocks", "long", [](const Channel& c) {
    return policy_field<side, kCltvExpiryDelta>(
        c, [](const Policy& p) { return p.cltv_expiry_delta.count; });
  });
  add("htlc_minimum_msat", "long", [](const Channel& c) {
    return policy_field<side, kHtlcMinimum>(c,
                                            [](const Policy& p) { return p.htlc_minimum.count; });
  });
  add("htlc_maximum_msat", "long", [](const Channel& c) {
    const bool is_known = c.policy[side] && c.policy[side]->htlc_maximum != Msat::max();
    return is_known ? number(c.policy[side]->htlc_maximum) : "";
  });
  add("is_disabled", "boolean", [](const Channel& c) {
    return policy_field<side, 0>(c, [](const Policy& p) { return p.is_disabled; });
  });
}

}  // namespace

std::vector<ChannelColumn> channel_columns(const Topology& topology) {
  std::vector<ChannelColumn> columns{
      {"capacity_msat", "long", [](const Channel& c) { return number(c.capacity); }},
      {"node1_balance_msat", "long", [](const Channel& c) { return number(c.balance_0); }},
  };
  add_policy_columns<0>(columns);
  add_policy_columns<1>(columns);
  std::erase_if(columns, [&](const ChannelColumn& column) {
    return std::none_of(topology.channels.begin(), topology.channels.end(),
                        [&](const Channel& channel) { return !column.value(channel).empty(); });
  });
  return columns;
}

}  // namespace ampsim::topo
