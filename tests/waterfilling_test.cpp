#include <algorithm>
#include <vector>

#include "core/random.hpp"
#include "sim/routing/routers/path_probing.hpp"
#include "sim/routing/routers/waterfilling_router.hpp"
#include "tests/printing.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using test::World;

namespace {

using Levels = std::vector<Msat>;

//      B
//    /   \      .   three ways from A to D: what is left on them is 60, 40 and 10
//   A--C--D
//    \ E /
constexpr const char* kNetwork =
    "A 100 -- 0 B\n"
    "B 60 -- 40 D\n"
    "A 100 -- 0 C\n"
    "C 40 -- 60 D\n"
    "A 100 -- 0 E\n"
    "E 10 -- 90 D\n";

World world() {
  World made(kNetwork);
  made.params.routing.algorithm = "waterfilling";
  made.params.record.messages = true;
  made.params.payment.min_part = Msat{1};
  return made;
}

}  // namespace

TEST_CASE("waterfilling: what is left is level, and no more is taken than there is") {
  CHECK(fill_level({Msat{60}, Msat{40}, Msat{10}}, Msat{15}) == Levels{Msat{15}, {}, {}});
  CHECK(fill_level({Msat{60}, Msat{40}, Msat{10}}, Msat{30}) == Levels{Msat{25}, Msat{5}, {}});
  CHECK(fill_level({Msat{10}, Msat{40}, Msat{60}}, Msat{110}) ==
        Levels{Msat{10}, Msat{40}, Msat{60}});
  CHECK(fill_level({Msat{60}, Msat{40}}, Msat{101}).empty());
  CHECK(fill_level({}, Msat{1}).empty());
}

TEST_CASE("waterfilling: random levels differ by 1 msat at most") {
  Rng rng(1, "waterfilling_test");
  for (int i = 0; i < 500; ++i) {
    CAPTURE(i);
    Levels rooms;
    Msat sum;
    for (std::uint64_t n = 1 + rng.below(5); n > 0; --n) {
      rooms.push_back({rng.between(0, 50)});
      sum += rooms.back();
    }
    if (sum == Msat{0}) continue;
    const Msat amount{rng.between(1, sum.count)};
    const Levels amounts = fill_level(rooms, amount);
    REQUIRE(amounts.size() == rooms.size());
    Msat total;
    Msat lowest = Msat::max();  // of those that give
    Msat highest;               // of all
    for (std::size_t k = 0; k < rooms.size(); ++k) {
      CHECK(amounts[k] >= Msat{0});
      CHECK(amounts[k] <= rooms[k]);
      total += amounts[k];
      if (amounts[k] > Msat{0}) lowest = std::min(lowest, rooms[k] - amounts[k]);
      highest = std::max(highest, rooms[k] - amounts[k]);
    }
    CHECK(total == amount);
    CHECK(highest - lowest <= Msat{1});
  }
}

TEST_CASE("waterfilling: parts follow the balances, and probes are counted") {
  World net = world();
  net.pay("A", "D", 30);
  const auto& result = net.run();
  CHECK(result.payments[0].state == PaymentState::succeeded);
  REQUIRE(result.parts.size() == 2);
  CHECK(result.parts[0].amount == Msat::from_sat(25));
  CHECK(result.parts[1].amount == Msat::from_sat(5));
  // Three paths of two channels, there and back.
  CHECK(net.measure("probe_messages") == 12);
  CHECK(net.measure("repair_messages") == 0);
  net.expect_conserved();
}

TEST_CASE("waterfilling: who knows the balances probes nothing") {
  World net = world();
  net.params.routing.baseline.probes = false;
  net.params.routing.liquidity_view = "balances";
  net.pay("A", "D", 110).pay("A", "D", 1, 10'000);
  const auto& payments = net.run().payments;
  CHECK(payments[0].parts == 3);
  CHECK(payments[1].failure == PaymentFailure::no_route);
  CHECK(net.measure("probe_messages") == 0);
}

TEST_CASE("waterfilling: without probes it levels what it believes, and learns from failures") {
  World net = world();
  net.params.routing.baseline.probes = false;
  net.pay("A", "D", 150);
  const auto& result = net.run();
  CHECK(net.measure("probe_messages") == 0);
  // As announced all three have 100, and a third of the amount is more than E has.
  REQUIRE(result.parts.size() >= 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(result.parts[i].amount == Msat::from_sat(50));
  CHECK(result.payments[0].state == PaymentState::failed);
  // What the view believes decides: after failures it believes less of C and E.
  net.params.routing.liquidity_view = "bounds";
  net.pay("A", "D", 60, 200'000);
  const auto& learnt = net.run();
  const PaymentRecord& second = learnt.payments[1];
  CHECK(second.state == PaymentState::succeeded);
  CHECK(second.attempts == second.parts);
  net.expect_conserved();
}

TEST_CASE("waterfilling: a path has several parts where an HTLC can be no larger") {
  World net("A 10000000 -- 0 B max=1000000\n");
  net.params.routing.algorithm = "waterfilling";
  net.pay("A", "B", 3'000'000);
  CHECK(net.run().payments[0].state == PaymentState::succeeded);
  CHECK(net.result().payments[0].parts == 3);
}

TEST_CASE("waterfilling: one part goes where most is left; halving halves") {
  World net = world();
  net.params.payment.scheme = "single";
  net.pay("A", "D", 50).pay("A", "D", 30, 10'000).pay("A", "D", 30, 20'000);
  const auto& result = net.run();
  CHECK(result.payments[0].state == PaymentState::succeeded);
  CHECK(result.payments[1].state == PaymentState::succeeded);
  CHECK(result.payments[2].failure == PaymentFailure::no_route);
  CHECK(result.parts[0].route.front() == DirectedChannel{0});
  CHECK(result.parts[1].route.front() == DirectedChannel{4});
  net.params.payment.scheme = "amp";
  net.params.routing.splitter = "halving";
  CHECK(net.run().payments[2].failure == PaymentFailure::no_route);  // 10, 10 and 10 are left
  CHECK(net.result().payments[1].state == PaymentState::succeeded);
}

TEST_CASE("waterfilling: fees come out of the same channels") {
  //  B takes 10 sat a part: of 60 sat on A's side 50 arrive
  World net("A 60 -- 0 B\nB 100 -- 0 D base=10000\nA 30 -- 0 C\nC 100 -- 0 D\n");
  net.params.routing.algorithm = "waterfilling";
  net.params.payment.min_part = Msat{1};
  net.params.payment.fee_limit = 0.5;
  net.pay("A", "D", 80).pay("A", "D", 1, 10'000);
  CHECK(net.run().payments[0].state == PaymentState::succeeded);
  CHECK(net.result().payments[0].fee == Msat::from_sat(10));
  CHECK(net.result().payments[1].failure == PaymentFailure::insufficient_balance);
}

TEST_CASE("waterfilling: a path is left out where it has failed, or a channel is to be avoided") {
  const std::vector<DirectedChannel> path{DirectedChannel{0}, DirectedChannel{2}};
  RouteRequest request;
  const std::vector<FailedHop> failed{
      {DirectedChannel{2}, Msat{1}, FailureCode::temporary_channel_failure, {}},
      {DirectedChannel{2}, Msat{1}, FailureCode::mpp_timeout, {}}};
  request.failed = failed;
  CHECK(failures_on(path, request) == 1);
  const std::vector<ChannelId> avoided{ChannelId{1}};
  CHECK_FALSE(is_avoided(path, request));
  request.avoided = avoided;
  CHECK(is_avoided(path, request));
}
