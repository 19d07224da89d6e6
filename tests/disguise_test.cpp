#include "sim/payment/disguise.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "tests/printing.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;

namespace {

/// alice reaches dave over bob, carol, eve or frank.
World four_ways() {
  World world(R"(
    alice 40000 -- 0 bob
    alice 40000 -- 0 carol
    alice 40000 -- 0 eve
    alice 40000 -- 0 frank
    bob   40000 -- 0 dave
    carol 40000 -- 0 dave
    eve   40000 -- 0 dave
    frank 40000 -- 0 dave
  )");
  world.hooks.check_every_event = true;
  world.params.payment.min_part = Msat::from_sat(1000);
  return world;
}

/// Both halves fit through bob, whose way costs nothing; carol's costs 5 sat.
World cheap_and_dear() {
  return World(R"(
    alice 100000 -- 0 bob
    alice 60000 -- 0 carol
    bob   60000 -- 0 dave
    bob   60000 -- 0 dave
    carol 60000 -- 0 dave base=5000
  )");
}

std::set<std::uint32_t> channels_of(const PartRecord& part) {
  std::set<std::uint32_t> channels;
  for (const DirectedChannel d : part.route) channels.insert(d.channel().index);
  return channels;
}

}  // namespace

TEST_CASE("disguise: with jitter a claim is one decision, and each preimage starts by itself") {
  World world = four_ways();
  world.pay("alice", "dave", 80'000).run();
  REQUIRE(world.result().parts.size() == 2);
  CHECK(world.result().parts[0].end == world.result().parts[1].end);

  world.params.receiver.settle_jitter = std::chrono::milliseconds{400};
  world.run();
  REQUIRE(world.result().parts.size() == 2);
  const PartRecord& a = world.result().parts[0];
  const PartRecord& b = world.result().parts[1];
  CHECK(a.end != b.end);
  for (const PartRecord& part : {a, b}) {
    CHECK(part.state == AttemptState::settled);
    // Claimed at 60 ms; the preimage takes 20 ms.
    CHECK(to_ms(part.end - SimTime{}) >= 80);
    CHECK(to_ms(part.end - SimTime{}) <= 480);
  }
  CHECK(world.measure("sets_claimed") == 1);
  CHECK(world.balance("dave") == Msat::from_sat(80'000));
  world.expect_conserved();
}

TEST_CASE("disguise: with random amounts no part is the half of the payment or of the rest") {
  World world = four_ways();
  world.params.payment.random_amounts = true;
  world.pay("alice", "dave", 100'000).run();
  CHECK(world.measure("succeeded") == 1);
  CHECK(world.result().parts.size() > 2);
  Msat sum;
  for (const PartRecord& part : world.result().parts) {
    sum += part.amount;
    CHECK(part.amount != Msat::from_sat(25'000));
    CHECK(part.amount >= Msat::from_sat(1000));
  }
  CHECK(sum == Msat::from_sat(100'000));
  world.expect_conserved();
}

TEST_CASE("disguise: random expiries are later by up to the setting, for each part another") {
  World world = four_ways();
  world.pay("alice", "dave", 80'000).run();
  const BlockDelta plain = world.result().parts.at(0).cltv;
  world.params.payment.random_expiry = BlockDelta{1000};
  world.run();
  std::set<std::int32_t> seen;
  for (const PartRecord& part : world.result().parts) {
    CHECK(part.cltv >= plain);
    CHECK(part.cltv <= plain + BlockDelta{1000});
    seen.insert(part.cltv.count);
  }
  CHECK(seen.size() == world.result().parts.size());
  CHECK(world.measure("succeeded") == 1);
}

TEST_CASE("disguise: parts keep off the channels of the others where they can") {
  World world = cheap_and_dear();
  world.pay("alice", "dave", 90'000).run();
  REQUIRE(world.result().parts.size() == 2);
  // alice's channel to bob carries both.
  CHECK(channels_of(world.result().parts[0]).count(0) == 1);
  CHECK(channels_of(world.result().parts[1]).count(0) == 1);

  world.params.payment.disjoint_paths = true;
  world.run();
  REQUIRE(world.result().parts.size() == 2);
  for (const std::uint32_t channel : channels_of(world.result().parts[0])) {
    CHECK(channels_of(world.result().parts[1]).count(channel) == 0);
  }
  CHECK(world.measure("succeeded") == 1);
}

TEST_CASE("disguise: parts share a channel where there is no way around it") {
  World world(R"(
    alice 200000 -- 0 bob
    bob   60000 -- 0 dave
    bob   60000 -- 0 dave
  )");
  world.params.payment.disjoint_paths = true;
  world.pay("alice", "dave", 100'000).run();
  CHECK(world.measure("succeeded") == 1);
  CHECK(world.result().parts.size() == 2);
}

TEST_CASE("disguise: a part that failed blocks no channel for the next attempt") {
  // The channel of the first attempt is the only one of alice; the second needs it again.
  World world(R"(
    alice 90000 -- 0 bob
    bob   0 -- 60000 dave
    bob   60000 -- 0 carol
    carol 60000 -- 0 dave base=1000
  )");
  world.params.payment.disjoint_paths = true;
  world.pay("alice", "dave", 40'000).run();
  CHECK(world.measure("succeeded") == 1);
  CHECK(world.result().parts.size() == 2);
}
