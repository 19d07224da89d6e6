#include "sim/routing/views/known_bounds.hpp"

#include <cmath>

#include "tests/pathfinding_vectors.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

constexpr Msat kCapacity{1000};
constexpr SimTime kNow{std::chrono::hours{10}};

/// A - B - C - D, and what A learns.
struct Line {
  Route route(std::int64_t amount) const {
    Route route;
    for (const DirectedChannel channel : channels)
      route.hops.push_back({channel, Msat{amount}, {}});
    return route;
  }
  void fail(std::int64_t amount,
            std::size_t at,
            FailureCode code = FailureCode::temporary_channel_failure,
            SimTime now = kNow) {
    view.report_sent(route(amount));
    view.report_failure(route(amount), at, code, now);
  }
  void succeed(std::int64_t amount, SimTime now = kNow) {
    view.report_sent(route(amount));
    view.report_success(route(amount), now);
  }
  LiquidityBounds bounds(DirectedChannel channel, Msat used = {}, SimTime now = kNow) const {
    return view.bounds(query(channel, used, now));
  }
  HopQuery query(DirectedChannel channel, Msat used = {}, SimTime now = kNow) const {
    return {.from = graph.tail(channel),
            .to = graph.head(channel),
            .channel = channel,
            .capacity = kCapacity,
            .used = used,
            .now = now};
  }
  void expect(DirectedChannel channel, std::int64_t lower, std::int64_t upper, Msat used = {}) {
    CHECK(bounds(channel, used).lower == Msat{lower});
    CHECK(bounds(channel, used).upper == Msat{upper});
  }

  SmallNetwork network;
  std::vector<DirectedChannel> channels = {network.channel("A", "B", kCapacity, {}),
                                           network.channel("B", "C", kCapacity, {}),
                                           network.channel("C", "D", kCapacity, {})};
  RoutingParams params;
  ChannelGraph graph = ChannelGraph(network.topology);
  KnownBounds view = KnownBounds(graph, params);
};

}  // namespace

TEST_CASE("known_bounds: nothing is known at first, and of own channels nothing is kept") {
  Line line;
  line.expect(line.channels[1], 0, 1000);
  line.expect(line.channels[1], 0, 700, Msat{300});
  line.fail(400, 0);
  CHECK(line.view.size() == 0);
}

TEST_CASE("known_bounds: a failed hop bounds from above, those before it from below") {
  Line line;
  line.fail(400, 2);
  line.expect(line.channels[1], 400, 1000);
  line.expect(line.channels[2], 0, 399);
  line.expect(line.channels[2], 0, 99, Msat{300});
  // What one direction can send, the other cannot.
  line.expect(line.channels[1].reversed(), 0, 600);
  line.expect(line.channels[2].reversed(), 601, 1000);
}

TEST_CASE("known_bounds: what else is in flight has left less of the balance") {
  Line line;
  line.view.report_sent(line.route(100));
  line.fail(400, 2);
  line.expect(line.channels[2], 0, 499);
  line.expect(line.channels[2], 0, 399, Msat{100});
  // The other part has landed: it does not count any more.
  line.view.report_failure(line.route(100), 1, FailureCode::temporary_node_failure, kNow);
  line.fail(300, 2);
  line.expect(line.channels[2], 0, 299);
}

TEST_CASE("known_bounds: a success moves both bounds, the other direction's upwards") {
  Line line;
  line.fail(800, 2);
  line.fail(300, 3, FailureCode::incorrect_or_unknown_payment_details);
  line.expect(line.channels[2], 300, 799);
  line.succeed(200);
  line.expect(line.channels[2], 100, 599);
  line.expect(line.channels[2].reversed(), 401, 900);
  // Of a channel of which nothing was known.
  Line fresh;
  fresh.succeed(200);
  fresh.expect(fresh.channels[1], 0, 800);
  fresh.expect(fresh.channels[1].reversed(), 200, 1000);
}

TEST_CASE("known_bounds: the newer of two bounds that contradict each other stays") {
  Line line;
  line.fail(400, 2);
  line.fail(600, 3, FailureCode::incorrect_or_unknown_payment_details);
  line.expect(line.channels[2], 600, 1000);
  line.fail(500, 2);
  line.expect(line.channels[2], 0, 499);
}

TEST_CASE("known_bounds: other failures say nothing of the channel, an incomplete set nothing") {
  Line line;
  line.fail(400, 2, FailureCode::fee_insufficient);
  line.expect(line.channels[2], 0, 1000);
  line.expect(line.channels[1], 400, 1000);
  Line incomplete;
  incomplete.fail(400, 3, FailureCode::mpp_timeout);
  CHECK(incomplete.view.size() == 0);
}

TEST_CASE("known_bounds: what cannot be read is blamed on the hops in turn") {
  Line line;
  line.fail(400, 1, FailureCode::unreadable);
  line.expect(line.channels[1], 0, 399);
  line.expect(line.channels[2], 0, 1000);
  line.fail(400, 1, FailureCode::unreadable);
  line.expect(line.channels[2], 0, 399);
}

TEST_CASE("known_bounds: bounds are dropped when they are old, each by itself") {
  Line line;
  line.fail(400, 2);
  const SimTime later = kNow + std::chrono::minutes{40};
  line.fail(300, 3, FailureCode::incorrect_or_unknown_payment_details, later);
  const auto at = [&](SimTime now) { return line.bounds(line.channels[2], {}, now); };
  CHECK(at(kNow + std::chrono::hours{1}).upper == Msat{399});
  CHECK(at(kNow + std::chrono::minutes{61}).upper == kCapacity);
  CHECK(at(kNow + std::chrono::minutes{61}).lower == Msat{300});
  CHECK(at(later + std::chrono::minutes{61}).lower == Msat{0});
  // A new bound does not revive what was too old.
  line.fail(700, 2, FailureCode::temporary_channel_failure, later + std::chrono::hours{2});
  CHECK(at(later + std::chrono::hours{2}).lower == Msat{0});
}

TEST_CASE("known_bounds: memory grows with what is learnt, and old channels leave it") {
  SmallNetwork network;
  const DirectedChannel own = network.channel("A", "B", kCapacity, {});
  for (int i = 0; i < 500; ++i) network.channel("B", "C" + std::to_string(i), kCapacity, {});
  const ChannelGraph graph(network.topology);
  const RoutingParams params;
  KnownBounds view(graph, params);
  for (std::uint32_t i = 0; i < 500; ++i) {
    Route route;
    route.hops = {{own, Msat{100}, {}}, {DirectedChannel::of({1 + i}, 0), Msat{100}, {}}};
    view.report_sent(route);
    view.report_success(route, kNow + std::chrono::minutes{i});
    CHECK(view.size() <= 2 * 64);
  }
  CHECK(view.size() >= 60);
}

TEST_CASE("known_bounds: every msat between the bounds is equally likely") {
  Line line;
  line.fail(800, 2);
  line.fail(300, 3, FailureCode::incorrect_or_unknown_payment_details);
  const auto probability = [&](std::int64_t amount, Msat used = {}) {
    HopQuery query = line.query(line.channels[2], used);
    query.amount = Msat{amount};
    return line.view.probability(query);
  };
  CHECK(probability(300) == 1);
  CHECK(probability(301) == doctest::Approx(499.0 / 500));
  CHECK(probability(799) == doctest::Approx(1.0 / 500));
  CHECK(probability(800) == 0);
  CHECK(probability(201, Msat{100}) == probability(301));
}

TEST_CASE("known_bounds: Pickhardt and Richter's probability, as in the vectors") {
  for (const auto& v : pathfinding_vectors("pr_success")) {
    CAPTURE(v.dump());
    // Theirs are whole sat of the capacity; the unit does not matter.
    const LiquidityBounds nothing{Msat{0}, Msat{v["cap"].get<std::int64_t>()}};
    const double p = uniform_probability(nothing, Msat{v["amt"].get<std::int64_t>()});
    CHECK(p == doctest::Approx(v["p"].get<double>()).epsilon(1e-13));
    CHECK(-std::log2(p) == doctest::Approx(v["cost_bits"].get<double>()).epsilon(1e-12));
  }
}
