/// What the settings of a receiver change for whole payments: late parts, invoices that are reused,
/// holds, the timers of the implementations.

#include "sim/payment/receiver.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "sim/payment/params.hpp"
#include "tests/experiment_world.hpp"
#include "tests/printing.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;

namespace {

double latency_ms(const PaymentRecord& payment) { return to_ms(payment.end - payment.start); }

/// Two ways from alice to dave of 60,000 sat each, and erin beside alice.
const char* const kTwoWays = R"(
  alice 60000 -- 60000 bob
  alice 60000 -- 60000 carol
  bob   60000 -- 60000 dave
  carol 60000 -- 60000 dave
  erin  60000 -- 60000 bob
)";

}  // namespace

TEST_CASE("receiver: a late part is failed at once, or held until its timer rings") {
  for (const ReceiverTimer timer : {ReceiverTimer::htlc, ReceiverTimer::set}) {
    for (const amp::LatePart late_part : {amp::LatePart::reject, amp::LatePart::hold}) {
      // 60,000 sat over bob; their twin goes the long way; 30,000 each over carol and erin.
      World world(R"(
        alice 70000 -- 0 bob
        bob   70000 -- 0 dave
        alice 35000 -- 0 carol
        carol 35000 -- 0 dave
        alice 35000 -- 0 erin
        erin  35000 -- 0 dave
        alice 65000 -- 0 frank
        frank 65000 -- 0 grace
        grace 65000 -- 0 dave
      )");
      world.params.receiver.timer = timer;
      world.params.receiver.late_part = late_part;
      world.params.payment.behaviour = SenderBehaviour::duplicate_part;
      world.pay("alice", "dave", 120'000).run();
      const bool is_held = late_part == amp::LatePart::hold;
      const PaymentRecord& payment = world.result().payments.at(0);
      CHECK(payment.state == PaymentState::succeeded);
      CHECK(payment.delivered == Msat::from_sat(120'000));
      const PartRecord& late = world.result().parts.at(1);
      REQUIRE(late.route.size() == 3);
      CHECK(late.state == (is_held ? AttemptState::timed_out : AttemptState::failed));
      CHECK(to_ms(late.end - late.sent) == doctest::Approx(is_held ? 120'180 : 180));
      world.expect_conserved();
    }
  }
}

TEST_CASE("receiver: who holds late parts takes a whole payment twice from who sends it twice") {
  World world(kTwoWays);
  world.params.receiver.late_part = amp::LatePart::hold;
  world.params.payment.behaviour = SenderBehaviour::duplicate_part;
  // The one part is the root: its twin opens by itself.
  world.pay("alice", "dave", 50'000).run();
  CHECK(world.result().payments.at(0).delivered == Msat::from_sat(100'000));
  CHECK(world.measure("sets_claimed") == 2);
}

TEST_CASE("receiver: one wrong share closes a reusable invoice for good, if it cancels it") {
  for (const amp::BadSet bad_set : {amp::BadSet::fail_set, amp::BadSet::cancel_invoice}) {
    World world(kTwoWays);
    world.params.receiver.amp_invoice = AmpInvoice::reusable;
    world.params.receiver.bad_set = bad_set;
    world.params.payment.behaviour = SenderBehaviour::bad_share;
    world.params.payment.misbehaving_share = 0.3;
    world.params.record.misbehaviour = true;
    for (int i = 0; i < 20; ++i) world.pay("alice", "dave", 1'000, 1'000.0 * i);
    world.run();
    bool is_cancelled = false;
    int honest_before = 0;
    int honest_after = 0;
    for (const PaymentRecord& payment : world.result().payments) {
      const bool is_rejected = !payment.is_honest || is_cancelled;
      CHECK((payment.state == PaymentState::failed) == is_rejected);
      if (is_rejected) CHECK(payment.failure == PaymentFailure::rejected);
      if (payment.is_honest) ++(is_cancelled ? honest_after : honest_before);
      if (!payment.is_honest) is_cancelled = bad_set == amp::BadSet::cancel_invoice;
    }
    CHECK(honest_before > 0);
    CHECK((honest_after > 0) == is_cancelled);
    CHECK(world.measure("misbehaving_payments") == 20 - honest_before - honest_after);
    CHECK(world.measure("honest_success_rate") ==
          doctest::Approx(honest_before / static_cast<double>(honest_before + honest_after)));
  }
}

TEST_CASE("receiver: with an invoice for each payment nobody else is hurt") {
  World world(kTwoWays);
  world.params.receiver.bad_set = amp::BadSet::cancel_invoice;
  world.params.payment.behaviour = SenderBehaviour::bad_share;
  world.params.payment.misbehaving_share = 0.5;
  for (int i = 0; i < 20; ++i) world.pay("alice", "dave", 1'000, 1'000.0 * i);
  world.run();
  for (const PaymentRecord& payment : world.result().payments) {
    CHECK((payment.state == PaymentState::succeeded) == payment.is_honest);
  }
}

TEST_CASE("receiver: a sender asks for a reusable invoice once, each sender by itself") {
  World world(kTwoWays);
  world.params.receiver.amp_invoice = AmpInvoice::reusable;
  world.pay("alice", "dave", 1'000)
      .pay("alice", "dave", 1'000, 1'000)
      .pay("erin", "dave", 1'000, 2'000)
      .pay("alice", "bob", 1'000, 3'000);
  world.run();
  const std::vector<PaymentRecord>& payments = world.result().payments;
  CHECK(latency_ms(payments.at(0)) == doctest::Approx(20 + 80));
  CHECK(latency_ms(payments.at(1)) == doctest::Approx(80));
  CHECK(latency_ms(payments.at(2)) == doctest::Approx(20 + 80));
  CHECK(latency_ms(payments.at(3)) == doctest::Approx(20 + 40));
  CHECK(world.measure("invoices_requested") == 3);
  CHECK(world.measure("succeeded") == 4);
}

TEST_CASE("receiver: sets that pay one reusable invoice at the same time do not meet") {
  World world(kTwoWays);
  world.params.receiver.amp_invoice = AmpInvoice::reusable;
  world.pay("alice", "dave", 70'000).pay("erin", "dave", 10'000).run();
  CHECK(world.measure("succeeded") == 2);
  CHECK(world.measure("sets_claimed") == 2);
}

TEST_CASE("receiver: a set that is held back is claimed later, whatever the timer says") {
  for (const std::string scheme : {"amp", "mpp", "single", "stuckless", "boomerang"}) {
    CAPTURE(scheme);
    World world(kTwoWays);
    world.params.payment.scheme = scheme;
    world.pay("alice", "dave", 50'000).run();
    const double at_once = latency_ms(world.result().payments.at(0));
    world.params.receiver.hold = std::chrono::seconds{300};
    world.run();
    CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
    CHECK(latency_ms(world.result().payments.at(0)) == doctest::Approx(at_once + 300'000));
    CHECK(world.measure("htlcs_expired") == 0);
    world.expect_conserved();
  }
}

TEST_CASE("receiver: one part more than the total is claimed with ge, and fails all with eq") {
  for (const std::string scheme : {"amp", "mpp", "mpp_keysend", "ptlc"}) {
    for (const amp::Completion completion : {amp::Completion::ge, amp::Completion::eq}) {
      CAPTURE(scheme);
      World world(kTwoWays);
      world.params.payment.scheme = scheme;
      world.params.payment.behaviour = SenderBehaviour::overpay;
      world.params.receiver.completion = completion;
      world.pay("alice", "dave", 100'000).run();
      const PaymentRecord& payment = world.result().payments.at(0);
      const bool is_claimed = completion == amp::Completion::ge;
      CHECK(payment.state == (is_claimed ? PaymentState::succeeded : PaymentState::failed));
      CHECK(payment.delivered == Msat::from_sat(is_claimed ? 101'000 : 0));
      world.expect_conserved();
    }
  }
}

TEST_CASE("receiver: implementations differ in timer and final time lock") {
  const auto implemented = [](ReceiverImplementation implementation) {
    return as_implemented({.implementation = implementation,
                           .timeout = std::chrono::seconds{5},
                           .completion = amp::Completion::eq});
  };
  const ReceiverParams custom = implemented(ReceiverImplementation::custom);
  CHECK(custom.timeout == std::chrono::seconds{5});
  CHECK(custom.completion == amp::Completion::eq);
  struct Expected {
    ReceiverImplementation implementation;
    int seconds;
    ReceiverTimer timer;
    BlockDelta final_cltv_delta;
  };
  for (const Expected& expected :
       {Expected{ReceiverImplementation::lnd, 120, ReceiverTimer::htlc, {80}},
        Expected{ReceiverImplementation::cln, 70, ReceiverTimer::set, {18}},
        Expected{ReceiverImplementation::eclair, 60, ReceiverTimer::set, {30}},
        Expected{ReceiverImplementation::ldk, 180, ReceiverTimer::htlc, {42}}}) {
    const ReceiverParams params = implemented(expected.implementation);
    CHECK(params.timeout == std::chrono::seconds{expected.seconds});
    CHECK(params.timer == expected.timer);
    CHECK(params.final_cltv_delta == expected.final_cltv_delta);
    CHECK(params.completion == amp::Completion::ge);
  }
}

TEST_CASE("receiver: an implementation blocks what it decides, and the resolved file shows it") {
  CHECK(refusal_of("[receiver]\nimplementation = \"cln\"\ntimeout_s = 5\n") ==
        "e.toml:3: receiver.timeout_s: has no effect with receiver.implementation = \"cln\"");
  const std::string resolved = experiment_of("[receiver]\nimplementation = \"cln\"\n").resolved;
  CHECK(resolved.find("implementation = \"cln\"  # timeout_s = 70, timer = \"set\", completion = "
                      "\"ge\", final_cltv_delta_blocks = 18\n") != std::string::npos);
  CHECK(resolved.find("\ntimeout_s = 120") == std::string::npos);
  CHECK(experiment_of("").resolved.find("implementation = \"custom\"\n") != std::string::npos);
  // A point with its own values and one without share a file.
  const Experiment both = experiment_of(
      "[receiver]\ntimeout_s = 5\n[sweep]\n\"receiver.implementation\" = [\"custom\", \"lnd\"]\n");
  CHECK(both.points.size() == 2);
}

TEST_CASE("receiver: what concerns reusable invoices is for schemes that have them") {
  CHECK(refusal_of("[payment]\nscheme = \"mpp\"\n[receiver]\nlate_part = \"hold\"\n") ==
        "e.toml:4: receiver.late_part: has no effect with payment.scheme = \"mpp\"");
  CHECK(refusal_of("[receiver]\nbad_set = \"cancel_invoice\"\n") ==
        "e.toml:2: receiver.bad_set: has no effect with receiver.amp_invoice = \"spontaneous\"");
}
