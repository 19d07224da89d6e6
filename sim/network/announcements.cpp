#include "sim/network/announcements.hpp"

#include "core/check.hpp"

namespace ampsim::sim {

Announcement announcement_of(const topo::Topology& topology, DirectedChannel channel) {
  const topo::Channel& c = topology.channels[channel.channel().index];
  AMPSIM_CHECK(c.capacity.has_value(), "a channel without a capacity: " + c.id);
  AMPSIM_CHECK(c.policy[channel.direction()].has_value(), "a channel without a policy: " + c.id);
  return {.channel = channel, .capacity = *c.capacity, .policy = *c.policy[channel.direction()]};
}

namespace {

std::uint64_t bits_of(std::int64_t value) { return static_cast<std::uint64_t>(value); }

}  // namespace

// What is lost with the higher bits is seen when it is unpacked.
Announcements::Packed::Packed(const Announcement& announcement)
    : capacity_sat(static_cast<std::uint32_t>(announcement.capacity.count / 1000)),
      channel(announcement.channel.index),
      htlc_maximum(bits_of(announcement.policy.htlc_maximum.count) & 0x3ff'ffff'ffffU),
      fee_proportional(announcement.policy.fee_proportional.millionths & 0x3f'ffffU),
      fee_base(bits_of(announcement.policy.fee_base.count) & 0xff'ffffU),
      htlc_minimum(bits_of(announcement.policy.htlc_minimum.count) & 0x7ff'ffffU),
      cltv_expiry_delta(bits_of(announcement.policy.cltv_expiry_delta.count) & 0x7ffU),
      is_disabled(announcement.policy.is_disabled ? 1 : 0) {}

void Announcements::add(const Announcement& announcement) {
  packed_.emplace_back(announcement);
  Packed& packed = packed_.back();
  if (packed.unpacked() == announcement) return;
  packed.is_wide = 1;
  packed.capacity_sat = static_cast<std::uint32_t>(wide_.size());
  wide_.push_back(announcement);
}

}  // namespace ampsim::sim
