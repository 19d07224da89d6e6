#include "sim/routing/liquidity_view.hpp"

#include <string>
#include <vector>

#include "core/random.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/registry.hpp"
#include "sim/routing/views/no_memory.hpp"
#include "sim/routing/views/true_balances.hpp"
#include "tests/printing.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// A small network with balances, and a view of one kind on it.
struct Seen {
  Seen(const LiquidityViewKind& kind, std::uint64_t seed)
      : topology(make(seed)), graph(topology), network(topology, network_params, seed) {
    params.liquidity_view = kind.name;
    view = make_liquidity_view({graph, params, seed}, network);
  }
  static topo::Topology make(std::uint64_t seed) {
    topo::Topology topology = topo::make_topology(
        {.generator = "barabasi_albert", .nodes = 12, .channels_per_node = 2}, seed);
    topo::endow(topology, {}, seed);
    return topology;
  }
  HopQuery query(DirectedChannel channel, Msat amount, Msat used, SimTime now) const {
    return {.from = graph.tail(channel),
            .to = graph.head(channel),
            .channel = channel,
            .capacity = *topology.channels[channel.channel().index].capacity,
            .amount = amount,
            .used = used,
            .now = now};
  }
  /// A walk of up to four hops that ends nowhere in particular, with what its channels can carry.
  Route walk(Rng& rng) const {
    Route route;
    DirectedChannel at{static_cast<std::uint32_t>(rng.below(2 * topology.channels.size()))};
    Msat least = Msat::max();
    for (std::int64_t hops = rng.between(1, 4); hops > 0; --hops) {
      route.hops.push_back({at, {}, BlockDelta{80}});
      least = std::min(least, *topology.channels[at.channel().index].capacity);
      const std::span<const DirectedChannel> onward = network.outgoing(graph.head(at));
      at = onward[rng.below(onward.size())];
    }
    const Msat amount{rng.between(1, least.count)};
    for (Hop& hop : route.hops) hop.amount = amount;
    return route;
  }

  NetworkParams network_params;
  RoutingParams params;
  topo::Topology topology;
  ChannelGraph graph;
  Network network;
  std::unique_ptr<LiquidityView> view;
};

void learn(Seen& seen, Rng& rng, SimTime now) {
  const Route route = seen.walk(rng);
  if (rng.below(3) == 0) return seen.view->report_success(route, now);
  const FailureCode codes[] = {FailureCode::temporary_channel_failure,
                               FailureCode::temporary_channel_failure,
                               FailureCode::unknown_next_peer,
                               FailureCode::fee_insufficient,
                               FailureCode::mpp_timeout,
                               FailureCode::unreadable};
  seen.view->report_failure(route, rng.below(route.hops.size() + 1), codes[rng.below(6)], now);
}

}  // namespace

TEST_CASE("liquidity_view: what every kind must keep, whatever it has learnt") {
  for (const LiquidityViewKind& kind : liquidity_views()) {
    CAPTURE(kind.name);
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      CAPTURE(seed);
      Seen seen(kind, seed);
      Rng rng(seed, "liquidity_view_test");
      SimTime now{};
      for (int step = 0; step < 200; ++step) {
        now += std::chrono::seconds{rng.between(0, 2000)};
        learn(seen, rng, now);
        const DirectedChannel channel{
            static_cast<std::uint32_t>(rng.below(2 * seen.topology.channels.size()))};
        const Msat capacity = *seen.topology.channels[channel.channel().index].capacity;
        const Msat less{rng.between(1, capacity.count)};
        const Msat more = less + Msat{rng.between(0, capacity.count)};
        const Msat used{rng.between(0, capacity.count)};
        const auto chance = [&](Msat amount, Msat taken) {
          return seen.view->probability(seen.query(channel, amount, taken, now));
        };
        CHECK(chance(less, Msat{0}) >= 0);
        CHECK(chance(less, Msat{0}) <= seen.view->highest_probability() * (1 + 1e-9));
        CHECK(chance(less, Msat{0}) >= chance(more, Msat{0}) - 1e-12);
        CHECK(chance(capacity + Msat{1}, Msat{0}) == 0);
        CHECK(chance(less, capacity) == 0);
        const LiquidityBounds bounds = seen.view->bounds(seen.query(channel, less, used, now));
        CHECK(bounds.lower >= Msat{0});
        CHECK(bounds.lower <= bounds.upper);
        CHECK(bounds.upper <= capacity - used);
      }
    }
  }
}

TEST_CASE("liquidity_view: without memory all balances are equally likely") {
  // Of 3 msat: 0, 1, 2 or 3 are there.
  const NoMemory view;
  const auto chance = [&](std::int64_t amount, std::int64_t used) {
    return view.probability({.capacity = Msat{3}, .amount = Msat{amount}, .used = Msat{used}});
  };
  CHECK(chance(1, 0) == doctest::Approx(3. / 4));
  CHECK(chance(3, 0) == doctest::Approx(1. / 4));
  CHECK(chance(4, 0) == 0);
  CHECK(chance(1, 2) == doctest::Approx(1. / 2));
  CHECK(chance(2, 2) == 0);
}

TEST_CASE("liquidity_view: who sees balances knows what goes and what does not") {
  const auto found = std::find_if(liquidity_views().begin(), liquidity_views().end(),
                                  [](const auto& kind) { return kind.name == "balances"; });
  Seen seen(*found, 1);
  for (std::uint32_t i = 0; i < 2 * seen.topology.channels.size(); ++i) {
    const DirectedChannel channel{i};
    const Msat left = seen.network.channel(channel.channel()).spendable(channel.direction());
    CHECK(seen.view->probability(seen.query(channel, left, {}, {})) == 1);
    CHECK(seen.view->probability(seen.query(channel, left + Msat{1}, {}, {})) == 0);
    CHECK(seen.view->bounds(seen.query(channel, {}, left, {})).upper == Msat{0});
  }
  // A channel one of whose ends is away sends nothing, either way.
  const NodeId away{0};
  seen.network.leave(away);
  for (std::uint32_t i = 0; i < 2 * seen.topology.channels.size(); ++i) {
    const HopQuery query = seen.query({i}, Msat{1}, {}, {});
    if (query.from != away && query.to != away) continue;
    CHECK(seen.view->probability(query) == 0);
    CHECK(seen.view->bounds(query).upper == Msat{0});
  }
}
