#include "tests/wallet_networks.hpp"

#include <algorithm>
#include <map>

#include "sim/routing/path_pricing.hpp"
#include "tests/printing.hpp"

namespace ampsim::test {
namespace {

std::string node_name(std::uint64_t i) { return "n" + std::to_string(i); }

void extend_path(const topo::Topology& topology,
                 NodeId target,
                 std::vector<NodeId>& nodes,
                 Path& path,
                 const std::function<void(const Path&)>& visit) {
  if (nodes.back() == target) return visit(path);
  for (std::uint32_t i = 0; i < 2 * topology.channels.size(); ++i) {
    const DirectedChannel channel{i};
    const NodeId next = topology.target(channel);
    if (topology.source(channel) != nodes.back()) continue;
    if (std::find(nodes.begin(), nodes.end(), next) != nodes.end()) continue;
    nodes.push_back(next);
    path.push_back(channel);
    extend_path(topology, target, nodes, path, visit);
    nodes.pop_back();
    path.pop_back();
  }
}

}  // namespace

SmallNetwork random_wallet_network(Rng& rng, std::uint64_t most_nodes, bool is_free) {
  SmallNetwork network;
  const std::uint64_t nodes = 3 + rng.below(most_nodes - 2);
  const std::uint64_t channels = nodes + rng.below(nodes + 1);
  for (std::uint64_t i = 0; i < nodes; ++i) network.node(node_name(i));
  for (std::uint64_t i = 0; i < channels; ++i) {
    const std::uint64_t a = rng.below(nodes);
    const std::uint64_t b = (a + 1 + rng.below(nodes - 1)) % nodes;
    const Msat capacity = Msat::from_sat(rng.between(200'000, 3'000'000));
    const DirectedChannel channel =
        network.channel(node_name(a), node_name(b), capacity, {.htlc_minimum = Msat{1}});
    if (is_free) continue;
    for (const DirectedChannel direction : {channel, channel.reversed()}) {
      topo::ForwardingPolicy& policy = network.policy(direction);
      policy.fee_base = Msat{rng.between(0, 3) * 1000};
      policy.fee_proportional = Ppm{static_cast<unsigned>(rng.below(8)) * 250};
      policy.cltv_expiry_delta = BlockDelta{static_cast<int>(rng.below(5)) * 36};
      policy.htlc_minimum = Msat{rng.below(8) == 0 ? 60'000'000 : 1000};
      if (rng.below(6) == 0) policy.htlc_maximum = capacity / 3;
      policy.is_disabled = rng.below(12) == 0;
    }
  }
  return network;
}

RandomRequest::RandomRequest(Rng& rng, const topo::Topology& topology, bool is_narrow) {
  const auto channels = static_cast<std::uint32_t>(topology.channels.size());
  for (std::uint32_t i = 0; i < 2 * channels; ++i) {
    if (topology.source({i}).index != 0) continue;
    const Msat capacity = *topology.channels[i / 2].capacity;
    local.push_back({{i}, is_narrow ? capacity * rng.between(0, 4) / 4 : capacity});
  }
  request = {.source = NodeId{0},
             .target = NodeId{static_cast<std::uint32_t>(1 + rng.below(topology.nodes.size() - 1))},
             .amount = Msat{rng.between(1, 400'000'000)},
             .fee_limit = Msat{10'000'000},
             .cltv_limit = BlockDelta{2016},
             .final_cltv_delta = BlockDelta{40},
             .now = SimTime{std::chrono::hours{5}}};
  if (is_narrow) {
    request.fee_limit = Msat{rng.between(0, 5) * 400'000};
    request.cltv_limit = BlockDelta{rng.below(3) == 0 ? 150 : 2016};
    if (rng.below(4) == 0) avoided.push_back({static_cast<std::uint32_t>(rng.below(channels))});
    if (rng.below(4) == 0) {
      failed.push_back({{static_cast<std::uint32_t>(rng.below(2 * channels))},
                        Msat{1},
                        sim::FailureCode::temporary_channel_failure,
                        request.now - std::chrono::seconds{5}});
    }
    const DirectedChannel other{static_cast<std::uint32_t>(rng.below(2 * channels))};
    if (topology.source(other).index != 0) {
      used.push_back({other, *topology.channels[other.channel().index].capacity / 3});
    }
  }
  request.total = request.amount;
  request.local = local;
  request.avoided = avoided;
  request.used = used;
  request.failed = failed;
}

void for_each_simple_path(const topo::Topology& topology,
                          NodeId source,
                          NodeId target,
                          const std::function<void(const Path&)>& visit) {
  std::vector<NodeId> nodes{source};
  Path path;
  extend_path(topology, target, nodes, path, visit);
}

bool is_forbidden(const sim::RouteRequest& request, DirectedChannel channel) {
  for (const ChannelId avoided : request.avoided) {
    if (avoided == channel.channel()) return true;
  }
  for (const sim::FailedHop& failed : request.failed) {
    if (failed.channel == channel) return true;
  }
  return false;
}

void check_routes(const topo::Topology& topology,
                  const sim::RouteRequest& request,
                  const std::vector<sim::Route>& routes) {
  const sim::ChannelGraph graph(topology);
  Msat amount;
  Msat fees;
  std::map<DirectedChannel, Msat> carried;
  for (const sim::Route& route : routes) {
    amount += route.amount();
    fees += route.fee();
    Path path;
    for (const sim::Hop& hop : route.hops) {
      path.push_back(hop.channel);
      carried[hop.channel] += hop.amount;
      CHECK(!is_forbidden(request, hop.channel));
    }
    CHECK(topology.source(path.front()) == request.source);
    CHECK(topology.target(path.back()) == request.target);
    for (std::size_t i = 1; i < path.size(); ++i) {
      CHECK(topology.source(path[i]) == topology.target(path[i - 1]));
    }
    // Minima, maxima, disabled channels and time locks.
    const auto priced = sim::price_path(graph, path, route.amount(), request);
    REQUIRE(priced.has_value());
    CHECK(priced->hops == route.hops);
    CHECK(route.probability >= 0);
    CHECK(route.probability <= 1);
  }
  CHECK(amount == request.amount);
  CHECK(fees <= request.fee_limit);
  for (const sim::LocalChannel& own : request.local) CHECK(carried[own.channel] <= own.available);
  for (const sim::ChannelUse& use : request.used) {
    if (carried[use.channel] == Msat{0}) continue;
    const Msat capacity = *topology.channels[use.channel.channel().index].capacity;
    CHECK(carried[use.channel] + use.amount <= capacity);
  }
}

}  // namespace ampsim::test
