#include "sim/routing/views/scorer.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {
namespace {

constexpr double kMostLog = 2;
constexpr double kSceptical = 64.0 / 78;

/// The integral of the density, up to a factor.
double mass(BalanceDensity density, double x) {
  if (density == BalanceDensity::uniform) return x;
  const double d = x - 0.5;
  const double d2 = d * d;
  const double d8 = (d2 * d2) * (d2 * d2);
  return d * d8 + d / 256;
}

double success(BalanceDensity density, double lower, double upper, double amount) {
  const double top = mass(density, upper);
  return (top - mass(density, amount)) / (top - mass(density, lower));
}

std::uint32_t tick_of(Msat offset, Msat capacity) {
  const Int128 tick = Int128{offset.count} * BoundHistory::kTicks / (Int128{capacity.count} + 1);
  return static_cast<std::uint32_t>(std::clamp<Int128>(tick, 0, BoundHistory::kTicks));
}

/// (a b)^2; below 2^64 for what two buckets can hold.
double weight_of(std::uint16_t a, std::uint16_t b) {
  const double product = double{1} * a * b;
  return product * product;
}

/// The last bucket that holds a full sample, or if there is none, the last that holds anything.
std::size_t furthest(const BoundHistory& history) {
  std::size_t any = 0;
  std::size_t full = BoundHistory::kBuckets;
  for (std::size_t i = 0; i < BoundHistory::kBuckets; ++i) {
    if (history.at(i) != 0) any = i;
    if (history.at(i) >= BoundHistory::kSample) full = i;
  }
  return full < BoundHistory::kBuckets ? full : any;
}

/// In ticks: where an upper bound of that bucket is at most.
double upper_tick(std::size_t bucket) {
  return BoundHistory::edges()[BoundHistory::kBuckets - bucket] - 1;
}

double tick_success(BalanceDensity density, double lower, double upper, double amount) {
  constexpr double kTop = BoundHistory::kTicks - 1;
  if (amount < lower) return 1;
  if (amount >= upper) return 0;
  const double p = success(density, lower / kTop, upper / kTop, amount / kTop);
  return lower == 0 ? p * kSceptical : p;
}

/// The channel that LDK blames, as an index into the route's hops; none if it blames none.
std::optional<std::size_t> blamed_hop(FailureCode code, std::size_t erring_node) {
  const auto bits = static_cast<std::uint16_t>(code);
  constexpr unsigned kBadOnion = 0x8000;
  constexpr unsigned kNode = 0x2000;
  if (code == FailureCode::unreadable || (bits & kBadOnion) != 0) return std::nullopt;
  const bool is_in = (bits & kNode) != 0 || code == FailureCode::expiry_too_far ||
                     code == FailureCode::final_incorrect_cltv_expiry ||
                     code == FailureCode::final_incorrect_htlc_amount;
  if (!is_in) return erring_node;
  return erring_node == 0 ? 0 : erring_node - 1;
}

}  // namespace

double ldk_success(
    BalanceDensity density, BalanceRange range, Msat amount, Msat capacity, bool is_sceptical) {
  if (amount <= range.lower && range.lower > Msat{0}) return 1;
  if (amount >= range.upper) return 0;
  const auto c = static_cast<double>(capacity.count);
  const double p =
      success(density, static_cast<double>(range.lower.count) / c,
              static_cast<double>(range.upper.count) / c, static_cast<double>(amount.count) / c);
  return is_sceptical && range.lower == Msat{0} ? p * kSceptical : p;
}

double ldk_log(double success) {
  return success <= 0.01 ? kMostLog : std::max(0.0, -std::log10(success));
}

LdkRisk unknown_risk(BalanceDensity density, Msat amount_and_used, Msat capacity) {
  const double p = ldk_success(density, {Msat{0}, capacity}, amount_and_used, capacity, true);
  const double log = ldk_log(p);
  return {.history = log,
          .live = std::clamp(log + std::log10(kSceptical), 0.0, kMostLog),
          .is_impossible = amount_and_used > capacity};
}

const std::array<std::uint16_t, BoundHistory::kBuckets + 1>& BoundHistory::edges() {
  static constexpr std::array<std::uint16_t, kBuckets + 1> kEdges = {
      0,     1,     2,     4,     8,     16,    32,    64,    128,   256,   512,
      1024,  2048,  3072,  4096,  6144,  8192,  10240, 12288, 13312, 14336, 15360,
      15872, 16128, 16256, 16320, 16352, 16368, 16376, 16380, 16382, 16383, 16384};
  return kEdges;
}

void BoundHistory::add(Msat offset, Msat capacity) {
  const std::uint32_t tick = tick_of(offset, capacity);
  if (tick >= kTicks) return;
  for (std::uint16_t& bucket : buckets_) {
    bucket = static_cast<std::uint16_t>(std::uint32_t{bucket} * 2047 / 2048);
  }
  const auto after = std::upper_bound(edges().begin(), edges().end(), tick);
  std::uint16_t& hit = buckets_[static_cast<std::size_t>(after - edges().begin()) - 1];
  hit = static_cast<std::uint16_t>(std::min<std::uint32_t>(hit + kSample, 0xFFFF));
}

void BoundHistory::decay(double half_lives) {
  const auto kept = static_cast<std::uint64_t>(1024 * std::exp2(-half_lives));
  for (std::uint16_t& bucket : buckets_) {
    bucket = static_cast<std::uint16_t>(bucket * kept / 1024);
  }
}

std::optional<double> history_success(BalanceDensity density,
                                      const BoundHistory& lower,
                                      const BoundHistory& upper,
                                      Msat amount,
                                      Msat capacity) {
  constexpr std::size_t kBuckets = BoundHistory::kBuckets;
  const std::uint32_t tick = tick_of(amount, capacity);
  if (tick >= BoundHistory::kTicks) return std::nullopt;
  double total = 0;
  double at_bottom = 0;
  double sum = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    if (lower.at(i) == 0) continue;
    // A lower bound above the upper one is no state of a channel.
    for (std::size_t j = 0; i + j < kBuckets; ++j) {
      if (upper.at(j) == 0) continue;
      const double weight = weight_of(lower.at(i), upper.at(j));
      total += weight;
      if (i == 0) {
        at_bottom += weight;
      } else {
        sum += weight * tick_success(density, BoundHistory::edges()[i], upper_tick(j), tick);
      }
    }
  }
  constexpr double kFullSample = 32.0 * 32 * 32 * 32;
  if (total < kFullSample) return std::nullopt;
  if (at_bottom > 0) sum += at_bottom * tick_success(density, 0, upper_tick(furthest(upper)), tick);
  return sum / total;
}

const Scorer::Memory* Scorer::find(ChannelId channel) const {
  const auto found = index_.find(channel);
  return found == index_.end() ? nullptr : &memory_[found->second];
}

Scorer::Memory& Scorer::meet(ChannelId channel, SimTime now) {
  const auto [place, is_new] =
      index_.try_emplace(channel, static_cast<std::uint32_t>(memory_.size()));
  if (is_new) {
    met_.push_back(channel);
    memory_.push_back({.lower = {}, .upper = {}, .bounds_at = now, .history_at = now});
    return memory_.back();
  }
  Memory& memory = memory_[place->second];
  const BalanceRange now_known = offsets(memory, now);
  memory.lower = now_known.lower;
  memory.upper = now_known.upper;
  memory.bounds_at = now;
  const double half_lives = faded_half_lives(memory, now);
  if (half_lives > 0) {
    memory.lower_history.decay(half_lives);
    memory.upper_history.decay(half_lives);
  }
  memory.history_at = now;
  return memory;
}

double Scorer::faded_half_lives(const Memory& memory, SimTime now) const {
  const double half_lives =
      to_seconds(now - memory.history_at) / to_seconds(params_->history_half_life);
  return half_lives > 1 ? half_lives : 0;
}

BalanceRange Scorer::offsets(const Memory& memory, SimTime now) const {
  if (now == memory.bounds_at) return {memory.lower, memory.upper};
  const double kept =
      std::exp2(-to_seconds(now - memory.bounds_at) / to_seconds(params_->liquidity_half_life));
  const auto faded = [kept](Msat offset) {
    return Msat{static_cast<std::int64_t>(static_cast<double>(offset.count) * kept)};
  };
  return {faded(memory.lower), faded(memory.upper)};
}

BalanceRange Scorer::range(const HopQuery& query, const Memory* memory) const {
  if (memory == nullptr) return {Msat{0}, query.capacity};
  BalanceRange known = offsets(*memory, query.now);
  if (query.channel.direction() == 1) std::swap(known.lower, known.upper);
  const Msat upper = std::max(Msat{0}, query.capacity - known.upper);
  return {std::min(known.lower, upper), upper};
}

double Scorer::probability(const HopQuery& query) const {
  const BalanceRange known = range(query, find(query.channel.channel()));
  return ldk_success(params_->density, known, query.amount + query.used, query.capacity, false);
}

LiquidityBounds Scorer::bounds(const HopQuery& query) const {
  const BalanceRange known = range(query, find(query.channel.channel()));
  return {std::max(Msat{0}, known.lower - query.used), std::max(Msat{0}, known.upper - query.used)};
}

LdkRisk Scorer::risk(const HopQuery& query) const {
  const Msat amount = query.amount + query.used;
  const Memory* memory = find(query.channel.channel());
  if (memory == nullptr) return unknown_risk(params_->density, amount, query.capacity);
  const BalanceRange known = range(query, memory);
  LdkRisk risk{.history = kMostLog, .is_impossible = amount > known.upper};
  risk.live = ldk_log(ldk_success(params_->density, known, amount, query.capacity, false));
  if (amount >= query.capacity) return risk;

  const BoundHistory* lower = &memory->lower_history;
  const BoundHistory* upper = &memory->upper_history;
  const double half_lives = faded_half_lives(*memory, query.now);
  BoundHistory faded_lower;
  BoundHistory faded_upper;
  if (half_lives > 0) {
    (faded_lower = *lower).decay(half_lives);
    (faded_upper = *upper).decay(half_lives);
    lower = &faded_lower;
    upper = &faded_upper;
  }
  if (query.channel.direction() == 1) std::swap(lower, upper);
  const std::optional<double> seen =
      history_success(params_->density, *lower, *upper, amount, query.capacity);
  risk.history =
      seen ? ldk_log(*seen) : unknown_risk(params_->density, amount, query.capacity).history;
  return risk;
}

void Scorer::learn(const Hop& hop, Msat amount, SimTime now, bool has_failed) {
  const Msat capacity = graph_->incoming().at(hop.channel).capacity;
  Memory& memory = meet(hop.channel.channel(), now);
  const bool is_reversed = hop.channel.direction() == 1;
  Msat& lower = is_reversed ? memory.upper : memory.lower;
  Msat& upper = is_reversed ? memory.lower : memory.upper;
  if (has_failed && amount < capacity - upper) {
    upper = capacity - amount;
    if (amount < lower) lower = Msat{0};
  }
  if (!has_failed && amount > lower) {
    lower = amount;
    if (amount > capacity - upper) upper = Msat{0};
  }
  memory.lower_history.add(memory.lower, capacity);
  memory.upper_history.add(memory.upper, capacity);
}

void Scorer::learn_success(const Hop& hop, Msat amount, SimTime now) {
  const Msat capacity = graph_->incoming().at(hop.channel).capacity;
  Memory& memory = meet(hop.channel.channel(), now);
  const bool is_reversed = hop.channel.direction() == 1;
  Msat& lower = is_reversed ? memory.upper : memory.lower;
  Msat& upper = is_reversed ? memory.lower : memory.upper;
  const Msat left = std::max(Msat{0}, capacity - upper - amount);
  upper = capacity - left;
  if (left < lower) lower = Msat{0};
  // The history has what was there before the payment.
  (is_reversed ? memory.upper_history : memory.lower_history).add(lower + amount, capacity);
  (is_reversed ? memory.lower_history : memory.upper_history)
      .add(std::max(Msat{0}, upper - amount), capacity);
}

void Scorer::report_success(const Route& route, SimTime now) {
  for (std::size_t i = 1; i < route.hops.size(); ++i) {
    learn_success(route.hops[i], route.amount(), now);
  }
}

void Scorer::report_failure(const Route& route,
                            std::size_t erring_node,
                            FailureCode code,
                            SimTime now) {
  const std::size_t hops = route.hops.size();
  AMPSIM_CHECK(erring_node <= hops, "the erring node is not on the route");
  // LDK keeps no word of a part that waited in vain for the others.
  if (erring_node == hops && code == FailureCode::mpp_timeout) return;
  const std::optional<std::size_t> blamed = blamed_hop(code, erring_node);
  if (!blamed) return;
  for (std::size_t i = 1; i < std::min(*blamed, hops); ++i) {
    learn(route.hops[i], route.amount(), now, false);
  }
  if (*blamed > 0 && *blamed < hops) learn(route.hops[*blamed], route.amount(), now, true);
}

}  // namespace ampsim::sim
