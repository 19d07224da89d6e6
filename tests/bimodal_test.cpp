#include "sim/routing/views/bimodal.hpp"

#include <cmath>

#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

constexpr Msat kCapacity = Msat::from_sat(1'000'000);
constexpr SimDuration kWeek = std::chrono::hours{7 * 24};
constexpr SimTime kNow{2 * kWeek};

/// A - B, B - C and B - D of 1,000,000 sat each, and what A believes.
struct Star {
  /// An HTLC of the amount from A over B got to its end, or failed at B.
  void learn(const char* to, Msat amount, bool succeeded, SimTime at) {
    const std::uint32_t last = *to == 'C' ? 1 : 2;
    const Route route{.hops = {{DirectedChannel::of({0}, 0), amount, {}},
                               {DirectedChannel::of({last}, 0), amount, {}}}};
    if (succeeded) {
      view.report_success(route, at);
    } else {
      view.report_failure(route, 1, FailureCode::temporary_channel_failure, at);
    }
  }
  HopQuery query(const char* to, Msat amount, SimTime now = kNow) {
    return {.from = network.node("B"),
            .to = network.node(to),
            .channel = DirectedChannel::of({*to == 'C' ? 1U : 2U}, 0),
            .capacity = kCapacity,
            .amount = amount,
            .used = {},
            .now = now};
  }

  SmallNetwork network;
  RoutingParams params;
  ChannelGraph graph{[this] {
    for (const char* ends : {"AB", "BC", "BD"}) {
      network.channel({ends[0]}, {ends[1]}, kCapacity, {});
    }
    return network.topology;
  }()};
  Bimodal view{graph, params};
};

double unknown(Msat amount) {
  return bimodal_probability(BimodalParams{}.scale, kCapacity, Msat{0}, kCapacity, amount);
}

}  // namespace

TEST_CASE("bimodal: liquidity lies at the ends, so half of a channel is there as often as not") {
  CHECK(unknown(kCapacity / 2) == doctest::Approx(0.5));
  CHECK(unknown(kCapacity / 10) > 0.8);
  CHECK(unknown(kCapacity * 9 / 10) < 0.2);
  CHECK(unknown(kCapacity) == 0);
  CHECK(unknown(kCapacity + Msat{1}) == 0);
}

TEST_CASE("bimodal: what got through gets through, what failed fails") {
  Star star;
  star.learn("C", kCapacity / 4, true, kNow);
  CHECK(star.view.probability(star.query("C", kCapacity / 4)) == 1);
  CHECK(star.view.probability(star.query("C", kCapacity / 2)) > unknown(kCapacity / 2));
  star.learn("C", kCapacity / 2, false, kNow);
  CHECK(star.view.probability(star.query("C", kCapacity / 2)) == 0);
  const double between = star.view.probability(star.query("C", kCapacity / 3));
  CHECK(between > 0);
  CHECK(between < 1);
  const LiquidityBounds bounds = star.view.bounds(star.query("C", {}));
  CHECK(bounds.lower == kCapacity / 4);
  CHECK(bounds.upper == kCapacity / 2 - Msat{1});
}

TEST_CASE("bimodal: knowledge decays towards none") {
  Star star;
  star.learn("C", kCapacity / 2, true, kNow);
  // After one decay time what is left of the success is half the capacity / e.
  const LiquidityBounds later = star.view.bounds(star.query("C", {}, kNow + kWeek));
  CHECK(later.lower == Msat{std::llround(std::floor(5e8 * std::exp(-1)))});
  star.learn("C", kCapacity / 2, false, kNow);
  const LiquidityBounds both = star.view.bounds(star.query("C", {}, kNow + kWeek));
  CHECK(both.upper == kCapacity - Msat{std::llround(std::floor(5e8 * std::exp(-1)))} - Msat{1});
  const double long_after =
      star.view.probability(star.query("C", kCapacity / 3, kNow + 100 * kWeek));
  CHECK(long_after == doctest::Approx(unknown(kCapacity / 3)));
}

TEST_CASE("bimodal: a node's results with others count where there is no young one of the pair") {
  Star star;
  star.learn("D", kCapacity / 10, true, kNow);
  const double direct = unknown(kCapacity / 2);
  CHECK(star.view.probability(star.query("C", kCapacity / 2)) ==
        doctest::Approx((direct + 0.2) / 1.2));
  star.learn("D", kCapacity / 2, false, kNow);
  CHECK(star.view.probability(star.query("C", kCapacity / 2)) ==
        doctest::Approx((direct + 0.2) / 1.4));
  // The pair itself, until it is a week old.
  star.learn("C", kCapacity / 10, true, kNow);
  const double known = bimodal_probability(BimodalParams{}.scale, kCapacity, kCapacity / 10,
                                           kCapacity, kCapacity / 2);
  CHECK(star.view.probability(star.query("C", kCapacity / 2)) == doctest::Approx(known));
  CHECK(star.view.probability(star.query("C", kCapacity / 2, kNow + kWeek)) !=
        doctest::Approx(known));
}

TEST_CASE("bimodal: an own channel is sure, but for a while after it failed") {
  Star star;
  CHECK(star.view.local_pair_probability(nullptr, {1}, kNow) == 1);
  NodeResults results;
  results.pairs = {{.to = {1}, .failure = Msat{0}, .failure_time = kNow}};
  CHECK(star.view.local_pair_probability(&results, {1}, kNow) == 0);
  CHECK(star.view.local_pair_probability(&results, {1}, kNow + kWeek) ==
        doctest::Approx(1 - std::exp(-1)));
  CHECK(star.view.local_pair_probability(&results, {2}, kNow) == 1);
}

TEST_CASE("bimodal: results that contradict the capacity are made to fit") {
  const Msat scale = BimodalParams{}.scale;
  // A failure that is not above the success: both are forgotten.
  CHECK(bimodal_probability(scale, kCapacity, kCapacity / 2, kCapacity / 2, kCapacity / 2) == 0.5);
  CHECK(bimodal_probability(scale, kCapacity, kCapacity * 2, kCapacity * 3, kCapacity - Msat{1}) ==
        1);
  CHECK(bimodal_probability(scale, kCapacity, Msat{0}, kCapacity * 3, kCapacity / 2) == 0.5);
  CHECK(bimodal_probability(scale, Msat{0}, Msat{0}, Msat{0}, Msat{0}) == 0);
}

TEST_CASE("bimodal: no channel is likelier than the bound for the amount") {
  Star star;
  for (std::int64_t amount = 1; amount < kCapacity.count; amount = amount * 5 / 3 + 1) {
    CAPTURE(amount);
    for (std::int64_t capacity = 1000; capacity <= kCapacity.count; capacity = capacity * 3 / 2) {
      CHECK(star.view.pair_probability(nullptr, {2}, Msat{amount}, Msat{capacity}, kNow) <=
            star.view.highest_without_success(Msat{amount}) * (1 + 1e-9));
    }
  }
}
