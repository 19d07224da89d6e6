#include <algorithm>
#include <set>
#include <vector>

#include "core/random.hpp"
#include "sim/routing/routers/flash_router.hpp"
#include "tests/printing.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using test::World;

namespace {

//      B
//    /   \      .   three ways from A to D, the way over B is dear
//   A--C--D
//    \ E /
constexpr const char* kNetwork =
    "A 100 -- 0 B\n"
    "B 60 -- 40 D base=2000\n"
    "A 100 -- 0 C\n"
    "C 40 -- 60 D\n"
    "A 100 -- 0 E\n"
    "E 30 -- 70 D base=1000\n";

World world(std::int64_t elephant_above) {
  World made(kNetwork);
  made.params.routing.algorithm = "flash";
  made.params.routing.baseline.elephant_above = Msat::from_sat(elephant_above);
  made.params.record.messages = true;
  made.params.payment.min_part = Msat{1};
  made.params.payment.fee_limit = 0.2;
  return made;
}

Msat over(const RunResult& result, std::uint32_t first) {
  Msat sum;
  for (const PartRecord& part : result.parts) {
    const bool is_there = part.route.front().channel().index == first;
    if (is_there && part.state == AttemptState::settled) sum += part.amount;
  }
  return sum;
}

}  // namespace

TEST_CASE("flash: nine tenths of the amounts so far") {
  Rng rng(1, "flash_test");
  NineTenths quantile;
  CHECK_FALSE(quantile.value().has_value());
  std::vector<Msat> amounts;
  for (int i = 0; i < 300; ++i) {
    amounts.push_back({rng.between(0, 100)});
    quantile.add(amounts.back());
    std::sort(amounts.begin(), amounts.end());
    const std::size_t place = (9 * amounts.size() + 9) / 10 - 1;
    REQUIRE(quantile.value() == amounts[place]);
  }
}

TEST_CASE("flash: an elephant is split where it costs least, over what was probed") {
  World net = world(1);
  net.pay("A", "D", 70);
  const auto& result = net.run();
  CHECK(result.payments[0].state == PaymentState::succeeded);
  // All is announced to be 100 wide: 60 and 40 are found first, and 30 where probes go on.
  CHECK(over(result, 2) == Msat::from_sat(40));
  CHECK(net.measure("probe_messages") >= 8);
  CHECK(net.measure("probe_messages") <= 12);
  net.expect_conserved();
}

TEST_CASE("flash: few probes may be too few") {
  World net = world(1);
  net.params.routing.baseline.max_probes = 1;
  net.pay("A", "D", 70);
  CHECK(net.run().payments[0].failure == PaymentFailure::no_route);
  CHECK(net.measure("probe_messages") == 4);
}

TEST_CASE("flash: a mouse tries its paths, then takes what a failed one has") {
  World net = world(1000);
  net.pay("A", "D", 70);
  const auto& result = net.run();
  CHECK(result.payments[0].state == PaymentState::succeeded);
  CHECK(result.parts.front().amount == Msat::from_sat(70));
  CHECK(result.parts.front().state == AttemptState::failed);
  CHECK(result.payments[0].parts >= 2);
  CHECK(net.measure("probe_messages") >= 4);
  net.expect_conserved();
}

TEST_CASE("flash: a mouse that gets through at once probes nothing") {
  World net = world(1000);
  net.pay("A", "D", 20);
  CHECK(net.run().payments[0].attempts == 1);
  CHECK(net.measure("probe_messages") == 0);
}

TEST_CASE("flash: mice take their paths in random order, by the seed") {
  std::set<std::uint32_t> first;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    World net = world(1000);
    net.params.seed = seed;
    net.pay("A", "D", 5);
    first.insert(net.run().parts.front().route.front().index);
    const std::uint32_t again = net.run().parts.front().route.front().index;
    CHECK(first.contains(again));
  }
  CHECK(first.size() == 3);
}

TEST_CASE("flash: whoever divides, a payment counts once and as a whole") {
  for (const char* splitter : {"flow", "equal", "edge_avoiding", "random", "none"}) {
    CAPTURE(splitter);
    World net = world(0);
    net.params.routing.splitter = splitter;
    net.params.payment.min_part = Msat::from_sat(1);
    for (int i = 0; i < 10; ++i) net.pay("A", "D", 2, i * 1000);
    net.run();
    CHECK(net.measure("probe_messages") == 0);
    // Ten of 2 sat, then 4 sat: above nine tenths of those before.
    net.pay("A", "D", 4, 20'000);
    net.run();
    CHECK(net.measure("probe_messages") > 0);
  }
}

TEST_CASE("flash: the largest tenth so far are elephants") {
  World net = world(0);
  for (int i = 0; i < 10; ++i) net.pay("A", "D", 1 + i % 2, i * 1000);
  net.pay("A", "D", 3, 20'000);
  net.run();
  // The second is larger than all before it, and so is the last; each finds a path at once.
  CHECK(net.measure("probe_messages") == 4 + 4);
}
