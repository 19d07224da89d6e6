/// Whole payments over small networks: delays, fees, refusals, retries, timers. One-way delays are
/// 10 ms where a test does not say otherwise, so a hop takes 30 ms forth, 10 ms for the preimage
/// back and 30 ms for a failure back.

#include <algorithm>
#include <string>
#include <vector>

#include "sim/measure/trace.hpp"
#include "tests/printing.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;

namespace {

double latency_ms(const PaymentRecord& payment) { return to_ms(payment.end - payment.start); }

/// alice reaches dave over bob or carol; each way carries 60,000 sat.
const char* const kTwoWays = R"(
  alice 60000 -- 0 bob
  alice 60000 -- 0 carol
  bob   60000 -- 0 dave
  carol 60000 -- 0 dave
)";

/// The cheap way from a to d is dry at b, and nobody but b knows; the other one costs 5 sat.
const char* const kDetour = R"(
  a 100000 -- 0 b
  b 0 -- 90000 d
  a 100000 -- 0 c
  c 90000 -- 0 d base=5000
)";

World two_ways(const std::string& scheme) {
  World world(kTwoWays);
  world.params.payment.scheme = scheme;
  return world;
}

}  // namespace

TEST_CASE("payment: the preimage is back after two round trips a hop") {
  World world(R"(
    a 100 -- 0 b
    b 100 -- 0 c
    c 100 -- 0 d
  )");
  world.pay("a", "d", 50).run();
  const PaymentRecord& payment = world.result().payments.at(0);
  CHECK(payment.state == PaymentState::succeeded);
  CHECK(latency_ms(payment) == doctest::Approx(3 * 40.0));
  CHECK(world.balance("d") == Msat::from_sat(50));
  CHECK(world.result().parts.at(0).held == SimTime{std::chrono::milliseconds{90}});
  // Locked: hop i from 30 i ms until 30 ms after its fulfilment, which leaves at 90 + 10 (2 - i).
  CHECK(world.measure("locked_msat_s") == doctest::Approx(50'000 * (0.140 + 0.100 + 0.060)));
  CHECK(world.measure("hops_mean") == doctest::Approx(3));
  world.expect_conserved();
}

TEST_CASE("payment: a failure is back after three round trips a hop") {
  World world(R"(
    a 100 -- 0 b
    b 100 -- 0 c
    c 10 -- 90 d
  )");
  world.pay("a", "d", 50).run();
  const PaymentRecord& payment = world.result().payments.at(0);
  CHECK(payment.state == PaymentState::failed);
  CHECK(payment.failure == PaymentFailure::no_route);
  CHECK(payment.attempts == 1);
  CHECK(latency_ms(payment) == doctest::Approx(2 * 60.0));
  const PartRecord& part = world.result().parts.at(0);
  CHECK(part.failure == FailureCode::temporary_channel_failure);
  CHECK(part.failed_at == 2);
  CHECK(part.held == SimTime::max());
  CHECK(world.balance("a") == Msat::from_sat(100));
  // Hop 0 from 0 to 120 ms, hop 1 from 30 to 90 ms.
  CHECK(world.measure("locked_msat_s") == doctest::Approx(50'000 * (0.120 + 0.060)));
  world.expect_conserved();
}

TEST_CASE("payment: an invoice costs a round trip between the ends before each set") {
  World world("a 100 -- 0 b");
  world.params.payment.scheme = "invoices";
  world.params.payment.invoices = 3;
  world.pay("a", "b", 90).run();
  CHECK(latency_ms(world.result().payments.at(0)) == doctest::Approx(3 * (20 + 40)));
  CHECK(world.result().payments.at(0).parts == 3);
  CHECK(world.measure("invoices_requested") == 3);
}

TEST_CASE("payment: forwarders earn what their policies ask, BOLT 7's way of rounding") {
  World world(R"(
    a 1000000 -- 0 b
    b 1000000 -- 0 c base=200 ppm=2000 delta=20
  )");
  world.pay("a", "c", 4'999).run();
  // 200 + floor(4,999,000 * 2000 / 10^6) = 10,198 msat.
  CHECK(world.result().payments.at(0).fee == Msat{10'198});
  CHECK(world.balance("b") == Msat::from_sat(1'000'000) + Msat{10'198});
  // What c asks for, lnd's padding of 3, and what b asks for.
  CHECK(world.result().parts.at(0).cltv == BlockDelta{80 + 3 + 20});
  world.expect_conserved();
}

TEST_CASE("payment: a forwarder takes a parallel channel where the named one is dry") {
  World world(R"(
    a 100000 -- 0 b
    b 0 -- 50000 c base=1000
    b 50000 -- 0 c base=1000
  )");
  world.pay("a", "c", 20'000).run();
  const PartRecord& part = world.result().parts.at(0);
  CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
  CHECK(world.result().payments.at(0).attempts == 1);
  CHECK(part.route.at(1) == DirectedChannel::of(world.channel(2), 0));
  world.expect_conserved();
}

TEST_CASE("payment: a sender learns from a failure and goes around") {
  World world(kDetour);
  world.params.payment.scheme = "single";
  world.pay("a", "d", 40'000).run();
  const PaymentRecord& payment = world.result().payments.at(0);
  CHECK(payment.state == PaymentState::succeeded);
  CHECK(payment.attempts == 2);
  CHECK(payment.fee == Msat{5'000});
  CHECK(world.measure("hash_reuses") == 1);  // the retry carries the invoice's hash again
}

TEST_CASE("payment: only schemes that split use two ways") {
  for (const std::string scheme : {"single", "invoices", "mpp", "amp"}) {
    CAPTURE(scheme);
    World world = two_ways(scheme);
    world.pay("alice", "dave", 100'000).run();
    const PaymentRecord& payment = world.result().payments.at(0);
    const bool carries = scheme != "single";
    CHECK((payment.state == PaymentState::succeeded) == carries);
    CHECK(world.balance("dave") == Msat::from_sat(carries ? 100'000 : 0));
    CHECK(payment.parts == (carries ? 2 : 0));
    CHECK(world.measure("hash_reuses") == (scheme == "mpp" ? 1 : 0));
    CHECK(world.measure("invoices_requested") == (scheme == "amp"        ? 0
                                                  : scheme == "invoices" ? 2
                                                                         : 1));
    world.expect_conserved();
  }
}

TEST_CASE("payment: parts of a set that is never complete are failed by the receiver's timer") {
  for (const std::string scheme : {"mpp", "amp"}) {
    CAPTURE(scheme);
    // The second half finds no way: the first waits for it at dave.
    World world(R"(
      alice 60000 -- 0 bob
      alice 60000 -- 0 carol
      bob   60000 -- 0 dave
      carol 20000 -- 40000 dave
    )");
    world.params.payment.scheme = scheme;
    world.params.payment.min_part = Msat::from_sat(45'000);
    world.pay("alice", "dave", 100'000).run();
    const PaymentRecord& payment = world.result().payments.at(0);
    CHECK(payment.state == PaymentState::failed);
    CHECK(payment.delivered == Msat{0});
    CHECK(world.measure("htlcs_expired") == 2);
    const double invoice_ms = scheme == "mpp" ? 20 : 0;
    CHECK(latency_ms(payment) == doctest::Approx(invoice_ms + 60 + 120'000 + 60));
    world.expect_conserved();
  }
}

TEST_CASE("payment: one timer a set ends all of its parts together") {
  World world(R"(
    alice 60000 -- 0 bob
    alice 60000 -- 0 carol
    alice 60000 -- 0 erin
    bob   60000 -- 0 dave
    carol 60000 -- 0 frank
    frank 60000 -- 0 dave
    erin  10000 -- 50000 dave
  )");
  SUBCASE("a timer a part") { world.params.receiver.timer = ReceiverTimer::htlc; }
  SUBCASE("a timer a set") { world.params.receiver.timer = ReceiverTimer::set; }
  world.pay("alice", "dave", 170'000).run();
  std::vector<double> ends;
  for (const PartRecord& part : world.result().parts) {
    if (part.state == AttemptState::timed_out) {
      // When the receiver gave up: the failure takes 30 ms a hop on its way back.
      ends.push_back(to_ms(part.end.time_since_epoch()) -
                     30.0 * static_cast<double>(part.route.size()));
    }
  }
  REQUIRE(ends.size() >= 2);
  const bool together = world.params.receiver.timer == ReceiverTimer::set;
  CHECK((*std::max_element(ends.begin(), ends.end()) - *std::min_element(ends.begin(), ends.end()) <
         1e-6) == together);
}

TEST_CASE("payment: no attempt starts after the deadline or beyond the limit of attempts") {
  World world(kDetour);
  SUBCASE("deadline") {
    world.params.payment.timeout = std::chrono::milliseconds{30};
    world.pay("a", "d", 40'000).run();
    CHECK(world.result().payments.at(0).failure == PaymentFailure::timeout);
  }
  SUBCASE("attempts") {
    world.params.payment.max_attempts = 1;
    world.pay("a", "d", 40'000).run();
    CHECK(world.result().payments.at(0).failure == PaymentFailure::attempts_exhausted);
  }
  CHECK(world.result().payments.at(0).attempts == 1);
}

TEST_CASE("payment: a fee above the limit is no route") {
  World world(R"(
    a 100000 -- 0 b
    b 100000 -- 0 c base=600000
  )");
  world.params.payment.fee_limit = 0.05;
  world.pay("a", "c", 10'000).run();
  CHECK(world.result().payments.at(0).failure == PaymentFailure::no_route);
  world.params.payment.fee_limit = 0.07;
  world.run();
  CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
}

TEST_CASE("payment: an amount up to the full-fee bound may cost as much again") {
  World world(R"(
    a 100000 -- 0 b
    b 100000 -- 0 c base=900000
  )");
  world.pay("a", "c", 1'000).pay("a", "c", 1'001, 1000).run();
  CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
  CHECK(world.result().payments.at(1).failure == PaymentFailure::no_route);
}

TEST_CASE("payment: every invoice has a fee limit of its own") {
  // Each half of 100,000 sat costs 4 %: within 5 % by itself, and so both.
  World world(R"(
    a 300000 -- 0 b
    b 300000 -- 0 c ppm=40000
  )");
  world.params.payment.scheme = "invoices";
  world.pay("a", "c", 200'000).run();
  CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
  // A base fee of 9,000 sat is 9 % of a half and 4.5 % of the whole: no invoice may cost that.
  World dear(R"(
    a 300000 -- 0 b
    b 300000 -- 0 c base=9000000
  )");
  dear.params.payment.scheme = "invoices";
  dear.pay("a", "c", 200'000).run();
  CHECK(dear.result().payments.at(0).state == PaymentState::failed);
}

TEST_CASE("payment: parts in flight use up the fee limit together") {
  // Each of two halves costs 3,000 sat of the 5,000 that are allowed.
  World world(R"(
    alice 60000 -- 0 bob
    alice 60000 -- 0 carol
    bob   60000 -- 0 dave base=3000000
    carol 60000 -- 0 dave base=3000000
  )");
  world.pay("alice", "dave", 100'000).run();
  CHECK(world.result().payments.at(0).failure == PaymentFailure::no_route);
  world.params.payment.fee_limit = 0.06;
  world.run();
  CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
}

TEST_CASE("payment: the time lock limit of a route holds") {
  World world(R"(
    a 100 -- 0 b
    b 100 -- 0 c delta=40
  )");
  world.params.routing.cltv_limit = BlockDelta{122};
  world.pay("a", "c", 10).run();
  CHECK(world.result().payments.at(0).failure == PaymentFailure::no_route);
  world.params.routing.cltv_limit = BlockDelta{123};
  world.run();
  CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
}

TEST_CASE("payment: the deadline counts from the start, waiting for an invoice included") {
  World world("a 100 -- 0 b");
  world.params.payment.scheme = "mpp";
  world.params.payment.timeout = std::chrono::milliseconds{20};
  world.pay("a", "b", 10).run();
  CHECK(world.result().payments.at(0).failure == PaymentFailure::timeout);
  CHECK(world.result().payments.at(0).attempts == 0);
}

TEST_CASE("payment: a parallel channel that is disabled or too small is no way out") {
  World world(R"(
    a 100000 -- 0 b
    b 0     -- 50000 c base=1000
    b 50000 -- 0 c off=0
    b 50000 -- 0 c max=10000
    b 50000 -- 0 c base=500
  )");
  world.pay("a", "c", 20'000).run();
  CHECK(world.result().payments.at(0).attempts == 1);
  CHECK(world.result().parts.at(0).route.at(1) == DirectedChannel::of(world.channel(4), 0));
}

TEST_CASE("payment: the attempt that replaces a part takes its number") {
  World world(kDetour);
  world.pay("a", "d", 40'000).run();
  REQUIRE(world.result().parts.size() == 2);
  CHECK(world.result().parts[1].part == world.result().parts[0].part);
  CHECK(world.result().parts[1].attempt == 1);
}

TEST_CASE("payment: slots are respected") {
  World world("a 100 -- 0 b");
  world.params.network.max_htlcs = 2;
  world.params.payment.scheme = "single";
  for (int i = 0; i < 3; ++i) world.pay("a", "b", 10);
  world.run();
  CHECK(world.measure("succeeded") == 2);
  CHECK(world.result().payments.at(2).failure == PaymentFailure::insufficient_balance);
}

TEST_CASE("payment: the trace of a run does not change the run") {
  World world = two_ways("amp");
  world.pay("alice", "dave", 100'000).run();
  const double events = world.measure("events");
  class Counter final : public TraceSink {
   public:
    Counter() : TraceSink(PaymentId{0}) {}
    void tell(const TraceEvent& /*event*/) override { ++told; }
    int told = 0;
  } counter;
  world.hooks.trace = &counter;
  world.run();
  CHECK(world.measure("events") == events);
  // Start and end; two parts of two hops: sent, arrived and settled, and of each HTLC the add, the
  // commitment, the preimage and the removal; one part held with its timer; one claim.
  CHECK(counter.told == 2 + 2 * (3 + 2 * 4) + 2 + 1);
}

namespace {

/// The first half reaches dave over bob; the second half gets as far as erin, who cannot forward
/// it.
World half_way(const std::string& scheme) {
  World world(R"(
    alice 60000 -- 0 bob
    alice 60000 -- 0 carol
    bob   60000 -- 0 dave
    carol 60000 -- 0 erin
    erin  20000 -- 40000 dave
  )");
  world.params.payment.scheme = scheme;
  world.params.payment.min_part = Msat::from_sat(45'000);
  world.pay("alice", "dave", 100'000);
  return world;
}

}  // namespace

TEST_CASE("payment: a greedy receiver makes mpp partial, and only mpp") {
  for (const std::string scheme : {"mpp", "amp", "og_amp", "mpp_keysend", "ptlc"}) {
    CAPTURE(scheme);
    World world = half_way(scheme);
    world.params.receiver.behaviour = amp::ReceiverBehaviour::greedy;
    world.run();
    const PaymentRecord& payment = world.result().payments.at(0);
    const bool is_partial = scheme == "mpp";
    CHECK(payment.state == (is_partial ? PaymentState::partial : PaymentState::failed));
    CHECK(payment.delivered == Msat::from_sat(is_partial ? 50'000 : 0));
    CHECK(world.balance("dave") == Msat::from_sat(40'000) + payment.delivered);
    // The second half failed after the first had settled: lnd makes no other attempt then.
    if (is_partial) CHECK(payment.failure == PaymentFailure::claimed_early);
    CHECK(world.measure("sets_claimed") == 0);
    world.expect_conserved();
  }
}

TEST_CASE("payment: a greedy receiver who gets all in the end was paid like an honest one") {
  for (const std::string scheme : {"mpp", "amp", "og_amp", "mpp_keysend", "ptlc"}) {
    CAPTURE(scheme);
    World world = two_ways(scheme);
    world.params.receiver.behaviour = amp::ReceiverBehaviour::greedy;
    world.pay("alice", "dave", 100'000).run();
    CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
    CHECK(world.measure("sets_claimed") == 1);
    world.expect_conserved();
  }
}

TEST_CASE("payment: a sender who withholds the last part leaves the others to the timer") {
  for (const std::string scheme : {"mpp", "amp", "og_amp", "mpp_keysend", "ptlc"}) {
    CAPTURE(scheme);
    World world = two_ways(scheme);
    world.params.payment.behaviour = SenderBehaviour::withhold_last;
    world.pay("alice", "dave", 40'000).run();  // one way would carry it all
    const PaymentRecord& payment = world.result().payments.at(0);
    CHECK(payment.state == PaymentState::failed);
    CHECK(payment.failure == PaymentFailure::withheld);
    CHECK(payment.attempts == 1);
    CHECK(world.result().parts.at(0).amount == Msat::from_sat(20'000));
    CHECK(world.result().parts.at(0).state == AttemptState::timed_out);
    world.expect_conserved();
  }
}

TEST_CASE("payment: a wrong share is refused at once, but by og_amp, which cannot tell it") {
  for (const std::string scheme : {"keysend", "mpp_keysend", "amp", "og_amp", "ptlc"}) {
    CAPTURE(scheme);
    World world = two_ways(scheme);
    world.params.payment.behaviour = SenderBehaviour::bad_share;
    world.pay("alice", "dave", scheme == "keysend" ? 50'000 : 100'000).run();
    const PaymentRecord& payment = world.result().payments.at(0);
    CHECK(payment.delivered == Msat{0});
    const bool is_noticed = scheme != "og_amp";
    CHECK(payment.failure == (is_noticed ? PaymentFailure::rejected : PaymentFailure::timeout));
    CHECK((latency_ms(payment) > 100'000) == !is_noticed);
    world.expect_conserved();
  }
}
