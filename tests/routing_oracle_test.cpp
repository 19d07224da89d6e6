// Two oracles for LndRouter that share nothing with its loop: Boost.Graph's own Dijkstra on labels,
// and all simple paths of small networks where the greedy search is known to be optimal.
#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths_no_color_map.hpp>

#include "core/random.hpp"
#include "sim/routing/routers/lnd/path_cost.hpp"
#include "sim/routing/routers/lnd_router.hpp"
#include "sim/routing/views/apriori.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

std::string node_name(std::uint64_t i) { return "n" + std::to_string(i); }

/// A random multigraph with a policy for each directed channel from `draw`.
SmallNetwork random_network(Rng& rng,
                            std::uint64_t nodes,
                            std::uint64_t channels,
                            const std::function<topo::ForwardingPolicy()>& draw) {
  SmallNetwork network;
  for (std::uint64_t i = 0; i < nodes; ++i) network.node(node_name(i));
  for (std::uint64_t i = 0; i < channels; ++i) {
    const std::uint64_t a = rng.below(nodes);
    const std::uint64_t b = (a + 1 + rng.below(nodes - 1)) % nodes;
    const Msat capacity = Msat::from_sat(rng.between(2, 20) * 100'000);
    const DirectedChannel channel = network.channel(node_name(a), node_name(b), capacity, draw());
    topo::ForwardingPolicy back = draw();
    back.htlc_maximum = capacity;
    network.policy(channel.reversed()) = back;
  }
  return network;
}

RouteRequest request_between(std::uint32_t source,
                             std::uint32_t target,
                             std::span<const LocalChannel> local) {
  return {.source = {source},
          .target = {target},
          .amount = Msat::from_sat(150'000),
          .fee_limit = Msat::from_sat(7'500),
          .cltv_limit = BlockDelta{2016},
          .final_cltv_delta = BlockDelta{40},
          .now = {},
          .local = local};
}

/// What Boost's Dijkstra sorts: lnd's label, with the hop that made it.
struct Label {
  std::int64_t distance = std::numeric_limits<std::int64_t>::max();
  double probability = 0;
  std::int64_t weight = 0;
  Msat amount;
  BlockDelta expiry;
  DirectedChannel channel;

  auto order() const { return std::tuple(distance, -probability, channel.index); }
};

/// All channels from one node to another: the edge that Boost sees, reversed.
struct Bundle {
  NodeId tail;
  NodeId head;
  std::vector<DirectedChannel> channels;
};

/// lnd's relaxation as Boost's distance_combine; a hop that is not allowed gives the infinite
/// label. Knows nothing of past results.
class Relax {
 public:
  Relax(const topo::Topology& topology, const RoutingParams& params, const RouteRequest& request)
      : topology_(topology), params_(params), request_(request) {}

  Label operator()(const Label& at, const Bundle* bundle) const {
    if (at.distance == Label{}.distance) return {};
    if (at.amount - request_.amount > request_.fee_limit) return {};
    if (bundle->tail == request_.target) return {};
    return bundle->tail == request_.source ? local(at, *bundle) : remote(at, *bundle);
  }

 private:
  const topo::ForwardingPolicy& policy(DirectedChannel c) const {
    return *topology_.channels[c.channel().index].policy[c.direction()];
  }
  Msat capacity(DirectedChannel c) const { return *topology_.channels[c.channel().index].capacity; }
  Label extend(const Label& at,
               DirectedChannel channel,
               Msat fee,
               BlockDelta delta,
               double probability) const {
    Label label = at;
    label.weight += fee.count + at.amount.count * delta.count * 15 / 1'000'000'000;
    label.probability *= probability;
    label.amount += fee;
    label.expiry = at.expiry + delta;
    label.channel = channel;
    if (label.expiry > request_.cltv_limit || label.probability < params_.min_probability) {
      return {};
    }
    label.distance =
        static_cast<std::int64_t>(static_cast<double>(label.weight) +
                                  attempt_cost(params_, request_.amount) / label.probability);
    return label;
  }
  Label local(const Label& at, const Bundle& bundle) const {
    // All own channels are full in these tests: the largest capacity is the most available.
    DirectedChannel best;
    Msat largest;
    for (const DirectedChannel channel : bundle.channels) {
      if (at.amount > capacity(channel) || at.amount < policy(channel).htlc_minimum) continue;
      if (capacity(channel) > largest) {
        best = channel;
        largest = capacity(channel);
      }
    }
    return largest == Msat{0} ? Label{} : extend(at, best, Msat{0}, BlockDelta{0}, 0.95);
  }
  Label remote(const Label& at, const Bundle& bundle) const {
    DirectedChannel best;
    Msat fee{-1};
    Msat largest;
    BlockDelta delta;
    for (const DirectedChannel channel : bundle.channels) {
      const topo::ForwardingPolicy& asked = policy(channel);
      if (at.amount > capacity(channel) || at.amount < asked.htlc_minimum || asked.is_disabled) {
        continue;
      }
      if (asked.fee(at.amount) > fee) {
        fee = asked.fee(at.amount);
        best = channel;
      }
      largest = std::max(largest, capacity(channel));
      delta = std::max(delta, asked.cltv_expiry_delta);
    }
    if (fee < Msat{0}) return {};
    return extend(at, best, fee, delta, 0.6 * capacity_factor(at.amount, largest));
  }

  const topo::Topology& topology_;
  const RoutingParams& params_;
  const RouteRequest& request_;
};

struct IsBetter {
  bool operator()(const Label& a, const Label& b) const { return a.order() < b.order(); }
  // Boost asks whether a weight alone is below zero; none is.
  bool operator()(const Bundle*, const Label&) const { return false; }
};

/// The route by Boost.Graph's Dijkstra from the target over reversed channels, or nothing.
std::optional<Route> boost_route(const topo::Topology& topology,
                                 const RoutingParams& params,
                                 const RouteRequest& request) {
  using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property,
                                                   const Bundle*, boost::no_property>;
  std::vector<Bundle> bundles;
  std::vector<std::uint32_t> order(2 * topology.channels.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(topology.target({a}), topology.source({a}), a) <
           std::tuple(topology.target({b}), topology.source({b}), b);
  });
  for (const std::uint32_t i : order) {
    const NodeId tail = topology.source({i});
    const NodeId head = topology.target({i});
    if (bundles.empty() || bundles.back().tail != tail || bundles.back().head != head) {
      bundles.push_back({tail, head, {}});
    }
    bundles.back().channels.push_back({i});
  }
  std::vector<std::pair<std::size_t, std::size_t>> ends;
  std::vector<const Bundle*> weights;
  for (const Bundle& bundle : bundles) {
    ends.emplace_back(bundle.head.index, bundle.tail.index);
    weights.push_back(&bundle);
  }
  const Graph graph(boost::edges_are_sorted, ends.begin(), ends.end(), weights.begin(),
                    topology.nodes.size());

  std::vector<Label> labels(topology.nodes.size());
  std::vector<std::size_t> predecessors(topology.nodes.size());
  const auto index = get(boost::vertex_index, graph);
  Label start;
  start.distance = 0;
  start.probability = 1;
  start.amount = request.amount;
  start.expiry = request.final_cltv_delta;
  boost::dijkstra_shortest_paths_no_color_map(
      graph, request.target.index,
      boost::predecessor_map(boost::make_iterator_property_map(predecessors.begin(), index))
          .distance_map(boost::make_iterator_property_map(labels.begin(), index))
          .weight_map(get(boost::edge_bundle, graph))
          .vertex_index_map(index)
          .distance_compare(IsBetter{})
          .distance_combine(Relax(topology, params, request))
          .distance_inf(Label{})
          .distance_zero(start));

  const Label& found = labels[request.source.index];
  if (found.distance == Label{}.distance) return std::nullopt;
  Route route{.hops = {}, .probability = found.probability, .cost = found.distance};
  for (std::size_t node = request.source.index; node != request.target.index;) {
    const DirectedChannel channel = labels[node].channel;
    node = topology.target(channel).index;
    route.hops.push_back({channel, labels[node].amount, labels[node].expiry});
  }
  return route;
}

/// The least distance of all simple paths; each hop costs its base fee and `hop_probability`.
std::optional<std::int64_t> least_distance(const topo::Topology& topology,
                                           const RoutingParams& params,
                                           const RouteRequest& request) {
  std::optional<std::int64_t> least;
  std::vector<bool> visited(topology.nodes.size());
  const std::function<void(NodeId, std::int64_t, double)> walk =
      [&](NodeId node, std::int64_t weight, double probability) {
        if (node == request.source) {
          const std::int64_t found =
              distance(weight, attempt_cost(params, request.amount), probability);
          least = std::min(least.value_or(found), found);
          return;
        }
        visited[node.index] = true;
        for (std::uint32_t i = 0; i < 2 * topology.channels.size(); ++i) {
          const NodeId tail = topology.source({i});
          if (topology.target({i}) != node || visited[tail.index]) continue;
          const bool is_own = tail == request.source;
          const Msat fee =
              is_own ? Msat{0} : topology.channels[i / 2].policy[i % 2]->fee(request.amount);
          walk(tail, weight + fee.count,
               probability * (is_own ? kSuccessProbability : params.hop_probability));
        }
        visited[node.index] = false;
      };
  walk(request.target, 0, 1);
  return least;
}

}  // namespace

TEST_CASE("routing_oracle: Boost.Graph's Dijkstra on lnd's labels finds the same routes") {
  std::size_t found_routes = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "routing_oracle_test");
    const SmallNetwork network = random_network(rng, 10, 30, [&] {
      return topo::ForwardingPolicy{
          .fee_base = Msat{rng.between(0, 3) * 1000},
          .fee_proportional = Ppm{static_cast<std::uint32_t>(rng.below(4)) * 500},
          .cltv_expiry_delta = BlockDelta{40 * static_cast<std::int32_t>(rng.below(4))},
          .htlc_minimum = Msat{1000},
          .is_disabled = rng.chance(0.1)};
    });
    const ChannelGraph graph(network.topology);
    const RoutingParams params;
    LndRouter router(graph, params);
    for (std::uint32_t target = 1; target < 10; ++target) {
      CAPTURE(target);
      const auto local = network.local({0});
      const RouteRequest request = request_between(0, target, local);
      const RouteResult found = router.find(request, Apriori(graph, params));
      const std::optional<Route> expected = boost_route(network.topology, params, request);
      REQUIRE(std::holds_alternative<Route>(found) == expected.has_value());
      if (!expected) continue;
      const Route& route = std::get<Route>(found);
      CHECK(route.hops == expected->hops);
      CHECK(route.cost == expected->cost);
      CHECK(route.probability == expected->probability);
      ++found_routes;
    }
  }
  CHECK(found_routes > 250);
}

TEST_CASE("routing_oracle: where labels are isotone the route is the best of all paths") {
  // Isotone: base fees only and an attempt that costs nothing, so that distances are sums; or no
  // fees at all and equal probabilities, so that they count hops. Capacities are far above amounts.
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "routing_oracle_test.isotone");
    const bool has_fees = seed % 2 == 0;
    SmallNetwork network = random_network(rng, 3 + rng.below(4), 10, [&] {
      return topo::ForwardingPolicy{.fee_base = Msat{has_fees ? rng.between(1, 2000) : 0}};
    });
    for (topo::Channel& channel : network.topology.channels) {
      channel.capacity = Msat::from_sat(100'000'000);
      channel.policy[0]->htlc_maximum = *channel.capacity;
      channel.policy[1]->htlc_maximum = *channel.capacity;
      // Parallel channels count as their dearest; here each pair keeps one price.
      for (const topo::Channel& other : network.topology.channels) {
        if (other.ends == channel.ends) channel.policy = other.policy;
        if (other.ends[0] == channel.ends[1] && other.ends[1] == channel.ends[0]) {
          channel.policy = {other.policy[1], other.policy[0]};
        }
      }
    }
    RoutingParams params;
    params.min_probability = 0;
    if (has_fees) {
      params.attempt_cost = Msat{0};
      params.attempt_cost_proportional = Ppm{0};
    }
    const ChannelGraph graph(network.topology);
    LndRouter router(graph, params);
    for (std::uint32_t target = 1; target < network.topology.nodes.size(); ++target) {
      CAPTURE(target);
      const auto local = network.local({0});
      const RouteRequest request = request_between(0, target, local);
      const RouteResult found = router.find(request, Apriori(graph, params));
      const auto expected = least_distance(network.topology, params, request);
      REQUIRE(std::holds_alternative<Route>(found) == expected.has_value());
      if (expected) CHECK(std::get<Route>(found).cost == *expected);
    }
  }
}
