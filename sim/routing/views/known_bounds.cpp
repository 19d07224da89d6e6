#include "sim/routing/views/known_bounds.hpp"

#include <algorithm>
#include <utility>

#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {

double uniform_probability(LiquidityBounds bounds, Msat amount) {
  if (amount <= bounds.lower) return 1;
  if (amount > bounds.upper) return 0;
  return static_cast<double>((bounds.upper - amount).count + 1) /
         static_cast<double>((bounds.upper - bounds.lower).count + 1);
}

double KnownBounds::probability(const HopQuery& query) const {
  return uniform_probability(bounds(query), query.amount);
}

const KnownBounds::Known* KnownBounds::find(ChannelId channel) const {
  const auto it = std::lower_bound(channels_.begin(), channels_.end(), channel,
                                   [](const Known& a, ChannelId b) { return a.channel < b; });
  return it != channels_.end() && it->channel == channel ? &*it : nullptr;
}

LiquidityBounds KnownBounds::bounds(const HopQuery& query) const {
  Msat lower;
  Msat upper = query.capacity;
  if (const Known* known = find(query.channel.channel())) {
    const bool has_lower = is_fresh(known->lower_time, query.now);
    const bool has_upper = is_fresh(known->upper_time, query.now);
    const bool is_forward = query.channel.direction() == 0;
    if (has_lower) (is_forward ? lower : upper) = is_forward ? known->lower : upper - known->lower;
    if (has_upper) {
      (is_forward ? upper : lower) = is_forward ? known->upper : query.capacity - known->upper;
    }
  }
  return {std::max(Msat{0}, lower - query.used), std::max(Msat{0}, upper - query.used)};
}

Msat KnownBounds::capacity(DirectedChannel channel) const {
  return graph_->incoming().at(channel).capacity;
}

/// What is known of the channel, without what is too old; nothing, if it is new.
KnownBounds::Known& KnownBounds::at(DirectedChannel channel, SimTime now) {
  const auto it = std::lower_bound(channels_.begin(), channels_.end(), channel.channel(),
                                   [](const Known& a, ChannelId b) { return a.channel < b; });
  if (it == channels_.end() || it->channel != channel.channel()) {
    return *channels_.insert(it, {channel.channel(), Msat{0}, capacity(channel)});
  }
  if (!is_fresh(it->lower_time, now)) {
    it->lower = Msat{0};
    it->lower_time = kNever;
  }
  if (!is_fresh(it->upper_time, now)) {
    it->upper = capacity(channel);
    it->upper_time = kNever;
  }
  return *it;
}

void KnownBounds::at_least(DirectedChannel channel, Msat amount, SimTime now) {
  if (channel.direction() == 1) {
    // Stated of direction 0, where it is an upper bound.
    return at_most(channel.reversed(), capacity(channel) - amount, now);
  }
  Known& known = at(channel, now);
  known.lower = std::max(known.lower, amount);
  known.lower_time = now;
  if (known.upper < known.lower) {
    known.upper = capacity(channel);
    known.upper_time = kNever;
  }
}

void KnownBounds::at_most(DirectedChannel channel, Msat amount, SimTime now) {
  if (channel.direction() == 1) {
    return at_least(channel.reversed(), capacity(channel) - amount, now);
  }
  Known& known = at(channel, now);
  known.upper = std::min(known.upper, std::max(amount, Msat{0}));
  known.upper_time = now;
  if (known.lower > known.upper) {
    known.lower = Msat{0};
    known.lower_time = kNever;
  }
}

/// The amount has gone to the other end for good.
void KnownBounds::move(DirectedChannel channel, Msat amount, SimTime now) {
  at_least(channel, amount, now);
  Known& known = at(channel, now);
  const Msat shift = channel.direction() == 0 ? amount : Msat{0} - amount;
  const Msat most = capacity(channel);
  known.lower = std::clamp(known.lower - shift, Msat{0}, most);
  known.upper = std::clamp(known.upper - shift, Msat{0}, most);
  // It bounds what is left as well as what was there before.
  known.lower_time = known.upper_time = now;
}

Msat KnownBounds::in_flight(DirectedChannel channel) const {
  Msat sum;
  for (const Hop& hop : in_flight_) {
    if (hop.channel == channel) sum += hop.amount;
  }
  return sum;
}

void KnownBounds::report_sent(const Route& route) {
  in_flight_.insert(in_flight_.end(), route.hops.begin() + 1, route.hops.end());
}

void KnownBounds::land(const Route& route) {
  for (std::size_t i = 1; i < route.hops.size(); ++i) {
    const auto it = std::find(in_flight_.begin(), in_flight_.end(), route.hops[i]);
    if (it != in_flight_.end()) in_flight_.erase(it);
  }
}

void KnownBounds::report_success(const Route& route, SimTime now) {
  land(route);
  for (std::size_t i = 1; i < route.hops.size(); ++i) {
    move(route.hops[i].channel, route.hops[i].amount, now);
  }
  forget(now);
}

void KnownBounds::report_failure(const Route& route,
                                 std::size_t erring_node,
                                 FailureCode code,
                                 SimTime now) {
  land(route);
  if (code == FailureCode::mpp_timeout) return;
  if (code == FailureCode::unreadable) {
    if (route.hops.size() == 1) return;
    const Hop& hop = route.hops[1 + blamed_++ % (route.hops.size() - 1)];
    at_most(hop.channel, hop.amount - Msat{1}, now);
    return forget(now);
  }
  for (std::size_t i = 1; i < std::min(erring_node, route.hops.size()); ++i) {
    at_least(route.hops[i].channel, route.hops[i].amount, now);
  }
  const bool is_elsewhere = erring_node > 0 && erring_node < route.hops.size();
  if (is_elsewhere && code == FailureCode::temporary_channel_failure) {
    const Hop& hop = route.hops[erring_node];
    at_most(hop.channel, hop.amount + in_flight(hop.channel) - Msat{1}, now);
  }
  forget(now);
}

void KnownBounds::forget(SimTime now) {
  if (channels_.size() < next_sweep_) return;
  std::erase_if(channels_, [&](const Known& known) {
    return !is_fresh(known.lower_time, now) && !is_fresh(known.upper_time, now);
  });
  next_sweep_ = std::max<std::size_t>(64, 2 * channels_.size());
}

}  // namespace ampsim::sim
