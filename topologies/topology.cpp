#include "topologies/topology.hpp"

#include <string_view>

#include <boost/unordered/unordered_flat_set.hpp>
#include <fmt/format.h>

namespace ampsim::topo {
namespace {

using Names = boost::unordered_flat_set<std::string_view>;

void check_policy(const Channel& channel, unsigned direction, std::vector<std::string>& faults) {
  if (!channel.policy[direction]) return;
  const ForwardingPolicy& policy = *channel.policy[direction];
  const auto fault = [&](std::string_view sentence) {
    faults.push_back(
        fmt::format("channel \"{}\", direction {}: {}", channel.id, direction, sentence));
  };
  if (policy.fee_base < Msat{} || policy.htlc_minimum < Msat{} ||
      policy.cltv_expiry_delta < BlockDelta{}) {
    fault("a negative number in the policy");
  }
  if (policy.htlc_minimum > policy.htlc_maximum) {
    fault(fmt::format("htlc_minimum {} msat is above htlc_maximum {} msat",
                      policy.htlc_minimum.count, policy.htlc_maximum.count));
  }
  if (channel.capacity && policy.htlc_maximum > *channel.capacity) {
    fault(fmt::format("htlc_maximum {} msat is above the capacity of {} msat",
                      policy.htlc_maximum.count, channel.capacity->count));
  }
}

void check_ends(const Topology& topology,
                const Channel& channel,
                std::vector<std::string>& faults) {
  for (const NodeId end : channel.ends) {
    if (end.index >= topology.nodes.size()) {
      faults.push_back(fmt::format("channel \"{}\": an end is node {}, but there are {} nodes",
                                   channel.id, end.index, topology.nodes.size()));
    }
  }
  if (channel.ends[0] == channel.ends[1]) {
    const std::size_t end = channel.ends[0].index;
    faults.push_back(
        fmt::format("channel \"{}\": both ends are node \"{}\"", channel.id,
                    end < topology.nodes.size() ? topology.nodes[end].name : std::to_string(end)));
  }
}

void check_money(const Channel& channel, std::vector<std::string>& faults) {
  if (channel.capacity && *channel.capacity <= Msat{}) {
    faults.push_back(fmt::format("channel \"{}\": the capacity of {} msat is not positive",
                                 channel.id, channel.capacity->count));
  }
  if (!channel.balance_0) return;
  const Msat balance = *channel.balance_0;
  if (balance < Msat{} || (channel.capacity && balance > *channel.capacity)) {
    faults.push_back(fmt::format("channel \"{}\": the balance of {} msat is outside [0, {}]",
                                 channel.id, balance.count,
                                 channel.capacity ? channel.capacity->count : Msat::max().count));
  }
}

}  // namespace

std::vector<std::string> validate(const Topology& topology) {
  std::vector<std::string> faults;
  Names names;
  names.reserve(topology.nodes.size());
  for (const Node& node : topology.nodes) {
    if (!names.insert(node.name).second) {
      faults.push_back(fmt::format("node \"{}\": the name is there twice", node.name));
    }
  }
  Names ids;
  ids.reserve(topology.channels.size());
  for (const Channel& channel : topology.channels) {
    if (!ids.insert(channel.id).second) {
      faults.push_back(fmt::format("channel \"{}\": the id is there twice", channel.id));
    }
    check_ends(topology, channel, faults);
    check_money(channel, faults);
    check_policy(channel, 0, faults);
    check_policy(channel, 1, faults);
  }
  return faults;
}

}  // namespace ampsim::topo
