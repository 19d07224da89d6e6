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

/// In the order of the rows.
std::vector<DirectedChannel> sorted_channels(const topo::Topology& topology,
                                             const std::vector<bool>& is_leaf) {
  const std::size_t nodes = topology.nodes.size();
  const auto tail = [&](DirectedChannel d) { return topology.source(d).index; };
  const auto row_and_part = [&](DirectedChannel d) {
    return 2 * std::size_t{topology.target(d).index} + (is_leaf[tail(d)] ? 1 : 0);
  };
  return sorted_by(sorted_by(directed_channels(topology.channels.size()), nodes, tail), 2 * nodes,
                   row_and_part);
}

std::unique_ptr<const IncomingChannels> make_rows(const topo::Topology& topology) {
  const auto nodes = static_cast<std::uint32_t>(topology.nodes.size());
  const std::vector<bool> is_leaf = find_leaves(topology);
  const std::vector<DirectedChannel> order = sorted_channels(topology, is_leaf);

  auto incoming = std::make_unique<IncomingChannels>();
  incoming->announcements.reserve(order.size());
  incoming->position.resize(order.size());
  incoming->transit_end.resize(nodes);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
  ends.reserve(order.size());
  for (const DirectedChannel channel : order) {
    const NodeId head = topology.target(channel);
    const NodeId tail = topology.source(channel);
    incoming->position[channel.index] = static_cast<std::uint32_t>(ends.size());
    incoming->announcements.add(announcement_of(topology, channel));
    ends.emplace_back(head.index, tail.index);
    if (!is_leaf[tail.index]) {
      incoming->transit_end[head.index] = static_cast<std::uint32_t>(ends.size());
    }
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
