#include "sim/routing/routers/eclair_router.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/random.hpp"
#include "sim/routing/routers/eclair_rule.hpp"
#include "sim/routing/routers/shortest_paths.hpp"
#include "sim/routing/views/estimates.hpp"
#include "sim/routing/views/no_memory.hpp"
#include "tests/printing.hpp"
#include "tests/wallet_networks.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using namespace ampsim::test;

namespace {

Msat sat(std::int64_t count) { return Msat::from_sat(count); }

/// Eclair's label and how a hop changes it, as they read.
struct Label {
  double score = 0;
  Msat amount;
  Msat fees;
  Msat hop_costs;
  BlockDelta delta;
  double probability = 1;
  int hops = 0;
};

struct PlainRule {
  const topo::Topology& topology;
  const RouteRequest& request;
  const LiquidityView& view;
  bool is_log;
  int max_hops;

  std::optional<Label> operator()(const Label& at, DirectedChannel channel) const {
    const topo::ForwardingPolicy& policy = policy_of(topology, channel);
    const Msat capacity = *topology.channels[channel.channel().index].capacity;
    const bool is_own = topology.source(channel) == request.source;
    if (is_forbidden(request, channel) || (policy.is_disabled && !is_own)) return {};
    if (at.amount > policy.htlc_maximum || at.amount < policy.htlc_minimum) return {};
    Label next = at;
    ++next.hops;
    if (next.hops > max_hops) return {};
    if (is_own) {
      for (const LocalChannel& own : request.local) {
        if (own.channel == channel && own.available < at.amount) return {};
      }
      return next;
    }
    Msat used;
    for (const ChannelUse& use : request.used) {
      if (use.channel == channel) used = use.amount;
    }
    if (at.amount + used > capacity) return {};
    const double p = view.probability({.from = topology.source(channel),
                                       .to = topology.target(channel),
                                       .channel = channel,
                                       .capacity = capacity,
                                       .amount = at.amount,
                                       .used = used,
                                       .now = request.now});
    if (p <= 0) return {};
    const Msat fee = policy.fee(at.amount);
    const Msat hop_cost{500 + at.amount.count * 200 / 1'000'000};
    next.amount += fee;
    next.fees += fee;
    next.hop_costs += hop_cost;
    next.delta = at.delta + policy.cltv_expiry_delta;
    next.probability *= p;
    const Msat failure{2000 + next.amount.count * 500 / 1'000'000};
    const double amount = static_cast<double>(next.amount.count);
    const double failure_cost = static_cast<double>(failure.count);
    next.score = is_log ? at.score + static_cast<double>((fee + hop_cost).count) +
                              amount * policy.cltv_expiry_delta.count * 1e-8 -
                              failure_cost * std::log(p)
                        : static_cast<double>((next.fees + next.hop_costs).count) +
                              amount * next.delta.count * 1e-8 + failure_cost / next.probability;
    if (next.fees > request.fee_limit) return {};
    if (next.delta + request.final_cltv_delta > request.cltv_limit) return {};
    return next;
  }
};

struct Scored {
  Path path;
  double score;
};

/// Yen's algorithm as it reads, without any bound; each way by the plain search.
std::vector<Scored> plain_paths(const PlainRule& rule, Msat amount, std::size_t k) {
  const topo::Topology& topology = rule.topology;
  std::vector<Scored> found;
  std::vector<Scored> candidates;
  const auto search = [&](NodeId from, const Label& start, std::span<const NodeId> closed,
                          std::span<const DirectedChannel> left_by, const Path& end) {
    PlainSearch<Label> plain{
        topology, rule.request.source,
        [&](const Label& at, DirectedChannel channel) -> std::optional<Label> {
          if (std::find(left_by.begin(), left_by.end(), channel) != left_by.end()) return {};
          return rule(at, channel);
        }};
    std::optional<Path> path = plain.run(from, start, closed);
    if (!path) return;
    path->insert(path->end(), end.begin(), end.end());
    candidates.push_back({*path, plain.states[rule.request.source.index].label->score});
  };
  search(rule.request.target, {.amount = amount}, {}, {}, {});
  while (!candidates.empty() && found.size() < k) {
    const auto least =
        std::min_element(candidates.begin(), candidates.end(),
                         [](const Scored& a, const Scored& b) { return a.score < b.score; });
    found.push_back(*least);
    candidates.erase(least);
    const Path last = found.back().path;
    Label root{.amount = amount};
    std::vector<NodeId> closed;
    for (std::size_t shared = 0; shared < last.size(); ++shared) {
      const Path end(last.end() - static_cast<std::ptrdiff_t>(shared), last.end());
      std::vector<DirectedChannel> left_by;
      for (const std::vector<Scored>* list : {&found, &candidates}) {
        for (const Scored& other : *list) {
          if (other.path.size() <= shared) continue;
          if (!std::equal(end.rbegin(), end.rend(), other.path.rbegin())) continue;
          left_by.push_back(other.path[other.path.size() - 1 - shared]);
        }
      }
      const DirectedChannel next = last[last.size() - 1 - shared];
      const NodeId spur = topology.target(next);
      search(spur, root, closed, left_by, end);
      closed.push_back(spur);
      if (shared + 1 < last.size()) root = *rule(root, next);
    }
  }
  return found;
}

/// What ShortestPaths finds.
std::vector<ScoredPath> found_paths(const topo::Topology& topology,
                                    const RouteRequest& request,
                                    const LiquidityView& view,
                                    const EclairParams& params,
                                    std::size_t k) {
  const ChannelGraph graph(topology);
  EclairRule rule(params);
  BackwardSearch<EclairRule> search(graph);
  ShortestPaths<EclairRule> shortest(graph, search);
  rule.fee_limit = request.fee_limit;
  rule.max_hops = params.max_hops;
  rule.begin(request, view, request.amount);
  search.begin(rule, request, request.amount);
  for (const FailedHop& failed : request.failed) search.mark(failed.channel, hop_blocked);
  for (const ChannelUse& use : request.used) search.mark(use.channel, hop_used);
  search.aim(rule, request.target, request.amount.count % 2 == 0 ? 1'000 : 5);
  std::vector<ScoredPath> paths = shortest.find(rule, request.target, k);
  search.end();
  return paths;
}

}  // namespace

TEST_CASE(
    "eclair_router: where nobody asks for a fee, these are the k simple paths of least weight") {
  // With the logarithm and without fees the weight of a path is a sum over its hops.
  std::size_t paths = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "eclair_router_test.brute_force");
    const SmallNetwork network = random_wallet_network(rng, 7, true);
    const topo::Topology& topology = network.topology;
    const RandomRequest random(rng, topology, false);
    const NoMemory view;
    const PlainRule rule{topology, random.request, view, true, 20};
    std::vector<double> all;
    for_each_simple_path(topology, random.request.source, random.request.target,
                         [&](const Path& path) {
                           std::optional<Label> label = Label{.amount = random.request.amount};
                           for (std::size_t i = path.size(); i-- > 0 && label;) {
                             label = rule(*label, path[i]);
                           }
                           if (label) all.push_back(label->score);
                         });
    std::sort(all.begin(), all.end());
    EclairParams params;
    params.uses_log_probability = true;
    params.max_hops = 20;
    const std::size_t k = 1 + seed % 9;
    const auto found = found_paths(topology, random.request, view, params, k);
    REQUIRE(found.size() == std::min(k, all.size()));
    for (std::size_t i = 0; i < found.size(); ++i) {
      CHECK(found[i].score == doctest::Approx(all[i]));
      for (std::size_t j = 0; j < i; ++j) CHECK(found[i].channels != found[j].channels);
    }
    paths += found.size();
  }
  CHECK(paths > 800);
}

TEST_CASE("eclair_router: random networks and knowledge give the plain algorithm's paths") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "eclair_router_test");
    const SmallNetwork network = random_wallet_network(rng, 10, false);
    const topo::Topology& topology = network.topology;
    const ChannelGraph graph(topology);
    Estimates estimates(graph, std::chrono::hours{24});
    const NoMemory none;
    for (int i = 0; i < 6; ++i) {
      const RandomRequest random(rng, topology, true);
      const LiquidityView& view = i % 2 == 0 ? static_cast<const LiquidityView&>(none) : estimates;
      EclairParams params;
      params.uses_log_probability = rng.below(2) == 0;
      params.max_hops = static_cast<std::uint32_t>(rng.between(2, 8));
      const PlainRule rule{topology, random.request, view, params.uses_log_probability,
                           static_cast<int>(params.max_hops)};
      const auto plain = plain_paths(rule, random.request.amount, 5);
      const auto found = found_paths(topology, random.request, view, params, 5);
      REQUIRE(found.size() == plain.size());
      for (std::size_t j = 0; j < found.size(); ++j) {
        CHECK(found[j].score == doctest::Approx(plain[j].score).epsilon(1e-12));
      }
      if (found.empty()) continue;
      Route route;
      for (const DirectedChannel channel : found.front().channels) {
        route.hops.push_back({channel, random.request.amount, BlockDelta{40}});
      }
      estimates.report_failure(route, rng.below(route.hops.size() + 1),
                               FailureCode::temporary_channel_failure,
                               random.request.now - std::chrono::hours{rng.between(0, 48)});
    }
  }
}

TEST_CASE("eclair_router: parts of random networks keep to every limit and to the amount") {
  int divided = 0;
  int found_routes = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "eclair_router_test.parts");
    const SmallNetwork network = random_wallet_network(rng, 10, false);
    const topo::Topology& topology = network.topology;
    const ChannelGraph graph(topology);
    RoutingParams params;
    const PartAmount rules[] = {PartAmount::random, PartAmount::full, PartAmount::expected};
    params.eclair.part_amount = rules[seed % 3];
    EclairRouter router(graph, params, seed);
    const NoMemory view;
    for (int i = 0; i < 10; ++i) {
      RandomRequest random(rng, topology, true);
      random.request.amount = random.request.amount * rng.between(1, 6);
      const PartLimits limits{.min_part = sat(10'000), .max_parts = 2 + (seed % 4 == 0 ? 6U : 1U)};
      const PartsResult parts = router.find_flow(random.request, view, limits);
      if (const auto* const routes = std::get_if<std::vector<Route>>(&parts)) {
        check_routes(topology, random.request, *routes);
        CHECK(routes->size() <= limits.max_parts);
        if (routes->size() > 1) ++divided;
        for (const Route& route : *routes) {
          if (routes->size() > 1) CHECK(route.amount() >= limits.min_part);
        }
      }
      const RouteResult whole = router.find(random.request, view);
      if (const Route* const route = std::get_if<Route>(&whole)) {
        ++found_routes;
        check_routes(topology, random.request, {*route});
      }
    }
  }
  CHECK(divided > 100);
  CHECK(found_routes > 500);
}

namespace {

/// Two ways from "a" to "d" of the network; in order of weight and with all of a path's capacity,
/// unless a test says otherwise.
struct Asked {
  explicit Asked(std::string_view text) : world(text), graph(world.topology) {
    for (std::uint32_t i = 0; i < 2 * world.topology.channels.size(); ++i) {
      const topo::Channel& channel = world.topology.channels[i / 2];
      if (world.topology.source({i}) != world.node("a")) continue;
      const Msat first = *channel.balance_0;
      local.push_back({{i}, i % 2 == 0 ? first : *channel.capacity - first});
    }
    params.eclair.shuffles = false;
    params.eclair.part_amount = PartAmount::full;
    request = {.source = world.node("a"),
               .target = world.node("d"),
               .fee_limit = sat(100'000),
               .cltv_limit = BlockDelta{2016},
               .final_cltv_delta = BlockDelta{40},
               .now = SimTime{std::chrono::hours{1}}};
  }
  /// The amounts in sat, by the first node after "a": "b 400000 c 200000".
  std::string parts(std::int64_t amount_sat, std::uint64_t seed = 1) {
    request.amount = sat(amount_sat);
    request.total = request.amount;
    request.local = local;
    EclairRouter router(graph, params, seed);
    const PartsResult result =
        router.find_flow(request, view, {.min_part = sat(1'000), .max_parts = 16});
    if (std::holds_alternative<NoRoute>(result)) return "none";
    std::string text;
    for (const Route& route : std::get<std::vector<Route>>(result)) {
      const NodeId first = world.topology.target(route.hops.front().channel);
      text += (text.empty() ? "" : " ") + world.topology.nodes[first.index].name + " " +
              std::to_string(route.amount().count / 1000);
    }
    return text;
  }

  World world;
  ChannelGraph graph;
  NoMemory view;
  RoutingParams params;
  std::vector<LocalChannel> local;
  RouteRequest request;
};

//      b     the cheap way, 400k
//     / .
//    a   d
//     \ /
//      c     the dear way, 900k
const char* kTwoWays = R"(
  a 400000 -- 100000 b  ppm=100
  b 900000 -- 100000 d  ppm=100
  a 900000 -- 100000 c  ppm=900
  c 900000 -- 100000 d  ppm=900
)";

}  // namespace

TEST_CASE("eclair_router: the full rule takes the best path as far as it goes") {
  Asked asked(kTwoWays);
  CHECK(asked.parts(300'000) == "b 300000");
  // b has 400k for the fee, too: 400 000 / 1.0001.
  CHECK(asked.parts(600'000) == "b 399960 c 200039");
  CHECK(asked.parts(1'400'000) == "none");
}

TEST_CASE("eclair_router: the random rule takes 20 to 100 percent, and spreads what is missing") {
  Asked asked(kTwoWays);
  asked.params.eclair.part_amount = PartAmount::random;
  bool is_divided = false;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const std::string parts = asked.parts(390'000, seed);
    if (parts != "b 390000") {
      is_divided = true;
      CHECK(parts.substr(0, 2) == "b ");
      CHECK(std::stoll(parts.substr(2)) >= 78'000);
    }
    CHECK(asked.parts(1'290'000, seed) != "none");
  }
  CHECK(is_divided);
}

TEST_CASE("eclair_router: the expected rule maximises what arrives on average") {
  // x (1 - x / c) is largest at half of the only channel that is not the sender's.
  Asked asked(kTwoWays);
  asked.params.eclair.part_amount = PartAmount::expected;
  asked.params.eclair.min_part = sat(1);
  asked.local[0].available = sat(900'000);  // of 500k, but b never sees that
  const std::string parts = asked.parts(450'000);
  CHECK(parts == "b 450000");
  Asked narrow(R"(
    a 900000 -- 100000 b
    b 300000 -- 100000 d
    a 900000 -- 100000 c
    c 300000 -- 100000 d  base=1000
  )");
  narrow.params.eclair.part_amount = PartAmount::expected;
  const std::string halves = narrow.parts(390'000);
  CHECK(halves.substr(0, 5) == "b 200");  // half of 400k, to a thousandth
}

TEST_CASE("eclair_router: a channel rests 60 seconds after a temporary failure, others for good") {
  Asked asked(kTwoWays);
  std::vector<FailedHop> failed = {{DirectedChannel::of({1}, 0), sat(1),
                                    FailureCode::temporary_channel_failure,
                                    asked.request.now - std::chrono::seconds{59}}};
  asked.request.failed = failed;
  CHECK(asked.parts(300'000) == "c 300000");
  failed[0].at = asked.request.now - std::chrono::seconds{60};
  CHECK(asked.parts(300'000) == "b 300000");
  failed[0].code = FailureCode::unknown_next_peer;
  CHECK(asked.parts(300'000) == "c 300000");
  failed[0].code = FailureCode::mpp_timeout;  // the receiver's
  CHECK(asked.parts(300'000) == "b 300000");
  // The sender's own: it knows its channels.
  failed[0] = {DirectedChannel::of({0}, 0), sat(1), FailureCode::temporary_channel_failure,
               SimTime{}};
  CHECK(asked.parts(300'000) == "c 300000");
}

TEST_CASE("eclair_router: the fee is bounded by 21 sat or 3 percent, whichever is more") {
  Asked asked(R"(
    a 900000 -- 100000 b
    b 900000 -- 100000 d  base=21000
  )");
  asked.params.eclair.min_part = sat(1);
  CHECK(asked.parts(100) == "b 100");  // 21 sat of 100
  Asked dear(R"(
    a 900000 -- 100000 b
    b 900000 -- 100000 d  base=21001
  )");
  dear.params.eclair.min_part = sat(1);
  CHECK(dear.parts(100) == "none");
  CHECK(dear.parts(700) == "none");
  CHECK(dear.parts(701) == "b 701");
}

TEST_CASE("eclair_router: more than six hops only where there is no other way") {
  Asked asked(R"(
    a 900000 -- 100000 b
    b 900000 -- 100000 e
    e 900000 -- 100000 f
    f 900000 -- 100000 g
    g 900000 -- 100000 h
    h 900000 -- 100000 i
    i 900000 -- 100000 d
  )");
  CHECK(asked.parts(100'000) == "b 100000");
  Asked both(R"(
    a 900000 -- 100000 b
    b 900000 -- 100000 e
    e 900000 -- 100000 f
    f 900000 -- 100000 g
    g 900000 -- 100000 h
    h 900000 -- 100000 i
    i 900000 -- 100000 d
    a 900000 -- 100000 c
    c 900000 -- 100000 d  ppm=20000
  )");
  CHECK(both.parts(100'000) == "c 100000");
}

TEST_CASE("eclair_router: payments end, with what can be paid paid") {
  for (const char* view : {"auto", "estimates", "scorer", "balances"}) {
    for (const char* splitter : {"auto", "halving"}) {
      CAPTURE(std::string(view));
      World world(R"(
        a 500000 -- 0 b
        b 300000 -- 200000 d
        a 500000 -- 0 c
        c 450000 -- 50000 d
      )");
      world.params.routing.algorithm = "eclair";
      world.params.routing.liquidity_view = view;
      world.params.routing.splitter = splitter;
      world.pay("a", "d", 100'000).pay("a", "d", 800'000, 200'000);
      const RunResult& result = world.run();
      world.expect_conserved();
      REQUIRE(result.payments.size() == 2);
      CHECK(result.payments[0].state == PaymentState::succeeded);
      CHECK(result.payments[1].state == PaymentState::failed);
      CHECK(world.balance("d") == sat(250'000 + 100'000));
    }
  }
}

TEST_CASE("eclair_router: a payment that no path can carry is made in parts") {
  World world(R"(
    a 500000 -- 0 b
    b 1900000 -- 100000 d
    a 500000 -- 0 c
    c 1900000 -- 100000 d
  )");
  world.params.routing.algorithm = "eclair";
  world.pay("a", "d", 600'000);
  const RunResult& result = world.run();
  world.expect_conserved();
  CHECK(result.payments[0].state == PaymentState::succeeded);
  CHECK(result.payments[0].parts >= 2);
}
