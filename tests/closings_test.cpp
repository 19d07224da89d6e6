/// Channels that end on chain. Blocks come every 600 s, messages take 10 ms; a part to c expires at
/// height 83 over its last hop (80 that c asks for, 3 of padding) and 40 blocks later before that.
/// At 10 sat/vbyte a commitment transaction with one HTLC costs 3,240 sat, a second-stage
/// transaction 1,665 (time-out) or 1,765 sat (success).
#include "sim/payment/closings.hpp"

#include "tests/printing.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;

namespace {

constexpr double kBlockMs = 600'000;

World line() {
  World world(R"(
    a 100000 -- 0 b
    b 100000 -- 0 c
  )");
  world.params.chain.block_arrivals = BlockArrivals::fixed;
  world.hooks.check_every_event = true;
  return world;
}

/// Each way carries 60,000 sat.
World two_ways() {
  World world(R"(
    a 60000 -- 0 b
    a 60000 -- 0 c
    b 60000 -- 0 d
    c 60000 -- 0 d
  )");
  world.params.chain.block_arrivals = BlockArrivals::fixed;
  world.hooks.check_every_event = true;
  return world;
}

/// A part of 25,000 sat that c holds until it expires.
World held_part() {
  World world = line();
  world.params.payment.behaviour = SenderBehaviour::withhold_last;
  world.params.receiver.timeout = std::chrono::hours{1000};
  world.pay("a", "c", 50'000);
  return world;
}

/// c claims 50,000 sat while b is away, from 65 ms until `up_s`.
World forwarder_away(double up_s) {
  static const test::TemporaryFolder folder;
  World world = line();
  world.params.faults.offline_file =
      folder.write("away.csv", "node,down_s,up_s\nb,0.065," + std::to_string(up_s) + "\n").string();
  world.pay("a", "c", 50'000);
  return world;
}

}  // namespace

TEST_CASE("closings: who offered an HTLC takes it back on chain when it expires, then fails it") {
  World world = held_part();
  world.run();
  CHECK(world.measure("channels_closed") == 1);
  CHECK(world.measure("htlcs_expired") == 1);
  CHECK(world.measure("onchain_fee_sat") == 3'240 + 1'665);
  const PartRecord& part = world.result().parts.at(0);
  CHECK(part.failure == FailureCode::permanent_channel_failure);
  CHECK(part.failed_at == 1);
  // Closed at 83, confirmed at 84, taken back at 85, six deep at 90; then b tells a.
  CHECK(to_ms(part.end.time_since_epoch()) == doctest::Approx(90 * kBlockMs + 30));
  CHECK(world.result().payments.at(0).state == PaymentState::failed);
  CHECK(world.balance("a") == Msat::from_sat(100'000));
  // The channel to c is gone.
  CHECK(world.result().channels[1].capacity == Msat{0});
  // b's balance of 75,000 sat waits 1 + 144 blocks for the delay of who closes.
  CHECK(world.measure("closing_locked_msat_s") == doctest::Approx(75e6 * 145 * 600));
}

TEST_CASE("closings: a series of fee rates is what a closing pays") {
  const test::TemporaryFolder folder;
  World world = held_part();
  world.params.chain.feerate_file =
      folder.write("rates.csv", "at_s,sat_per_vbyte\n0,1\n50500,100\n").string();
  world.run();
  // Confirmed at 84 * 600 = 50,400 s for 1 sat/vbyte, taken back at 51,000 s for 100.
  CHECK(world.measure("onchain_fee_sat") == 324 + 16'650);
}

TEST_CASE("closings: dust has no output, its money is the miners'") {
  World world = held_part();
  world.params.chain.dust_limit = Msat::from_sat(30'000);
  world.run();
  CHECK(world.measure("onchain_fee_sat") == 2'810 + 25'000);
  CHECK(world.measure("htlcs_expired") == 0);
  CHECK(world.measure("lost_on_chain_msat") == 0);  // nobody had the preimage
  CHECK(world.balance("a") == Msat::from_sat(100'000));
}

TEST_CASE("closings: who has the preimage claims on chain when the peer is silent") {
  World world = forwarder_away(60'000);
  world.run();
  // c closes 16 blocks before the expiry and has claimed at 69; b is back at 100 and reads it.
  CHECK(world.measure("channels_closed") == 1);
  CHECK(world.measure("htlcs_claimed_on_chain") == 1);
  CHECK(world.measure("onchain_fee_sat") == 1'765);  // c has no balance to pay the commitment with
  const PaymentRecord& payment = world.result().payments.at(0);
  CHECK(payment.state == PaymentState::succeeded);
  CHECK(to_ms(payment.end - payment.start) == doctest::Approx(100 * kBlockMs + 10));
  CHECK(world.balance("b") == Msat::from_sat(50'000));
  CHECK(world.measure("lost_on_chain_msat") == 0);
}

TEST_CASE("closings: a forwarder that is back too late has paid, and is not paid") {
  World world = forwarder_away(100'000);
  world.run();
  CHECK(world.measure("channels_closed") == 2);
  CHECK(world.measure("lost_on_chain_msat") == 50'000'000);
  // The receiver has the money, so the payment succeeded; the sender got it back from b.
  const PaymentRecord& payment = world.result().payments.at(0);
  CHECK(payment.state == PaymentState::succeeded);
  CHECK(payment.failure == PaymentFailure::none);
  CHECK(world.result().parts.at(0).failure == FailureCode::permanent_channel_failure);
}

TEST_CASE("closings: an HTLC that was never committed is in no transaction") {
  World world = line();
  world.params.faults = {.vanish_probability = 1, .vanish_mean = std::chrono::hours{100'000}};
  world.pay("a", "c", 50'000).run();
  CHECK(world.measure("channels_closed") == 1);
  CHECK(world.measure("onchain_fee_sat") == 2'810);
  CHECK(world.result().parts.at(0).failed_at == 0);
  CHECK(world.result().payments.at(0).state == PaymentState::failed);
}

TEST_CASE("closings: every part of a set is claimed, some of them on chain") {
  static const test::TemporaryFolder folder;
  World world = two_ways();
  world.params.faults.offline_file =
      folder.write("away.csv", "node,down_s,up_s\nb,0.065,50000\n").string();
  world.hooks.check_every_event = true;
  for (const Timing timing : {Timing::fast, Timing::full}) {
    world.params.network.timing = timing;
    world.pay("a", "d", 80'000).run();
    CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
    CHECK(world.result().payments.at(0).delivered == Msat::from_sat(80'000));
    CHECK(world.measure("htlcs_claimed_on_chain") == 1);
    CHECK(world.measure("partial_payments") == 0);
  }
}

TEST_CASE("closings: a claimed part that lets its preimage wait is claimed on chain all the same") {
  World world = line();
  // Up to 1,000 hours; the part expires after 14.
  world.params.receiver.settle_jitter = std::chrono::hours{1000};
  world.pay("a", "c", 50'000).run();
  CHECK(world.measure("channels_closed") == 1);
  CHECK(world.measure("htlcs_claimed_on_chain") == 1);
  CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
  CHECK(world.measure("lost_on_chain_msat") == 0);
}

TEST_CASE("closings: a part may reach the receiver after its payer has the money back") {
  // b leaves between its own add and c's answer, and is back when a has closed their channel.
  static const test::TemporaryFolder folder;
  World world = line();
  world.params.faults.offline_file =
      folder.write("away.csv", "node,down_s,up_s\nb,0.045,100000\n").string();
  world.pay("a", "c", 50'000).run();
  CHECK(world.result().payments.at(0).state == PaymentState::failed);
  CHECK(world.result().payments.at(0).delivered == Msat{0});
  CHECK(world.measure("lost_on_chain_msat") == 0);
}

TEST_CASE("closings: a closed channel forwards nothing more") {
  World world = held_part();
  world.pay("a", "c", 20'000, 91 * kBlockMs).run();
  CHECK(world.result().parts.back().failure == FailureCode::permanent_channel_failure);
  CHECK(world.measure("channels_closed") == 1);
}

TEST_CASE("closings: a sender that does not know that it has paid is refused, and pays once") {
  static const test::TemporaryFolder folder;
  for (const std::string scheme : {"keysend", "og_amp", "amp"}) {
    CAPTURE(scheme);
    World world(R"(
      a 100000 -- 0 b
      b 100000 -- 0 c
      a 100000 -- 0 d
      d 100000 -- 0 c base=1000
    )");
    world.params.chain.block_arrivals = BlockArrivals::fixed;
    world.params.payment.scheme = scheme;
    world.params.payment.timeout = std::chrono::hours{1000};
    world.params.faults.offline_file =
        folder.write("away.csv", "node,down_s,up_s\nb,0.065,100000\n").string();
    world.hooks.check_every_event = true;
    world.pay("a", "c", 50'000).run();
    REQUIRE(world.result().parts.size() == 2);
    CHECK(world.result().parts[0].failure == FailureCode::permanent_channel_failure);
    CHECK(world.result().parts[1].failure == FailureCode::incorrect_or_unknown_payment_details);
    CHECK(world.result().payments.at(0).delivered == Msat::from_sat(50'000));
  }
}

TEST_CASE("closings: a failure that was not committed is not what those upstream hear") {
  // c's timer rings at 120.06 s, and c is away before b has its answer.
  static const test::TemporaryFolder folder;
  World world = held_part();
  world.params.receiver.timeout = std::chrono::seconds{120};
  world.params.faults.offline_file =
      folder.write("away.csv", "node,down_s,up_s\nc,120.065,10000000\n").string();
  world.run();
  const PartRecord& part = world.result().parts.at(0);
  CHECK(part.failure == FailureCode::permanent_channel_failure);
  CHECK(part.failed_at == 1);
  CHECK(part.state == AttemptState::failed);
}

TEST_CASE("closings: a set that is held back until a part has expired is failed as a whole") {
  World world = two_ways();
  world.params.payment.random_expiry = BlockDelta{100};
  world.hooks.check_every_event = true;
  // Parts expire 83 to 183 blocks after they were sent; the set is held for 130.
  world.params.receiver.hold = std::chrono::minutes{1300};
  int with_one_left = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    world.params.seed = seed;
    World one = world;
    one.pay("a", "d", 80'000).run();
    const double expired = one.measure("htlcs_expired");
    with_one_left += expired == 1 ? 1 : 0;
    const Msat delivered = one.result().payments.at(0).delivered;
    CHECK(delivered == (expired > 0 ? Msat{0} : Msat::from_sat(80'000)));
  }
  CHECK(with_one_left > 0);
}
