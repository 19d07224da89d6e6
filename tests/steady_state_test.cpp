/// Runs against a closed formula that the program did not produce: with unit payments, no fees and
/// no reserve, each channel of capacity c is a random walk on its c + 1 divisions, all equally
/// likely, so that a payment over d hops succeeds with probability (c / (c + 1))^d.

#include <cmath>
#include <string>

#include "tests/printing.hpp"
#include "tests/text_network.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// Long after the start, one payment at a time, and failures forgotten before the next.
double steady_success(const topo::Topology& topology, std::uint64_t payments) {
  const auto workload = make_workload({.payments = payments,
                                       .rate_per_s = 0.1,
                                       .amount = {.kind = DistributionKind::constant, .mean = 1}},
                                      topology, 11);
  SimulationParams params;
  params.network = {
      .reserve = 0, .max_in_flight = 1, .latency = {.kind = DistributionKind::constant, .mean = 1}};
  params.payment.scheme = "amp";
  params.payment.max_attempts = 1;
  params.routing.penalty_half_life = std::chrono::milliseconds{1};
  params.seed = 11;
  const RunResult result = simulate(topology, workload, params);
  std::uint64_t succeeded = 0;
  const std::size_t warm_up = result.payments.size() / 10;
  for (std::size_t i = warm_up; i < result.payments.size(); ++i) {
    succeeded += result.payments[i].state == PaymentState::succeeded ? 1U : 0U;
  }
  return static_cast<double>(succeeded) / static_cast<double>(result.payments.size() - warm_up);
}

topo::Topology star(std::int64_t capacity_sat, int nodes) {
  std::string text;
  for (int leaf = 1; leaf < nodes; ++leaf) {
    text += "hub " + std::to_string(capacity_sat) + " -- 0 leaf" + std::to_string(leaf) + "\n";
  }
  return test::parse_network(text);
}

}  // namespace

TEST_CASE("steady_state: one channel of capacity c carries c of c + 1 unit payments") {
  for (const std::int64_t c : {1, 2, 5}) {
    CAPTURE(c);
    const double expected = static_cast<double>(c) / static_cast<double>(c + 1);
    CHECK(steady_success(star(c, 2), 40'000) == doctest::Approx(expected).epsilon(0.02));
  }
}

TEST_CASE("steady_state: a star of ten nodes gives the mean over all pairs") {
  // 9 pairs at distance 1, 36 at distance 2: .3000 for c = 1 and .4889 for c = 2.
  CHECK(steady_success(star(1, 10), 60'000) == doctest::Approx(0.3000).epsilon(0.02));
  CHECK(steady_success(star(2, 10), 60'000) == doctest::Approx(0.4889).epsilon(0.02));
}
