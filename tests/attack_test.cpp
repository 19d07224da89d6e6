/// Each kind of attack on a network of a few nodes, computed by hand. One-way delays are 10 ms: a
/// hop takes 30 ms forth, and 30 ms for a failure back.

#include "sim/attack/attack.hpp"

#include <cmath>
#include <string>

#include "sim/attack/held_htlcs.hpp"
#include "tests/printing.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;

namespace {

AttackParams attack_on(AttackKind kind, const std::string& nodes) {
  return {.is_on = true, .kind = kind, .choice = TargetChoice::listed, .listed = nodes};
}

double ms(const PaymentRecord& payment) { return to_ms(payment.end - payment.start); }

/// Only the direction from b to c can be attacked.
World one_way(AttackKind kind, const std::string& channel = "b 64000 -- 0 c off=1") {
  World world("a 100000 -- 0 b\n" + channel);
  world.params.payment.scheme = "keysend";  // one part, no invoice
  world.params.attack = attack_on(kind, "c");
  world.params.attack.budget = Msat::from_sat(128'000);
  return world;
}

}  // namespace

TEST_CASE("attack: slots that are taken are nobody else's, and cost the attacker nothing") {
  World world(R"(
    a 100000 -- 0 b
    b 100000 -- 0 c
  )");
  world.params.network.max_htlcs = 2;
  world.params.attack = attack_on(AttackKind::slot_jamming, "c");
  world.params.attack.budget = Msat::from_sat(4'000);
  world.params.attack.htlc = Msat::from_sat(1);
  world.pay("a", "c", 10, 50).run();
  CHECK(world.measure("honest_success_rate") == 0);
  CHECK(world.result().parts.at(0).failure == FailureCode::temporary_channel_failure);
  // From b to c two HTLCs over three hops each; from c, who has nothing, two that get to c.
  CHECK(world.measure("attack_htlcs") == 2 * 3 + 2 * 1);
  // The payment fails at 80 ms and is over at 110 ms. So is the attack: the sink fails what it
  // holds, and the target is free 60 ms later.
  CHECK(ms(world.result().payments.at(0)) == doctest::Approx(60));
  CHECK(world.measure("attack_locked_msat_s") == doctest::Approx(2'000 * (0.170 - 0.030)));
  CHECK(world.measure("attack_own_locked_msat_s") ==
        doctest::Approx(2'000 * (0.200 + (0.140 - 0.060)) + 2'000 * 0.060));
  CHECK(world.measure("attack_amplification") == doctest::Approx(280.0 / 680.0));
  CHECK(world.measure("attack_cost_msat") == 0);
  // Of honest payments only: one HTLC, for 60 ms.
  CHECK(world.measure("htlcs_added") == 1);
  CHECK(world.measure("locked_msat_s") == doctest::Approx(10'000 * 0.060));
  world.expect_conserved();

  world.params.attack.kind = AttackKind::none;
  world.run();
  CHECK(world.measure("honest_success_rate") == 1);
  CHECK(world.measure("attack_htlcs") == 0);
}

TEST_CASE("attack: a jammer that is refused asks again until it has all slots") {
  World world = one_way(AttackKind::slot_jamming);
  world.params.network.max_htlcs = 2;
  world.params.attack.start = std::chrono::milliseconds{35};
  // When the attack reaches b, at 65 ms, the payment has one of the slots. It is free at 130 ms,
  // and the attack asks again a second after it was refused.
  world.pay("a", "c", 10, 20).pay("a", "c", 10, 500).pay("a", "c", 10, 2'000).run();
  CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
  CHECK(world.result().payments.at(1).state == PaymentState::succeeded);
  CHECK(world.result().payments.at(2).state == PaymentState::failed);
}

TEST_CASE("attack: fast jamming lets go and comes back") {
  World world = one_way(AttackKind::fast_jamming);
  world.params.network.max_htlcs = 1;
  // The sink fails its HTLC at 7,090 ms: the slot from b to c is free from 7,150 ms until the next
  // one has gone from the source to b: 7,180 + 30 ms. The first payment needs it at 7,180 ms.
  world.pay("a", "c", 10, 7'150).pay("a", "c", 10, 10'000).run();
  CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
  CHECK(world.result().payments.at(1).state == PaymentState::failed);
  // One that was held, one that was refused because of the payment, one that is held again.
  CHECK(world.measure("attack_htlcs") == 3 + 1 + 3);
}

TEST_CASE("attack: liquidity jamming takes all there is") {
  World world = one_way(AttackKind::liquidity_jamming);
  world.pay("a", "c", 1, 1'000).run();
  CHECK(world.measure("honest_success_rate") == 0);
  CHECK(world.measure("attack_htlcs") == 3);
  // From b to c from 30 ms until the attack has ended, at 1,060 ms, and two hops more.
  CHECK(world.measure("attack_locked_msat_s") == doctest::Approx(64e6 * (1.120 - 0.030)));
  CHECK(world.measure("attack_own_locked_msat_s") ==
        doctest::Approx(64e6 * (1.150 + 1.090 - 0.060)));
  CHECK(world.measure("attack_locked_msat_s_per_sat") == doctest::Approx(64e6 * 1.090 / 128'000));
  world.expect_conserved();
}

TEST_CASE("attack: liquidity jamming finds its amounts by halving") {
  // 64,000 is too much; 32,000 and 8,000 fit, and leave nothing of 40,000.
  World world = one_way(AttackKind::liquidity_jamming, "b 40000 -- 24000 c off=1");
  world.pay("a", "c", 40'000, 0);
  SUBCASE("no attack yet") {
    world.params.attack.start = std::chrono::seconds{10};
    world.run();
    CHECK(world.measure("honest_success_rate") == 1);
  }
  SUBCASE("attacked") {
    World attacked = one_way(AttackKind::liquidity_jamming, "b 40000 -- 24000 c off=1");
    attacked.pay("a", "c", 1, 3'000).run();
    CHECK(attacked.measure("honest_success_rate") == 0);
  }
  SUBCASE("not below the smallest amount") {
    World attacked = one_way(AttackKind::liquidity_jamming, "b 40000 -- 24000 c off=1");
    attacked.params.attack.htlc = Msat::from_sat(10'000);
    attacked.pay("a", "c", 8'000, 3'000).run();
    CHECK(attacked.measure("honest_success_rate") == 1);
  }
}

TEST_CASE("attack: a withheld share locks the receiver's channels until its timer runs out") {
  for (const std::string scheme : {"mpp", "amp", "ptlc"}) {
    CAPTURE(scheme);
    World world(R"(
      a   200000 -- 0 hub
      hub 100000 -- 0 dave
    )");
    world.params.payment.scheme = scheme;
    world.params.attack = attack_on(AttackKind::withheld_share, "dave");
    world.params.attack.budget = Msat::from_sat(40'000);
    world.params.attack.htlc = Msat::from_sat(10'000);
    world.params.attack.stop = std::chrono::seconds{60};
    world.pay("a", "dave", 95'000, 1'000).run();
    CHECK(world.measure("honest_success_rate") == 0);
    CHECK(world.measure("partial_payments") == 0);
    // One part over two hops; held by dave for 120 s.
    CHECK(world.measure("attack_htlcs") == 2);
    CHECK(world.measure("attack_locked_msat_s") == doctest::Approx(10e6 * (120 + 2 * 0.030)));
    CHECK(world.measure("attack_own_locked_msat_s") == doctest::Approx(10e6 * (120 + 4 * 0.030)));
    CHECK(world.measure("attack_cost_msat") == 0);
    CHECK(world.measure("payments") == 1);
    CHECK(world.measure("invoices_requested") == (scheme == "amp" ? 0 : 1));
    world.expect_conserved();
    world.params.attack.kind = AttackKind::none;
    world.run();
    CHECK(world.measure("honest_success_rate") == 1);
  }
}

TEST_CASE("attack: sets that time out are sent again, for as long as the attack lasts") {
  World world(R"(
    a   200000 -- 0 hub
    hub 100000 -- 0 dave
  )");
  world.params.attack = attack_on(AttackKind::withheld_share, "dave");
  world.params.attack.htlc = Msat::from_sat(10'000);
  world.params.attack.stop = std::chrono::seconds{250};
  world.run();
  CHECK(world.measure("attack_htlcs") == 3 * 2);  // at 0, 120.12 and 240.24 s
}

TEST_CASE("attack: a message about a set that is over says nothing to the one after it") {
  // Messages between the ends take longer than parts wait for them: by then another set is open.
  World world("a 9000 -- 9000 b\nb 9000 -- 9000 dave");
  world.params.payment.min_part = Msat::from_sat(1);
  world.params.payment.spare_parts = 2;
  world.params.network.latency = {.kind = DistributionKind::lognormal, .mean = 2'000, .sigma = 2};
  world.params.receiver.timeout = std::chrono::seconds{1};
  world.params.receiver.behaviour = amp::ReceiverBehaviour::greedy;
  world.params.attack = attack_on(AttackKind::withheld_share, "dave");
  world.params.attack.budget = Msat::from_sat(4'000);
  world.params.attack.stop = std::chrono::minutes{30};
  world.hooks.check_every_event = true;
  for (int i = 0; i < 10; ++i) world.pay("a", "dave", 10, i * 100'000);
  for (const char* scheme : {"stuckless", "boomerang"}) {
    world.params.payment.scheme = scheme;
    for (world.params.seed = 0; world.params.seed < 40; ++world.params.seed) {
      CAPTURE(world.params.seed);
      world.run();
      CHECK(world.measure("partial_payments") == 0);
      world.expect_conserved();
    }
  }
}

TEST_CASE("attack: who withholds pays a greedy receiver of mpp, and nothing without a split") {
  World world(R"(
    a   200000 -- 0 hub
    hub 100000 -- 0 dave
  )");
  world.params.attack = attack_on(AttackKind::withheld_share, "dave");
  world.params.attack.htlc = Msat::from_sat(10'000);
  world.params.attack.stop = std::chrono::milliseconds{500};
  world.params.receiver.behaviour = amp::ReceiverBehaviour::greedy;
  world.params.payment.scheme = "mpp";
  world.run();
  CHECK(world.measure("attack_cost_msat") == 10'000'000);
  world.params.payment.scheme = "amp";
  world.run();
  CHECK(world.measure("attack_cost_msat") == 0);
  CHECK(world.measure("attack_htlcs") == 2);
  world.params.payment.scheme = "single";
  world.run();
  CHECK(world.measure("attack_htlcs") == 0);
}

TEST_CASE("attack: a probe learns a balance bit by bit") {
  World world = one_way(AttackKind::probing, "b 40000 -- 24000 c off=1");
  world.params.attack.stop = std::chrono::seconds{10};
  world.run();
  // In sat: 32,000 fits, 48,000 does not, 40,000 does; 44,000, 42,000 and 41,000 do not.
  CHECK(world.measure("probes") == 6);
  CHECK(world.measure("attack_htlcs") == 2 * 2 + 4 * 1);
  CHECK(world.measure("channels_probed") == 1);
  CHECK(world.measure("probe_uncertainty_sat") == doctest::Approx(999.999));
  CHECK(world.measure("probe_hit_rate") == 1);
  CHECK(world.measure("probe_bits") == doctest::Approx(std::log2(64'000'001.0 / 1'000'000)));
  CHECK(world.measure("attack_cost_msat") == 0);
  world.expect_conserved();
}

TEST_CASE("attack: a probe knows the reserve, and reaches no further than its budget") {
  World world = one_way(AttackKind::probing, "b 40000 -- 24000 c off=1");
  world.params.attack.stop = std::chrono::seconds{10};
  SUBCASE("budget") {
    world.params.attack.budget = Msat::from_sat(20'000);
    world.run();
    CHECK(world.measure("probes") == 1);
    CHECK(world.measure("probe_uncertainty_sat") == doctest::Approx(44'000));
  }
  SUBCASE("reserve") {
    world.params.network.reserve = 0.1;
    world.params.attack.precision = Msat{0};
    world.run();
    CHECK(world.measure("probe_uncertainty_sat") == 0);
  }
  SUBCASE("time") {
    world.params.attack.stop = std::chrono::milliseconds{200};
    world.run();
    CHECK(world.measure("probes") == 3);  // 120 + 60 ms, and one that was on its way
  }
  CHECK(world.measure("probe_hit_rate") == 1);
}

TEST_CASE("attack: a parallel channel misleads a probe") {
  // b takes the channel that can, whatever the onion says: 40,000 seem to be in both.
  World world(R"(
    b 40000 -- 24000 c off=1
    b 10000 -- 54000 c off=1
  )");
  world.params.attack = attack_on(AttackKind::probing, "c");
  world.params.attack.budget = Msat::from_sat(128'000);
  world.params.attack.stop = std::chrono::seconds{10};
  world.run();
  CHECK(world.measure("channels_probed") == 2);
  CHECK(world.measure("probe_hit_rate") < 1);
}

TEST_CASE(
    "attack: a wormhole takes the fees of those that it skips, unless hops have other locks") {
  for (const std::string scheme : {"mpp", "amp", "ptlc"}) {
    CAPTURE(scheme);
    World world(R"(
      a 100 -- 0 i
      i 100 -- 0 h base=1000
      h 100 -- 0 j base=2000
      j 100 -- 0 d base=3000
    )");
    world.params.payment.scheme = scheme;
    world.params.attack = attack_on(AttackKind::wormhole, "j i");
    world.pay("a", "d", 50).run();
    const bool is_open = scheme != "ptlc";
    const double invoice_ms = scheme == "amp" ? 0 : 20;
    CHECK(world.measure("honest_success_rate") == 1);
    CHECK(world.measure("parts_wormholed") == (is_open ? 1 : 0));
    CHECK(world.measure("stolen_fee_msat") == (is_open ? 2'000 : 0));
    CHECK(world.balance("d") == Msat::from_sat(50));
    CHECK(world.balance("h") == Msat::from_sat(100) + Msat{is_open ? 0 : 2'000});
    CHECK(world.balance("i") + world.balance("j") ==
          Msat::from_sat(200) + Msat{is_open ? 6'000 : 4'000});
    CHECK(world.result().payments.at(0).fee == Msat{6'000});
    // The preimage skips two hops.
    CHECK(ms(world.result().payments.at(0)) ==
          doctest::Approx(invoice_ms + 120 + (is_open ? 20 : 40)));
    // Those between are failed: two of four HTLCs.
    CHECK(world.measure("htlcs_failed") == (is_open ? 2 : 0));
    world.expect_conserved();
  }
}

TEST_CASE("attack: there is no wormhole between neighbours, nor to the ends of a payment") {
  World world(R"(
    a 100 -- 0 i
    i 100 -- 0 h base=1000
    h 100 -- 0 j base=2000
    j 100 -- 0 d base=3000
  )");
  world.pay("a", "d", 50);
  for (const std::string nodes : {"i h", "h j", "a j", "i d", "h"}) {
    CAPTURE(nodes);
    world.params.attack = attack_on(AttackKind::wormhole, nodes);
    world.run();
    CHECK(world.measure("parts_wormholed") == 0);
    CHECK(world.measure("htlcs_failed") == 0);
  }
  // Accomplices between two others are no victims.
  world.params.attack = attack_on(AttackKind::wormhole, "i h j");
  world.run();
  CHECK(world.measure("parts_wormholed") == 0);
}

TEST_CASE("attack: a part that is kept comes back when its time is up or the attack ends") {
  World world(R"(
    a 100 -- 0 b
    b 100 -- 0 c
  )");
  world.params.attack = attack_on(AttackKind::keep_part, "b");
  world.params.attack.hold = std::chrono::seconds{5};
  world.pay("a", "c", 50);
  double back_ms = 0;
  SUBCASE("held") { back_ms = 30 + 5'000 + 30; }
  SUBCASE("stopped") {
    world.params.attack.stop = std::chrono::seconds{2};
    back_ms = 2'000 + 30;
  }
  SUBCASE("never kept") { world.params.attack.probability = 0; }
  SUBCASE("by an end") { world.params.attack.listed = "a c"; }
  world.run();
  const bool is_kept = back_ms > 0;
  CHECK(world.measure("parts_kept") == (is_kept ? 1 : 0));
  CHECK(world.measure("honest_success_rate") == (is_kept ? 0 : 1));
  CHECK(ms(world.result().payments.at(0)) == doctest::Approx(is_kept ? back_ms : 80));
  CHECK(world.measure("attack_htlcs") == 0);
  world.expect_conserved();
}
