/// The two timing models: equal where nothing shares a channel, and what load does to one of them.
#include <string>

#include <rapidcheck.h>

#include "tests/printing.hpp"
#include "tests/world.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;

TEST_CASE("timing: on an idle network both models give every payment the same times") {
  CHECK(rc::check([] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
    topo::Topology topology = topo::make_topology(
        {.generator = "barabasi_albert", .nodes = 30, .channels_per_node = 2}, seed);
    topo::endow(topology, {}, seed);
    SimulationParams params;
    params.seed = seed;
    params.payment.scheme = *rc::gen::element<std::string>("single", "keysend");
    params.record = {.payments = true, .parts = true};
    params.network.processing = std::chrono::milliseconds{*rc::gen::inRange(0, 20)};
    params.network.commit_timer = std::chrono::milliseconds{*rc::gen::element(0, 10, 50)};
    auto workload = make_workload({.payments = 20, .amount = {.mean = 100'000}}, topology, seed);
    // An idle network: each payment is over, by its timeout at the latest, before the next starts.
    SimTime start{};
    for (PaymentSpec& payment : workload) {
      payment.at = start;
      start += 2 * params.payment.timeout;
    }
    const RunResult fast = simulate(topology, workload, params);
    params.network.timing = Timing::full;
    const RunResult full = simulate(topology, workload, params, {.check_every_event = true});
    RC_ASSERT(fast.parts.size() == full.parts.size());
    for (std::size_t i = 0; i < fast.parts.size(); ++i) {
      RC_ASSERT(fast.parts[i].route == full.parts[i].route);
      RC_ASSERT(fast.parts[i].held == full.parts[i].held);
      RC_ASSERT(fast.parts[i].end == full.parts[i].end);
    }
  }));
}

TEST_CASE("timing: under load, parts wait for the signatures before them") {
  World world("a 1000000 -- 0 b");
  world.params.payment.scheme = "keysend";
  for (int i = 0; i < 50; ++i) world.pay("a", "b", 1000, i);
  world.run();
  CHECK(world.measure("latency_p99_ms") == doctest::Approx(40));
  world.params.network.timing = Timing::full;
  world.run();
  // The first goes alone; the others wait up to a round trip for it and for each other.
  CHECK(world.measure("latency_p50_ms") > 45);
  CHECK(world.measure("latency_p99_ms") <= 62);
  CHECK(world.measure("success_rate") == 1);
  world.expect_conserved();
}

TEST_CASE("timing: a batching timer costs the lone update its wait, and saves messages") {
  World world("a 1000000 -- 0 b");
  world.params.payment.scheme = "keysend";
  world.params.network = {.reserve = 0,
                          .max_in_flight = 1,
                          .latency = {.kind = DistributionKind::constant, .mean = 10},
                          .timing = Timing::full};
  for (int i = 0; i < 50; ++i) world.pay("a", "b", 1000, i);
  const double without = (world.run(), world.measure("events"));
  world.params.network.commit_timer = std::chrono::milliseconds{50};
  world.params.network.commit_batch = 1000;
  world.run();
  CHECK(world.measure("events") < without);
  CHECK(world.measure("latency_p99_ms") > 80);
}
