#include "sim/attack/foothold.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "core/check.hpp"
#include "sim/attack/targets.hpp"

namespace ampsim::sim {
namespace {

/// Nobody opens a smaller channel.
constexpr Msat kLeastChannel = Msat::from_sat(1);

/// With `withheld_share` the attacker has channels to this many of the best connected nodes: no
/// part of a set reaches its receiver without passing others.
constexpr std::uint32_t kEntries = 10;

class Builder {
 public:
  explicit Builder(const topo::Topology& topology) {
    hold_.topology = topology;
    hold_.source = add_node("attacker's source");
    hold_.sink = add_node("attacker's sink");
  }

  /// The attacker has all of it.
  DirectedChannel add_entry(NodeId to, Msat capacity) {
    const DirectedChannel entry =
        add_channel({hold_.source, to}, capacity, {.htlc_maximum = capacity});
    hold_.own_ends.push_back(entry);
    return entry;
  }
  /// The far end of `target` has all of it.
  DirectedChannel add_exit(DirectedChannel target, Msat capacity) {
    const topo::Channel& channel = hold_.topology.channels[target.channel().index];
    topo::ForwardingPolicy policy = *channel.policy[target.reversed().direction()];
    policy.htlc_maximum = capacity;
    policy.htlc_minimum = std::min(policy.htlc_minimum, capacity);
    policy.is_disabled = false;
    const DirectedChannel exit =
        add_channel({hold_.topology.target(target), hold_.sink}, capacity, policy);
    hold_.own_ends.push_back(exit.reversed());
    return exit;
  }
  /// Half of `budget` on each side of the target.
  void add_way(DirectedChannel target, Msat budget) {
    const Msat half = budget / 2;
    if (half < kLeastChannel) return;
    const DirectedChannel entry = add_entry(hold_.topology.source(target), half);
    hold_.ways.push_back({.entry = entry, .target = target, .exit = add_exit(target, half)});
  }
  void add_way_to_far_end(DirectedChannel entry, DirectedChannel target) {
    hold_.ways.push_back({.entry = entry, .target = target});
  }
  Foothold take() { return std::move(hold_); }

 private:
  NodeId add_node(const std::string& name) {
    hold_.topology.nodes.push_back({.name = name, .alias = ""});
    return NodeId{static_cast<std::uint32_t>(hold_.topology.nodes.size() - 1)};
  }
  /// ends[0] has all of it, and nothing comes back.
  DirectedChannel add_channel(const std::array<NodeId, 2>& ends,
                              Msat capacity,
                              const topo::ForwardingPolicy& policy) {
    const ChannelId id{static_cast<std::uint32_t>(hold_.topology.channels.size())};
    hold_.topology.channels.push_back(
        {.id = "attacker's " + std::to_string(id.index),
         .ends = ends,
         .capacity = capacity,
         .balance_0 = capacity,
         .policy = {policy, topo::ForwardingPolicy{.is_disabled = true}}});
    return DirectedChannel::of(id, 0);
  }

  Foothold hold_;
};

/// The same for every way.
void add_slot_ways(Builder& builder, const std::vector<DirectedChannel>& channels, Msat budget) {
  for (const DirectedChannel d : channels) {
    builder.add_way(d, budget / static_cast<std::int64_t>(channels.size()));
  }
}

/// As much as the channel may hold, as long as there is any; the smallest channels first: a channel
/// that is half full still forwards, and so the budget shuts as many as it can.
void add_liquidity_ways(Builder& builder,
                        const topo::Topology& topology,
                        std::vector<DirectedChannel> channels,
                        Msat budget) {
  const auto capacity = [&](DirectedChannel d) {
    return *topology.channels[d.channel().index].capacity;
  };
  std::stable_sort(channels.begin(), channels.end(),
                   [&](DirectedChannel a, DirectedChannel b) { return capacity(a) < capacity(b); });
  for (const DirectedChannel d : channels) {
    const Msat share = std::min(capacity(d) * 2, budget);
    builder.add_way(d, share);
    budget -= share;
  }
}

/// One entry to each near end, with an equal share: its channels are searched one after another.
void add_probe_ways(Builder& builder,
                    const topo::Topology& topology,
                    const std::vector<DirectedChannel>& channels,
                    Msat budget) {
  std::map<NodeId, std::vector<DirectedChannel>> by_near_end;
  for (const DirectedChannel d : channels) by_near_end[topology.source(d)].push_back(d);
  for (const auto& [near_end, all] : by_near_end) {
    const Msat share = budget / static_cast<std::int64_t>(by_near_end.size());
    if (share < kLeastChannel) return;
    const DirectedChannel entry = builder.add_entry(near_end, share);
    for (const DirectedChannel d : all) builder.add_way_to_far_end(entry, d);
  }
}

void add_entries(Builder& builder,
                 const topo::Topology& topology,
                 const AttackParams& params,
                 const std::vector<NodeId>& targets) {
  std::vector<NodeId> hubs = choose_targets(
      topology, {.targets = kEntries + static_cast<std::uint32_t>(targets.size())}, 0);
  std::erase_if(hubs, [&](NodeId node) {
    return std::find(targets.begin(), targets.end(), node) != targets.end();
  });
  if (hubs.size() > kEntries) hubs.resize(kEntries);
  for (const NodeId hub : hubs) {
    const Msat capacity = params.budget / static_cast<std::int64_t>(hubs.size());
    if (capacity >= kLeastChannel) builder.add_entry(hub, capacity);
  }
}

}  // namespace

AttackPlan plan_attack(const topo::Topology& topology,
                       const AttackParams& params,
                       std::uint64_t seed) {
  if (params.kind == AttackKind::none) return {};
  AttackPlan plan{.targets = choose_targets(topology, params, seed)};
  if (!params.has_channels()) return plan;
  Builder builder(topology);
  if (params.kind == AttackKind::withheld_share) {
    add_entries(builder, topology, params, plan.targets);
  } else if (params.kind == AttackKind::probing) {
    add_probe_ways(builder, topology, channels_one_way(topology, plan.targets), params.budget);
  } else if (params.kind == AttackKind::liquidity_jamming) {
    add_liquidity_ways(builder, topology, channels_both_ways(topology, plan.targets),
                       params.budget);
  } else {
    add_slot_ways(builder, channels_both_ways(topology, plan.targets), params.budget);
  }
  plan.foothold = builder.take();
  return plan;
}

Msat money_of_attacker(const AttackPlan& plan, const Network& network) {
  if (!plan.foothold) return {};
  Msat sum = network.on_chain(plan.foothold->source) + network.on_chain(plan.foothold->sink);
  for (const DirectedChannel d : plan.foothold->own_ends) {
    sum += network.channel(d.channel()).balance(d.direction());
  }
  return sum;
}

}  // namespace ampsim::sim
