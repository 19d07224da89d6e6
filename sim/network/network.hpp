#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/units.hpp"
#include "sim/network/announcements.hpp"
#include "sim/network/channel.hpp"
#include "sim/network/params.hpp"
#include "topologies/topology.hpp"

/// The network while a run goes on: the ledger of every channel, its policies, its delays, which
/// channels leave a node, which nodes are there, and what money has left for the chain.
///
/// Announced policies are not copied: they are read where the graph has them, but for those that a
/// run has changed. An HTLC finds all else of its channel in one line of the cache.
///
/// Memory: 72 bytes a channel, both directions together, and 4 a node; 64 more a channel without a
/// graph to read from. `outgoing` and `parallel` cost a look-up in compressed rows; everything else
/// is an index.
///
/// Tested by tests/network_test.cpp.
namespace ampsim::sim {

class Network {
 public:
  /// The topology must be complete and valid. Delays are drawn from the seed
  /// (sim/network/latency.hpp). `announced` is of the same topology and outlives the network.
  Network(const topo::Topology& topology,
          const NetworkParams& params,
          std::uint64_t seed,
          const AnnouncedNetwork& announced = {});

  std::size_t node_count() const { return first_out_.size() - 1; }
  std::size_t channel_count() const { return channels_.size(); }

  Channel& channel(ChannelId id) { return channels_[id.index]; }
  const Channel& channel(ChannelId id) const { return channels_[id.index]; }
  topo::ForwardingPolicy policy(DirectedChannel d) const {
    const std::uint32_t index = channels_[d.channel().index].policy[d.direction()];
    if (index >= kChanged) [[unlikely]]
      return changed_[index - kChanged];
    return (*announced_.announcements)[index].policy;
  }
  NodeId source(DirectedChannel d) const { return announced_.source(d); }
  NodeId target(DirectedChannel d) const { return announced_.source(d.reversed()); }
  /// A message from source(d) to target(d): its way, and what its reader takes for it.
  SimDuration message_delay(DirectedChannel d) const { return delay_of_messages(d, 1, 0); }
  /// One there, one back, and another one there.
  SimDuration three_messages_delay(DirectedChannel d) const { return delay_of_messages(d, 2, 1); }

  /// Brings into the cache what an HTLC reads and writes of a channel.
  [[gnu::always_inline]] void prefetch(DirectedChannel d) const {
    __builtin_prefetch(&channels_[d.channel().index]);
  }
  /// Where its policy is read; requires that the channel is in the cache, or takes as long.
  [[gnu::always_inline]] const void* policy_address(DirectedChannel d) const {
    const std::uint32_t index = channels_[d.channel().index].policy[d.direction()];
    return index < kChanged ? announced_.announcements->address(index) : nullptr;
  }

  /// Directed channels that leave a node, ordered by (target, index).
  std::span<const DirectedChannel> outgoing(NodeId node) const;
  /// All channels between the same two nodes in the same direction, itself included.
  std::span<const DirectedChannel> parallel(DirectedChannel d) const;

  /// The policy that the node applies from now on, whatever it has announced.
  void set_policy(DirectedChannel d, const topo::ForwardingPolicy& policy);
  /// The node takes so much longer for every message.
  void slow_down(NodeId node, SimDuration by);

  /// A node may be away for several reasons at once.
  bool is_up(NodeId node) const { return absent_ == 0 || away_[node.index] == 0; }
  bool is_connected(DirectedChannel d) const {
    return absent_ == 0 || (is_up(source(d)) && is_up(target(d)));
  }
  void leave(NodeId node);
  /// One reason less.
  void come_back(NodeId node);

  /// What a node got from closed channels, and what the miners got.
  Msat on_chain(NodeId node) const { return on_chain_.empty() ? Msat{} : on_chain_[node.index]; }
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
  /// Indices from here on are of changed_.
  static constexpr std::uint32_t kChanged = 1U << 31U;
  static constexpr std::uint32_t kLongDelay = std::numeric_limits<std::uint32_t>::max();

  /// All that an HTLC touches of a channel. (What follows the ledger begins in its padding.)
  struct alignas(64) Line : Channel {
    using Channel::Channel;
    std::uint32_t delay_ns = 0;                ///< kLongDelay: see long_delays_
    std::array<std::uint32_t, 2> policy = {};  ///< by direction
  };
  static_assert(sizeof(Line) == 64, "one line of the cache");

  /// What a network without a graph reads instead.
  struct OwnAnnouncements {
    explicit OwnAnnouncements(const topo::Topology& topology);
    AnnouncedNetwork view() const { return {&announcements, position, tail}; }

    Announcements announcements;
    std::vector<std::uint32_t> position;
    std::vector<std::uint32_t> tail;
  };

  /// So many there and so many back.
  [[gnu::always_inline]] SimDuration delay_of_messages(DirectedChannel d,
                                                       std::int64_t there,
                                                       std::int64_t back) const {
    const std::uint32_t ns = channels_[d.channel().index].delay_ns;
    if (ns == kLongDelay || is_slow_) [[unlikely]]
      return there * unusual_delay(d) + back * unusual_delay(d.reversed());
    return SimDuration{(there + back) * ns};
  }
  SimDuration unusual_delay(DirectedChannel d) const;
  void add_channel(const topo::Topology& topology, ChannelId id, SimDuration delay);
  void make_rows();
  void credit(NodeId node, Msat amount);

  std::unique_ptr<const Channel::Limits> limits_;
  std::unique_ptr<const OwnAnnouncements> own_;
  AnnouncedNetwork announced_;
  std::vector<Line> channels_;
  std::vector<topo::ForwardingPolicy> changed_;
  std::unordered_map<ChannelId, SimDuration> long_delays_;
  std::vector<std::uint32_t> first_out_;  // rows: by node, into out_
  std::vector<DirectedChannel> out_;
  // By node, each empty until there is the first of it.
  std::vector<SimDuration> slow_;    // takes so much longer for every message
  std::vector<std::uint32_t> away_;  // for how many reasons
  std::vector<Msat> on_chain_;
  std::uint32_t absent_ = 0;  // nodes that are away
  bool is_slow_ = false;      // some node is
  Msat chain_fees_{};
  Msat total_{};
};

}  // namespace ampsim::sim
