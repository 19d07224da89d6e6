#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/router.hpp"
#include "topologies/topology.hpp"

/// Random networks with balances, requests, and all simple paths of them: what routers are compared
/// with on networks so small that everything can be tried.
namespace ampsim::test {

struct RandomNetwork {
  std::uint32_t nodes = 6;
  std::uint32_t channels = 10;  ///< parallel ones among them
  bool has_fees = true;
  bool has_small_htlcs = false;  ///< largest HTLCs of a tenth of the capacity and more
  std::int64_t most_sat = 100;   ///< on each side of a channel
};

inline topo::Topology random_topology(Rng& rng, const RandomNetwork& shape) {
  topo::Topology topology;
  for (std::uint32_t i = 0; i < shape.nodes; ++i) topology.nodes.push_back({std::to_string(i), ""});
  for (std::uint32_t i = 0; i < shape.channels; ++i) {
    const auto a = static_cast<std::uint32_t>(rng.below(shape.nodes));
    const auto b = static_cast<std::uint32_t>((a + 1 + rng.below(shape.nodes - 1)) % shape.nodes);
    topo::Channel channel{.id = std::to_string(i), .ends = {NodeId{a}, NodeId{b}}};
    channel.balance_0 = Msat::from_sat(rng.between(0, shape.most_sat));
    channel.capacity = *channel.balance_0 + Msat::from_sat(rng.between(1, shape.most_sat));
    for (auto& policy : channel.policy) {
      policy = topo::ForwardingPolicy{.cltv_expiry_delta = BlockDelta{40},
                                      .htlc_minimum = Msat{1},
                                      .htlc_maximum = *channel.capacity};
      if (shape.has_small_htlcs) {
        policy->htlc_maximum = std::max(Msat{1}, *channel.capacity / rng.between(1, 10));
      }
      if (!shape.has_fees) continue;
      policy->fee_base = Msat{rng.between(0, 3) * 100};
      policy->fee_proportional = Ppm{static_cast<std::uint32_t>(rng.below(4)) * 5'000};
      policy->htlc_minimum = Msat::from_sat(rng.between(0, 2));
      if (rng.chance(0.2)) policy->htlc_maximum = *channel.capacity / 2 + Msat{2000};
      policy->htlc_maximum = std::min(policy->htlc_maximum, *channel.capacity);
      policy->is_disabled = rng.chance(0.05);
    }
    topology.channels.push_back(std::move(channel));
  }
  return topology;
}

inline std::vector<sim::LocalChannel> own_channels(const topo::Topology& topology,
                                                   const sim::Network& network,
                                                   NodeId source) {
  std::vector<sim::LocalChannel> own;
  for (std::uint32_t i = 0; i < 2 * topology.channels.size(); ++i) {
    if (topology.source({i}) != source) continue;
    own.push_back({{i}, network.channel(ChannelId{i / 2}).spendable(i % 2)});
  }
  return own;
}

inline sim::RouteRequest request_of(NodeId source,
                                    NodeId target,
                                    Msat amount,
                                    std::span<const sim::LocalChannel> local) {
  return {.source = source,
          .target = target,
          .amount = amount,
          .total = amount,
          .fee_limit = amount / 20 + Msat{300},
          .cltv_limit = BlockDelta{2016},
          .final_cltv_delta = BlockDelta{40},
          .now = {},
          .local = local};
}

/// Every path from source to target that passes no node twice.
inline std::vector<std::vector<DirectedChannel>> all_paths(const topo::Topology& topology,
                                                           NodeId source,
                                                           NodeId target) {
  std::vector<std::vector<DirectedChannel>> paths;
  std::vector<bool> visited(topology.nodes.size());
  std::vector<DirectedChannel> path;
  const std::function<void(NodeId)> walk = [&](NodeId node) {
    if (node == target) {
      paths.push_back(path);
      return;
    }
    visited[node.index] = true;
    for (std::uint32_t i = 0; i < 2 * topology.channels.size(); ++i) {
      if (topology.source({i}) != node || visited[topology.target({i}).index]) continue;
      path.push_back({i});
      walk(topology.target({i}));
      path.pop_back();
    }
    visited[node.index] = false;
  };
  walk(source);
  return paths;
}

/// Balances as they are: no reserve, no cap below the capacity.
inline sim::NetworkParams plain_params() {
  return {.reserve = 0, .max_in_flight = 1, .latency = {.kind = DistributionKind::constant}};
}

}  // namespace ampsim::test
