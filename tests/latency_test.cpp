#include "sim/network/latency.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <vector>

#include "tests/printing.hpp"
#include "tests/text_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// Node 0 has a channel to each of the others.
topo::Topology star(std::uint32_t leaves) {
  topo::Topology topology;
  topology.nodes.resize(leaves + 1);
  for (std::uint32_t leaf = 1; leaf <= leaves; ++leaf) {
    topology.channels.push_back({.ends = {NodeId{0}, NodeId{leaf}}});
  }
  return topology;
}

/// A ring: every channel has two ends that no other channel shares both of.
topo::Topology ring(std::uint32_t nodes) {
  topo::Topology topology;
  topology.nodes.resize(nodes);
  for (std::uint32_t node = 0; node < nodes; ++node) {
    topology.channels.push_back({.ends = {NodeId{node}, NodeId{(node + 1) % nodes}}});
  }
  return topology;
}

double mean_ms(const std::vector<SimDuration>& delays) {
  double sum = 0;
  for (const SimDuration delay : delays) sum += to_ms(delay);
  return sum / static_cast<double>(delays.size());
}

NetworkParams uniform_params(LatencyOf of) {
  return {.latency = {.kind = DistributionKind::uniform, .minimum = 10, .maximum = 50},
          .latency_of = of};
}

}  // namespace

TEST_CASE("latency: by channel or by node, the mean is that of the distribution") {
  for (const LatencyOf of : {LatencyOf::channel, LatencyOf::node}) {
    CHECK(mean_ms(draw_latencies(ring(20'000), uniform_params(of), 1)) ==
          doctest::Approx(30).epsilon(0.01));
  }
}

TEST_CASE("latency: a node's own delay is in all of its channels") {
  const auto delays = draw_latencies(star(1000), uniform_params(LatencyOf::node), 3);
  const auto [least, most] = std::minmax_element(delays.begin(), delays.end());
  // Half of the hub's draw is in all of them, half of the leaf's differs.
  CHECK(to_ms(*most - *least) <= 20);
  CHECK(to_ms(*most - *least) > 19);
}

TEST_CASE("latency: a constant is the same by channel and by node") {
  NetworkParams params{.latency = {.kind = DistributionKind::constant, .mean = 7}};
  CHECK(draw_latencies(ring(3), params, 1) ==
        std::vector<SimDuration>(3, std::chrono::milliseconds{7}));
  params.latency_of = LatencyOf::node;
  CHECK(draw_latencies(ring(3), params, 1) ==
        std::vector<SimDuration>(3, std::chrono::milliseconds{7}));
}

TEST_CASE("latency: Tor adds to the channels of its nodes, and to no other") {
  const topo::Topology topology = ring(10'000);
  NetworkParams params = uniform_params(LatencyOf::channel);
  const auto without = draw_latencies(topology, params, 5);
  params.tor_share = 0.3;
  const auto with = draw_latencies(topology, params, 5);
  std::size_t slower = 0;
  double added = 0;
  for (std::size_t i = 0; i < with.size(); ++i) {
    if (with[i] == without[i]) continue;
    ++slower;
    added += to_ms(with[i] - without[i]);
    CHECK(to_ms(with[i] - without[i]) >= 200);
    CHECK(to_ms(with[i] - without[i]) <= 600);
  }
  // One of two ends or both.
  CHECK(static_cast<double>(slower) / 10'000 == doctest::Approx(1 - 0.7 * 0.7).epsilon(0.03));
  CHECK(added / static_cast<double>(slower) == doctest::Approx(400).epsilon(0.02));

  params.tor_share = 0.6;
  const auto more = draw_latencies(topology, params, 5);
  // Who was on Tor still is, and its channels are as slow as they were.
  for (std::size_t i = 0; i < with.size(); ++i) CHECK(more[i] >= with[i]);
  params.tor_share = 1;
  const auto all = draw_latencies(topology, params, 5);
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] > without[i]);
}

TEST_CASE("latency: `lightning` has the quantiles and the mean of the measured round trips") {
  std::ifstream file(AMPSIM_SOURCE_DIR "/../shared/data/latency/ln-rtt-ms.txt");
  std::vector<double> measured;
  for (double rtt = 0; file >> rtt;) measured.push_back(rtt);
  if (measured.empty()) {
    MESSAGE("skipped: no round trips beside the repository");
    return;
  }
  CHECK(measured.size() == 1448);
  std::sort(measured.begin(), measured.end());
  Rng rng(9, "latency");
  std::vector<double> drawn(200'000);
  double sum = 0;
  for (double& rtt : drawn) {
    rtt = 2 * draw({.kind = DistributionKind::lightning}, rng);
    sum += rtt;
  }
  std::sort(drawn.begin(), drawn.end());
  const auto quantile = [](const std::vector<double>& values, double share) {
    return values[static_cast<std::size_t>(
        std::lround(share * static_cast<double>(values.size() - 1)))];
  };
  for (const double share : {0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99}) {
    CAPTURE(share);
    CHECK(quantile(drawn, share) == doctest::Approx(quantile(measured, share)).epsilon(0.03));
  }
  CHECK(drawn.front() >= measured.front() - 0.001);
  CHECK(drawn.back() <= measured.back() + 0.1);
  // The built-in quantiles are joined by straight lines: the mean tells whether these fit.
  double measured_sum = 0;
  for (const double rtt : measured) measured_sum += rtt;
  const double measured_mean = measured_sum / static_cast<double>(measured.size());
  CHECK(sum / static_cast<double>(drawn.size()) == doctest::Approx(measured_mean).epsilon(0.05));
}
