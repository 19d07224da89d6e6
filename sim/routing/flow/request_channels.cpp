#include "sim/routing/flow/request_channels.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/path_capacity.hpp"

namespace ampsim::sim {

RequestChannels::RequestChannels(const ChannelGraph& graph)
    : graph_(graph), marks_(2 * graph.channel_count(), 0) {}

void RequestChannels::begin(const RouteRequest& request, const LiquidityView& view) {
  AMPSIM_CHECK(request_ == nullptr, "a request within a request");
  request_ = &request;
  view_ = &view;
  for (const ChannelId channel : request.avoided) {
    close(DirectedChannel::of(channel, 0));
    close(DirectedChannel::of(channel, 1));
  }
  for (const LocalChannel& own : request.local) note(own.channel).limit = own.available;
  for (const ChannelUse& use : request.used) note(use.channel).used = use.amount;
  for (const FailedHop& failed : request.failed) learn(failed);
}

void RequestChannels::learn(const FailedHop& failed) {
  if (is_of_receiver(failed.code)) return;
  if (failed.code != FailureCode::temporary_channel_failure) return close(failed.channel);
  Note& known = note(failed.channel);
  known.limit = std::min(known.limit, failed.amount - Msat{1});
}

void RequestChannels::end() {
  for (const Note& each : notes_) marks_[each.channel.index] = 0;
  for (const DirectedChannel channel : closed_) marks_[channel.index] = 0;
  notes_.clear();
  closed_.clear();
  request_ = nullptr;
  view_ = nullptr;
}

const RequestChannels::Note* RequestChannels::find(DirectedChannel channel) const {
  const std::uint32_t place = marks_[channel.index] >> 1U;
  return place == 0 ? nullptr : &notes_[place - 1];
}

RequestChannels::Note& RequestChannels::note(DirectedChannel channel) {
  const std::uint32_t place = marks_[channel.index] >> 1U;
  if (place != 0) return notes_[place - 1];
  notes_.push_back({channel, Msat{0}, Msat{0}, Msat::max()});
  marks_[channel.index] |= static_cast<std::uint32_t>(notes_.size()) << 1U;
  return notes_.back();
}

void RequestChannels::close(DirectedChannel channel) {
  marks_[channel.index] |= kClosed;
  closed_.push_back(channel);
}

bool RequestChannels::is_own(const AnnouncedChannel& channel) const {
  return graph_.tail(channel.channel) == request_->source;
}

LiquidityBounds RequestChannels::room(const AnnouncedChannel& channel) const {
  if ((marks_[channel.channel.index] & kClosed) != 0) return {};
  const Note* known = find(channel.channel);
  const Msat planned = known == nullptr ? Msat{0} : known->planned;
  const Msat limit = known == nullptr ? Msat::max() : std::max(Msat{0}, known->limit - planned);
  if (is_own(channel)) {
    const Msat available = known == nullptr ? Msat{0} : limit;  // one that is not listed
    return {available, available};
  }
  if (channel.is_disabled) return {};
  const Msat used = known == nullptr ? Msat{0} : known->used + known->planned;
  const LiquidityBounds believed = view_->bounds({.from = graph_.tail(channel.channel),
                                                  .to = graph_.head(channel.channel),
                                                  .channel = channel.channel,
                                                  .capacity = channel.capacity,
                                                  .amount = Msat{0},
                                                  .used = used,
                                                  .now = request_->now});
  return {std::min(believed.lower, limit), std::min(believed.upper, limit)};
}

void RequestChannels::set_aside(std::span<const DirectedChannel> path,
                                Msat amount,
                                std::int64_t sign) {
  for (std::size_t i = path.size(); i-- > 0;) {
    note(path[i]).planned += amount * sign;
    amount += forwarding_fee(graph_.incoming().at(path[i]), amount);
  }
}

void RequestChannels::use(std::span<const DirectedChannel> path, Msat amount) {
  set_aside(path, amount, 1);
}

void RequestChannels::release(std::span<const DirectedChannel> path, Msat amount) {
  set_aside(path, amount, -1);
}

DirectedChannel RequestChannels::first_unfit(std::span<const DirectedChannel> path,
                                             Msat amount) const {
  for (std::size_t i = path.size(); i-- > 0;) {
    const AnnouncedChannel& channel = graph_.incoming().at(path[i]);
    if (!channel.carries(amount) || amount > room(channel).upper) return path[i];
    amount += forwarding_fee(channel, amount);
  }
  return {};
}

Msat RequestChannels::deliverable(std::span<const DirectedChannel> path) const {
  std::vector<Msat> limits;
  limits.reserve(path.size());
  for (const DirectedChannel hop : path) {
    const AnnouncedChannel& channel = graph_.incoming().at(hop);
    limits.push_back(std::min(channel.htlc_maximum, room(channel).upper));
  }
  return largest_delivery(graph_, path, limits);
}

Msat RequestChannels::largest_htlc(std::span<const DirectedChannel> path) const {
  std::vector<Msat> limits;
  limits.reserve(path.size());
  for (const DirectedChannel hop : path) limits.push_back(graph_.incoming().at(hop).htlc_maximum);
  return largest_delivery(graph_, path, limits);
}

}  // namespace ampsim::sim
