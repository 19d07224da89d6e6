#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/units.hpp"
#include "sim/network/channel.hpp"
#include "sim/network/params.hpp"
#include "topologies/topology.hpp"

/// The network while a run goes on: the ledger of every channel, its policies, its delays, which
/// channels leave a node, which nodes are there, and what money has left for the chain.
///
/// Memory: 160 bytes a channel, both directions together, and 16 a node. `outgoing` and
/// `parallel` cost a look-up in compressed rows; everything else is an index.
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
  topo::ForwardingPolicy policy(DirectedChannel d) const { return policies_[d.index].unpacked(); }
  NodeId source(DirectedChannel d) const { return source_[d.index]; }
  NodeId target(DirectedChannel d) const { return source_[d.reversed().index]; }
  /// A message from source(d) to target(d): its way, and what its reader takes for it.
  SimDuration message_delay(DirectedChannel d) const { return delay_[d.index]; }

  /// Bring into the cache what adding an HTLC to a channel reads, and what ending one does.
  [[gnu::always_inline]] void prefetch_forwarding(DirectedChannel d) const {
    __builtin_prefetch(&policies_[d.index]);
    prefetch_ledger(d);
  }
  [[gnu::always_inline]] void prefetch_ledger(DirectedChannel d) const {
    __builtin_prefetch(&channels_[d.channel().index]);
    __builtin_prefetch(&delay_[d.index]);
  }

  /// Directed channels that leave a node, ordered by (target, index).
  std::span<const DirectedChannel> outgoing(NodeId node) const;
  /// All channels between the same two nodes in the same direction, itself included.
  std::span<const DirectedChannel> parallel(DirectedChannel d) const;

  /// The policy that the node applies from now on, whatever it has announced.
  void set_policy(DirectedChannel d, const topo::ForwardingPolicy& policy) {
    policies_[d.index] = PackedPolicy(policy);
  }
  /// The node takes so much longer for every message.
  void slow_down(NodeId node, SimDuration by);

  /// A node may be away for several reasons at once.
  bool is_up(NodeId node) const { return away_[node.index] == 0; }
  bool is_connected(DirectedChannel d) const {
    return absent_ == 0 || (is_up(source(d)) && is_up(target(d)));
  }
  void leave(NodeId node) {
    if (away_[node.index]++ == 0) ++absent_;
  }
  /// One reason less.
  void come_back(NodeId node);

  /// What a node got from closed channels, and what the miners got.
  Msat on_chain(NodeId node) const { return on_chain_[node.index]; }
  Msat chain_fees() const { return chain_fees_; }
  /// One end's balance of a closed channel leaves for the chain, less the fee that it pays; no more
  /// than there is.
  void pay_out(ChannelId id, unsigned end, Msat fee);
  /// An HTLC of a closed channel leaves for the chain: `fee` of it to the miners, the rest to `to`.
  void pay_out_htlc(DirectedChannel d, Msat amount, NodeId to, Msat fee);

  /// Every channel's sum, and the network's, chain included: what was put in is what is there. With
  /// `at_rest` also that nothing is in flight. Throws InvariantError.
  void check_conservation(bool at_rest) const;

 private:
  /// A policy in half a cache line.
  struct alignas(32) PackedPolicy {
    explicit PackedPolicy(const topo::ForwardingPolicy& policy);
    topo::ForwardingPolicy unpacked() const {
      return {.fee_base = fee_base,
              .fee_proportional = fee_proportional,
              .cltv_expiry_delta = {static_cast<std::int32_t>(cltv_expiry_delta)},
              .htlc_minimum = htlc_minimum,
              .htlc_maximum = htlc_maximum,
              .is_disabled = is_disabled != 0};
    }

    Msat fee_base;
    Msat htlc_minimum;
    Msat htlc_maximum;
    Ppm fee_proportional;
    std::uint32_t cltv_expiry_delta : 31;
    std::uint32_t is_disabled : 1;
  };

  std::vector<Channel> channels_;
  std::vector<PackedPolicy> policies_;    // by directed channel
  std::vector<NodeId> source_;            // by directed channel
  std::vector<SimDuration> delay_;        // by directed channel
  std::vector<std::uint32_t> first_out_;  // rows: by node, into out_
  std::vector<DirectedChannel> out_;
  std::vector<std::uint32_t> away_;  // by node: for how many reasons
  std::uint32_t absent_ = 0;         // nodes that are away
  std::vector<Msat> on_chain_;       // by node
  Msat chain_fees_{};
  Msat total_{};
};

}  // namespace ampsim::sim
