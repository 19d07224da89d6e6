#include "sim/routing/views/estimates.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {
namespace {

double kept(SimTime since, SimTime now, SimDuration half_life) {
  return std::exp2(-to_seconds(now - since) / to_seconds(half_life));
}

double number(Msat amount) { return static_cast<double>(amount.count); }

Msat part_of(Msat amount, double share) {
  return Msat{static_cast<std::int64_t>(number(amount) * share)};
}

}  // namespace

double BalanceEstimate::probability(Msat amount, SimTime now, SimDuration half_life) const {
  const double c = number(capacity);
  const double a = number(amount);
  const double l = number(low);
  const double h = number(high);
  const double at_low =
      (1 - l / c) * (1 - kept(low_at, now, half_life)) + kept(low_at, now, half_life);
  const double at_high = (1 - h / c) * (1 - kept(high_at, now, half_life));
  if (amount < low) return 1 - a / l * (1 - at_low);
  if (amount < high) return ((h - a) * at_low + (a - l) * at_high) / (h - l);
  return amount < capacity ? (c - a) * at_high / (c - h) : 0;
}

BalanceEstimate BalanceEstimate::mirrored() const {
  return {.low = capacity - high,
          .low_at = high_at,
          .high = capacity - low,
          .high_at = low_at,
          .capacity = capacity,
          .has_one_channel = has_one_channel};
}

BalanceEstimate BalanceEstimate::after_failure(Msat amount,
                                               SimTime now,
                                               SimDuration half_life) const {
  BalanceEstimate after = *this;
  after.high = amount;
  after.high_at = now;
  if (amount <= low) {
    after.low = Msat{0};
    after.low_at = now;
    return after;
  }
  if (amount < high) return after;
  const bool says_more =
      after.probability(high, now, half_life) < probability(high, now, half_life);
  return says_more ? after : *this;
}

BalanceEstimate BalanceEstimate::after_relay(Msat amount,
                                             SimTime now,
                                             SimDuration half_life) const {
  return mirrored().after_failure(capacity - amount, now, half_life).mirrored();
}

BalanceEstimate BalanceEstimate::after_sending(Msat amount,
                                               SimTime now,
                                               SimDuration half_life) const {
  BalanceEstimate moved = *this;
  moved.low = std::max(low - amount, Msat{0});
  if (!has_one_channel) return moved;
  // The old upper bound, moved, or what is left of the capacity: whichever says more.
  BalanceEstimate fresh = moved;
  moved.high = std::max(high - amount, Msat{0});
  fresh.high = std::max(capacity - amount, Msat{0});
  fresh.high_at = now;
  const bool is_better =
      moved.probability(moved.high, now, half_life) < fresh.probability(moved.high, now, half_life);
  return is_better ? moved : fresh;
}

BalanceEstimate Estimates::unknown(DirectedChannel channel, SimTime now) const {
  // Parallel channels stand beside each other in the row of the node that they lead to.
  const IncomingChannels& incoming = graph_->incoming();
  const NodeId tail = graph_->tail(channel);
  const auto row = out_edges(graph_->head(channel).index, incoming.rows);
  Msat capacity = incoming.at(channel).capacity;
  int channels = 1;
  const auto count = [&](std::uint32_t edge) {
    const IncomingChannels::Rows::edge_descriptor other(0, edge);
    if (target(other, incoming.rows) != tail.index) return false;
    capacity = std::max(capacity, incoming.of_edge(other).capacity);
    ++channels;
    return true;
  };
  const std::uint32_t position = incoming.position[channel.index];
  const auto begin = static_cast<std::uint32_t>((*row.first).idx);
  const auto end =
      begin + static_cast<std::uint32_t>(out_degree(graph_->head(channel).index, incoming.rows));
  for (std::uint32_t edge = position; edge > begin && count(edge - 1); --edge) {
  }
  for (std::uint32_t edge = position + 1; edge < end && count(edge); ++edge) {
  }
  return {.low = Msat{0},
          .low_at = now,
          .high = capacity,
          .high_at = now,
          .capacity = capacity,
          .has_one_channel = channels == 1};
}

const BalanceEstimate* Estimates::find(DirectedChannel channel) const {
  const auto found = pairs_.find((std::uint64_t{graph_->tail(channel).index} << 32U) +
                                 graph_->head(channel).index);
  return found == pairs_.end() ? nullptr : &found->second;
}

BalanceEstimate& Estimates::meet(DirectedChannel channel, SimTime now) {
  const std::uint64_t key =
      (std::uint64_t{graph_->tail(channel).index} << 32U) + graph_->head(channel).index;
  const auto found = pairs_.find(key);
  if (found != pairs_.end()) return found->second;
  return pairs_.emplace(key, unknown(channel, now)).first->second;
}

double Estimates::probability(const HopQuery& query) const {
  const Msat amount = query.amount + query.used;
  if (amount > query.capacity) return 0;
  const BalanceEstimate* known = find(query.channel);
  if (known != nullptr) return known->probability(amount, query.now, half_life_);
  return unknown(query.channel, query.now).probability(amount, query.now, half_life_);
}

LiquidityBounds Estimates::bounds(const HopQuery& query) const {
  LiquidityBounds bounds{Msat{0}, query.capacity};
  if (const BalanceEstimate* known = find(query.channel)) {
    const Msat missing =
        part_of(known->capacity - known->high, kept(known->high_at, query.now, half_life_));
    bounds.upper = std::min(known->capacity - missing, query.capacity);
    bounds.lower = part_of(known->low, kept(known->low_at, query.now, half_life_));
    bounds.lower = std::min(bounds.lower, bounds.upper);
  }
  return {std::max(bounds.lower - query.used, Msat{0}),
          std::max(bounds.upper - query.used, Msat{0})};
}

void Estimates::report_success(const Route& route, SimTime now) {
  for (std::size_t i = 1; i < route.hops.size(); ++i) {
    const Hop& hop = route.hops[i];
    BalanceEstimate& there = meet(hop.channel, now);
    there = there.after_sending(hop.amount, now, half_life_);
    BalanceEstimate& back = meet(hop.channel.reversed(), now);
    back = back.mirrored().after_sending(hop.amount, now, half_life_).mirrored();
  }
}

void Estimates::report_failure(const Route& route,
                               std::size_t erring_node,
                               FailureCode code,
                               SimTime now) {
  AMPSIM_CHECK(erring_node <= route.hops.size(), "the erring node is not on the route");
  if (code == FailureCode::unreadable) return;
  for (std::size_t i = 1; i < erring_node; ++i) {
    const Hop& hop = route.hops[i];
    BalanceEstimate& pair = meet(hop.channel, now);
    pair = pair.after_relay(hop.amount, now, half_life_);
  }
  if (code != FailureCode::temporary_channel_failure || erring_node == 0) return;
  if (erring_node == route.hops.size()) return;
  const Hop& hop = route.hops[erring_node];
  BalanceEstimate& pair = meet(hop.channel, now);
  pair = pair.after_failure(hop.amount, now, half_life_);
}

}  // namespace ampsim::sim
