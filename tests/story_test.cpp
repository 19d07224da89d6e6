/// The story that this program exists for: Alice has two channels with Bob, 1 BTC each, and wants
/// to pay him 2 BTC. docs/guide/two-channels.md tells it with the program itself.

#include <set>
#include <string>
#include <vector>

#include "tests/printing.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;

namespace {

constexpr std::int64_t kBtc = 100'000'000;

World alice_and_bob(const std::string& scheme) {
  World world(R"(
    alice 100000000 -- 0 bob
    alice 100000000 -- 0 bob
  )");
  world.params.payment.scheme = scheme;
  return world;
}

}  // namespace

TEST_CASE("story: 2 BTC fit through no single channel") {
  World world = alice_and_bob("single");
  world.pay("alice", "bob", 2 * kBtc).run();
  CHECK(world.result().payments.at(0).state == PaymentState::failed);
  CHECK(world.result().payments.at(0).failure == PaymentFailure::no_route);
  CHECK(world.balance("bob") == Msat{0});
}

TEST_CASE("story: with two invoices, and a channel drained in between, Bob ends with half") {
  World world = alice_and_bob("invoices");
  // The first invoice is paid at 60 ms; the second is there at 80 ms. In between Alice spends
  // 0.2 BTC of the second channel on something else.
  world.pay("alice", "bob", 2 * kBtc).pay("alice", "bob", kBtc / 5, 40).run();
  const PaymentRecord& payment = world.result().payments.at(0);
  CHECK(payment.state == PaymentState::partial);
  CHECK(payment.delivered == Msat::from_sat(kBtc));
  CHECK(world.measure("partial_payments") == 1);
  CHECK(world.measure("partial_msat") == static_cast<double>(Msat::from_sat(kBtc).count));
  world.expect_conserved();
}

TEST_CASE("story: undisturbed, two invoices do pay 2 BTC, one after the other") {
  World world = alice_and_bob("invoices");
  world.pay("alice", "bob", 2 * kBtc).run();
  CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
  CHECK(world.measure("invoices_requested") == 2);
}

TEST_CASE("story: by AMP Bob gets all, with two different hashes and no invoice") {
  World world = alice_and_bob("amp");
  world.pay("alice", "bob", 2 * kBtc).pay("alice", "bob", kBtc / 5, 40).run();
  const RunResult& result = world.result();
  CHECK(result.payments.at(0).state == PaymentState::succeeded);
  CHECK(result.payments.at(0).delivered == Msat::from_sat(2 * kBtc));
  CHECK(result.payments.at(1).state == PaymentState::failed);
  CHECK(world.balance("bob") == Msat::from_sat(2 * kBtc));
  CHECK(world.measure("invoices_requested") == 0);
  CHECK(world.measure("hash_reuses") == 0);
  REQUIRE(result.parts.size() == 2);
  CHECK(result.parts[0].payment_hash != result.parts[1].payment_hash);
  CHECK(result.parts[0].set_id == result.parts[1].set_id);
}

TEST_CASE("story: by AMP Bob gets nothing if a channel was drained before") {
  World world = alice_and_bob("amp");
  world.pay("alice", "bob", kBtc / 5).pay("alice", "bob", 2 * kBtc, 200).run();
  CHECK(world.result().payments.at(1).state == PaymentState::failed);
  CHECK(world.result().payments.at(1).delivered == Msat{0});
  CHECK(world.balance("bob") == Msat::from_sat(kBtc / 5));
  CHECK(world.measure("partial_payments") == 0);
}

TEST_CASE("story: the parts may arrive in either order, under every derivation") {
  for (const auto derivation :
       {amp::Derivation::lnd, amp::Derivation::og2018, amp::Derivation::toy}) {
    std::set<double> orders;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      CAPTURE(seed);
      World world = alice_and_bob("amp");
      world.params.payment.derivation = derivation;
      world.params.network.latency = {.kind = DistributionKind::lightning};
      world.params.seed = seed;
      world.pay("alice", "bob", 2 * kBtc).run();
      CHECK(world.result().payments.at(0).state == PaymentState::succeeded);
      CHECK(world.measure("sets_claimed") == 1);
      REQUIRE(world.result().parts.size() == 2);
      const bool is_swapped = world.result().parts[1].held < world.result().parts[0].held;
      CHECK(world.measure("sets_out_of_order") == (is_swapped ? 1 : 0));
      orders.insert(world.measure("sets_out_of_order"));
    }
    CHECK(orders == std::set<double>{0, 1});
  }
}
