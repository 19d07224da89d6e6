#include "sim/routing/channel_graph.hpp"

#include <algorithm>
#include <compare>
#include <utility>

#include "core/check.hpp"
#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {
namespace {

AnnouncedChannel announced(const topo::Topology& topology, DirectedChannel channel) {
  const topo::Channel& c = topology.channels[channel.channel().index];
  AMPSIM_CHECK(c.capacity.has_value(), "a channel without a capacity: " + c.id);
  AMPSIM_CHECK(c.policy[channel.direction()].has_value(), "a channel without a policy: " + c.id);
  const topo::ForwardingPolicy& policy = *c.policy[channel.direction()];
  return {.htlc_minimum = policy.htlc_minimum,
          .htlc_maximum = std::min(policy.htlc_maximum, *c.capacity),
          .capacity = *c.capacity,
          .fee_base = policy.fee_base,
          .fee_proportional = policy.fee_proportional,
          .cltv_expiry_delta = policy.cltv_expiry_delta,
          .channel = channel,
          .is_disabled = policy.is_disabled};
}

/// Nodes whose channels all lead to one other node: no path passes through them.
std::vector<bool> find_leaves(const topo::Topology& topology) {
  std::vector<NodeId> neighbour(topology.nodes.size());
  std::vector<bool> is_leaf(topology.nodes.size(), true);
  for (const topo::Channel& channel : topology.channels) {
    for (const unsigned end : {0U, 1U}) {
      const NodeId node = channel.ends[end];
      const NodeId other = channel.ends[1 - end];
      if (neighbour[node.index].is_none()) neighbour[node.index] = other;
      if (neighbour[node.index] != other) is_leaf[node.index] = false;
    }
  }
  return is_leaf;
}

std::unique_ptr<const IncomingChannels> make_rows(const topo::Topology& topology) {
  const auto nodes = static_cast<std::uint32_t>(topology.nodes.size());
  const std::vector<bool> is_leaf = find_leaves(topology);
  struct Place {
    NodeId head;
    bool is_leaf;
    NodeId tail;
    std::uint32_t index;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> order;
  order.reserve(2 * topology.channels.size());
  for (std::uint32_t index = 0; index < 2 * topology.channels.size(); ++index) {
    const NodeId tail = topology.source({index});
    order.push_back({topology.target({index}), is_leaf[tail.index], tail, index});
  }
  std::sort(order.begin(), order.end());

  auto incoming = std::make_unique<IncomingChannels>();
  incoming->position.resize(order.size());
  incoming->transit_end.resize(nodes);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
  ends.reserve(order.size());
  for (const Place& place : order) {
    incoming->position[place.index] = static_cast<std::uint32_t>(ends.size());
    ends.emplace_back(place.head.index, place.tail.index);
    if (!place.is_leaf) {
      incoming->transit_end[place.head.index] = static_cast<std::uint32_t>(ends.size());
    }
  }
  incoming->rows = IncomingChannels::Rows(boost::edges_are_sorted, ends.begin(), ends.end(), nodes);
  // In place: a second copy would be the most that the graph ever takes.
  for (std::uint32_t edge = 0; edge < order.size(); ++edge) {
    incoming->rows[IncomingChannels::Rows::edge_descriptor(0, edge)] =
        announced(topology, {order[edge].index});
  }
  for (const topo::Channel& channel : topology.channels) {
    incoming->largest_capacity = std::max(incoming->largest_capacity, *channel.capacity);
  }
  return incoming;
}

}  // namespace

ChannelGraph::ChannelGraph(const topo::Topology& topology) : node_count_(topology.nodes.size()) {
  heads_.reserve(2 * topology.channels.size());
  for (const topo::Channel& channel : topology.channels) {
    heads_.push_back(channel.ends[1]);
    heads_.push_back(channel.ends[0]);
  }
  incoming_ = make_rows(topology);
}

std::span<const AnnouncedChannel> ChannelGraph::channels_to(NodeId node) const {
  const IncomingChannels::Rows& rows = incoming_->rows;
  const auto row = out_edges(node.index, rows);
  const auto length = static_cast<std::size_t>((*row.second).idx - (*row.first).idx);
  if (length == 0) return {};
  return {&rows[*row.first], length};  // the properties of a row lie one after another
}

const AnnouncedChannel& ChannelGraph::announced(DirectedChannel channel) const {
  return incoming_->at(channel);
}

ChannelGraph::~ChannelGraph() = default;
ChannelGraph::ChannelGraph(ChannelGraph&&) noexcept = default;
ChannelGraph& ChannelGraph::operator=(ChannelGraph&&) noexcept = default;

}  // namespace ampsim::sim
