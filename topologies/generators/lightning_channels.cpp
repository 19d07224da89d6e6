#include "topologies/generators/lightning_channels.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/random.hpp"
#include "topologies/generators/lightning_tables.hpp"
#include "topologies/generators/quantile.hpp"

namespace ampsim::topo {
namespace {

// Fitted to the network of the tables: least squares of log capacity on the logs of the ends'
// channels; its correlation; and the part of the rest that channels of one smaller end share.
constexpr double kWeightOfFewer = 0.957;
constexpr double kWeightOfMore = 0.140;
constexpr double kCorrelation = 0.64;
constexpr double kSharedByEnd = 0.7;
// How often a channel follows its node's habit. The mode of a node's policies covers 0.45, 0.37
// and 0.79 of them, part of which is chance.
constexpr double kFollowsSilence = 0.8;
constexpr double kFollowsHabit = 0.4;
constexpr double kFollowsPpm = 0.3;
constexpr double kFollowsPart = 0.75;
constexpr std::uint32_t kFewChannels = 5;  // as in lightning_tables.py

template <std::size_t n>
std::size_t row_of(const std::array<std::uint32_t, n>& starts, std::uint32_t channels) {
  const auto above = std::upper_bound(starts.begin(), starts.end(), channels);
  return static_cast<std::size_t>(above - starts.begin()) - 1;
}

std::int64_t whole_value_at(std::span<const Quantile> points, double share) {
  return static_cast<std::int64_t>(value_at(points, share) + 1e-6);
}

Habit draw_habit(std::uint32_t channels, Rng& rng) {
  const std::span<const Habit> habits = channels <= kFewChannels
                                            ? std::span<const Habit>(kHabitsOfFew)
                                            : std::span<const Habit>(kHabitsOfMany);
  double share = rng.unit();
  for (const Habit& habit : habits) {
    if (share < habit.share) return habit;
    share -= habit.share;
  }
  return {.delta_blocks = static_cast<std::int32_t>(whole_value_at(kOtherDelta, rng.unit())),
          .base_msat = whole_value_at(kOtherBase, rng.unit()),
          .minimum_msat = whole_value_at(kOtherMinimum, rng.unit())};
}

/// What a node's channels have in common. The shares are places in the distributions.
struct NodeHabits {
  std::uint32_t channels = 0;
  double capacity_score = 0;
  double silence_share = 0;
  double ppm_share = 0;
  double part_share = 0;
  Habit habit{};
};

class LightningChannels {
 public:
  LightningChannels(Topology& topology, std::uint64_t seed)
      : topology_(topology),
        capacities_(seed, "lightning_capacities"),
        policies_(seed, "lightning_policies") {}

  void add() {
    draw_node_habits();
    add_capacities();
    for (std::size_t i = 0; i < topology_.channels.size(); ++i) add_policies(i);
  }

 private:
  void draw_node_habits() {
    nodes_.resize(topology_.nodes.size());
    for (const Channel& channel : topology_.channels) {
      for (const NodeId end : channel.ends) ++nodes_[end.index].channels;
    }
    for (NodeHabits& node : nodes_) {
      node.capacity_score = capacities_.normal(0, 1);
      node.silence_share = policies_.unit();
      node.ppm_share = policies_.unit();
      node.part_share = policies_.unit();
      node.habit = draw_habit(node.channels, policies_);
    }
  }

  const NodeHabits& smaller_end(const Channel& channel) const {
    const NodeHabits& a = nodes_[channel.ends[0].index];
    const NodeHabits& b = nodes_[channel.ends[1].index];
    return b.channels < a.channels ? b : a;
  }

  void add_capacities() {
    const std::size_t count = topology_.channels.size();
    std::vector<double> size(count);
    double mean = 0;
    double square = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Channel& channel = topology_.channels[i];
      const auto [fewer, more] = std::minmax(nodes_[channel.ends[0].index].channels,
                                             nodes_[channel.ends[1].index].channels);
      size[i] = kWeightOfFewer * std::log(fewer) + kWeightOfMore * std::log(more);
      mean += size[i] / static_cast<double>(count);
      square += size[i] * size[i] / static_cast<double>(count);
    }
    const double deviation = std::sqrt(std::max(square - mean * mean, 1e-9));
    std::vector<double> score(count);
    for (std::size_t i = 0; i < count; ++i) {
      const double rest =
          std::sqrt(kSharedByEnd) * smaller_end(topology_.channels[i]).capacity_score +
          std::sqrt(1 - kSharedByEnd) * capacities_.normal(0, 1);
      score[i] = kCorrelation * (size[i] - mean) / deviation +
                 std::sqrt(1 - kCorrelation * kCorrelation) * rest;
    }
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return score[a] < score[b] || (score[a] == score[b] && a < b);
    });
    rank_share_.resize(count);
    for (std::size_t rank = 0; rank < count; ++rank) {
      const double share = (static_cast<double>(rank) + 0.5) / static_cast<double>(count);
      rank_share_[order[rank]] = share;
      topology_.channels[order[rank]].capacity =
          Msat::from_sat(whole_value_at(kCapacitySat, share));
    }
  }

  void add_policies(std::size_t i) {
    Channel& channel = topology_.channels[i];
    const NodeHabits& end = smaller_end(channel);
    const std::size_t row = row_of(kSilenceStarts, end.channels);
    const auto tenth = static_cast<std::size_t>(rank_share_[i] * 10);
    const double silence_share =
        policies_.chance(kFollowsSilence) ? end.silence_share : policies_.unit();
    const bool is_silent = silence_share < kBothDisabled[row][tenth];
    const bool is_half_silent = policies_.chance(kOneDisabled[row]);
    const std::size_t silent_direction = policies_.below(2);
    for (std::size_t direction = 0; direction < 2; ++direction) {
      const ForwardingPolicy announced =
          draw_policy(nodes_[channel.ends[direction].index], *channel.capacity);
      const bool is_disabled = is_silent || (is_half_silent && direction == silent_direction);
      channel.policy[direction] =
          is_disabled ? ForwardingPolicy{.htlc_maximum = *channel.capacity, .is_disabled = true}
                      : announced;
    }
  }

  ForwardingPolicy draw_policy(const NodeHabits& node, Msat capacity) {
    const Habit habit =
        policies_.chance(kFollowsHabit) ? node.habit : draw_habit(node.channels, policies_);
    const double ppm_share = policies_.chance(kFollowsPpm) ? node.ppm_share : policies_.unit();
    const double part_share = policies_.chance(kFollowsPart) ? node.part_share : policies_.unit();
    const std::int64_t ppm = habit.base_msat > 0 ? whole_value_at(kPpmWithBase, ppm_share)
                                                 : whole_value_at(kPpmWithoutBase, ppm_share);
    const double maximum = value_at(kMaximumPart, part_share) * static_cast<double>(capacity.count);
    // At least 1 sat: in describegraph a maximum of 0 would mean the capacity.
    const Msat htlc_maximum{std::clamp<std::int64_t>(std::llround(maximum), 1000, capacity.count)};
    return {.fee_base = {habit.base_msat},
            .fee_proportional = {static_cast<std::uint32_t>(ppm)},
            .cltv_expiry_delta = {habit.delta_blocks},
            .htlc_minimum = std::min(Msat{habit.minimum_msat}, htlc_maximum),
            .htlc_maximum = htlc_maximum};
  }

  Topology& topology_;
  Rng capacities_;
  Rng policies_;
  std::vector<NodeHabits> nodes_;
  std::vector<double> rank_share_;  // of every channel's capacity
};

}  // namespace

void add_lightning_channels(Topology& topology, std::uint64_t seed) {
  LightningChannels(topology, seed).add();
}

}  // namespace ampsim::topo
