#include "sim/attack/foothold.hpp"

#include <algorithm>
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
  void add_way(DirectedChannel target, Msat budget, bool has_exit) {
    const Msat half = has_exit ? budget / 2 : budget;
    if (half < kLeastChannel) return;
    Way way{.target = target};
    way.entry = add_entry(hold_.topology.source(target), half);
    if (has_exit) way.exit = add_exit(target, half);
    hold_.ways.push_back(way);
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

Msat share_of(Msat budget, Msat part, Msat whole) {
  return {static_cast<std::int64_t>(static_cast<Int128>(budget.count) * part.count / whole.count)};
}

void add_ways(Builder& builder,
              const topo::Topology& topology,
              const AttackParams& params,
              const std::vector<NodeId>& targets) {
  const bool is_probing = params.kind == AttackKind::probing;
  const bool by_capacity = is_probing || params.kind == AttackKind::liquidity_jamming;
  const std::vector<DirectedChannel> channels =
      is_probing ? channels_one_way(topology, targets) : channels_both_ways(topology, targets);
  const auto weight = [&](DirectedChannel d) {
    return by_capacity ? *topology.channels[d.channel().index].capacity : Msat{1};
  };
  Msat whole{};
  for (const DirectedChannel d : channels) whole += weight(d);
  for (const DirectedChannel d : channels) {
    builder.add_way(d, share_of(params.budget, weight(d), whole), !is_probing);
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
  } else {
    add_ways(builder, topology, params, plan.targets);
  }
  plan.foothold = builder.take();
  return plan;
}

}  // namespace ampsim::sim
