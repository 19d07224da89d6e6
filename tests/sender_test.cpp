/// What senders do beside one honest payment after another: spare parts, and mischief.

#include "sim/payment/sender.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/experiment_world.hpp"
#include "tests/printing.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;

namespace {

double latency_ms(const PaymentRecord& payment) { return to_ms(payment.end - payment.start); }

std::ptrdiff_t count_of(const RunResult& result, AttemptState state) {
  return std::count_if(result.parts.begin(), result.parts.end(),
                       [state](const PartRecord& part) { return part.state == state; });
}

/// Five ways from a to z, each for one part of 25,000 sat. The one that costs nothing is long: 12
/// hops, so that what takes it is on its way for 360 ms.
std::string one_slow_way() {
  std::string text;
  for (int i = 0; i < 4; ++i) {
    text += "a 30000 -- 0 b" + std::to_string(i) + "\n";
    text += "b" + std::to_string(i) + " 30000 -- 0 z base=1000\n";
  }
  std::string last = "a";
  for (int i = 0; i < 11; ++i) {
    const std::string next = "s" + std::to_string(i);
    text += last;
    text += " 30000 -- 0 " + next + " delta=1\n";
    last = next;
  }
  return text + last + " 30000 -- 0 z delta=1\n";
}

World slow_way(const std::string& scheme, std::uint32_t spares) {
  World world(one_slow_way());
  world.params.payment.scheme = scheme;
  world.params.payment.spare_parts = spares;
  world.params.routing.hop_probability = 1;  // long ways cost nothing more
  world.params.record.spares = true;
  world.pay("a", "z", 100'000);
  return world;
}

}  // namespace

TEST_CASE("sender: with a spare a slow part holds up nothing, without it everything") {
  for (const std::string scheme : {"stuckless", "boomerang"}) {
    for (const std::uint32_t spares : {0U, 1U}) {
      CAPTURE(scheme);
      CAPTURE(spares);
      World world = slow_way(scheme, spares);
      world.run();
      const PaymentRecord& payment = world.result().payments.at(0);
      CHECK(payment.state == PaymentState::succeeded);
      CHECK(payment.delivered == Msat::from_sat(100'000));
      CHECK(payment.parts == 4);
      // The invoice; two hops there, a word each way, two hops back - or twelve.
      const double hops = spares == 0 ? 12 : 2;
      CHECK(latency_ms(payment) == doctest::Approx(20 + 30 * hops + 20 + 10 * hops));
      CHECK(world.measure("spare_parts_sent") == spares);
      CHECK(world.measure("parts_cancelled") == spares);
      CHECK(world.measure("reversals") == 0);
      CHECK(count_of(world.result(), AttemptState::cancelled) == spares);
      CHECK(world.balance("z") == Msat::from_sat(100'000));
      world.expect_conserved();
    }
  }
  World amp = slow_way("amp", 0);
  amp.run();
  CHECK(amp.result().payments.at(0).state == PaymentState::succeeded);
  CHECK(latency_ms(amp.result().payments.at(0)) == doctest::Approx(40.0 * 12));
}

TEST_CASE("sender: a part that hangs holds up amp for as long, and not who has a spare") {
  const auto latency_of = [](const std::string& scheme, std::uint32_t spares) {
    std::string ways;
    for (const std::string way : {"b", "c", "d", "e", "f"}) {
      ways += fmt::format("a 60000 -- 0 {}\n{} 60000 -- 0 z\n", way, way);
    }
    World world(ways);
    world.params.payment.scheme = scheme;
    world.params.payment.spare_parts = spares;
    world.params.faults = {.stuck_probability = 0.1, .stuck_mean = std::chrono::seconds{20}};
    world.pay("a", "z", 200'000);
    for (std::uint64_t seed = 1; seed < 100; ++seed) {
      world.params.seed = seed;
      world.run();
      // One of the HTLCs hangs, and the payment is made all the same.
      const PaymentRecord& payment = world.result().payments.at(0);
      if (world.measure("htlcs_stuck") != 1 || payment.state != PaymentState::succeeded) continue;
      return latency_ms(payment);
    }
    return -1.0;
  };
  CHECK(latency_of("amp", 0) > 1'000);
  for (const std::string scheme : {"stuckless", "boomerang"}) {
    CHECK(latency_of(scheme, 0) > 1'000);
    CHECK(latency_of(scheme, 1) == doctest::Approx(120));
  }
}

TEST_CASE("sender: who claims one too many gets nothing, and the payer all") {
  World world("a 200000 -- 0 z");
  world.params.payment.scheme = "boomerang";
  world.params.payment.spare_parts = 1;
  world.params.receiver.behaviour = amp::ReceiverBehaviour::greedy;
  world.params.record.spares = true;
  world.pay("a", "z", 100'000).run();
  // All five are there before the sender's word is.
  const PaymentRecord& payment = world.result().payments.at(0);
  CHECK(payment.failure == PaymentFailure::reversed);
  CHECK(payment.delivered == Msat{0});
  CHECK(world.measure("reversals") == 1);
  CHECK(world.balance("z") == Msat{0});
  world.expect_conserved();
  // With stuckless it has nothing to claim with that was not meant for it.
  world.params.payment.scheme = "stuckless";
  world.run();
  CHECK(world.result().payments.at(0).delivered == Msat::from_sat(100'000));
  CHECK(world.measure("parts_cancelled") == 1);
}

TEST_CASE("sender: a greedy receiver without spares on their way is paid, under both schemes") {
  for (const std::string scheme : {"stuckless", "boomerang"}) {
    World world = slow_way(scheme, 0);
    world.params.receiver.behaviour = amp::ReceiverBehaviour::greedy;
    world.run();
    CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
    CHECK(world.measure("reversals") == 0);
  }
}

TEST_CASE("sender: a spare without a route is no failure, a part of the total is one") {
  for (const std::string scheme : {"stuckless", "boomerang"}) {
    World world = slow_way(scheme, 7);
    world.run();
    CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
    CHECK(world.measure("spare_parts_sent") == 1);  // there are five ways
    world.params.payment.parts = 6;
    world.params.payment.min_part = Msat::from_sat(1);
    world.topology = World(R"(
      a 60000 -- 0 b
      b 60000 -- 0 z
    )")
                         .topology;
    world.run();
    CHECK(world.result().payments.at(0).failure == PaymentFailure::insufficient_balance);
    CHECK(world.balance("z") == Msat{0});
  }
}

TEST_CASE("sender: an equal part that fails is replaced, with the same size and number") {
  for (const std::string scheme : {"stuckless", "boomerang"}) {
    // The cheap way is dry at b, and only b knows.
    World world(R"(
      a 60000 -- 0 b
      b 0 -- 60000 z
      a 60000 -- 0 c
      c 60000 -- 0 z base=1000
    )");
    world.params.payment.scheme = scheme;
    world.params.payment.parts = 2;
    world.pay("a", "z", 50'000).run();
    const PaymentRecord& payment = world.result().payments.at(0);
    CHECK(payment.state == PaymentState::succeeded);
    CHECK(payment.parts == 2);
    CHECK(payment.attempts > 2);
    for (const PartRecord& part : world.result().parts) {
      CHECK(part.amount == Msat::from_sat(25'000));
      CHECK(part.part < 2);
    }
    // A point that comes back to the receiver's polynomial is used again.
    CHECK((world.measure("hash_reuses") > 0) == (scheme == "boomerang"));
  }
}

TEST_CASE("sender: any parts that suffice reach an amount that does not divide") {
  for (const std::uint32_t spares : {0U, 1U}) {
    World world = slow_way("stuckless", spares);
    world.params.payment.parts = 3;
    world.pay("a", "z", 1);  // so small that it is one part
    world.run();
    const PaymentRecord& payment = world.result().payments.at(0);
    CHECK(payment.state == PaymentState::failed);  // a third is more than a way carries
    CHECK(world.result().payments.at(1).parts == 1);
  }
  World world("a 200 -- 0 z");
  world.params.payment.scheme = "stuckless";
  world.params.payment.parts = 3;
  world.params.payment.min_part = Msat{1};
  world.params.payment.spare_parts = 2;
  world.pay("a", "z", 100).run();
  const PaymentRecord& payment = world.result().payments.at(0);
  // 33,333 + 33,333 + 33,334 msat, and the first three to come are these.
  CHECK(payment.delivered == Msat::from_sat(100));
  CHECK(payment.parts == 3);
}

TEST_CASE("sender: one part twice spoils a set of shares, and is an overpayment elsewhere") {
  for (const std::string scheme : {"amp", "mpp", "mpp_keysend", "ptlc"}) {
    CAPTURE(scheme);
    // The first half and its twin are at dave before the second half is.
    World world(R"(
      alice 60000 -- 0 bob
      alice 60000 -- 0 carol
      alice 60000 -- 0 erin
      bob   60000 -- 0 dave
      carol 60000 -- 0 dave base=1
      erin  60000 -- 0 frank base=2
      frank 60000 -- 0 dave base=2
    )");
    world.params.payment.scheme = scheme;
    world.params.payment.behaviour = SenderBehaviour::duplicate_part;
    world.pay("alice", "dave", 100'000).run();
    const PaymentRecord& payment = world.result().payments.at(0);
    const bool has_shares = scheme != "mpp";
    CHECK(payment.state == (has_shares ? PaymentState::failed : PaymentState::succeeded));
    CHECK(payment.delivered == Msat::from_sat(has_shares ? 0 : 100'000));
    CHECK(payment.attempts == 3);
    world.expect_conserved();
  }
}

TEST_CASE("sender: who misbehaves with a small share does so with a larger one") {
  const auto misbehaving = [](double share) {
    World world("a 100000 -- 0 b");
    world.params.payment.behaviour = SenderBehaviour::bad_share;
    world.params.payment.misbehaving_share = share;
    for (int i = 0; i < 50; ++i) world.pay("a", "b", 10, 1000.0 * i);
    std::vector<bool> marks;
    for (const PaymentRecord& payment : world.run().payments) marks.push_back(!payment.is_honest);
    return marks;
  };
  const std::vector<bool> few = misbehaving(0.2);
  const std::vector<bool> many = misbehaving(0.6);
  CHECK(std::count(few.begin(), few.end(), true) > 0);
  CHECK(std::count(few.begin(), few.end(), true) < std::count(many.begin(), many.end(), true));
  for (std::size_t i = 0; i < few.size(); ++i) CHECK((!few[i] || many[i]));
  const std::vector<bool> none = misbehaving(0);
  CHECK(std::count(none.begin(), none.end(), true) == 0);
  const std::vector<bool> all = misbehaving(1);
  CHECK(std::count(all.begin(), all.end(), true) == 50);
}

TEST_CASE("sender: measures of spares and of misbehaviour are there for all runs or for none") {
  const auto record_of = [](const std::string& text) {
    return experiment_of(text).points[0].settings.record;
  };
  CHECK_FALSE(record_of("").spares);
  CHECK(record_of("[sweep]\n\"payment.scheme\" = [\"amp\", \"boomerang\"]\n").spares);
  CHECK_FALSE(record_of("[sender]\nbehaviour = \"bad_share\"\n").misbehaviour);
  CHECK(record_of("[sender]\nbehaviour = \"bad_share\"\nmisbehaving_share = 0.5\n").misbehaviour);
}

TEST_CASE("sender: settings that do not go together are refused") {
  CHECK(refusal_of("[payment]\nspare_parts = 2\n") ==
        "e.toml:2: payment.spare_parts: has no effect with payment.scheme = \"amp\"");
  CHECK(refusal_of("[payment]\nscheme = \"stuckless\"\nmax_parts = 2\n") ==
        "e.toml:3: payment.max_parts: has no effect with payment.scheme = \"stuckless\"");
  CHECK(refusal_of("[payment]\nscheme = \"boomerang\"\n[sender]\nbehaviour = \"overpay\"\n") ==
        "e.toml:4: sender.behaviour: duplicate_part and overpay: not with payment.scheme = "
        "\"boomerang\", whose parts are more than the total anyway");
  CHECK(refusal_of("[sender]\nmisbehaving_share = 0.5\n") ==
        "e.toml:2: sender.misbehaving_share: has no effect with sender.behaviour = \"honest\"");
}
