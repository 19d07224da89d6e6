#include "sim/routing/channel_graph.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/network/channel_order.hpp"
#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {
namespace {

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

/// By directed channel: the node that it comes from.
std::vector<std::uint32_t> tails_of(const topo::Topology& topology) {
  std::vector<std::uint32_t> tails;
  tails.reserve(2 * topology.channels.size());
  for (const topo::Channel& channel : topology.channels) {
    tails.push_back(channel.ends[0].index);
    tails.push_back(channel.ends[1].index);
  }
  return tails;
}

/// In the order of the rows.
std::vector<DirectedChannel> sorted_channels(const std::vector<std::uint32_t>& tails,
                                             const std::vector<bool>& is_leaf) {
  std::vector<std::uint32_t> row_and_part(tails.size());
  for (std::uint32_t d = 0; d < tails.size(); ++d) {
    const std::uint32_t head = tails[DirectedChannel{d}.reversed().index];
    row_and_part[d] = 2 * head + (is_leaf[tails[d]] ? 1 : 0);
  }
  const auto by_tail = sorted_by(directed_channels(tails.size() / 2), is_leaf.size(),
                                 [&](DirectedChannel d) { return tails[d.index]; });
  return sorted_by(by_tail, 2 * is_leaf.size(),
                   [&](DirectedChannel d) { return row_and_part[d.index]; });
}

std::unique_ptr<const IncomingChannels> make_rows(const topo::Topology& topology) {
  const auto nodes = static_cast<std::uint32_t>(topology.nodes.size());
  const std::vector<bool> is_leaf = find_leaves(topology);
  const std::vector<std::uint32_t> tails = tails_of(topology);
  const std::vector<DirectedChannel> order = sorted_channels(tails, is_leaf);

  auto incoming = std::make_unique<IncomingChannels>();
  incoming->announcements.reserve(order.size());
  incoming->position.resize(order.size());
  incoming->transit_end.resize(nodes);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
  ends.reserve(order.size());
  for (const DirectedChannel channel : order) {
    const std::uint32_t head = tails[channel.reversed().index];
    const std::uint32_t tail = tails[channel.index];
    incoming->position[channel.index] = static_cast<std::uint32_t>(ends.size());
    incoming->announcements.add(announcement_of(topology, channel));
    ends.emplace_back(head, tail);
    if (!is_leaf[tail]) incoming->transit_end[head] = static_cast<std::uint32_t>(ends.size());
  }
  incoming->rows = IncomingChannels::Rows(boost::edges_are_sorted, ends.begin(), ends.end(), nodes);
  for (const topo::Channel& channel : topology.channels) {
    incoming->largest_capacity = std::max(incoming->largest_capacity, *channel.capacity);
  }
  return incoming;
}

}  // namespace

ChannelGraph::ChannelGraph(const topo::Topology& topology)
    : node_count_(topology.nodes.size()),
      incoming_(make_rows(topology)),
      announced_{&incoming_->announcements, incoming_->position, incoming_->tails()} {}

ChannelRow ChannelGraph::channels_to(NodeId node) const {
  const auto row = out_edges(node.index, incoming_->rows);
  return {incoming_->announcements, (*row.first).idx, (*row.second).idx};
}

AnnouncedChannel ChannelGraph::announced(DirectedChannel channel) const {
  return incoming_->at(channel);
}

ChannelGraph::~ChannelGraph() = default;
ChannelGraph::ChannelGraph(ChannelGraph&&) noexcept = default;
ChannelGraph& ChannelGraph::operator=(ChannelGraph&&) noexcept = default;

}  // namespace ampsim::sim
