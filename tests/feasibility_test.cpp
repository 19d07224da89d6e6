#include "sim/routing/feasibility.hpp"

#include <algorithm>
#include <vector>

#include "sim/experiment/tables.hpp"
#include "sim/routing/path_pricing.hpp"
#include "tests/experiment_world.hpp"
#include "tests/max_flow_oracle.hpp"
#include "tests/printing.hpp"
#include "tests/routing_world.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using namespace ampsim::test;

namespace {

/// By trying all paths.
bool has_path(const topo::Topology& topology,
              const ChannelGraph& graph,
              const RouteRequest& request,
              const Network& network) {
  for (const auto& path : all_paths(topology, request.source, request.target)) {
    const auto route = price_path(graph, path, request.amount, request);
    if (!route || route->fee() > request.fee_limit) continue;
    const bool fits = std::all_of(route->hops.begin(), route->hops.end(), [&](const Hop& hop) {
      const DirectedChannel d = hop.channel;
      return network.channel(d.channel()).spendable(d.direction()) >= hop.amount;
    });
    if (fits) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("feasibility: one path is what trying all paths finds, flows are what Boost finds") {
  int counts[3] = {};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "feasibility_test");
    const bool has_fees = seed % 2 == 0;
    const topo::Topology topology = random_topology(
        rng, {.nodes = 6, .channels = 11, .has_fees = has_fees, .has_small_htlcs = seed % 3 == 0});
    const ChannelGraph graph(topology);
    const Network network(topology, plain_params(), seed);
    FeasibilityCheck check(graph, network);
    const auto local = own_channels(topology, network, {0});
    for (std::uint32_t target = 1; target < 6; ++target) {
      CAPTURE(target);
      const Msat amount = Msat::from_sat(rng.between(3, 120));
      const RouteRequest request = request_of({0}, {target}, amount, local);
      const auto [on_one_path, by_flow] = check.check(request);
      CHECK(on_one_path == has_path(topology, graph, request, network));
      const bool has_flow = max_flow(topology, network, {0}, {target}) >= amount;
      if (!has_fees) {
        CHECK(by_flow == has_flow);
      } else {
        CHECK((!by_flow || has_flow));
      }
      CHECK((by_flow || !on_one_path));
      ++counts[on_one_path ? 2 : by_flow ? 1 : 0];
    }
  }
  for (const int count : counts) CHECK(count > 30);
}

TEST_CASE("feasibility: of a run, at the start of each payment") {
  //   A --- B --- D      60 on one path, then only 20 and 80 on two, then 100 of 100 are gone
  //    \__ C ____/
  World world(
      "A 200 -- 0 B\n"
      "B 80 -- 20 D\n"
      "A 200 -- 0 C\n"
      "C 80 -- 20 D\n");
  world.params.routing.algorithm = "shortest";
  world.params.record.feasibility = true;
  world.params.payment.min_part = Msat::from_sat(50);
  world.pay("A", "D", 60).pay("A", "D", 90, 10'000).pay("A", "D", 101, 20'000);
  const auto& payments = world.run().payments;
  CHECK(payments[0].feasible == Feasibility{true, true});
  CHECK(payments[0].state == PaymentState::succeeded);
  CHECK(payments[1].feasible == Feasibility{false, true});
  CHECK(payments[1].state == PaymentState::failed);  // parts of 45 and 22 are too small
  CHECK(payments[2].feasible == Feasibility{false, false});
  CHECK(world.measure("feasible_single_rate") == doctest::Approx(1.0 / 3));
  CHECK(world.measure("feasible_flow_rate") == doctest::Approx(2.0 / 3));
  CHECK(world.measure("feasible_rate") == doctest::Approx(2.0 / 3));
  CHECK(world.measure("efficiency") == doctest::Approx(1.0 / 2));
  // Whoever may not split is measured by one path.
  world.params.payment.scheme = "single";
  world.run();
  CHECK(world.measure("feasible_rate") == doctest::Approx(1.0 / 3));
  CHECK(world.measure("efficiency") == doctest::Approx(1));
}

TEST_CASE("feasibility: an amount above the largest HTLC goes in several parts over one channel") {
  World world("A 10000000 -- 0 B max=1000000\n");
  world.params.record.feasibility = true;
  world.pay("A", "B", 3'000'000);
  const auto& payments = world.run().payments;
  CHECK(payments[0].state == PaymentState::succeeded);
  CHECK(payments[0].feasible == Feasibility{false, true});
  // As many parts as there are slots.
  world.params.network.max_htlcs = 2;
  CHECK(world.run().payments[0].feasible == Feasibility{false, false});
  CHECK(world.result().payments[0].state == PaymentState::failed);
}

TEST_CASE("feasibility: who can pay by lnd can pay by a flow where nobody takes a fee") {
  int several = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "feasibility_test.lnd");
    World world("A 1 -- 1 B\n");
    world.topology = random_topology(
        rng, {.nodes = 8, .channels = 20, .has_fees = false, .has_small_htlcs = true});
    world.params.record.feasibility = true;
    world.params.payment.min_part = Msat{1};
    world.params.payment.max_parts = 100;
    world.pay("0", "7", rng.between(10, 150));
    const PaymentRecord& payment = world.run().payments[0];
    if (payment.state != PaymentState::succeeded) continue;
    CHECK(payment.feasible.by_flow);
    several += payment.parts > 1 ? 1 : 0;
  }
  CHECK(several > 10);
}

TEST_CASE("feasibility: nobody pays who is away, and slots count") {
  World world("A 200 -- 0 B\nB 80 -- 20 D\n");
  world.params.record.feasibility = true;
  world.params.network.max_htlcs = 1;
  world.params.receiver.hold = std::chrono::seconds{5};
  world.pay("A", "D", 10).pay("A", "D", 10, 1000);
  const auto& payments = world.run().payments;
  CHECK(payments[0].feasible == Feasibility{true, true});
  CHECK(payments[1].feasible == Feasibility{false, false});
}

TEST_CASE("feasibility: a router that sends messages gives all points their columns") {
  const std::string sweep = "[sweep]\n\"routing.algorithm\" = [\"lnd\", \"flash\"]\n";
  for (const Point& point : experiment_of(sweep).points) CHECK(point.settings.record.messages);
  for (const Point& point : experiment_of("").points) CHECK_FALSE(point.settings.record.messages);
}

TEST_CASE("feasibility: columns and measures are there where they are asked for") {
  const std::string off = "[topology]\ngenerator = \"complete\"\nnodes = 4\n";
  const Experiment without = experiment_of(off);
  const Experiment with = experiment_of(off + "[record]\nfeasibility = true\n");
  const auto header = [](const Experiment& experiment) { return tables_of(experiment)[1].header; };
  CHECK(header(without).find("feasible") == std::string::npos);
  CHECK(header(with).ends_with(",delivered_msat,feasible_single,feasible_flow\n"));
}
