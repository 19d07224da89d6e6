// Whole payments with the routers that have a flow: what is sent together arrives together, what
// fails is learnt from, and a payment without a way ends.
#include <string>

#include "core/random.hpp"
#include "tests/printing.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;

namespace {

const std::vector<std::string> kRouters = {"cln", "pickhardt_richter"};

/// Alice to dave over bob and carol; what bob and carol have towards dave is the test's.
std::string two_ways(int bob_has, int carol_has) {
  return "alice 1000000 -- 1000000 bob   base=10 ppm=10\n"
         "alice 1000000 -- 1000000 carol base=10 ppm=10\n"
         "bob   " +
         std::to_string(bob_has) + " -- " + std::to_string(1'000'000 - bob_has) +
         " dave  base=10 ppm=10\n"
         "carol " +
         std::to_string(carol_has) + " -- " + std::to_string(1'000'000 - carol_has) +
         " dave  base=10 ppm=10\n";
}

World world(const std::string& network, const std::string& router) {
  World world(network);
  world.params.routing.algorithm = router;
  world.params.payment.scheme = "amp";
  return world;
}

}  // namespace

TEST_CASE("flow_payment: a payment that no channel can carry arrives in parts") {
  for (const std::string& router : kRouters) {
    CAPTURE(router);
    World network = world(two_ways(900'000, 900'000), router);
    network.pay("alice", "dave", 1'200'000);
    const RunResult& result = network.run();
    network.expect_conserved();
    CHECK(result.payments.front().state == PaymentState::succeeded);
    CHECK(result.payments.front().parts == 2);
    CHECK(network.balance("dave") == Msat::from_sat(200'000 + 1'200'000));
  }
}

TEST_CASE("flow_payment: the part that failed goes where there is room") {
  for (const std::string& router : kRouters) {
    CAPTURE(router);
    // Both look alike from outside; bob has almost nothing.
    World network = world(two_ways(20'000, 990'000), router);
    network.pay("alice", "dave", 800'000);
    const RunResult& result = network.run();
    network.expect_conserved();
    CHECK(result.payments.front().state == PaymentState::succeeded);
    CHECK(result.payments.front().attempts > result.payments.front().parts);
  }
}

TEST_CASE("flow_payment: where balances do not suffice a payment ends, after a few attempts") {
  for (const std::string& router : kRouters) {
    CAPTURE(router);
    World network = world(two_ways(300'000, 300'000), router);
    network.pay("alice", "dave", 800'000);
    const RunResult& result = network.run();
    network.expect_conserved();
    const PaymentRecord& payment = result.payments.front();
    CHECK(payment.state == PaymentState::failed);
    CHECK(payment.failure == PaymentFailure::no_route);
    CHECK(payment.attempts > 0);
    CHECK(payment.attempts < 100);
    // What has arrived goes back with the receiver's timer; nothing is tried for that long.
    CHECK(payment.end < SimTime{std::chrono::seconds{125}});
  }
}

TEST_CASE("flow_payment: what a sender has learnt serves its next payment") {
  for (const std::string& router : kRouters) {
    CAPTURE(router);
    World network = world(two_ways(20'000, 990'000), router);
    network.pay("alice", "dave", 100'000);
    network.pay("alice", "dave", 100'000, 10'000);
    const RunResult& result = network.run();
    CHECK(result.payments[0].state == PaymentState::succeeded);
    CHECK(result.payments[1].state == PaymentState::succeeded);
    CHECK(result.payments[1].attempts == 1);
  }
}

TEST_CASE("flow_payment: every splitter and view works with a router that has a flow") {
  for (const std::string& router : kRouters) {
    for (const std::string splitter :
         {"none", "halving", "equal", "edge_avoiding", "capacity_proportional", "random", "flow"}) {
      for (const std::string view : {"none", "apriori", "bounds", "balances"}) {
        CAPTURE(router);
        CAPTURE(splitter);
        CAPTURE(view);
        World network = world(two_ways(600'000, 600'000), router);
        network.params.routing.splitter = splitter;
        network.params.routing.liquidity_view = view;
        network.pay("alice", "dave", 50'000);
        network.pay("alice", "bob", 70'000, 5'000);
        const RunResult& result = network.run();
        network.expect_conserved();
        CHECK(result.payments[0].state == PaymentState::succeeded);
        CHECK(result.payments[1].state == PaymentState::succeeded);
      }
    }
  }
}
