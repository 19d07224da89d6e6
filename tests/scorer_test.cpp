#include "sim/routing/views/scorer.hpp"

#include <cmath>
#include <optional>

#include "core/random.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

constexpr Msat kCapacity = Msat::from_sat(1'000'000);
constexpr SimTime kStart{std::chrono::hours{1}};

Msat sat(std::int64_t count) { return Msat::from_sat(count); }

/// A - B - C - D, and a part of `amount` over all of it.
struct Line {
  explicit Line(Msat amount = sat(300'000)) {
    for (const char* ends : {"AB", "BC", "CD"}) {
      const DirectedChannel channel =
          network.channel({ends[0]}, {ends[1]}, kCapacity, {.htlc_minimum = Msat{1}});
      route.hops.push_back({channel, amount, BlockDelta{40}});
    }
    graph.emplace(network.topology);
    view.emplace(*graph, params);
  }
  HopQuery query(std::size_t hop, bool is_reversed = false, SimTime now = kStart) const {
    const DirectedChannel channel = route.hops[hop].channel;
    const DirectedChannel asked = is_reversed ? channel.reversed() : channel;
    return {.from = graph->tail(asked),
            .to = graph->head(asked),
            .channel = asked,
            .capacity = kCapacity,
            .amount = sat(100'000),
            .now = now};
  }
  void fail(std::size_t node, FailureCode code = FailureCode::temporary_channel_failure) {
    view->report_failure(route, node, code, kStart);
  }
  LiquidityBounds bounds(std::size_t hop, bool is_reversed = false, SimTime now = kStart) const {
    return view->bounds(query(hop, is_reversed, now));
  }

  SmallNetwork network;
  Route route;
  LdkParams params;
  std::optional<ChannelGraph> graph;
  std::optional<Scorer> view;
};

void check(LiquidityBounds bounds, Msat lower, Msat upper) {
  CHECK(bounds.lower == lower);
  CHECK(bounds.upper == upper);
}

}  // namespace

TEST_CASE("scorer: a failure bounds its channel from above and those before it from below") {
  Line line;
  line.fail(2);  // C could not send over CD
  check(line.bounds(1), sat(300'000), kCapacity);
  check(line.bounds(2), Msat{0}, sat(300'000));
  // Seen from the other end.
  check(line.bounds(1, true), Msat{0}, sat(700'000));
  check(line.bounds(2, true), sat(700'000), kCapacity);
  CHECK(line.view->met().size() == 2);  // the sender's own channel is none of it
}

TEST_CASE("scorer: a failure below the lower bound makes that worthless") {
  Line line;
  line.fail(2);
  line.route.hops.back().amount = sat(200'000);
  line.fail(1);
  check(line.bounds(1), Msat{0}, sat(200'000));
  line.route.hops.back().amount = sat(250'000);
  line.fail(2);  // got through BC after all
  check(line.bounds(1), sat(250'000), kCapacity);
  check(line.bounds(2), Msat{0}, sat(250'000));
}

TEST_CASE("scorer: a success takes its amount off the upper bound, and gives it to the other end") {
  Line line;
  line.view->report_success(line.route, kStart);
  check(line.bounds(2), Msat{0}, sat(700'000));
  check(line.bounds(2, true), sat(300'000), kCapacity);
  line.view->report_success(line.route, kStart);
  check(line.bounds(2), Msat{0}, sat(400'000));
}

TEST_CASE("scorer: what a failure is blamed on follows from its code and from who says it") {
  Line line;
  SUBCASE("the receiver has refused the part: all of it got through") {
    line.fail(3, FailureCode::incorrect_or_unknown_payment_details);
    check(line.bounds(1), sat(300'000), kCapacity);
    check(line.bounds(2), sat(300'000), kCapacity);
  }
  SUBCASE("the receiver has waited in vain: nothing") {
    line.fail(3, FailureCode::mpp_timeout);
    CHECK(line.view->met().empty());
  }
  SUBCASE("nobody can read it: nothing") {
    line.fail(2, FailureCode::unreadable);
    CHECK(line.view->met().empty());
  }
  SUBCASE("a node that fails has its incoming channel blamed") {
    line.fail(2, FailureCode::temporary_node_failure);
    check(line.bounds(1), Msat{0}, sat(300'000));
    check(line.bounds(2), Msat{0}, kCapacity);
  }
  SUBCASE("the last node but one may have changed the HTLC") {
    line.fail(3, FailureCode::final_incorrect_htlc_amount);
    check(line.bounds(1), sat(300'000), kCapacity);
    check(line.bounds(2), Msat{0}, sat(300'000));
  }
  SUBCASE("the sender's own") {
    line.fail(0);
    CHECK(line.view->met().empty());
  }
}

TEST_CASE("scorer: bounds give way by half in half an hour") {
  Line line;
  line.fail(2);
  const SimTime later = kStart + std::chrono::minutes{30};
  check(line.bounds(1, false, later), sat(150'000), kCapacity);
  check(line.bounds(2, false, later), Msat{0}, sat(650'000));
  check(line.bounds(2, false, later + std::chrono::minutes{30}), Msat{0}, sat(825'000));
  // News builds on what is left by then.
  line.view->report_success(line.route, later);
  check(line.bounds(2, false, later), Msat{0}, sat(350'000));
}

TEST_CASE("scorer: what is used counts against both bounds, and for the amount") {
  Line line;
  line.fail(2);
  HopQuery query = line.query(1);
  query.used = sat(250'000);
  check(line.view->bounds(query), sat(50'000), sat(750'000));
  HopQuery whole = line.query(1);
  whole.amount += query.used;
  CHECK(line.view->probability(query) == line.view->probability(whole));
  CHECK(line.view->risk(query).history == line.view->risk(whole).history);
}

TEST_CASE("scorer: probability is sure up to the lower bound, nothing from the upper, and falls") {
  Line line;
  line.fail(2);
  line.route.hops.back().amount = sat(600'000);
  line.fail(1);  // BC: 300k to 600k
  for (const BalanceDensity density : {BalanceDensity::edges, BalanceDensity::uniform}) {
    line.params.density = density;
    HopQuery query = line.query(1);
    double last = 1;
    for (int i = 0; i <= 1000; i += 10) {
      query.amount = sat(i * 1000);
      const double p = line.view->probability(query);
      CHECK(p <= last);
      if (i <= 300) CHECK(p == 1);
      if (i >= 600) CHECK(p == 0);
      if (i > 300 && i < 600) CHECK((p > 0 && p < 1));
      last = p;
    }
  }
  HopQuery middle = line.query(1);
  middle.amount = sat(450'000);
  CHECK(line.view->probability(middle) == doctest::Approx(0.5));
}

TEST_CASE(
    "scorer: an amount above the upper bound is impossible, and the risk of others is known") {
  Line line;
  line.fail(2);
  HopQuery query = line.query(2);
  query.amount = sat(300'000);
  CHECK(!line.view->risk(query).is_impossible);
  query.amount += Msat{1};
  CHECK(line.view->risk(query).is_impossible);
  query.amount = kCapacity;
  CHECK(line.view->risk(query).history == 2);
  // Of a channel that was not met.
  const LdkRisk unknown = line.view->risk(line.query(0));
  CHECK(unknown.history == unknown_risk(BalanceDensity::edges, sat(100'000), kCapacity).history);
}

TEST_CASE("scorer: 32 buckets, narrow at the ends, that leak and gain") {
  const auto& edges = BoundHistory::edges();
  for (std::size_t i = 1; i < edges.size(); ++i) {
    CHECK(edges[i] > edges[i - 1]);
    CHECK(edges[i] + edges[edges.size() - 1 - i] == BoundHistory::kTicks);
  }
  BoundHistory history;
  history.add(Msat{0}, kCapacity);
  CHECK(history.at(0) == 32);
  history.add(kCapacity / 2 + Msat{1}, kCapacity);  // tick 8192
  CHECK(history.at(16) == 32);
  CHECK(history.at(0) == 31);  // 32 * 2047 / 2048
  history.add(kCapacity, kCapacity);
  CHECK(history.at(31) == 32);
  // Fixed point: what is gained is what leaks.
  for (int i = 0; i < 100'000; ++i) history.add(Msat{0}, kCapacity);
  CHECK(history.at(0) > 60'000);
  CHECK(history.at(16) == 0);
  history.decay(1);
  CHECK(history.at(0) < 33'000);
  history.decay(16);
  CHECK(history.at(0) == 0);
}

TEST_CASE("scorer: history is the mean success of all pairs of bounds, weighted by their square") {
  // The formula as it reads, on random histories.
  Rng rng(1, "scorer_test");
  for (int round = 0; round < 200; ++round) {
    BoundHistory lower;
    BoundHistory upper;
    for (std::uint64_t n = 1 + rng.below(6); n > 0; --n) {
      lower.add(rng.below(3) == 0 ? Msat{0} : Msat{rng.between(0, kCapacity.count)}, kCapacity);
      upper.add(Msat{rng.between(0, kCapacity.count)}, kCapacity);
    }
    const Msat amount{rng.between(0, kCapacity.count)};
    const double tick = std::floor(static_cast<double>(amount.count) * 16384 /
                                   static_cast<double>(kCapacity.count + 1));
    const auto g = [](double x) { return std::pow(x - 0.5, 9) + (x - 0.5) / 256; };
    const auto success = [&](double low, double high) {
      if (tick >= high) return 0.0;
      if (tick < low) return 1.0;
      const double p = (g(high / 16383) - g(tick / 16383)) / (g(high / 16383) - g(low / 16383));
      return low == 0 ? p * 64 / 78 : p;
    };
    const auto end_of = [](std::size_t i) { return BoundHistory::edges()[32 - i] - 1.0; };
    std::size_t furthest = 0;
    for (std::size_t j = 0; j < 32; ++j) {
      if (upper.at(j) >= 32) furthest = j;
    }
    double weights = 0;
    double sum = 0;
    for (std::size_t i = 0; i < 32; ++i) {
      for (std::size_t j = 0; j < 32 - i; ++j) {
        const double weight = std::pow(double{1} * lower.at(i) * upper.at(j), 2);
        weights += weight;
        sum += weight * success(BoundHistory::edges()[i], end_of(i == 0 ? furthest : j));
      }
    }
    const auto found = history_success(BalanceDensity::edges, lower, upper, amount, kCapacity);
    if (weights < std::pow(32, 4)) {
      CHECK(!found.has_value());
    } else {
      CHECK(found.value() == doctest::Approx(sum / weights));
    }
  }
}

TEST_CASE("scorer: history fades after a fortnight without news") {
  Line line;
  for (int i = 0; i < 4; ++i) line.fail(2);
  const HopQuery soon = line.query(2, false, kStart + std::chrono::hours{24 * 14});
  const HopQuery late = line.query(2, false, kStart + std::chrono::hours{24 * 14 * 17});
  const double known = line.view->risk(line.query(2)).history;
  const double unknown = unknown_risk(BalanceDensity::edges, sat(100'000), kCapacity).history;
  CHECK(known > unknown);
  CHECK(line.view->risk(soon).history == known);
  CHECK(line.view->risk(late).history == unknown);
}
