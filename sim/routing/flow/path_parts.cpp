#include "sim/routing/flow/path_parts.hpp"

#include <algorithm>
#include <utility>

#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {
namespace {

/// The largest amount that `sent` pays for, fee included.
Msat largest_with_fee(const AnnouncedChannel& channel, Msat sent) {
  const Msat rest = sent - channel.fee_base;
  if (rest <= Msat{0}) return rest;
  constexpr Int128 kMillion = 1'000'000;
  Msat amount{static_cast<std::int64_t>(Int128{rest.count} * kMillion /
                                        (kMillion + channel.fee_proportional.millionths))};
  // The fee is rounded down: one msat more may fit.
  while (amount + Msat{1} + (amount + Msat{1}) * channel.fee_proportional <= rest) {
    amount += Msat{1};
  }
  return amount;
}

std::vector<DirectedChannel> path_of(const Route& route) {
  std::vector<DirectedChannel> path;
  for (const Hop& hop : route.hops) path.push_back(hop.channel);
  return path;
}

}  // namespace

Msat deliverable(const ChannelGraph& graph,
                 std::span<const DirectedChannel> path,
                 std::span<const Msat> limits) {
  Msat most = Msat::max();
  for (std::size_t i = 0; i < path.size(); ++i) {
    const AnnouncedChannel& channel = graph.incoming().at(path[i]);
    if (i > 0) most = largest_with_fee(channel, most);
    most = std::min({most, limits[i], channel.htlc_maximum});
  }
  return most;
}

PathParts::PathParts(const ChannelGraph& graph)
    : graph_(graph), taken_(2 * graph.channel_count()), parts_on_(2 * graph.channel_count(), 0) {}

void PathParts::begin(const RouteRequest& request, const ChannelCapacities& capacities) {
  request_ = &request;
  capacities_ = &capacities;
  amount_ = fee_ = Msat{0};
}

void PathParts::end() {
  while (!routes_.empty()) take_out(routes_.size() - 1);
}

Msat PathParts::left(DirectedChannel channel) const {
  const std::uint32_t parts = parts_on_[channel.index];
  if (parts > 0 && parts >= capacities_->slots(channel)) return Msat{0};
  return std::max(Msat{0}, capacities_->of(channel) - taken_[channel.index]);
}

Msat PathParts::room(std::span<const DirectedChannel> path) const {
  std::vector<Msat> limits;
  limits.reserve(path.size());
  for (const DirectedChannel channel : path) limits.push_back(left(channel));
  return std::max(Msat{0}, deliverable(graph_, path, limits));
}

void PathParts::put(const Route& route) {
  for (const Hop& hop : route.hops) {
    taken_[hop.channel.index] += hop.amount;
    ++parts_on_[hop.channel.index];
  }
  amount_ += route.amount();
  fee_ += route.fee();
}

void PathParts::take_out(std::size_t index) {
  const Route& route = routes_[index];
  for (const Hop& hop : route.hops) {
    taken_[hop.channel.index] -= hop.amount;
    --parts_on_[hop.channel.index];
  }
  amount_ -= route.amount();
  fee_ -= route.fee();
  routes_.erase(routes_.begin() + static_cast<std::ptrdiff_t>(index));
}

Msat PathParts::add(std::span<const DirectedChannel> path, Msat most) {
  const auto same = std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) {
    return std::equal(
        path.begin(), path.end(), route.hops.begin(), route.hops.end(),
        [](DirectedChannel channel, const Hop& hop) { return hop.channel == channel; });
  });
  Route old;
  if (same != routes_.end()) {
    old = *same;
    take_out(static_cast<std::size_t>(same - routes_.begin()));
  }
  const Msat before = old.hops.empty() ? Msat{0} : old.amount();
  const Msat amount = std::min(before + most, room(path));
  std::optional<Route> route;
  if (amount > before) route = price_path(graph_, path, amount, *request_);
  if (!route && !old.hops.empty()) route = std::move(old);
  if (!route) return Msat{0};
  put(*route);
  routes_.push_back(std::move(*route));
  return routes_.back().amount() - before;
}

Route PathParts::move_smallest() {
  const auto small =
      std::min_element(routes_.begin(), routes_.end(),
                       [](const Route& a, const Route& b) { return a.amount() < b.amount(); });
  Route part = *small;
  take_out(static_cast<std::size_t>(small - routes_.begin()));
  const Msat together = amount_ + part.amount();
  std::vector<std::vector<DirectedChannel>> others;
  for (const Route& route : routes_) others.push_back(path_of(route));
  for (const auto& other : others) add(other, together - amount_);
  return part;
}

bool PathParts::has_small(Msat least) const {
  return routes_.size() > 1 && std::any_of(routes_.begin(), routes_.end(), [&](const Route& route) {
           return route.amount() < least;
         });
}

bool PathParts::mend_small(Msat least) {
  for (std::size_t round = routes_.size(); round > 0 && has_small(least); --round) {
    const Route part = move_smallest();
    const Msat homeless = request_->amount - amount_;
    if (homeless == Msat{0}) continue;
    // It is made as large as need be, with what the largest part gives for it.
    const auto largest =
        std::max_element(routes_.begin(), routes_.end(),
                         [](const Route& a, const Route& b) { return a.amount() < b.amount(); });
    const Msat rest = largest->amount() - (least - homeless);
    if (rest < least) return false;
    const std::vector<DirectedChannel> giver = path_of(*largest);
    take_out(static_cast<std::size_t>(largest - routes_.begin()));
    if (add(giver, rest) != rest || add(path_of(part), least) != least) return false;
  }
  return !has_small(least);
}

std::optional<std::vector<Route>> PathParts::take(const PartLimits& limits) {
  if (amount_ != request_->amount) return std::nullopt;
  while (routes_.size() > limits.room()) {
    move_smallest();
    if (amount_ != request_->amount) return std::nullopt;
  }
  if (!mend_small(std::min(limits.min_part, request_->amount))) return std::nullopt;
  if (fee_ > request_->fee_limit) return std::nullopt;
  std::vector<Route> routes = routes_;
  std::stable_sort(routes.begin(), routes.end(),
                   [](const Route& a, const Route& b) { return a.amount() > b.amount(); });
  return routes;
}

}  // namespace ampsim::sim
