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
                       .expiry = BlockHeight{static_cast<std::int32_t>(payment)},
                       .before = NodeId{payment},
                       .after = NodeId{payment},
                       .came = SimTime{std::chrono::milliseconds{ms}}};
  // A hash of its own for every part, as with AMP.
  seen.lock_in.bytes[0] = static_cast<std::byte>(payment);
  seen.lock_in.bytes[1] = static_cast<std::byte>(attempt);
  seen.lock_out = seen.lock_in;
  return seen;
}

std::map<std::string, double> measured(const Observer& observer) {
  std::map<std::string, double> values;
  for (const Measure& measure : observer.report({.payments = 10, .parts = 20}).measures) {
    values[std::string(measure.name)] =
        std::visit([](auto value) { return static_cast<double>(value); }, measure.value);
  }
  return values;
}

/// Four nodes between a and f, of which those named watch.
World chain(const std::string& scheme, const std::string& members) {
  World world(R"(
    a 100 -- 0 b
    b 100 -- 0 c
    c 100 -- 0 d
    d 100 -- 0 e
    e 100 -- 0 f
  )");
  world.params.payment.scheme = scheme;
  world.params.observer = {.is_on = true, .choice = ObserverChoice::listed, .listed = members};
  world.pay("a", "f", 10).run();
  return world;
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

TEST_CASE("observer: a part that was sent again does not count twice for the amount") {
  // b is dry towards c, so that the part fails and takes the other way, past b as well.
  World world(R"(
    a 100000 -- 0 b
    b 0 -- 90000 c
    b 90000 -- 0 d base=1000
    c 90000 -- 0 e
    d 90000 -- 0 e
  )");
  world.params.payment.scheme = "mpp";
  world.params.observer = {.is_on = true, .choice = ObserverChoice::listed, .listed = "b"};
  world.pay("a", "e", 50'000).run();
  REQUIRE(world.result().parts.size() == 2);
  CHECK(world.result().privacy.at(0).amount_bound == Msat::from_sat(50'000));
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

TEST_CASE("observer: a part that several members forward is one part") {
  for (const char* scheme : {"amp", "ptlc"}) {
    CAPTURE(scheme);
    const World world = chain(scheme, "b c e");
    CHECK(world.measure("observed_parts") == 1);
    CHECK(world.measure("observed_parts_share") == doctest::Approx(1));
    CHECK(world.measure("pairs_observed") == 0);
  }
}

TEST_CASE("observer: with points only neighbours know that what they saw is one part") {
  CHECK(chain("amp", "b c e").measure("records_observed") == 1);
  CHECK(chain("ptlc", "b c e").measure("records_observed") == 2);
  CHECK(chain("ptlc", "b c d e").measure("records_observed") == 1);
  CHECK(chain("ptlc", "b d").measure("records_observed") == 2);
  // What they may guess: the two records are of one payment, but no pair of parts.
  const World world = chain("ptlc", "b c e");
  CHECK(world.measure("pairs_guessed") == 1);
  CHECK(world.measure("link_precision") == doctest::Approx(1));
  CHECK(std::isnan(world.measure("link_recall")));
  CHECK(world.result().privacy.at(0).pairs_guessed == 0);
}

TEST_CASE("observer: answers find the record of the member that they pass") {
  Observer observer({true}, {});
  // With points: hops 0 and 1 are neighbours, hop 3 is not.
  Observer::Sight first = sight(1, 0, 50'000, 0);
  first.lock_out.bytes[2] = std::byte{1};
  Observer::Sight second = first;
  second.hop = 1;
  second.lock_in = first.lock_out;
  second.lock_out.bytes[2] = std::byte{2};
  Observer::Sight third = first;
  third.hop = 3;
  third.lock_in.bytes[2] = std::byte{3};
  third.lock_out.bytes[2] = std::byte{4};
  for (const auto& seen : {first, second, third}) observer.see_add(seen);
  CHECK(measured(observer)["records_observed"] == 2);
  const auto at = [](int ms) { return SimTime{std::chrono::milliseconds{ms}}; };
  observer.see_preimage(PaymentId{1}, 0, 3, at(10));
  CHECK(measured(observer)["pairs_guessed"] == 0);  // the other one has not settled
  observer.see_preimage(PaymentId{1}, 0, 1, at(20));
  observer.see_preimage(PaymentId{1}, 0, 0, at(30));
  CHECK(measured(observer)["pairs_guessed"] == 1);
  CHECK_THROWS_AS(observer.see_preimage(PaymentId{2}, 0, 1, at(20)), InvariantError);
}

TEST_CASE("observer: a guess needs preimages, arrivals and amounts that fit") {
  Observer observer(
      {true}, {.window = std::chrono::milliseconds{100}, .side_channels = "settle add amounts"});
  const auto settle = [&observer](std::uint32_t payment, std::uint32_t attempt, int ms) {
    observer.see_preimage(PaymentId{payment}, attempt, 0, SimTime{std::chrono::milliseconds{ms}});
  };
  observer.see_add(sight(1, 0, 50'000, 0));
  observer.see_add(sight(1, 1, 25'000, 10));   // a half of it: guessed
  observer.see_add(sight(1, 2, 17'000, 500));  // came later, and is no half of anything
  observer.see_add(sight(2, 0, 40'000, 600));  // nor is this
  observer.see_add(sight(3, 0, 50'100, 8));    // another payment: guessed twice, and wrong
  observer.see_add(sight(4, 0, 50'000, 8));    // never settles
  settle(1, 0, 1000);
  settle(1, 1, 1010);
  settle(1, 2, 1020);
  settle(2, 0, 1500);
  settle(3, 0, 1050);
  auto values = measured(observer);
  CHECK(values["observed_payments"] == 4);
  CHECK(values["observed_payments_share"] == doctest::Approx(0.4));
  CHECK(values["pairs_observed"] == 3);
  CHECK(values["pairs_guessed"] == 3);
  CHECK(values["link_precision"] == doctest::Approx(1.0 / 3));
  CHECK(values["link_recall"] == doctest::Approx(1.0 / 3));
}

TEST_CASE("observer: a retry after a failure is guessed, and counted by itself") {
  World world(R"(
    a 100000 -- 0 hub
    hub 0 -- 90000 d
    hub 90000 -- 0 c
    c 90000 -- 0 d base=5000
  )");
  world.params.observer = {.is_on = true, .choice = ObserverChoice::listed, .listed = "hub"};
  world.pay("a", "d", 40'000).run();
  CHECK(world.measure("observed_parts") == 2);
  CHECK(world.measure("retries_guessed") == 1);
  CHECK(world.measure("retry_precision") == doctest::Approx(1));
  CHECK(world.measure("pairs_guessed") == 0);
  world.params.observer.side_channels = "settle add amounts expiry peers";
  world.run();
  CHECK(world.measure("retries_guessed") == 0);
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
  CHECK(choose_observers(topology, {.nodes = 1, .choice = ObserverChoice::betweenness}, 1) ==
        Members{true, false, false, false});
  // c has one channel: it forwards nothing.
  CHECK(choose_observers(topology, {.nodes = 4, .choice = ObserverChoice::random}, 1) ==
        Members{true, true, true, false});
  CHECK_THROWS_WITH_AS(
      choose_observers(topology, {.choice = ObserverChoice::listed, .listed = "hubb"}, 1),
      "observer.listed: found \"hubb\"; allowed: names of nodes; did you mean \"hub\"?",
      InputError);
}

TEST_CASE("observer: betweenness is not degree") {
  // x has the fewest channels, and all paths between the two stars.
  const topo::Topology topology = test::parse_network(R"(
    a 1 -- 1 a1
    a 1 -- 1 a2
    a 1 -- 1 x
    x 1 -- 1 b
    b 1 -- 1 b1
    b 1 -- 1 b2
  )");
  const std::vector<bool> members =
      choose_observers(topology, {.nodes = 3, .choice = ObserverChoice::betweenness}, 1);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i]) names.push_back(topology.nodes[i].name);
  }
  CHECK(names == std::vector<std::string>{"a", "x", "b"});
}

TEST_CASE("observer: watching changes nothing") {
  World watched = two_parts_through_a_hub("amp");
  const double events = watched.measure("events");
  watched.params.observer.is_on = false;
  watched.run();
  CHECK(watched.measure("events") == events);
  CHECK(watched.result().privacy.empty());
}
