#include "sim/routing/views/estimates.hpp"

#include <optional>

#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

constexpr SimTime kStart{std::chrono::hours{1}};
constexpr SimDuration kDay = std::chrono::hours{24};

Msat sat(std::int64_t count) { return Msat::from_sat(count); }

constexpr BalanceEstimate kUnknown{.low = Msat{0},
                                   .low_at = kStart,
                                   .high = Msat::from_sat(1'000'000),
                                   .high_at = kStart,
                                   .capacity = Msat::from_sat(1'000'000)};

double p(const BalanceEstimate& estimate, std::int64_t amount_sat, SimTime now = kStart) {
  return estimate.probability(sat(amount_sat), now, kDay);
}

/// A - B = C - D, of 1M sat each, and 600k beside the one from B to C.
struct Line {
  Line() {
    const topo::ForwardingPolicy free{.htlc_minimum = Msat{1}};
    for (const char* ends : {"AB", "BC", "CD"}) {
      route.hops.push_back({network.channel({ends[0]}, {ends[1]}, sat(1'000'000), free),
                            sat(300'000), BlockDelta{40}});
    }
    second = network.channel("B", "C", sat(600'000), free);
    graph.emplace(network.topology);
    view.emplace(*graph, kDay);
  }
  HopQuery query(DirectedChannel channel, std::int64_t amount_sat, SimTime now = kStart) const {
    return {.from = graph->tail(channel),
            .to = graph->head(channel),
            .channel = channel,
            .capacity = *network.topology.channels[channel.channel().index].capacity,
            .amount = sat(amount_sat),
            .now = now};
  }
  double ask(DirectedChannel channel, std::int64_t amount_sat, SimTime now = kStart) const {
    return view->probability(query(channel, amount_sat, now));
  }

  SmallNetwork network;
  Route route;
  DirectedChannel second;
  std::optional<ChannelGraph> graph;
  std::optional<Estimates> view;
};

}  // namespace

TEST_CASE("estimates: without news a balance is anywhere") {
  CHECK(p(kUnknown, 0) == 1);
  CHECK(p(kUnknown, 250'000) == 0.75);
  CHECK(p(kUnknown, 1'000'000) == 0);
  const SimTime later = kStart + kDay * 7;
  CHECK(p(kUnknown, 250'000, later) == 0.75);
}

TEST_CASE("estimates: a relay and a failure leave a straight line between them") {
  const BalanceEstimate known =
      kUnknown.after_relay(sat(200'000), kStart, kDay).after_failure(sat(600'000), kStart, kDay);
  CHECK(p(known, 100'000) == 1);
  CHECK(p(known, 200'000) == 1);
  CHECK(p(known, 400'000) == doctest::Approx(0.5));
  CHECK(p(known, 600'000) == 0);
  CHECK(p(known, 800'000) == 0);
  // A day later both count half: P(200k) = 0.8 / 2 + 1 / 2, P(600k) = 0.4 / 2.
  const SimTime later = kStart + kDay;
  CHECK(p(known, 200'000, later) == doctest::Approx(0.9));
  CHECK(p(known, 600'000, later) == doctest::Approx(0.2));
  CHECK(p(known, 400'000, later) == doctest::Approx(0.55));
  CHECK(p(known, 100'000, later) == doctest::Approx(0.95));
  CHECK(p(known, 800'000, later) == doctest::Approx(0.1));
}

TEST_CASE("estimates: contradictions are settled for the news") {
  const BalanceEstimate relayed = kUnknown.after_relay(sat(200'000), kStart, kDay);
  const BalanceEstimate failed = relayed.after_failure(sat(150'000), kStart, kDay);
  CHECK(failed.low == Msat{0});
  CHECK(failed.high == sat(150'000));
  // And the other way round.
  const BalanceEstimate more = failed.after_relay(sat(300'000), kStart, kDay);
  CHECK(more.low == sat(300'000));
  CHECK(more.high == sat(1'000'000));
}

TEST_CASE("estimates: a failure above the known one counts once that has faded") {
  const BalanceEstimate known = kUnknown.after_failure(sat(400'000), kStart, kDay);
  CHECK(known.after_failure(sat(500'000), kStart, kDay).high == sat(400'000));
  const SimTime later = kStart + kDay * 10;
  CHECK(known.after_failure(sat(500'000), later, kDay).high == sat(500'000));
}

TEST_CASE("estimates: what was sent is gone, and has come to the other end") {
  Line line;
  const DirectedChannel last = line.route.hops[2].channel;
  line.view->report_success(line.route, kStart);
  // The upper bound of 1M has moved to 700k.
  CHECK(line.ask(last, 700'000) == 0);
  CHECK(line.ask(last, 350'000) == doctest::Approx(0.5));
  CHECK(line.ask(last.reversed(), 300'000) == 1);
  // With a second channel beside it, the capacity says nothing.
  const DirectedChannel middle = line.route.hops[1].channel;
  CHECK(line.ask(middle, 700'000) == doctest::Approx(0.3));
  // Own channels are not remembered.
  CHECK(line.ask(line.route.hops[0].channel, 700'000) == doctest::Approx(0.3));
}

TEST_CASE("estimates: parallel channels are one, as large as the larger") {
  Line line;
  CHECK(line.ask(line.second, 500'000) == doctest::Approx(0.5));
  CHECK(line.ask(line.second, 600'001) == 0);
  line.view->report_failure(line.route, 1, FailureCode::temporary_channel_failure, kStart);
  CHECK(line.ask(line.second, 300'000) == 0);
  CHECK(line.ask(line.second, 150'000) == doctest::Approx(0.5));
}

TEST_CASE("estimates: a failed part teaches as far as it got") {
  Line line;
  const DirectedChannel middle = line.route.hops[1].channel;
  const DirectedChannel last = line.route.hops[2].channel;
  SUBCASE("no balance behind C") {
    line.view->report_failure(line.route, 2, FailureCode::temporary_channel_failure, kStart);
    CHECK(line.ask(middle, 300'000) == 1);
    CHECK(line.ask(last, 300'000) == 0);
  }
  SUBCASE("another reason behind C") {
    line.view->report_failure(line.route, 2, FailureCode::fee_insufficient, kStart);
    CHECK(line.ask(middle, 300'000) == 1);
    CHECK(line.ask(last, 300'000) == doctest::Approx(0.7));
  }
  SUBCASE("at the receiver") {
    line.view->report_failure(line.route, 3, FailureCode::mpp_timeout, kStart);
    CHECK(line.ask(last, 300'000) == 1);
  }
  SUBCASE("nobody knows where") {
    line.view->report_failure(line.route, 2, FailureCode::unreadable, kStart);
    CHECK(line.ask(middle, 300'000) == doctest::Approx(0.7));
  }
}

TEST_CASE("estimates: bounds fade to nothing known, and what is used comes off") {
  Line line;
  line.view->report_failure(line.route, 2, FailureCode::temporary_channel_failure, kStart);
  HopQuery query = line.query(line.route.hops[2].channel, 1, kStart + kDay);
  CHECK(line.view->bounds(query).upper == sat(650'000));
  query.used = sat(150'000);
  CHECK(line.view->bounds(query).upper == sat(500'000));
  query = line.query(line.route.hops[1].channel, 1, kStart + kDay);
  CHECK(line.view->bounds(query).lower == sat(150'000));
  CHECK(line.view->bounds(query).upper == sat(1'000'000));
}
