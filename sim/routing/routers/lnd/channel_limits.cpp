#include "sim/routing/routers/lnd/channel_limits.hpp"

#include <algorithm>

namespace ampsim::sim {
namespace {

/// The least amount that is not tried again after the failure: whatever the amount is if it was not
/// the balance, and none if the hop was passed and the receiver failed the part.
Msat least_failing(const FailedHop& failed) {
  if (failed.code == FailureCode::temporary_channel_failure) return failed.amount;
  return is_of_receiver(failed.code) ? Msat::max() : Msat{0};
}

}  // namespace

void ChannelLimits::mark(DirectedChannel channel, std::uint8_t reason) {
  if (marks_[channel.index] == 0) marked_.push_back(channel);
  marks_[channel.index] |= reason;
}

void ChannelLimits::begin(const RouteRequest& request, bool counts_failures) {
  for (const ChannelId channel : request.avoided) {
    mark(DirectedChannel::of(channel, 0), kAvoided);
    mark(DirectedChannel::of(channel, 1), kAvoided);
  }
  used_ = request.used;
  for (const ChannelUse& use : used_) mark(use.channel, kUsed);
  if (!counts_failures) return;
  failed_ = request.failed;
  for (const FailedHop& failed : failed_) mark(failed.channel, kFailed);
}

void ChannelLimits::end() {
  for (const DirectedChannel channel : marked_) marks_[channel.index] = 0;
  marked_.clear();
  used_ = {};
  failed_ = {};
}

bool ChannelLimits::allow_marked(const AnnouncedChannel& channel, Msat amount) const {
  const std::uint8_t reasons = marks_[channel.channel.index];
  if ((reasons & kAvoided) != 0) return false;
  if ((reasons & kUsed) != 0 && amount > channel.capacity - use_of(channel.channel)) return false;
  return (reasons & kFailed) == 0 ||
         std::none_of(failed_.begin(), failed_.end(), [&](const FailedHop& failed) {
           return failed.channel == channel.channel && amount >= least_failing(failed);
         });
}

Msat ChannelLimits::use_of(DirectedChannel channel) const {
  const auto use = std::find_if(used_.begin(), used_.end(),
                                [&](const ChannelUse& each) { return each.channel == channel; });
  return use == used_.end() ? Msat{0} : use->amount;
}

}  // namespace ampsim::sim
