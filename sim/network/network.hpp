#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/units.hpp"
#include "sim/network/channel.hpp"
#include "sim/network/params.hpp"
#include "topologies/topology.hpp"

/// The network while a run goes on: the ledger of every channel, its policies, its delay, and which
/// channels leave a node.
///
/// Memory: about 200 bytes a channel, both directions together. `outgoing` and `parallel` cost a
/// look-up in compressed rows; everything else is an index.
///
/// Tested by tests/network_test.cpp.
namespace ampsim::sim {

class Network {
 public:
  /// The topology must be complete and valid. Delays are drawn from the seed
  /// (sim/network/latency.hpp).
  Network(const topo::Topology& topology, const NetworkParams& params, std::uint64_t seed);

  std::size_t node_count() const { return first_out_.size() - 1; }
  std::size_t channel_count() const { return channels_.size(); }

  Channel& channel(ChannelId id) { return channels_[id.index]; }
  const Channel& channel(ChannelId id) const { return channels_[id.index]; }
  const topo::ForwardingPolicy& policy(DirectedChannel d) const { return policies_[d.index]; }
  NodeId source(DirectedChannel d) const { return source_[d.index]; }
  NodeId target(DirectedChannel d) const { return source_[d.reversed().index]; }
  SimDuration latency(ChannelId id) const { return latency_[id.index]; }

  /// Directed channels that leave a node, ordered by (target, index).
  std::span<const DirectedChannel> outgoing(NodeId node) const;
  /// All channels between the same two nodes in the same direction, itself included.
  std::span<const DirectedChannel> parallel(DirectedChannel d) const;

  /// Every channel's sum, and the network's: what was put in is what is there. With `at_rest` also
  /// that nothing is in flight. Throws InvariantError.
  void check_conservation(bool at_rest) const;

 private:
  std::vector<Channel> channels_;
  std::vector<topo::ForwardingPolicy> policies_;  // by directed channel
  std::vector<NodeId> source_;                    // by directed channel
  std::vector<SimDuration> latency_;              // by channel
  std::vector<std::uint32_t> first_out_;          // rows: by node, into out_
  std::vector<DirectedChannel> out_;
  Msat total_{};
};

}  // namespace ampsim::sim
