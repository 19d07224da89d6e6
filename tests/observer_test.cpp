#include "sim/measure/observer.hpp"

#include <cmath>
#include <map>
#include <string>

#include "core/check.hpp"
#include "tests/printing.hpp"
#include "tests/text_network.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;

namespace {

/// Both halves of what alice pays dave go through the hub, over different channels.
World two_parts_through_a_hub(const std::string& scheme) {
  World world(R"(
    alice 60000 -- 0 bob
    alice 60000 -- 0 carol
    bob   60000 -- 0 hub
    carol 60000 -- 0 hub
    hub   60000 -- 0 dave
    hub   60000 -- 0 dave
  )");
  world.params.payment.scheme = scheme;
  world.params.observer = {.is_on = true, .choice = ObserverChoice::listed, .listed = "hub"};
  world.pay("alice", "dave", 100'000).run();
  return world;
}

Observer::Sight sight(std::uint32_t payment, std::uint32_t attempt, std::int64_t sat, int ms) {
  Observer::Sight seen{.payment = PaymentId{payment},
                       .attempt = attempt,
                       .amount = Msat::from_sat(sat),
                       .came = SimTime{std::chrono::milliseconds{ms}}};
  // A hash of its own for every part, as with AMP.
  seen.hash.bytes[0] = static_cast<std::byte>(payment);
  seen.hash.bytes[1] = static_cast<std::byte>(attempt);
  return seen;
}

std::map<std::string, double> measured(const Observer& observer) {
  std::map<std::string, double> values;
  for (const Measure& measure : observer.measures({.payments = 10, .parts = 20})) {
    values[std::string(measure.name)] =
        std::visit([](auto value) { return static_cast<double>(value); }, measure.value);
  }
  return values;
}

}  // namespace

TEST_CASE("observer: the hash links the parts of an MPP payment with certainty, and no AMP parts") {
  World mpp = two_parts_through_a_hub("mpp");
  CHECK(mpp.measure("observed_payments") == 1);
  CHECK(mpp.measure("observed_parts") == 2);
  CHECK(mpp.measure("pairs_observed") == 1);
  CHECK(mpp.measure("pairs_linked_by_hash") == 1);
  CHECK(mpp.result().privacy.at(0).amount_bound == Msat::from_sat(100'000));

  World amp = two_parts_through_a_hub("amp");
  CHECK(amp.measure("observed_parts") == 2);
  CHECK(amp.measure("pairs_observed") == 1);
  CHECK(amp.measure("pairs_linked_by_hash") == 0);
  CHECK(amp.result().privacy.at(0).amount_bound == Msat::from_sat(50'000));
}

TEST_CASE("observer: what AMP's hashes hide, time and amounts may tell") {
  World amp = two_parts_through_a_hub("amp");
  CHECK(amp.measure("pairs_guessed") == 1);
  CHECK(amp.measure("link_precision") == doctest::Approx(1));
  CHECK(amp.measure("link_recall") == doctest::Approx(1));
  World mpp = two_parts_through_a_hub("mpp");
  CHECK(mpp.measure("pairs_guessed") == 0);
  CHECK(std::isnan(mpp.measure("link_recall")));
}

TEST_CASE("observer: sender and receiver are no observers of their own payment") {
  World world = two_parts_through_a_hub("mpp");
  world.params.observer.listed = "alice dave";
  world.run();
  CHECK(world.measure("observed_parts") == 0);
}

TEST_CASE("observer: a part that two members forward is one part") {
  World world(R"(
    a 100 -- 0 b
    b 100 -- 0 c
    c 100 -- 0 d
  )");
  world.params.observer = {.is_on = true, .choice = ObserverChoice::listed, .listed = "b c"};
  world.pay("a", "d", 10).run();
  CHECK(world.measure("observed_parts") == 1);
  CHECK(world.measure("observed_parts_share") == doctest::Approx(1));
}

TEST_CASE("observer: a guess needs preimages, arrivals and amounts that fit") {
  Observer observer({true}, std::chrono::milliseconds{100});
  const auto settle = [&observer](std::uint32_t payment, std::uint32_t attempt, int ms) {
    observer.see_preimage(PaymentId{payment}, attempt, SimTime{std::chrono::milliseconds{ms}});
  };
  observer.see_add(sight(1, 0, 50'000, 0));
  observer.see_add(sight(1, 1, 25'000, 10));   // a half of it: guessed
  observer.see_add(sight(1, 2, 25'000, 500));  // came too late
  observer.see_add(sight(2, 0, 40'000, 5));    // no half of anything
  observer.see_add(sight(3, 0, 50'100, 8));    // another payment: guessed twice, and wrong
  observer.see_add(sight(4, 0, 50'000, 8));    // never settles
  settle(1, 0, 1000);
  settle(1, 1, 1010);
  settle(1, 2, 1020);
  settle(2, 0, 1005);
  settle(3, 0, 1050);
  auto values = measured(observer);
  CHECK(values["observed_payments"] == 4);
  CHECK(values["observed_payments_share"] == doctest::Approx(0.4));
  CHECK(values["pairs_observed"] == 3);
  CHECK(values["pairs_guessed"] == 3);
  CHECK(values["link_precision"] == doctest::Approx(1.0 / 3));
  CHECK(values["link_recall"] == doctest::Approx(1.0 / 3));
}

TEST_CASE("observer: the best connected, random or listed nodes watch") {
  const topo::Topology topology = test::parse_network(R"(
    hub 1 -- 1 a
    hub 1 -- 1 b
    hub 1 -- 1 c
    a 1 -- 1 b
  )");
  using Members = std::vector<bool>;
  CHECK(choose_observers(topology, {.nodes = 1}, 1) == Members{true, false, false, false});
  CHECK(choose_observers(topology, {.choice = ObserverChoice::listed, .listed = "c a"}, 1) ==
        Members{false, true, false, true});
  // c has one channel: it forwards nothing.
  CHECK(choose_observers(topology, {.nodes = 4, .choice = ObserverChoice::random}, 1) ==
        Members{true, true, true, false});
  CHECK_THROWS_WITH_AS(
      choose_observers(topology, {.choice = ObserverChoice::listed, .listed = "hubb"}, 1),
      "observer.listed: found \"hubb\"; allowed: names of nodes; did you mean \"hub\"?",
      InputError);
}

TEST_CASE("observer: watching changes nothing") {
  World watched = two_parts_through_a_hub("amp");
  const double events = watched.measure("events");
  watched.params.observer.is_on = false;
  watched.run();
  CHECK(watched.measure("events") == events);
  CHECK(watched.result().privacy.empty());
}
