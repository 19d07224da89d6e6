#include "sim/routing/flow/capacities.hpp"

#include <algorithm>
#include <limits>

#include "sim/routing/path_pricing.hpp"
#include "sim/routing/views/true_balances.hpp"

namespace ampsim::sim {
namespace {

constexpr std::uint8_t kIsOut = 1;
constexpr std::uint8_t kIsOwn = 2;

}  // namespace

std::uint32_t ChannelCapacities::slots(DirectedChannel /*channel*/) const {
  return std::numeric_limits<std::uint32_t>::max();
}

TrueCapacities::TrueCapacities(const ChannelGraph& graph, const Network& network)
    : network_(network),
      amounts_(2 * graph.channel_count()),
      states_(2 * graph.channel_count(), 0) {}

void TrueCapacities::begin(const RouteRequest& request) {
  request_ = &request;
  for (const LocalChannel& own : request.local) {
    amounts_[own.channel.index] = own.available;
    states_[own.channel.index] = kIsOwn;
  }
  for (const ChannelUse& use : request.used) amounts_[use.channel.index] = use.amount;
  for (const ChannelId channel : request.avoided) {
    for (const unsigned direction : {0U, 1U}) {
      states_[DirectedChannel::of(channel, direction).index] = kIsOut;
    }
  }
  for (const FailedHop& hop : request.failed) {
    if (is_of_receiver(hop.code)) continue;
    if (hop.code == FailureCode::temporary_channel_failure && hop.at < request.now) continue;
    states_[hop.channel.index] = kIsOut;
  }
}

void TrueCapacities::end() {
  const auto clear = [this](DirectedChannel channel) {
    amounts_[channel.index] = Msat{0};
    states_[channel.index] = 0;
  };
  for (const LocalChannel& own : request_->local) clear(own.channel);
  for (const ChannelUse& use : request_->used) clear(use.channel);
  for (const FailedHop& hop : request_->failed) clear(hop.channel);
  for (const ChannelId channel : request_->avoided) {
    clear(DirectedChannel::of(channel, 0));
    clear(DirectedChannel::of(channel, 1));
  }
  request_ = nullptr;
}

Msat TrueCapacities::of(DirectedChannel channel) const {
  const std::uint8_t state = states_[channel.index];
  if (state == kIsOut) return Msat{0};
  if (state == kIsOwn) return amounts_[channel.index];
  return std::max(Msat{0}, sendable(network_, channel) - amounts_[channel.index]);
}

Msat BelievedCapacities::of(DirectedChannel channel) const {
  return believed_capacity(graph_, graph_.announced(channel), request_, view_);
}

std::uint32_t BelievedCapacities::slots(DirectedChannel /*channel*/) const {
  constexpr std::uint32_t kMostHtlcs = 483;
  return kMostHtlcs;
}

std::uint32_t TrueCapacities::slots(DirectedChannel channel) const {
  return network_.channel(channel.channel()).free_slots(channel.direction());
}

}  // namespace ampsim::sim
