#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

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
/// Memory: 64 bytes a channel, both directions together, and 8 a node; networks of the same
/// topology read its announcements (sim/network/network.hpp).
///
/// Tested by tests/channel_graph_test.cpp.
namespace ampsim::sim {

struct IncomingChannels;

/// Directed channels that stand side by side in a graph.
class ChannelRow {
 public:
  class Iterator {
   public:
    Iterator(const Announcements* announcements, std::uint32_t at)
        : announcements_(announcements), at_(at) {}
    AnnouncedChannel operator*() const { return announced_at(*announcements_, at_); }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const Announcements* announcements_;
    std::uint32_t at_;
  };

  ChannelRow(const Announcements& announcements, std::uint32_t begin, std::uint32_t end)
      : announcements_(&announcements), begin_(begin), end_(end) {}
  Iterator begin() const { return {announcements_, begin_}; }
  Iterator end() const { return {announcements_, end_}; }
  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return end_ - begin_; }

 private:
  const Announcements* announcements_;
  std::uint32_t begin_;
  std::uint32_t end_;
};

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
  std::size_t channel_count() const { return announced_.position.size() / 2; }
  /// The node that a directed channel comes from, and the one it leads to.
  NodeId tail(DirectedChannel channel) const { return announced_.source(channel); }
  NodeId head(DirectedChannel channel) const { return announced_.source(channel.reversed()); }

  /// The directed channels that lead to a node: parallel ones side by side, those from nodes that
  /// no path can pass through last.
  ChannelRow channels_to(NodeId node) const;
  AnnouncedChannel announced(DirectedChannel channel) const;

  const IncomingChannels& incoming() const { return *incoming_; }
  /// For networks of the topology.
  const AnnouncedNetwork& announced() const { return announced_; }

 private:
  std::size_t node_count_ = 0;
  std::unique_ptr<const IncomingChannels> incoming_;
  AnnouncedNetwork announced_;  ///< of incoming_
};

}  // namespace ampsim::sim
