#include <algorithm>
#include <fstream>
#include <memory>
#include <string>

#include "core/check.hpp"
#include "core/random.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/routers/lnd_router.hpp"
#include "sim/routing/views/apriori.hpp"
#include "sim/routing/views/bimodal.hpp"
#include "sim/routing/views/estimates.hpp"
#include "sim/routing/views/known_bounds.hpp"
#include "sim/routing/views/no_memory.hpp"
#include "sim/routing/views/true_balances.hpp"
#include "tests/plain_router.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

bool same(const RouteResult& a, const RouteResult& b) {
  if (a.index() != b.index()) return false;
  if (const NoRoute* reason = std::get_if<NoRoute>(&a)) return *reason == std::get<NoRoute>(b);
  const Route& x = std::get<Route>(a);
  const Route& y = std::get<Route>(b);
  return x.hops == y.hops && x.cost == y.cost && x.probability == y.probability;
}

std::string node_name(std::uint64_t i) { return "n" + std::to_string(i); }

/// A random multigraph of 3 to 12 nodes. Policies are drawn from few values, so that ties abound;
/// in a third of the networks they are all equal. One direction in `disabled_one_in` is disabled.
SmallNetwork random_network(Rng& rng,
                            std::uint64_t most_nodes = 12,
                            std::uint64_t disabled_one_in = 10) {
  SmallNetwork network;
  const std::uint64_t nodes = 3 + rng.below(most_nodes - 2);
  AMPSIM_CHECK(nodes > 1, "a network of two nodes or more");  // for the static analysis, too
  const std::uint64_t channels = nodes + rng.below(3 * nodes);
  const bool is_uniform = rng.below(3) == 0;
  const bool is_free = rng.below(6) == 0;  // hops that add nothing where they are sure to succeed
  for (std::uint64_t i = 0; i < nodes; ++i) network.node(node_name(i));
  for (std::uint64_t i = 0; i < channels; ++i) {
    const std::uint64_t a = rng.below(nodes);
    const std::uint64_t b = (a + 1 + rng.below(nodes - 1)) % nodes;
    const Msat capacity = Msat::from_sat(is_uniform ? 1'000'000 : rng.between(1, 10) * 200'000);
    const DirectedChannel channel = network.channel(node_name(a), node_name(b), capacity, {});
    network.topology.channels.back().balance_0 = capacity * rng.between(0, 4) / 4;
    for (const DirectedChannel direction : {channel, channel.reversed()}) {
      topo::ForwardingPolicy& policy = network.policy(direction);
      policy.fee_base = Msat{is_uniform ? 1000 : rng.between(0, 3) * 1000};
      policy.fee_proportional = Ppm{is_uniform ? 100U : static_cast<unsigned>(rng.below(4)) * 250};
      policy.cltv_expiry_delta = BlockDelta{is_uniform ? 40 : 40 * static_cast<int>(rng.below(4))};
      policy.htlc_minimum = Msat{rng.below(8) == 0 ? 50'000'000 : 1000};
      if (rng.below(8) == 0) policy.htlc_maximum = capacity / 2;
      policy.is_disabled = rng.below(disabled_one_in) == 0;
      if (is_free) {
        policy.fee_base = Msat{0};
        policy.fee_proportional = Ppm{0};
        policy.cltv_expiry_delta = BlockDelta{0};
      }
    }
  }
  return network;
}

RoutingParams random_params(Rng& rng) {
  RoutingParams params;
  const double probabilities[] = {0.6, 0.6, 0.9, 1};
  params.hop_probability = probabilities[rng.below(4)];
  const double weights[] = {0.5, 0.5, 0, 1};
  params.apriori_weight = weights[rng.below(4)];
  if (rng.below(4) == 0) params.attempt_cost = Msat{0};
  if (rng.below(4) == 0) params.attempt_cost_proportional = Ppm{0};
  params.time_preference = static_cast<double>(rng.between(-1, 1));
  if (rng.below(2) == 0) params.bimodal.scale = Msat::from_sat(rng.between(1, 1'000'000));
  if (rng.below(4) == 0) params.bimodal.node_weight = static_cast<double>(rng.below(3)) / 2;
  return params;
}

FailureCode random_code(Rng& rng) {
  const FailureCode codes[] = {FailureCode::temporary_channel_failure,
                               FailureCode::temporary_channel_failure,
                               FailureCode::unknown_next_peer,
                               FailureCode::fee_insufficient,
                               FailureCode::channel_disabled,
                               FailureCode::expiry_too_soon,
                               FailureCode::mpp_timeout};
  return codes[rng.below(std::size(codes))];
}

/// A view of its own kind, whose probabilities stay below a bound and fall with the amount: what a
/// channel is worth hangs on its index alone.
class Whim final : public LiquidityView {
 public:
  double probability(const HopQuery& query) const override {
    const auto taken = static_cast<double>((query.amount + query.used).count);
    const double share = taken / static_cast<double>(query.capacity.count);
    return share > 1 ? 0 : kHighest * (1 - share * (query.channel.index % 4) / 8);
  }
  LiquidityBounds bounds(const HopQuery& query) const override { return {{}, query.capacity}; }
  double highest_probability() const override { return kHighest; }
  bool remembers() const override { return false; }
  void report_success(const Route& /*route*/, SimTime /*now*/) override {}
  void report_failure(const Route& /*route*/,
                      std::size_t /*erring_node*/,
                      FailureCode /*code*/,
                      SimTime /*now*/) override {}

 private:
  static constexpr double kHighest = 0.8;
};

/// One view a sender, all of one random kind.
std::vector<std::unique_ptr<LiquidityView>> random_views(const ChannelGraph& graph,
                                                         const RoutingParams& params,
                                                         const Network& network,
                                                         Rng& rng) {
  const std::uint64_t kind = rng.below(11);
  std::vector<std::unique_ptr<LiquidityView>> views(3);
  for (auto& view : views) {
    if (kind < 3) {
      view = std::make_unique<Apriori>(graph, params);
    } else if (kind < 6) {
      view = std::make_unique<Bimodal>(graph, params);
    } else if (kind == 6) {
      view = std::make_unique<NoMemory>();
    } else if (kind == 7) {
      view = std::make_unique<Whim>();
    } else if (kind == 8) {
      view = std::make_unique<TrueBalances>(network);
    } else if (kind == 9) {
      view = std::make_unique<Estimates>(graph, std::chrono::hours{6});
    } else {
      view = std::make_unique<KnownBounds>(graph, params);
    }
  }
  return views;
}

/// What a request refers to.
struct Surroundings {
  std::vector<LocalChannel> local;
  std::vector<ChannelId> avoided;
  std::vector<ChannelUse> used;
  std::vector<FailedHop> failed;
};

/// In a third of the queries some channels are to be avoided, the sender's own or any; in a third
/// other parts use some; in a third the payment has failed at some.
Surroundings random_surroundings(const topo::Topology& topology, NodeId source, Rng& rng) {
  Surroundings around;
  const auto channels = static_cast<std::uint32_t>(topology.channels.size());
  const auto capacity = [&](DirectedChannel channel) {
    return *topology.channels[channel.channel().index].capacity;
  };
  for (std::uint32_t c = 0; c < 2 * channels; ++c) {
    if (topology.source({c}) != source) continue;
    around.local.push_back({{c}, capacity({c}) * rng.between(1, 4) / 4});
  }
  const std::uint64_t most = std::min<std::uint64_t>(1 + channels / 4, 40);
  const auto any = [&] {
    return DirectedChannel{static_cast<std::uint32_t>(rng.below(2 * channels))};
  };
  if (rng.below(3) == 0) {
    for (std::uint64_t n = rng.below(most) + 1; n > 0; --n)
      around.avoided.push_back(any().channel());
    if (!around.local.empty() && rng.below(2) == 0) {
      around.avoided.push_back(around.local[rng.below(around.local.size())].channel.channel());
    }
  }
  if (rng.below(3) == 0) {
    for (std::uint64_t n = rng.below(most) + 1; n > 0; --n) {
      const DirectedChannel channel = any();
      const bool is_known =
          topology.source(channel) == source ||
          std::any_of(around.used.begin(), around.used.end(),
                      [&](const ChannelUse& use) { return use.channel == channel; });
      if (!is_known) around.used.push_back({channel, capacity(channel) * rng.between(1, 3) / 4});
    }
  }
  if (rng.below(3) == 0) {
    for (std::uint64_t n = rng.below(most) + 1; n > 0; --n) {
      const DirectedChannel channel = any();
      around.failed.push_back({channel, capacity(channel) / 8, random_code(rng), {}});
    }
  }
  return around;
}

/// `queries` searches by a few senders of one network, each learning from made-up results and often
/// repeated; returns how many differ between LndRouter and PlainRouter. One in `new_one_in` is for
/// a new payment.
std::size_t differences(const topo::Topology& topology,
                        std::size_t queries,
                        Rng& rng,
                        std::uint64_t new_one_in = 4) {
  const RoutingParams params = random_params(rng);
  const ChannelGraph graph(topology);
  LndRouter router(graph, params);
  PlainRouter plain(topology, params);
  const std::uint64_t nodes = topology.nodes.size();
  std::size_t different = 0;
  const Network network(topology, {}, rng.below(1000));
  const std::vector<std::unique_ptr<LiquidityView>> views =
      random_views(graph, params, network, rng);
  const std::uint64_t first = rng.below(nodes);
  SimTime now{};
  RouteRequest request;
  Surroundings around;
  std::uint64_t sender = 0;
  for (std::size_t i = 0; i < queries; ++i) {
    const bool is_new = i == 0 || rng.below(new_one_in) == 0;
    if (is_new) {
      sender = rng.below(std::min<std::uint64_t>(nodes, views.size()));
      request.source = {static_cast<std::uint32_t>((first + sender) % nodes)};
      request.target = {
          static_cast<std::uint32_t>((request.source.index + 1 + rng.below(nodes - 1)) % nodes)};
      // Round amounts, which give ties, and any.
      request.amount =
          Msat{rng.below(2) == 0 ? rng.between(1, 20) * 25'000'000 : rng.between(1, 600'000'000)};
      request.total = request.amount;
      request.cltv_limit = BlockDelta{rng.below(4) == 0 ? 160 : 2016};
      request.final_cltv_delta = BlockDelta{40};
      around = random_surroundings(topology, request.source, rng);
    }
    if (is_new || rng.below(8) == 0) request.fee_limit = Msat{rng.between(0, 5) * 20'000};
    request.now = now;
    request.local = around.local;
    request.avoided = around.avoided;
    request.used = around.used;
    request.failed = around.failed;
    LiquidityView& view = *views[sender];
    const RouteResult found = router.find(request, view);
    if (!same(found, plain.find(request, view))) ++different;

    now += std::chrono::minutes{rng.below(8) == 0 ? rng.between(0, 20'000) : rng.between(0, 30)};
    const Route* route = std::get_if<Route>(&found);
    if (route == nullptr) continue;
    if (rng.below(2) == 0) {
      view.report_success(*route, now);
    } else {
      view.report_failure(*route, rng.below(route->hops.size() + 1), random_code(rng), now);
    }
  }
  return different;
}

/// A snapshot beside the repository, what it leaves open drawn; empty where it is absent.
topo::Topology snapshot(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names) {
    files.push_back(std::string(AMPSIM_SOURCE_DIR "/../shared/data/") + name);
    if (!std::ifstream(files.back())) return {};
  }
  topo::Topology topology = topo::import_files(files);
  topo::endow(topology, {}, 1);
  return topology;
}

/// Differences on `queries` searches on each of the snapshots, by `senders` times three senders.
void compare_on_snapshots(std::size_t senders, std::size_t queries) {
  const std::vector<std::vector<std::string>> snapshots = {
      {"cloth-2020-12-17/nodes_ln.csv", "cloth-2020-12-17/channels_ln.csv",
       "cloth-2020-12-17/edges_ln.csv"},
      {"ln-2026-02-03/describegraph.json.gz"},
      {"formats/lnd-describegraph-100-nodes.json"},
  };
  for (const std::vector<std::string>& files : snapshots) {
    CAPTURE(files.front());
    const topo::Topology topology = snapshot(files);
    if (topology.nodes.empty()) {
      MESSAGE("skipped: no snapshots beside the repository");
      return;
    }
    for (std::uint64_t seed = 0; seed < senders; ++seed) {
      CAPTURE(seed);
      Rng rng(seed, "reference_router_test.snapshot");
      CHECK(differences(topology, queries / senders, rng) == 0);
    }
  }
}

}  // namespace

TEST_CASE("reference_router: random networks and knowledge give the plain search's routes") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "reference_router_test");
    CHECK(differences(random_network(rng).topology, 20, rng) == 0);
  }
}

TEST_CASE("reference_router: a hundred thousand random queries give the plain search's routes" *
          doctest::test_suite("slow")) {
  for (std::uint64_t seed = 1000; seed < 3000; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "reference_router_test");
    CHECK(differences(random_network(rng).topology, 50, rng) == 0);
  }
}

TEST_CASE("reference_router: networks that hardly connect give the plain search's routes") {
  for (std::uint64_t seed = 5000; seed < 5100; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "reference_router_test");
    CHECK(differences(random_network(rng, 60, 2).topology, 20, rng) == 0);
  }
}

TEST_CASE("reference_router: fifty thousand queries where most have no path, and long ones" *
          doctest::test_suite("slow")) {
  for (std::uint64_t seed = 6000; seed < 7000; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "reference_router_test");
    CHECK(differences(random_network(rng, 120, 2 + seed % 3).topology, 50, rng) == 0);
  }
}

TEST_CASE("reference_router: payments that are searched for often get the plain search's routes" *
          doctest::test_suite("slow")) {
  for (std::uint64_t seed = 10'000; seed < 20'000; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "reference_router_test");
    CHECK(differences(random_network(rng, 10 + seed % 40, 40).topology, 200, rng, 40) == 0);
  }
}

TEST_CASE("reference_router: snapshots of the network give the plain search's routes" *
          doctest::test_suite("slow")) {
  compare_on_snapshots(20, 400);
}

TEST_CASE("reference_router: a hundred thousand queries on snapshots of the network" *
          doctest::test_suite("soak")) {
  compare_on_snapshots(2000, 100'000);
}
