#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/announced_channel.hpp"
#include "topologies/topology.hpp"

/// What every sender knows of the network: who is connected to whom, capacities and announced
/// policies. Built once per topology, immutable, shared by all senders and threads.
///
/// Inside it is a Boost.Graph compressed-sparse-row graph of the reversed channels, because lnd
/// searches from the receiver to the sender: the row of a node holds the directed channels that
/// lead to it (sim/routing/incoming_channels.hpp, for those who search).
///
/// Memory: 120 bytes a channel and 8 a node.
///
/// Tested by tests/channel_graph_test.cpp.
namespace ampsim::sim {

struct IncomingChannels;

class ChannelGraph {
 public:
  /// Every channel needs a capacity and both policies (see topologies/endowment.hpp).
  explicit ChannelGraph(const topo::Topology& topology);
  ~ChannelGraph();
  ChannelGraph(ChannelGraph&&) noexcept;
  ChannelGraph& operator=(ChannelGraph&&) noexcept;
  ChannelGraph(const ChannelGraph&) = delete;
  ChannelGraph& operator=(const ChannelGraph&) = delete;

  std::size_t node_count() const { return node_count_; }
  std::size_t channel_count() const { return heads_.size() / 2; }
  /// The node that a directed channel comes from, and the one it leads to.
  NodeId tail(DirectedChannel channel) const { return heads_[channel.reversed().index]; }
  NodeId head(DirectedChannel channel) const { return heads_[channel.index]; }

  /// The directed channels that lead to a node: parallel ones side by side, those from nodes that
  /// no path can pass through last.
  std::span<const AnnouncedChannel> channels_to(NodeId node) const;
  const AnnouncedChannel& announced(DirectedChannel channel) const;

  const IncomingChannels& incoming() const { return *incoming_; }

 private:
  std::size_t node_count_ = 0;
  std::vector<NodeId> heads_;  ///< by directed channel
  std::unique_ptr<const IncomingChannels> incoming_;
};

}  // namespace ampsim::sim
