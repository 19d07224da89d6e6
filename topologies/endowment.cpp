#include "topologies/endowment.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim::topo {
namespace {

// lnd's smallest channel; and all bitcoin there will ever be, so that no draw overflows.
constexpr double kSmallestSat = 20'000;
constexpr double kLargestSat = 21e14;

Msat draw_capacity(const Distribution& distribution, Rng& rng) {
  const double sat = std::clamp(draw(distribution, rng), kSmallestSat, kLargestSat);
  return Msat::from_sat(std::llround(sat));
}

/// The density is a mixture of two mirrored exponentials, each cut off at c. One of them by
/// inversion: x = -s * ln(1 - u * (1 - e^(-c/s))), and a coin chooses the end.
Msat draw_bimodal(Msat capacity, Msat scale, double u, bool mirrored) {
  const auto c = static_cast<double>(capacity.count);
  const auto s = static_cast<double>(scale.count);
  const double x = -s * std::log1p(u * std::expm1(-c / s));
  const Msat near_zero{std::clamp<std::int64_t>(std::llround(x), 0, capacity.count)};
  return mirrored ? capacity - near_zero : near_zero;
}

Msat draw_balance(const Channel& channel, const ChannelParams& params, Rng& rng) {
  const Msat capacity = *channel.capacity;
  // Two draws for every channel and kind: what one channel gets does not move the next one's.
  const double u = rng.unit();
  const bool coin = rng.chance(0.5);
  switch (params.balance) {
    case BalanceKind::half:
      return capacity - capacity / 2;
    case BalanceKind::uniform:
      return {std::min(capacity.count,
                       static_cast<std::int64_t>(u * (static_cast<double>(capacity.count) + 1)))};
    case BalanceKind::bimodal:
      return draw_bimodal(capacity, params.bimodal_scale, u, coin);
    case BalanceKind::file:
      if (!channel.balance_0) {
        throw InputError({.key = "channels.balance.distribution"},
                         fmt::format("found \"file\", but channel \"{}\" of the topology has no "
                                     "balance; allowed here: half, uniform, bimodal",
                                     channel.id));
      }
      return *channel.balance_0;
  }
  AMPSIM_UNREACHABLE("unknown balance kind");
}

/// So many channels take their draws: up to the last one that needs them.
std::size_t count_of_draws(const Topology& topology, std::optional<Msat> Channel::*money) {
  std::size_t count = topology.channels.size();
  while (count > 0 && topology.channels[count - 1].*money) --count;
  return count;
}

void draw_capacities(Topology& topology, const ChannelParams& params, std::uint64_t seed) {
  const std::size_t count = count_of_draws(topology, &Channel::capacity);
  Rng rng(seed, "capacities");
  for (std::size_t i = 0; i < count; ++i) {
    const Msat drawn = draw_capacity(params.capacity, rng);
    if (!topology.channels[i].capacity) topology.channels[i].capacity = drawn;
  }
}

void draw_balances(Topology& topology, const ChannelParams& params, std::uint64_t seed) {
  const std::size_t count = count_of_draws(topology, &Channel::balance_0);
  Rng rng(seed, "balances");
  for (std::size_t i = 0; i < count; ++i) {
    const Msat drawn = draw_balance(topology.channels[i], params, rng);
    if (!topology.channels[i].balance_0) topology.channels[i].balance_0 = drawn;
  }
}

/// Fills in the fields that are missing. A largest HTLC that was not given is the capacity.
void complete(ForwardingPolicy& policy,
              std::uint8_t missing,
              Msat capacity,
              const ChannelParams& params) {
  policy.htlc_maximum = std::min(policy.htlc_maximum, capacity);
  if ((missing & kFeeBase) != 0) policy.fee_base = params.fee_base;
  if ((missing & kFeeProportional) != 0) policy.fee_proportional = params.fee_proportional;
  if ((missing & kCltvExpiryDelta) != 0) policy.cltv_expiry_delta = params.cltv_expiry_delta;
  if ((missing & kHtlcMinimum) != 0) policy.htlc_minimum = params.htlc_minimum;
  policy.htlc_minimum = std::min(policy.htlc_minimum, policy.htlc_maximum);
}

/// So that sums of balances stay within 64 bits.
void check_total(const Topology& topology) {
  constexpr std::int64_t kAllBitcoinSat = 2'100'000'000'000'000;
  Int128 total = 0;
  for (const Channel& channel : topology.channels) total += channel.capacity->count;
  if (total > Msat::from_sat(kAllBitcoinSat).count) {
    throw InputError({.key = "channels.capacity"},
                     "the capacities of all channels add up to more than 21 million bitcoin");
  }
}

}  // namespace

void endow(Topology& topology, const ChannelParams& params, std::uint64_t seed) {
  AMPSIM_CHECK(params.bimodal_scale > Msat{}, "bimodal_scale must be positive");
  draw_capacities(topology, params, seed);
  draw_balances(topology, params, seed);
  for (Channel& channel : topology.channels) {
    for (std::size_t side = 0; side < 2; ++side) {
      if (!channel.policy[side]) {
        channel.policy[side] = ForwardingPolicy{.htlc_maximum = *channel.capacity};
        channel.missing[side] = kFeeBase | kFeeProportional | kCltvExpiryDelta | kHtlcMinimum;
      }
      complete(*channel.policy[side], channel.missing[side], *channel.capacity, params);
      channel.missing[side] = 0;
    }
  }
  check_total(topology);
}

}  // namespace ampsim::topo
