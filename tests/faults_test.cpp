#include "sim/payment/faults.hpp"

#include <string>

#include "tests/printing.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;

namespace {

const char* const kLine = R"(
  a 100000 -- 0 b
  b 100000 -- 0 c
  c 100000 -- 0 d
)";

Attempt attempt(std::uint32_t payment, std::uint32_t number) {
  Attempt attempt;
  attempt.payment = PaymentId{payment};
  attempt.number = number;
  attempt.route.hops.resize(3);
  attempt.htlcs.resize(3);
  return attempt;
}

}  // namespace

TEST_CASE("faults: what happens to an HTLC does not depend on what happened before") {
  const Faults once({.stuck_probability = 0.5}, 1);
  const Faults again({.stuck_probability = 0.5}, 1);
  int stuck = 0;
  for (std::uint32_t payment = 0; payment < 1000; ++payment) {
    stuck += once.hangs(attempt(payment, 0), 1) ? 1 : 0;
    CHECK(once.hangs(attempt(payment, 2), 0) == again.hangs(attempt(payment, 2), 0));
  }
  CHECK(stuck > 430);
  CHECK(stuck < 570);
}

TEST_CASE("faults: a higher probability has the faults of a lower one") {
  const Faults few({.vanish_probability = 0.1}, 1);
  const Faults many({.vanish_probability = 0.3}, 1);
  for (std::uint32_t payment = 0; payment < 1000; ++payment) {
    const auto away = few.vanishes(attempt(payment, 0), 1);
    if (away) CHECK(many.vanishes(attempt(payment, 0), 1) == away);
  }
}

TEST_CASE("faults: each failure comes from the nodes that send it") {
  const Attempt part = attempt(0, 0);
  const Faults forwarders({.failure_probability = 1, .failure = "temporary_node_failure"}, 1);
  CHECK(forwarders.fails(part, 0) == FailureCode::temporary_node_failure);
  CHECK_FALSE(forwarders.fails(part, 2));
  const Faults receivers({.failure_probability = 1, .failure = "final_incorrect_cltv_expiry"}, 1);
  CHECK_FALSE(receivers.fails(part, 1));
  CHECK(receivers.fails(part, 2) == FailureCode::final_incorrect_cltv_expiry);
}

TEST_CASE("faults: every failure of BOLT 4 comes back to the sender, and none is success") {
  for (const FailureCode code : failure_codes()) {
    CAPTURE(name_of(code));
    World world(kLine);
    world.params.faults = {.failure_probability = 1, .failure = std::string(name_of(code))};
    world.params.payment.timeout = std::chrono::seconds{5};
    world.params.payment.max_attempts = 3;
    world.hooks.check_every_event = true;
    world.pay("a", "d", 1000).run();
    CHECK(world.result().payments.at(0).state == PaymentState::failed);
    CHECK(world.result().parts.at(0).failure == code);
    CHECK(world.result().parts.at(0).failed_at == (is_of_receiver(code) ? 3 : 1));
    world.expect_conserved();
  }
}

TEST_CASE("faults: a stuck HTLC goes on later, and the payment is late") {
  World world(kLine);
  world.params.faults = {.stuck_probability = 1, .stuck_mean = std::chrono::seconds{10}};
  world.hooks.check_every_event = true;
  world.pay("a", "d", 1000).run();
  CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
  CHECK(world.measure("htlcs_stuck") == 3);
  CHECK(world.measure("latency_p50_ms") > 1000);
  world.expect_conserved();
}

TEST_CASE("faults: a peer that vanished after the signature holds the part until it is back") {
  World world(kLine);
  world.params.faults = {.vanish_probability = 1, .vanish_mean = std::chrono::seconds{100}};
  for (const Timing timing : {Timing::fast, Timing::full}) {
    world.params.network.timing = timing;
    world.hooks.check_every_event = true;
    world.pay("a", "d", 1000).run();
    CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
    CHECK(world.measure("latency_p50_ms") > 10'000);
    world.expect_conserved();
  }
}

TEST_CASE("faults: a slow node takes longer for each message that it reads") {
  World world(R"(
    a 1000 -- 0 b
  )");
  world.params.faults = {.slow_probability = 1, .slow_delay = std::chrono::milliseconds{500}};
  world.pay("a", "b", 100).run();
  // Three messages to lock, one for the preimage, each 10 ms and half a second.
  CHECK(world.measure("latency_p50_ms") == doctest::Approx(4 * 510.0));
}

TEST_CASE("faults: a stale policy is refused by name") {
  int seen = 0;
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    World world(kLine);
    world.params.seed = seed;
    world.params.faults = {.stale_policy_probability = 1};
    world.pay("a", "d", 1000).run();
    const FailureCode code = world.result().parts.at(0).failure;
    const bool is_named = code == FailureCode::fee_insufficient ||
                          code == FailureCode::incorrect_cltv_expiry ||
                          code == FailureCode::channel_disabled;
    CHECK(is_named);
    seen |= code == FailureCode::fee_insufficient   ? 1
            : code == FailureCode::channel_disabled ? 2
                                                    : 4;
  }
  CHECK(seen == 7);
}

TEST_CASE("faults: who is away neither pays, nor gives an invoice, nor forwards") {
  const auto outcome = [](const std::string& who, const std::string& scheme) {
    World world(kLine);
    const test::TemporaryFolder folder;
    const auto file = folder.write("away.csv", "node,down_s,up_s\n" + who + ",0,1000000\n");
    world.params.faults.offline_file = file.string();
    world.params.payment.scheme = scheme;
    world.pay("a", "d", 1000, 1).run();
    const auto& parts = world.result().parts;
    const std::string payment(name_of(world.result().payments.at(0).failure));
    return payment + (parts.empty() ? "" : " " + std::string(name_of(parts.at(0).failure)));
  };
  CHECK(outcome("a", "amp") == "sender_offline");
  CHECK(outcome("d", "mpp") == "receiver_offline");
  CHECK(outcome("d", "amp") == "no_route unknown_next_peer");
  CHECK(outcome("c", "amp") == "no_route unknown_next_peer");
  CHECK(outcome("b", "amp") == "insufficient_balance");
}
