/// Properties of whole runs over random networks: money is conserved, AMP and MPP pay all or
/// nothing, and the same seed gives the same run.

#include "sim/simulation.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <rapidcheck.h>

#include "core/hex.hpp"
#include "core/sha256.hpp"
#include "tests/amp_parts.hpp"
#include "tests/printing.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

topo::Topology network(std::uint64_t seed, std::uint32_t nodes) {
  topo::Topology topology = topo::make_topology(
      {.generator = "barabasi_albert", .nodes = nodes, .channels_per_node = 2}, seed);
  topo::endow(topology,
              {.capacity = {.kind = DistributionKind::lognormal, .mean = 300'000, .sigma = 1.0}},
              seed);
  return topology;
}

SimulationParams recorded(const std::string& scheme, std::uint64_t seed) {
  SimulationParams params;
  params.payment.scheme = scheme;
  params.record = {.payments = true, .parts = true, .channels = true};
  params.seed = seed;
  return params;
}

std::int64_t count_of(const RunResult& result, std::string_view name) {
  for (const Measure& measure : result.measures) {
    if (measure.name == name) return std::get<std::int64_t>(measure.value);
  }
  throw std::invalid_argument(std::string(name));
}

/// Everything that a run decided, as one hash; further measures do not change it.
std::string digest_of(const RunResult& result) {
  std::string text;
  const auto add = [&text](auto number) { text += std::to_string(number) + ' '; };
  for (const PaymentRecord& payment : result.payments) {
    add(payment.end.time_since_epoch().count());
    add(static_cast<int>(payment.state));
    add(payment.fee.count);
    add(payment.attempts);
  }
  for (const PartRecord& part : result.parts) {
    text += to_hex(part.payment_hash.bytes) + ' ';
    for (const DirectedChannel channel : part.route) add(channel.index);
  }
  for (const ChannelRecord& channel : result.channels) add(channel.balance_0.count);
  static const std::set<std::string_view> kDigested = {
      "delivered_msat", "htlcs_added",  "htlcs_settled", "htlcs_failed",      "htlcs_expired",
      "locked_msat_s",  "sets_claimed", "hash_reuses",   "invoices_requested"};
  for (const Measure& measure : result.measures) {
    if (!kDigested.contains(measure.name)) continue;
    text += std::string(measure.name) + ' ';
    std::visit([&add](auto value) { add(value); }, measure.value);
  }
  return to_hex(sha256(text)).substr(0, 16);
}

std::vector<PaymentSpec> payments(const topo::Topology& topology, std::uint64_t seed, double sat) {
  return make_workload({.payments = 300,
                        .rate_per_s = 50,
                        .amount = {.kind = DistributionKind::lognormal, .mean = sat, .sigma = 1.0}},
                       topology, seed);
}

/// The money of the end state is the money of the start; what receivers kept is what parts
/// delivered, and what senders lost is that and the fees.
void check_money(const topo::Topology& topology, const RunResult& result) {
  std::vector<std::int64_t> change(topology.nodes.size());
  for (std::size_t i = 0; i < topology.channels.size(); ++i) {
    const topo::Channel& channel = topology.channels[i];
    const ChannelRecord& end = result.channels[i];
    RC_ASSERT(end.balance_0 + end.balance_1 == *channel.capacity);
    change[channel.ends[0].index] += end.balance_0.count - channel.balance_0->count;
    change[channel.ends[1].index] += channel.balance_0->count - end.balance_0.count;
  }
  Msat fees{};
  for (const PaymentRecord& payment : result.payments) {
    change[payment.receiver.index] -= payment.delivered.count;
    change[payment.sender.index] += (payment.delivered + payment.fee).count;
    fees += payment.fee;
  }
  // What is left of each node's change is what it earned by forwarding.
  Msat earned{};
  for (const std::int64_t rest : change) {
    RC_ASSERT(rest >= 0);
    earned += Msat{rest};
  }
  RC_ASSERT(earned == fees);
}

/// All or none whatever its two ends do: one part only, or no part opens before all are there.
bool is_atomic(const amp::Scheme& scheme, const SimulationParams& params) {
  if (scheme.many_sets) return false;
  return !scheme.splits || test::sends_shares(scheme) ||
         params.receiver.behaviour == amp::ReceiverBehaviour::honest;
}

/// A dishonest sender gets nothing claimed, but that an early claim needs no last part and that a
/// scheme without shares has none to spoil.
bool pays_nothing(const amp::Scheme& scheme, const SimulationParams& params) {
  switch (params.payment.behaviour) {
    case SenderBehaviour::honest:
      return false;
    case SenderBehaviour::withhold_last:
      return scheme.many_sets || is_atomic(scheme, params);
    case SenderBehaviour::bad_share:
      return test::sends_shares(scheme);
  }
  throw std::invalid_argument("behaviour");
}

}  // namespace

TEST_CASE(
    "simulation: random networks conserve money, and sets are atomic, under every scheme "
    "and behaviour") {
  CHECK(rc::check([] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
    const auto nodes = *rc::gen::inRange<std::uint32_t>(4, 40);
    const auto sat = *rc::gen::element(2'000.0, 50'000.0, 300'000.0);
    const amp::Scheme& scheme =
        amp::schemes()[*rc::gen::inRange<std::size_t>(0, amp::schemes().size())];
    const topo::Topology topology = network(seed, nodes);
    SimulationParams params = recorded(std::string(scheme.name), seed);
    params.receiver.timer = *rc::gen::element(ReceiverTimer::htlc, ReceiverTimer::set);
    params.receiver.completion = *rc::gen::element(amp::Completion::ge, amp::Completion::eq);
    params.receiver.behaviour =
        *rc::gen::element(amp::ReceiverBehaviour::honest, amp::ReceiverBehaviour::greedy);
    params.payment.behaviour =
        *rc::gen::weightedElement<SenderBehaviour>({{3, SenderBehaviour::honest},
                                                    {1, SenderBehaviour::withhold_last},
                                                    {1, SenderBehaviour::bad_share}});
    params.payment.derivation =
        *rc::gen::element(amp::Derivation::lnd, amp::Derivation::og2018, amp::Derivation::toy);
    params.network.max_htlcs = *rc::gen::element<std::uint16_t>(2, 30, 483);
    const RunResult result =
        simulate(topology, payments(topology, seed, sat), params, {.check_every_event = true});
    check_money(topology, result);
    RC_ASSERT(result.payments.size() == 300u);
    RC_ASSERT(count_of(result, "htlcs_added") ==
              count_of(result, "htlcs_settled") + count_of(result, "htlcs_failed"));
    if (scheme.name == "amp" || scheme.name == "og_amp" || scheme.name == "ptlc") {
      RC_ASSERT(count_of(result, "hash_reuses") == 0);
    }
    if (is_atomic(scheme, params)) RC_ASSERT(count_of(result, "partial_payments") == 0);
    if (pays_nothing(scheme, params)) RC_ASSERT(count_of(result, "delivered_msat") == 0);
    for (const PaymentRecord& payment : result.payments) {
      if (is_atomic(scheme, params)) {
        RC_ASSERT(payment.delivered == Msat{0} || payment.delivered == payment.amount);
      }
    }
  }));
}

TEST_CASE("simulation: schemes meet the same payments, balances and delays") {
  const topo::Topology topology = network(3, 30);
  const auto workload = payments(topology, 3, 20'000);
  const RunResult mpp = simulate(topology, workload, recorded("mpp", 3));
  const RunResult amp = simulate(topology, workload, recorded("amp", 3));
  // The first payment of each, alone on the network, takes the same way; AMP saves the invoice.
  REQUIRE(!mpp.parts.empty());
  REQUIRE(!amp.parts.empty());
  CHECK(mpp.parts.front().route == amp.parts.front().route);
  CHECK(mpp.payments.front().start == amp.payments.front().start);
  CHECK(mpp.parts.front().end - mpp.parts.front().sent ==
        amp.parts.front().end - amp.parts.front().sent);
}

TEST_CASE("simulation: schemes that differ in their locks only pay the same payments") {
  const topo::Topology topology = network(5, 40);
  const auto workload = payments(topology, 5, 50'000);
  const auto expect_same = [&](const std::string& one, const std::string& other) {
    CAPTURE(one);
    CAPTURE(other);
    const RunResult a = simulate(topology, workload, recorded(one, 5));
    const RunResult b = simulate(topology, workload, recorded(other, 5));
    REQUIRE(a.parts.size() == b.parts.size());
    for (std::size_t i = 0; i < a.parts.size(); ++i) {
      CHECK(a.parts[i].route == b.parts[i].route);
      CHECK(a.parts[i].end == b.parts[i].end);
    }
    CHECK(count_of(a, "delivered_msat") == count_of(b, "delivered_msat"));
  };
  expect_same("amp", "og_amp");
  expect_same("amp", "mpp_keysend");
  expect_same("mpp", "ptlc");
}

TEST_CASE("simulation: golden digests; a change here changes published results, say so and why") {
  const topo::Topology topology = network(7, 60);
  const auto workload = payments(topology, 7, 50'000);
  const auto digest = [&](const std::string& scheme) {
    return digest_of(simulate(topology, workload, recorded(scheme, 7)));
  };
  CHECK(digest("invoices") == "f95a0d37bf1900bf");
  CHECK(digest("mpp") == "d8fb63eb77787d51");
  CHECK(digest("amp") == "0888f04f069f648e");
  CHECK(digest("amp") == digest("amp"));
}

TEST_CASE("simulation: a run that is asked to stop, stops") {
  const topo::Topology topology = network(1, 10);
  const std::atomic<bool> stop{true};
  CHECK_THROWS_AS(
      simulate(topology, payments(topology, 1, 1000), recorded("amp", 1), {.stop = &stop}),
      Interrupted);
}

TEST_CASE("simulation: progress counts every payment once") {
  const topo::Topology topology = network(1, 10);
  std::atomic<std::uint64_t> resolved{0};
  simulate(topology, payments(topology, 1, 1000), recorded("amp", 1), {.resolved = &resolved});
  CHECK(resolved == 300);
}
