#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/units.hpp"
#include "topologies/topology.hpp"

/// What nodes have announced of channels, kept once for all who read it: the graph that senders
/// search (sim/routing/channel_graph.hpp) and the networks of the runs on it.
///
/// Memory: 24 bytes a directed channel. Values lie there in as few bits as nearly all channels of
/// the public network need: a capacity of whole satoshi up to 42 bitcoin, a maximum of 43 bitcoin,
/// a minimum of 134,000 satoshi, a base fee of 16,700 satoshi, four times the amount for a
/// proportional fee, 2,047 blocks. What does not fit stands in full in a second table, so that
/// every value is exact.
///
/// Tested by tests/announcements_test.cpp.
namespace ampsim::sim {

/// What is known of a directed channel.
struct Announcement {
  DirectedChannel channel;
  Msat capacity;
  topo::ForwardingPolicy policy;

  friend bool operator==(const Announcement&, const Announcement&) = default;
};

/// Of a topology's channel; both must be there, or InvariantError is thrown.
Announcement announcement_of(const topo::Topology& topology, DirectedChannel channel);

class Announcements {
 public:
  void reserve(std::size_t count) { packed_.reserve(count); }
  void add(const Announcement& announcement);

  std::size_t size() const { return packed_.size(); }
  /// How many did not fit.
  std::size_t wide() const { return wide_.size(); }
  [[gnu::always_inline]] Announcement operator[](std::uint32_t index) const {
    const Packed& packed = packed_[index];
    if (packed.is_wide != 0) [[unlikely]]
      return wide_[packed.capacity_sat];
    return packed.unpacked();
  }
  const void* address(std::uint32_t index) const { return &packed_[index]; }
  DirectedChannel channel(std::uint32_t index) const { return {packed_[index].channel}; }
  [[gnu::always_inline]] Msat capacity(std::uint32_t index) const {
    const Packed& packed = packed_[index];
    if (packed.is_wide != 0) [[unlikely]]
      return wide_[packed.capacity_sat].capacity;
    return Msat::from_sat(packed.capacity_sat);
  }

 private:
  struct Packed {
    explicit Packed(const Announcement& announcement);
    [[gnu::always_inline]] Announcement unpacked() const {
      return {.channel = {channel},
              .capacity = Msat::from_sat(capacity_sat),
              .policy = {.fee_base = {static_cast<std::int64_t>(fee_base)},
                         .fee_proportional = {static_cast<std::uint32_t>(fee_proportional)},
                         .cltv_expiry_delta = {static_cast<std::int32_t>(cltv_expiry_delta)},
                         .htlc_minimum = {static_cast<std::int64_t>(htlc_minimum)},
                         .htlc_maximum = {static_cast<std::int64_t>(htlc_maximum)},
                         .is_disabled = is_disabled != 0}};
    }

    std::uint32_t capacity_sat;  // or the index in wide_
    std::uint32_t channel;
    std::uint64_t htlc_maximum : 42;
    std::uint64_t fee_proportional : 22;
    std::uint64_t fee_base : 24;
    std::uint64_t htlc_minimum : 27;
    std::uint64_t cltv_expiry_delta : 11;
    std::uint64_t is_disabled : 1;
    std::uint64_t is_wide : 1 = 0;
  };
  static_assert(sizeof(Packed) == 24);

  std::vector<Packed> packed_;
  std::vector<Announcement> wide_;
};

/// A graph's announcements, for networks of the same topology; the graph must outlive them.
struct AnnouncedNetwork {
  const Announcements* announcements = nullptr;  ///< null: there is none
  std::span<const std::uint32_t> position;       ///< by directed channel: of its announcement
  std::span<const std::uint32_t> tail;           ///< by position: the node that it comes from

  NodeId source(DirectedChannel d) const { return {tail[position[d.index]]}; }
};

}  // namespace ampsim::sim
