#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sim/routing/router.hpp"
#include "topologies/topology.hpp"

/// Networks of a few nodes for the routing tests. A channel has the same policy in both directions
/// unless a test changes it.
struct SmallNetwork {
  ampsim::topo::Topology topology;

  ampsim::NodeId node(const std::string& name) {
    for (std::uint32_t i = 0; i < topology.nodes.size(); ++i) {
      if (topology.nodes[i].name == name) return {i};
    }
    topology.nodes.push_back({name, ""});
    return {static_cast<std::uint32_t>(topology.nodes.size() - 1)};
  }

  /// The new channel, from `a` to `b`.
  ampsim::DirectedChannel channel(const std::string& a,
                                  const std::string& b,
                                  ampsim::Msat capacity,
                                  const ampsim::topo::ForwardingPolicy& policy) {
    ampsim::topo::Channel channel;
    channel.id = std::to_string(topology.channels.size());
    channel.ends = {node(a), node(b)};
    channel.capacity = capacity;
    ampsim::topo::ForwardingPolicy bounded = policy;
    if (bounded.htlc_maximum == ampsim::Msat{0}) bounded.htlc_maximum = capacity;
    channel.policy = {bounded, bounded};
    topology.channels.push_back(channel);
    return ampsim::DirectedChannel::of({static_cast<std::uint32_t>(topology.channels.size() - 1)},
                                       0);
  }

  ampsim::topo::ForwardingPolicy& policy(ampsim::DirectedChannel channel) {
    return *topology.channels[channel.channel().index].policy[channel.direction()];
  }

  /// All channels of a node, each with its whole capacity available.
  std::vector<ampsim::sim::LocalChannel> local(ampsim::NodeId source) const {
    std::vector<ampsim::sim::LocalChannel> channels;
    for (std::uint32_t i = 0; i < 2 * topology.channels.size(); ++i) {
      const ampsim::DirectedChannel channel{i};
      if (topology.source(channel) == source) {
        channels.push_back({channel, *topology.channels[channel.channel().index].capacity});
      }
    }
    return channels;
  }
};
