#include "sim/routing/flow/path_parts.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/path_capacity.hpp"

namespace ampsim::sim {
namespace {

std::vector<DirectedChannel> path_of(const Route& route) {
  std::vector<DirectedChannel> path;
  for (const Hop& hop : route.hops) path.push_back(hop.channel);
  return path;
}

bool is_path_of(std::span<const DirectedChannel> path, const Route& route) {
  return std::equal(path.begin(), path.end(), route.hops.begin(), route.hops.end(),
                    [](DirectedChannel channel, const Hop& hop) { return hop.channel == channel; });
}

}  // namespace

Msat deliverable(const ChannelGraph& graph,
                 std::span<const DirectedChannel> path,
                 std::span<const Msat> limits) {
  std::vector<Msat> most(limits.begin(), limits.end());
  for (std::size_t i = 0; i < path.size(); ++i) {
    most[i] = std::min(most[i], graph.incoming().at(path[i]).htlc_maximum);
  }
  return largest_delivery(graph, path, most);
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

std::uint32_t PathParts::free_slots(DirectedChannel channel) const {
  const std::uint32_t parts = parts_on_[channel.index];
  const std::uint32_t slots = capacities_->slots(channel);
  return slots > parts ? slots - parts : 0;
}

Msat PathParts::left(DirectedChannel channel) const {
  if (parts_on_[channel.index] > 0 && free_slots(channel) == 0) return Msat{0};
  return std::max(Msat{0}, capacities_->of(channel) - taken_[channel.index]);
}

Msat PathParts::largest_part(std::span<const DirectedChannel> path) const {
  const std::vector<Msat> any(path.size(), Msat::max());
  return deliverable(graph_, path, any);
}

Msat PathParts::room_for_one(std::span<const DirectedChannel> path) const {
  std::vector<Msat> limits;
  limits.reserve(path.size());
  for (const DirectedChannel channel : path) limits.push_back(left(channel));
  return deliverable(graph_, path, limits);
}

Msat PathParts::room(std::span<const DirectedChannel> path) const {
  const Msat one = room_for_one(path);
  const Msat largest = largest_part(path);
  if (one < largest || one == Msat{0}) return one;
  // So many of the largest, and what is left beside them.
  std::vector<Msat> limits(path.size());
  std::vector<Msat> taken(path.size());
  Msat amount = largest;
  std::int64_t parts = std::numeric_limits<std::int64_t>::max();
  std::int64_t slots = parts;
  for (std::size_t i = path.size(); i-- > 0;) {
    taken[i] = amount;
    limits[i] = left(path[i]);
    parts = std::min(parts, limits[i].count / amount.count);
    slots = std::min<std::int64_t>(slots, free_slots(path[i]));
    amount += forwarding_fee(graph_.incoming().at(path[i]), amount);
  }
  if (parts >= slots) return largest * slots;
  for (std::size_t i = 0; i < path.size(); ++i) limits[i] -= taken[i] * parts;
  return largest * parts + deliverable(graph_, path, limits);
}

void PathParts::put(Route route) {
  for (const Hop& hop : route.hops) {
    taken_[hop.channel.index] += hop.amount;
    ++parts_on_[hop.channel.index];
  }
  amount_ += route.amount();
  fee_ += route.fee();
  routes_.push_back(std::move(route));
}

Route PathParts::take_out(std::size_t index) {
  Route route = std::move(routes_[index]);
  for (const Hop& hop : route.hops) {
    taken_[hop.channel.index] -= hop.amount;
    --parts_on_[hop.channel.index];
  }
  amount_ -= route.amount();
  fee_ -= route.fee();
  routes_.erase(routes_.begin() + static_cast<std::ptrdiff_t>(index));
  return route;
}

Msat PathParts::grow(std::size_t index, Msat most) {
  Route old = take_out(index);
  const std::vector<DirectedChannel> path = path_of(old);
  const Msat before = old.amount();
  const Msat amount = std::min(before + most, room_for_one(path));
  std::optional<Route> larger;
  if (amount > before) larger = price_path(graph_, path, amount, *request_);
  put(larger ? std::move(*larger) : std::move(old));
  return routes_.back().amount() - before;
}

Msat PathParts::open(std::span<const DirectedChannel> path, Msat most) {
  const Msat amount = std::min(most, room_for_one(path));
  if (amount == Msat{0}) return amount;
  std::optional<Route> route = price_path(graph_, path, amount, *request_);
  if (!route) return Msat{0};
  put(std::move(*route));
  return amount;
}

Msat PathParts::open_with_half(std::span<const DirectedChannel> path, Msat amount) {
  if (amount > room_for_one(path)) return Msat{0};
  Route whole = take_out(routes_.size() - 1);
  const Msat both = whole.amount() + amount;
  if (open(path, both - both / 2) == both - both / 2) {
    if (open(path, both / 2) == both / 2) return amount;
    take_out(routes_.size() - 1);
  }
  put(std::move(whole));
  return Msat{0};
}

Msat PathParts::add(std::span<const DirectedChannel> path, Msat most) {
  const Msat largest = largest_part(path);
  const auto open_part = std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) {
    return route.amount() < largest && is_path_of(path, route);
  });
  Msat added;
  if (open_part != routes_.end()) {
    added = grow(static_cast<std::size_t>(open_part - routes_.begin()), most);
    if (routes_.back().amount() < largest) return added;
  }
  while (added < most) {
    const Msat more = open(path, most - added);
    added += more;
    if (more == largest && more > Msat{0}) continue;
    const bool is_after_another = !routes_.empty() && is_path_of(path, routes_.back());
    if (more == Msat{0} && is_after_another) added += open_with_half(path, most - added);
    break;
  }
  return added;
}

Route PathParts::move_smallest() {
  const auto small =
      std::min_element(routes_.begin(), routes_.end(),
                       [](const Route& a, const Route& b) { return a.amount() < b.amount(); });
  const Msat together = amount_;
  Route part = take_out(static_cast<std::size_t>(small - routes_.begin()));
  for (std::size_t others = routes_.size(); others > 0; --others) grow(0, together - amount_);
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
    const Route giver = take_out(static_cast<std::size_t>(largest - routes_.begin()));
    if (open(path_of(giver), rest) != rest || open(path_of(part), least) != least) return false;
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
