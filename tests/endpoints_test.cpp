#include "sim/workload/endpoints.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "sim/simulation.hpp"
#include "sim/workload/workload.hpp"
#include "tests/printing.hpp"
#include "tests/text_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// Node 0 is the hub; the last node has no channel.
topo::Topology star(int leaves) {
  std::string text;
  for (int i = 0; i < leaves; ++i) {
    text += "hub 5000 -- 5000 leaf" + std::to_string(i) + "\n";
  }
  topo::Topology topology = test::parse_network(text);
  topology.nodes.push_back({.name = "lonely"});
  return topology;
}

std::vector<PaymentSpec> payments_of(WorkloadParams params, const topo::Topology& topology) {
  params.amount = {.kind = DistributionKind::constant, .mean = 10};
  return make_workload(params, topology, 7);
}

std::string refusal(const WorkloadParams& params, const topo::Topology& topology) {
  try {
    payments_of(params, topology);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

/// Within 4 standard deviations of a binomial share.
void check_share(double found, double chance, std::size_t draws) {
  CAPTURE(chance);
  CHECK(std::abs(found - chance) <
        4 * std::sqrt(chance * (1 - chance) / static_cast<double>(draws)));
}

/// The largest net position that any node ever has, in sat.
std::int64_t largest_drift(const std::vector<PaymentSpec>& workload, std::size_t nodes) {
  std::vector<std::int64_t> net(nodes);
  std::int64_t most = 0;
  for (const PaymentSpec& payment : workload) {
    net[payment.sender.index] -= payment.amount.count / 1000;
    net[payment.receiver.index] += payment.amount.count / 1000;
    for (const NodeId end : {payment.sender, payment.receiver}) {
      most = std::max(most, std::abs(net[end.index]));
    }
  }
  return most;
}

}  // namespace

TEST_CASE("endpoints: consumers pay merchants, each drawn alike") {
  const topo::Topology topology = star(19);
  for (const bool by_number : {false, true}) {
    WorkloadParams params{.payments = 30'000, .endpoints = Endpoints::merchants};
    params.merchants = {.share = 0.25, .number = by_number ? 8U : 0U};
    const auto workload = payments_of(params, topology);
    std::map<std::uint32_t, int> senders;
    std::map<std::uint32_t, int> receivers;
    for (const PaymentSpec& payment : workload) {
      ++senders[payment.sender.index];
      ++receivers[payment.receiver.index];
    }
    const std::size_t merchants = by_number ? 8 : 5;  // of 20 nodes with channels
    CHECK(receivers.size() == merchants);
    CHECK(senders.size() == 20 - merchants);
    for (const auto& [node, count] : receivers) {
      CHECK(senders.count(node) == 0);
      check_share(count / 30'000.0, 1.0 / static_cast<double>(merchants), 30'000);
    }
    for (const auto& [node, count] : senders) {
      CHECK(node != 20);
      check_share(count / 30'000.0, 1.0 / static_cast<double>(20 - merchants), 30'000);
    }
  }
}

TEST_CASE("endpoints: merchants are random, central or named nodes") {
  const topo::Topology topology = star(9);
  const auto receivers_of = [&](const MerchantParams& merchants, std::uint64_t seed) {
    WorkloadParams params{.payments = 500, .endpoints = Endpoints::merchants};
    params.merchants = merchants;
    std::set<std::uint32_t> receivers;
    for (const PaymentSpec& payment : make_workload(params, topology, seed)) {
      receivers.insert(payment.receiver.index);
    }
    return receivers;
  };
  using topo::NodeChoice;
  CHECK(receivers_of({.number = 1, .choice = NodeChoice::degree}, 1) == std::set<std::uint32_t>{0});
  CHECK(receivers_of({.choice = NodeChoice::listed, .listed = "leaf1 leaf4"}, 1) ==
        std::set<std::uint32_t>{2, 5});
  // Nodes with one channel are merchants, too; another seed, other merchants.
  CHECK(receivers_of({.number = 3}, 1).size() == 3);
  CHECK(receivers_of({.number = 3}, 1) != receivers_of({.number = 3}, 2));
}

TEST_CASE("endpoints: a share of the payments has a hot end") {
  const topo::Topology topology = star(19);
  WorkloadParams params{.payments = 40'000, .endpoints = Endpoints::hot_spots};
  for (const HotEnd end : {HotEnd::receiver, HotEnd::sender, HotEnd::either}) {
    params.hot_spots = {.number = 1, .share = 0.6, .end = end};
    double paid = 0;
    double pays = 0;
    for (const PaymentSpec& payment : payments_of(params, topology)) {
      paid += payment.receiver == NodeId{0} ? 1 : 0;
      pays += payment.sender == NodeId{0} ? 1 : 0;
    }
    // The hub, on 1 of 20 nodes; and of the other 0.4, each end is the hub with chance 1 / 20.
    const double hot = 0.6 + 0.4 / 20;
    const double cold = 0.4 / 20;
    const double half = 0.5 * hot + 0.5 * cold;
    const bool is_either = end == HotEnd::either;
    check_share(paid / 40'000, is_either ? half : end == HotEnd::receiver ? hot : cold, 40'000);
    check_share(pays / 40'000, is_either ? half : end == HotEnd::sender ? hot : cold, 40'000);
  }
}

TEST_CASE("endpoints: what circulates comes back, and no position grows with the run") {
  const topo::Topology topology = star(19);
  WorkloadParams params{.payments = 100'000, .endpoints = Endpoints::circulation};
  params.circulation = {.length = 4, .open = 20};
  const auto workload = payments_of(params, topology);
  // Each open cycle can hold one amount of a node.
  CHECK(largest_drift(workload, topology.nodes.size()) <= 20 * 10);
  // Uniform ends: a random walk, whose spread after n payments is sqrt(2 n / 20) = 100 amounts.
  params.endpoints = Endpoints::uniform;
  CHECK(largest_drift(payments_of(params, topology), topology.nodes.size()) > 5 * 20 * 10);
}

TEST_CASE("endpoints: a circulation of one cycle goes round it, payment by payment") {
  WorkloadParams params{.payments = 60, .endpoints = Endpoints::circulation};
  params.circulation = {.length = 3, .open = 1};
  params.amount = {.kind = DistributionKind::exponential, .mean = 1000};
  const auto workload = make_workload(params, star(9), 7);
  for (std::size_t i = 0; i < workload.size(); i += 3) {
    for (std::size_t step = 0; step < 3; ++step) {
      CHECK(workload[i + step].receiver == workload[i + (step + 1) % 3].sender);
      CHECK(workload[i + step].amount == workload[i].amount);
    }
    CHECK(workload[i].sender != workload[i + 1].sender);
    CHECK((i == 0 || workload[i].amount != workload[i - 1].amount));
  }
}

TEST_CASE("endpoints: what does not come back flows down one order of the nodes") {
  WorkloadParams params{.payments = 5'000, .endpoints = Endpoints::circulation};
  params.circulation = {.dag_share = 1};
  const topo::Topology topology = star(9);
  std::map<std::uint32_t, std::set<std::uint32_t>> paid;
  for (const PaymentSpec& payment : payments_of(params, topology)) {
    paid[payment.sender.index].insert(payment.receiver.index);
  }
  // All pairs come up: the node of rank r pays the 9 - r above it, and nobody below.
  std::vector<std::size_t> counts;
  for (const auto& [node, others] : paid) {
    counts.push_back(others.size());
    for (const std::uint32_t other : others) {
      CHECK((paid.count(other) == 0 || paid.at(other).count(node) == 0));
    }
  }
  std::sort(counts.begin(), counts.end());
  REQUIRE(counts.size() == 9);
  for (std::size_t i = 0; i < counts.size(); ++i) CHECK(counts[i] == i + 1);
}

TEST_CASE("endpoints: balances stay where they were under circulation, and drain under uniform") {
  // Every payment succeeds, so that balances show the demand alone.
  const topo::Topology topology = star(9);
  const auto largest_shift = [&](Endpoints endpoints) {
    WorkloadParams params{.payments = 4'000, .rate_per_s = 20, .endpoints = endpoints};
    params.circulation = {.length = 3, .open = 5};
    SimulationParams simulation;
    simulation.network = {.reserve = 0,
                          .max_in_flight = 1,
                          .latency = {.kind = DistributionKind::constant, .mean = 1}};
    simulation.record = {.payments = false, .channels = true};
    simulation.payment.scheme = "single";
    const RunResult result = simulate(topology, payments_of(params, topology), simulation);
    std::int64_t most = 0;
    for (const ChannelRecord& channel : result.channels) {
      most = std::max(most, std::abs(channel.balance_0.count / 1000 - 5000));
    }
    return most;
  };
  CHECK(largest_shift(Endpoints::circulation) <= 5 * 10);
  CHECK(largest_shift(Endpoints::uniform) > 2 * 5 * 10);
}

TEST_CASE("endpoints: nodes that are not there are refused by the key that asks for them") {
  const topo::Topology topology = star(9);
  WorkloadParams merchants{.payments = 10, .endpoints = Endpoints::merchants};
  merchants.merchants.number = 10;
  CHECK(
      refusal(merchants, topology) ==
      "workload.merchants.number: found 10 of the 10 nodes with channels; allowed: fewer, so that "
      "somebody pays");
  merchants.merchants = {.choice = topo::NodeChoice::listed, .listed = "lonely"};
  CHECK(refusal(merchants, topology) ==
        "workload.merchants.listed: found node \"lonely\", which has no channel");
  merchants.merchants.listed = "laef1";
  CHECK(refusal(merchants, topology) ==
        "workload.merchants.listed: found \"laef1\"; allowed: names of nodes; did you mean "
        "\"leaf1\"?");
  WorkloadParams hot{.payments = 10, .endpoints = Endpoints::hot_spots};
  hot.hot_spots = {.choice = topo::NodeChoice::listed, .listed = ""};
  CHECK(refusal(hot, topology) ==
        "workload.hot_spots.listed: found no name; allowed: names of nodes");
  WorkloadParams circulation{.payments = 10, .endpoints = Endpoints::circulation};
  circulation.circulation.length = 11;
  CHECK(refusal(circulation, topology) ==
        "workload.circulation.length: found 11; allowed: at most 10, the nodes with channels");
  CHECK(refusal({.payments = 1}, topo::Topology{}) ==
        "topology: found a network without channels; nobody can pay");
}
