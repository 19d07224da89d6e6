/// Properties of all attacks on random networks: money is conserved, sets stay atomic, nothing is
/// left over, and what has not begun changes nothing.

#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include "core/lock_scheme.hpp"
#include "sim/attack/attack.hpp"
#include "sim/simulation.hpp"
#include "tests/amp_parts.hpp"
#include "tests/printing.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

constexpr AttackKind kKinds[] = {AttackKind::slot_jamming, AttackKind::liquidity_jamming,
                                 AttackKind::fast_jamming, AttackKind::withheld_share,
                                 AttackKind::probing,      AttackKind::wormhole,
                                 AttackKind::keep_part};

topo::Topology network(std::uint64_t seed, std::uint32_t nodes) {
  topo::Topology topology = topo::make_topology(
      {.generator = "barabasi_albert", .nodes = nodes, .channels_per_node = 2}, seed);
  topo::endow(topology,
              {.capacity = {.kind = DistributionKind::lognormal, .mean = 300'000, .sigma = 1.0}},
              seed);
  return topology;
}

std::vector<PaymentSpec> payments(const topo::Topology& topology, std::uint64_t seed) {
  return make_workload(
      {.payments = 100,
       .rate_per_s = 20,
       .amount = {.kind = DistributionKind::lognormal, .mean = 50'000, .sigma = 1.0}},
      topology, seed);
}

SimulationParams recorded(const std::string& scheme, std::uint64_t seed) {
  SimulationParams params;
  params.payment.scheme = scheme;
  params.record = {.payments = true, .parts = true, .channels = true};
  params.attack.is_on = true;
  params.seed = seed;
  return params;
}

double number_of(const RunResult& result, std::string_view name) {
  for (const Measure& measure : result.measures) {
    if (measure.name != name) continue;
    return std::visit([](auto value) { return static_cast<double>(value); }, measure.value);
  }
  throw std::invalid_argument(std::string(name));
}

/// Channels hold what they held; what nodes lost and gained is what honest payments moved, fees
/// and what the attacker paid.
void check_money(const topo::Topology& topology, const RunResult& result) {
  RC_ASSERT(result.channels.size() == topology.channels.size());
  std::vector<std::int64_t> change(topology.nodes.size());
  for (std::size_t i = 0; i < topology.channels.size(); ++i) {
    const topo::Channel& channel = topology.channels[i];
    const ChannelRecord& end = result.channels[i];
    RC_ASSERT(end.balance_0 + end.balance_1 == *channel.capacity);
    change[channel.ends[0].index] += end.balance_0.count - channel.balance_0->count;
    change[channel.ends[1].index] += channel.balance_0->count - end.balance_0.count;
  }
  std::int64_t fees = 0;
  for (const PaymentRecord& payment : result.payments) {
    change[payment.receiver.index] -= payment.delivered.count;
    change[payment.sender.index] += (payment.delivered + payment.fee).count;
    fees += payment.fee.count;
  }
  std::int64_t earned = 0;
  for (const std::int64_t rest : change) earned += rest;
  RC_ASSERT(earned == fees);
}

}  // namespace

TEST_CASE("attack_runs: money is conserved and sets stay atomic under every kind and scheme") {
  CHECK(rc::check([] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
    const topo::Topology topology = network(seed, *rc::gen::inRange<std::uint32_t>(4, 30));
    const amp::Scheme& scheme =
        amp::schemes()[*rc::gen::inRange<std::size_t>(0, amp::schemes().size())];
    SimulationParams params = recorded(std::string(scheme.name), seed);
    params.network.max_htlcs = *rc::gen::element<std::uint16_t>(2, 8);
    params.receiver.behaviour =
        *rc::gen::element(amp::ReceiverBehaviour::honest, amp::ReceiverBehaviour::greedy);
    params.attack.kind = *rc::gen::elementOf(std::vector(std::begin(kKinds), std::end(kKinds)));
    params.attack.targets = *rc::gen::inRange<std::uint32_t>(1, 5);
    params.attack.choice = *rc::gen::element(TargetChoice::degree, TargetChoice::random,
                                             TargetChoice::capacity, TargetChoice::betweenness);
    params.attack.budget = Msat::from_sat(*rc::gen::element(1, 10'000, 3'000'000));
    params.attack.htlc = Msat::from_sat(*rc::gen::element(0, 354, 20'000));
    params.attack.hold = std::chrono::milliseconds{*rc::gen::element(0, 300, 20'000)};
    params.attack.start = std::chrono::seconds{*rc::gen::element(0, 2)};
    params.attack.stop = std::chrono::seconds{*rc::gen::element(0, 10)};
    params.attack.probability = *rc::gen::element(0.1, 1.0);
    const RunResult result =
        simulate(topology, payments(topology, seed), params, {.check_every_event = true});
    check_money(topology, result);
    RC_ASSERT(result.payments.size() == 100u);
    RC_ASSERT(number_of(result, "htlcs_added") ==
              number_of(result, "htlcs_settled") + number_of(result, "htlcs_failed"));
    RC_ASSERT(number_of(result, "honest_success_rate") == number_of(result, "success_rate"));
    const bool is_greedy = params.receiver.behaviour == amp::ReceiverBehaviour::greedy;
    const bool is_atomic =
        !scheme.many_sets && (!scheme.splits || test::sends_shares(scheme) || !is_greedy);
    if (is_atomic) RC_ASSERT(number_of(result, "partial_payments") == 0);
    // Only a greedy receiver of one-hash parts keeps anything of the attacker's.
    if (test::sends_shares(scheme) || !is_greedy) {
      RC_ASSERT(number_of(result, "attack_cost_msat") == 0);
    }
    if (scheme.name == "ptlc") RC_ASSERT(number_of(result, "parts_wormholed") == 0);
  }));
}

TEST_CASE("attack_runs: runs with faults, closings and full timing come to their end, too") {
  CHECK(rc::check([] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
    const topo::Topology topology = network(seed, *rc::gen::inRange<std::uint32_t>(4, 20));
    SimulationParams params = recorded(*rc::gen::element<std::string>("mpp", "amp", "ptlc"), seed);
    params.network.timing = *rc::gen::element(Timing::fast, Timing::full);
    params.network.max_htlcs = 4;
    // Blocks so fast that HTLCs expire while they are held.
    params.chain.block_interval = std::chrono::milliseconds{*rc::gen::element(50, 1'000, 600'000)};
    params.faults.mean_up = std::chrono::seconds{20};
    params.faults.mean_down = std::chrono::seconds{*rc::gen::element(0, 2)};
    params.faults.stuck_probability = *rc::gen::element(0.0, 0.05);
    params.faults.stuck_mean = std::chrono::seconds{10};
    params.faults.vanish_probability = *rc::gen::element(0.0, 0.02);
    params.faults.vanish_mean = std::chrono::seconds{10};
    params.faults.stale_policy_probability = *rc::gen::element(0.0, 0.2);
    params.faults.failure_probability = *rc::gen::element(0.0, 0.05);
    params.attack.kind = *rc::gen::elementOf(std::vector(std::begin(kKinds), std::end(kKinds)));
    params.attack.targets = *rc::gen::inRange<std::uint32_t>(1, 5);
    params.attack.hold = std::chrono::seconds{*rc::gen::element(2, 200)};
    params.attack.stop = std::chrono::seconds{*rc::gen::element(0, 30)};
    params.attack.probability = 0.3;
    const RunResult result =
        simulate(topology, payments(topology, seed), params, {.check_every_event = true});
    RC_ASSERT(result.payments.size() == 100u);
  }));
}

TEST_CASE("attack_runs: where nothing else moves, every probe is right") {
  const topo::Topology topology = network(13, 30);
  SimulationParams params = recorded("amp", 13);
  params.attack.kind = AttackKind::probing;
  params.attack.targets = 5;
  params.attack.budget = Msat::from_sat(100'000'000);
  params.attack.precision = Msat::from_sat(1);
  params.attack.stop = std::chrono::hours{1};
  const RunResult run = simulate(topology, {}, params);
  CHECK(number_of(run, "channels_probed") > 20);
  CHECK(number_of(run, "probe_hit_rate") == 1);
  CHECK(number_of(run, "probe_uncertainty_sat") < 100);  // but for the reserve: it is 1 %
}

TEST_CASE("attack_runs: before it begins an attack changes nothing") {
  const topo::Topology topology = network(11, 30);
  const auto workload = payments(topology, 11);
  for (const std::string scheme : {"mpp", "amp"}) {
    const RunResult calm = simulate(topology, workload, recorded(scheme, 11));
    for (const AttackKind kind : kKinds) {
      CAPTURE(static_cast<int>(kind));
      SimulationParams params = recorded(scheme, 11);
      params.attack.kind = kind;
      params.attack.start = std::chrono::hours{1};
      const RunResult run = simulate(topology, workload, params);
      REQUIRE(run.parts.size() == calm.parts.size());
      for (std::size_t i = 0; i < run.parts.size(); ++i) {
        CHECK(run.parts[i].route == calm.parts[i].route);
        CHECK(run.parts[i].payment_hash == calm.parts[i].payment_hash);
        CHECK(run.parts[i].end == calm.parts[i].end);
      }
      CHECK(number_of(run, "attack_htlcs") == 0);
    }
  }
}

TEST_CASE("attack_runs: while it acts an attack shifts no draw of the honest") {
  const topo::Topology topology = network(11, 30);
  const auto workload = payments(topology, 11);
  // What a payment draws for itself: how long its invoice takes.
  const auto waits = [&](const SimulationParams& params) {
    const RunResult run = simulate(topology, workload, params);
    std::map<PaymentId, SimDuration> first;
    for (const PartRecord& part : run.parts) {
      const SimTime start = workload[part.payment.index].at;
      if (part.attempt == 0) first.emplace(part.payment, part.sent - start);
    }
    return first;
  };
  const auto calm = waits(recorded("single", 11));
  for (const AttackKind kind : kKinds) {
    CAPTURE(static_cast<int>(kind));
    SimulationParams params = recorded("single", 11);
    params.attack.kind = kind;
    params.attack.targets = 5;
    std::size_t compared = 0;
    for (const auto& [payment, wait] : waits(params)) {
      const auto other = calm.find(payment);
      if (other == calm.end()) continue;
      CHECK(other->second == wait);
      ++compared;
    }
    CHECK(compared > 10);
  }
}

TEST_CASE("attack_runs: the same seed gives the same attack") {
  const topo::Topology topology = network(12, 30);
  const auto workload = payments(topology, 12);
  for (const AttackKind kind : kKinds) {
    SimulationParams params = recorded("amp", 12);
    params.attack.kind = kind;
    params.attack.targets = 3;
    params.attack.probability = 0.5;
    const RunResult one = simulate(topology, workload, params);
    const RunResult two = simulate(topology, workload, params);
    for (std::size_t i = 0; i < one.measures.size(); ++i) {
      CAPTURE(one.measures[i].name);
      const double a = number_of(one, one.measures[i].name);
      const double b = number_of(two, two.measures[i].name);
      CHECK((a == b || (std::isnan(a) && std::isnan(b))));
    }
  }
}
