#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/router.hpp"

/// What a request says against channels: that they are to be avoided, that parts of the payment use
/// them, that the payment has failed there. A search looks it up by one byte a channel, which is 0
/// for nearly all.
///
/// Memory: a byte a directed channel. Tested by tests/reference_router_test.cpp.
namespace ampsim::sim {

class ChannelLimits {
 public:
  explicit ChannelLimits(std::size_t channel_count) : marks_(2 * channel_count, 0) {}

  /// `counts_failures`: what has failed is not tried again, because the view does not remember it.
  void begin(const RouteRequest& request, bool counts_failures);
  /// Forgets the request.
  void end();

  bool is_empty() const { return marked_.empty(); }
  bool is_avoided(DirectedChannel channel) const { return (marks_[channel.index] & kAvoided) != 0; }
  /// Whether one more HTLC of the amount may pass, as far as the request goes.
  bool allow(const AnnouncedChannel& channel, Msat amount) const {
    return marks_[channel.channel.index] == 0 || allow_marked(channel, amount);
  }
  /// What parts of the payment have in flight there.
  Msat used(DirectedChannel channel) const {
    return (marks_[channel.index] & kUsed) == 0 ? Msat{0} : use_of(channel);
  }

 private:
  static constexpr std::uint8_t kAvoided = 1;
  static constexpr std::uint8_t kUsed = 2;
  static constexpr std::uint8_t kFailed = 4;

  void mark(DirectedChannel channel, std::uint8_t reason);
  bool allow_marked(const AnnouncedChannel& channel, Msat amount) const;
  Msat use_of(DirectedChannel channel) const;

  std::vector<std::uint8_t> marks_;  ///< by directed channel; all 0 between searches
  std::vector<DirectedChannel> marked_;
  std::span<const ChannelUse> used_;
  std::span<const FailedHop> failed_;
};

}  // namespace ampsim::sim
