#include "topologies/endowment.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/printing.hpp"

using namespace ampsim;
using namespace ampsim::topo;

namespace {

Topology parallel_channels(std::size_t count) {
  Topology topology{.nodes = {{.name = "a"}, {.name = "b"}}};
  for (std::size_t i = 0; i < count; ++i) {
    topology.channels.push_back({.id = std::to_string(i), .ends = {NodeId{0}, NodeId{1}}});
  }
  return topology;
}

Topology endowed(std::size_t count, const ChannelParams& params, std::uint64_t seed = 1) {
  Topology topology = parallel_channels(count);
  endow(topology, params, seed);
  return topology;
}

std::vector<double> balance_shares(const Topology& topology) {
  std::vector<double> shares;
  for (const Channel& channel : topology.channels) {
    shares.push_back(static_cast<double>(channel.balance_0->count) /
                     static_cast<double>(channel.capacity->count));
  }
  return shares;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

constexpr Distribution kOneMillionSat{.kind = DistributionKind::constant, .mean = 1'000'000};

}  // namespace

TEST_CASE("endowment: a completed topology has no fault and no gap") {
  for (const BalanceKind kind : {BalanceKind::half, BalanceKind::uniform, BalanceKind::bimodal}) {
    const Topology topology = endowed(2000, {.balance = kind});
    CHECK(validate(topology).empty());
    for (const Channel& channel : topology.channels) {
      REQUIRE(channel.capacity);
      REQUIRE(channel.balance_0);
      REQUIRE(channel.policy[0]);
      REQUIRE(channel.policy[1]);
    }
  }
}

TEST_CASE("endowment: drawn capacities have the mean that was asked for, in whole sat") {
  const Topology topology = endowed(20'000, {});
  double sum = 0;
  for (const Channel& channel : topology.channels) {
    CHECK(channel.capacity->count % 1000 == 0);
    sum += static_cast<double>(channel.capacity->count) / 1000;
  }
  CHECK(sum / 20'000 == doctest::Approx(5'000'000).epsilon(0.05));
}

TEST_CASE("endowment: no drawn capacity is below 20,000 sat or above all bitcoin") {
  const auto capacity = [](double sat) {
    const Topology topology =
        endowed(1, {.capacity = {.kind = DistributionKind::constant, .mean = sat}});
    return *topology.channels[0].capacity;
  };
  CHECK(capacity(5) == Msat::from_sat(20'000));
  CHECK(capacity(1e30) == Msat::from_sat(2'100'000'000'000'000));
}

TEST_CASE("endowment: half leaves the odd msat at the first end") {
  Topology topology = parallel_channels(1);
  topology.channels[0].capacity = Msat{100'001};
  endow(topology, {.balance = BalanceKind::half}, 1);
  CHECK(*topology.channels[0].balance_0 == Msat{50'001});
}

TEST_CASE("endowment: uniform balances fill the channel evenly") {
  std::vector<double> shares = balance_shares(
      endowed(20'000, {.capacity = kOneMillionSat, .balance = BalanceKind::uniform}));
  std::sort(shares.begin(), shares.end());
  for (const double part : {0.1, 0.5, 0.9}) {
    CHECK(shares[static_cast<std::size_t>(part * 20'000)] == doctest::Approx(part).epsilon(0.03));
  }
}

TEST_CASE("endowment: bimodal balances follow their two exponentials") {
  // c = 1,000,000 sat and s = 100,000 sat: P(x <= t) for the half that decays from 0 is
  // (1 - e^(-t/s)) / (1 - e^(-c/s)), and the other half mirrors it.
  const std::vector<double> shares =
      balance_shares(endowed(40'000, {.capacity = kOneMillionSat,
                                      .balance = BalanceKind::bimodal,
                                      .bimodal_scale = Msat::from_sat(100'000)}));
  const auto share_below = [&](double bound) {
    return static_cast<double>(std::count_if(shares.begin(), shares.end(),
                                             [bound](double s) { return s <= bound; })) /
           static_cast<double>(shares.size());
  };
  CHECK(mean(shares) == doctest::Approx(0.5).epsilon(0.02));
  for (const double t : {0.05, 0.1, 0.2}) {
    const double expected = 0.5 * (1 - std::exp(-10 * t)) / (1 - std::exp(-10.0));
    CHECK(share_below(t) == doctest::Approx(expected).epsilon(0.03));
    CHECK(1 - share_below(1 - t) == doctest::Approx(expected).epsilon(0.03));
  }
  CHECK(share_below(0.7) - share_below(0.3) < 0.06);
}

TEST_CASE("endowment: a scale far above the capacity makes bimodal uniform") {
  std::vector<double> shares = balance_shares(
      endowed(20'000, {.capacity = kOneMillionSat, .bimodal_scale = Msat::from_sat(1LL << 50)}));
  std::sort(shares.begin(), shares.end());
  CHECK(shares[5000] == doctest::Approx(0.25).epsilon(0.04));
}

TEST_CASE("endowment: the same seed gives the same balances, another seed others") {
  const auto balances = [](std::uint64_t seed) { return balance_shares(endowed(50, {}, seed)); };
  CHECK(balances(3) == balances(3));
  CHECK(balances(3) != balances(4));
}

TEST_CASE("endowment: what one channel brings along does not move the draws of the others") {
  Topology partly = parallel_channels(3);
  partly.channels[1].capacity = Msat::from_sat(77'000);
  partly.channels[1].balance_0 = Msat{5};
  partly.channels[1].policy[1] = ForwardingPolicy{.fee_base = {9}, .htlc_maximum = {10}};
  endow(partly, {}, 8);
  const Topology fresh = endowed(3, {}, 8);
  CHECK(*partly.channels[0].capacity == *fresh.channels[0].capacity);
  CHECK(*partly.channels[2].capacity == *fresh.channels[2].capacity);
  CHECK(*partly.channels[2].balance_0 == *fresh.channels[2].balance_0);
  CHECK(*partly.channels[1].capacity == Msat::from_sat(77'000));
  CHECK(*partly.channels[1].balance_0 == Msat{5});
  CHECK(partly.channels[1].policy[1]->fee_base == Msat{9});
  // Behind the last one that needs a draw there are none; what comes before is the same.
  Topology at_the_end = parallel_channels(3);
  at_the_end.channels[1].balance_0 = Msat{4};
  at_the_end.channels[2].capacity = Msat::from_sat(77'000);
  at_the_end.channels[2].balance_0 = Msat{5};
  endow(at_the_end, {}, 8);
  CHECK(*at_the_end.channels[0].capacity == *fresh.channels[0].capacity);
  CHECK(*at_the_end.channels[0].balance_0 == *fresh.channels[0].balance_0);
  CHECK(*at_the_end.channels[1].capacity == *fresh.channels[1].capacity);
  CHECK(*at_the_end.channels[1].balance_0 == Msat{4});
}

TEST_CASE("endowment: policies are the settings', the maximum is the capacity") {
  const Topology topology = endowed(1, {.capacity = kOneMillionSat,
                                        .fee_base = {7},
                                        .fee_proportional = {8},
                                        .cltv_expiry_delta = {9},
                                        .htlc_minimum = {10}});
  const ForwardingPolicy expected{.fee_base = {7},
                                  .fee_proportional = {8},
                                  .cltv_expiry_delta = {9},
                                  .htlc_minimum = {10},
                                  .htlc_maximum = Msat::from_sat(1'000'000)};
  CHECK((*topology.channels[0].policy[0] == expected));
  CHECK((*topology.channels[0].policy[1] == expected));
}

TEST_CASE("endowment: balances from the file must be in the file") {
  Topology topology = parallel_channels(1);
  CHECK_THROWS_WITH_AS(
      endow(topology, {.balance = BalanceKind::file}, 1),
      "channels.balance.distribution: found \"file\", but channel \"0\" of the topology has no "
      "balance; allowed here: half, uniform, bimodal",
      InputError);
}
