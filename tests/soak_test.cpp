/// A run that somebody interferes with: random networks, schemes, behaviours, timings and faults,
/// and random commands in between: pay, take a node down, let some events happen. After every
/// command all invariants are computed anew; at the end everything must come to rest.
///
/// rapidcheck shrinks what fails and prints how to see it again (RC_PARAMS="reproduce=..."). The
/// short form runs with ./test; the long one, `ctest --preset release -L soak`, until
/// AMPSIM_SOAK_SECONDS (600) have passed.
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <rapidcheck.h>
#include <rapidcheck/state.h>

#include "core/random.hpp"
#include "sim/routing/registry.hpp"
#include "sim/simulation.hpp"
#include "tests/printing.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// One of `values`.
template <class T>
T one_of(Rng& rng, const std::vector<T>& values) {
  return values[rng.below(values.size())];
}
/// A duration between the two, every order of magnitude alike.
SimDuration any_duration(Rng& rng, double least_s, double most_s) {
  return from_seconds(least_s * std::pow(most_s / least_s, rng.unit()));
}

topo::Topology random_network(Rng& rng, std::uint64_t seed) {
  topo::TopologyParams params{.nodes = static_cast<std::uint32_t>(rng.between(4, 24)),
                              .channels_per_node = static_cast<std::uint32_t>(rng.between(1, 3))};
  params.generator = "barabasi_albert";
  topo::Topology topology = topo::make_topology(params, seed);
  const double mean_sat = one_of<double>(rng, {100'000, 300'000, 3'000'000});
  topo::endow(topology,
              {.capacity = {.kind = DistributionKind::lognormal, .mean = mean_sat, .sigma = 1.0}},
              seed);
  return topology;
}

void draw_invoices_and_spares(Rng& rng, SimulationParams& params) {
  if (rng.chance(0.2)) params.receiver.hold = any_duration(rng, 1, 1'000'000);
  params.receiver.late_part =
      one_of<amp::LatePart>(rng, {amp::LatePart::reject, amp::LatePart::hold});
  params.receiver.amp_invoice =
      one_of<AmpInvoice>(rng, {AmpInvoice::spontaneous, AmpInvoice::reusable});
  params.receiver.bad_set =
      one_of<amp::BadSet>(rng, {amp::BadSet::fail_set, amp::BadSet::cancel_invoice});
  params.payment.misbehaving_share = one_of<double>(rng, {1, 0.3});
  params.payment.parts = static_cast<std::uint32_t>(rng.between(1, 6));
  params.payment.spare_parts = static_cast<std::uint32_t>(rng.between(0, 3));
  params.payment.min_part = Msat::from_sat(one_of<std::int64_t>(rng, {1, 1'000, 10'000}));
  if (scheme_of(params.payment).has_spares) return;
  if (rng.chance(0.15)) params.payment.behaviour = SenderBehaviour::duplicate_part;
  if (rng.chance(0.15)) params.payment.behaviour = SenderBehaviour::overpay;
}

void draw_ends(Rng& rng, SimulationParams& params) {
  const auto schemes = amp::schemes();
  params.payment.scheme = std::string(schemes[rng.below(schemes.size())].name);
  params.payment.derivation = one_of<amp::Derivation>(
      rng, {amp::Derivation::lnd, amp::Derivation::og2018, amp::Derivation::toy});
  params.payment.behaviour = one_of<SenderBehaviour>(
      rng, {SenderBehaviour::honest, SenderBehaviour::honest, SenderBehaviour::honest,
            SenderBehaviour::withhold_last, SenderBehaviour::bad_share});
  params.payment.timeout = any_duration(rng, 1, 100'000);
  params.payment.random_amounts = rng.chance(0.2);
  params.payment.random_expiry = BlockDelta{rng.chance(0.2) ? 100 : 0};
  params.payment.disjoint_paths = rng.chance(0.2);
  params.receiver.timer = one_of<ReceiverTimer>(rng, {ReceiverTimer::htlc, ReceiverTimer::set});
  params.receiver.completion =
      one_of<amp::Completion>(rng, {amp::Completion::ge, amp::Completion::eq});
  params.receiver.behaviour = one_of<amp::ReceiverBehaviour>(
      rng, {amp::ReceiverBehaviour::honest, amp::ReceiverBehaviour::greedy});
  params.receiver.timeout = any_duration(rng, 1, 1'000'000);
  if (rng.chance(0.2)) params.receiver.settle_jitter = any_duration(rng, 0.1, 100'000);
  draw_invoices_and_spares(rng, params);
}

void draw_network(Rng& rng, SimulationParams& params) {
  params.network.max_htlcs = one_of<std::uint16_t>(rng, {2, 30, 483});
  params.network.latency = {.kind = DistributionKind::exponential,
                            .mean = one_of<double>(rng, {1, 100, 5'000})};
  params.network.timing = one_of<Timing>(rng, {Timing::fast, Timing::full});
  params.network.commit_timer = std::chrono::milliseconds{one_of<int>(rng, {0, 10, 50})};
  params.network.commit_batch = one_of<std::uint32_t>(rng, {1, 3, 10});
  params.chain.block_interval = any_duration(rng, 1, 600);
  params.chain.block_arrivals =
      one_of<BlockArrivals>(rng, {BlockArrivals::exponential, BlockArrivals::fixed});
  params.chain.confirmation = BlockDelta{one_of<std::int32_t>(rng, {1, 6, 100})};
  params.chain.depth = BlockDelta{one_of<std::int32_t>(rng, {1, 6, 100})};
  params.chain.to_self_delay = BlockDelta{one_of<std::int32_t>(rng, {0, 144})};
  params.chain.claim_margin = BlockDelta{one_of<std::int32_t>(rng, {0, 16, 200})};
  params.chain.dust_limit = Msat::from_sat(one_of<std::int64_t>(rng, {354, 30'000}));
  params.chain.feerate_sat_per_vbyte = one_of<double>(rng, {0, 10, 500});
}

void draw_faults(Rng& rng, FaultParams& faults) {
  if (rng.chance(0.3)) {
    faults.mean_up = any_duration(rng, 100, 100'000);
    faults.mean_down = any_duration(rng, 100, 100'000);
  }
  if (rng.chance(0.4)) {
    faults.stuck_probability = one_of<double>(rng, {0.01, 0.2});
    faults.stuck_mean = any_duration(rng, 1, 100'000);
  }
  if (rng.chance(0.3)) {
    faults.vanish_probability = one_of<double>(rng, {0.01, 0.2});
    faults.vanish_mean = any_duration(rng, 1, 100'000);
  }
  if (rng.chance(0.2)) faults.slow_probability = 0.3;
  if (rng.chance(0.2)) faults.stale_policy_probability = 0.3;
  if (rng.chance(0.2)) {
    const auto codes = failure_codes();
    faults.failure_probability = 0.1;
    faults.failure = std::string(name_of(codes[rng.below(codes.size())]));
  }
}

void draw_attack(Rng& rng, AttackParams& attack) {
  attack.is_on = true;
  attack.kind =
      one_of<AttackKind>(rng, {AttackKind::slot_jamming, AttackKind::liquidity_jamming,
                               AttackKind::fast_jamming, AttackKind::withheld_share,
                               AttackKind::probing, AttackKind::wormhole, AttackKind::keep_part});
  attack.targets = static_cast<std::uint32_t>(rng.between(1, 4));
  attack.choice = one_of<TargetChoice>(rng, {TargetChoice::degree, TargetChoice::random});
  attack.budget = Msat::from_sat(one_of<std::int64_t>(rng, {100'000, 3'000'000}));
  attack.hold = any_duration(rng, 1, 1'000'000);
  attack.stop = any_duration(rng, 10, 3'000);
  attack.probability = one_of<double>(rng, {0.1, 1});
  attack.precision = Msat::from_sat(one_of<std::int64_t>(rng, {100, 10'000}));
}

/// A router with a view and a splitter that make sense with it, in half of the runs its own.
void draw_routing(Rng& rng, RoutingParams& routing) {
  routing.algorithm = routers()[rng.below(routers().size())].name;
  if (rng.chance(0.5)) return;
  const RoutingParams own = routing;
  routing.liquidity_view = liquidity_views()[rng.below(liquidity_views().size())].name;
  routing.splitter = splitters()[rng.below(splitters().size())].name;
  routing.own_parts = one_of<OwnParts>(rng, {OwnParts::router, OwnParts::seen, OwnParts::unseen});
  if (!refusal_of(routing).key.empty()) routing = own;
}

SimulationParams random_params(Rng& rng, std::uint64_t seed) {
  SimulationParams params;
  params.seed = seed;
  params.record = {.payments = true, .parts = true, .channels = true};
  draw_ends(rng, params);
  draw_network(rng, params);
  if (rng.chance(0.8)) draw_faults(rng, params.faults);
  if (rng.chance(0.4)) draw_attack(rng, params.attack);
  draw_routing(rng, params.routing);
  return params;
}

/// All that a test case needs follows from one number.
struct Subject {
  Rng rng;
  topo::Topology topology;
  SimulationParams params;
  LedRun run;
  std::uint64_t paid = 0;

  explicit Subject(std::uint64_t seed)
      : rng(seed, "soak"),
        topology(random_network(rng, seed)),
        params(random_params(rng, seed)),
        run(topology, params) {}
  NodeId node(std::uint32_t any) const {
    return NodeId{any % static_cast<std::uint32_t>(topology.nodes.size())};
  }
};

/// What must hold without looking inside: payments that were made.
struct Model {
  std::uint64_t paid = 0;
};

using Command = rc::state::Command<Model, Subject>;

struct Pay : Command {
  std::uint32_t from = *rc::gen::inRange<std::uint32_t>(0, 24);
  std::uint32_t hop = *rc::gen::inRange<std::uint32_t>(1, 4);
  std::int64_t sat = *rc::gen::element<std::int64_t>(1, 300, 5'000, 40'000, 250'000);

  void checkPreconditions(const Model& model) const override {
    RC_PRE(model.paid < LedRun::kMostPayments);
  }
  void apply(Model& model) const override { ++model.paid; }
  void run(const Model& /*model*/, Subject& subject) const override {
    subject.run.pay({.sender = subject.node(from),
                     .receiver = subject.node(from + hop % 4),
                     .amount = Msat::from_sat(sat),
                     .at = {}});
    ++subject.paid;
    subject.run.check();
  }
  void show(std::ostream& out) const override {
    out << fmt::format("node {} pays the one {} after it {} sat", from, hop, sat);
  }
};

struct TakeDown : Command {
  std::uint32_t node = *rc::gen::inRange<std::uint32_t>(0, 24);
  std::int64_t seconds = *rc::gen::element<std::int64_t>(1, 60, 3'600, 100'000);

  void run(const Model& /*model*/, Subject& subject) const override {
    subject.run.take_down(subject.node(node), std::chrono::seconds{seconds});
    subject.run.check();
  }
  void show(std::ostream& out) const override {
    out << fmt::format("node {} is away for {} s", node, seconds);
  }
};

struct Go : Command {
  std::uint32_t events = *rc::gen::element<std::uint32_t>(1, 3, 10, 100, 1'000);

  void run(const Model& /*model*/, Subject& subject) const override {
    for (std::uint32_t i = 0; i < events; ++i) {
      const SimTime before = subject.run.now();
      if (!subject.run.step()) break;
      RC_ASSERT(subject.run.now() >= before);
      if (i % 16 == 0) subject.run.check();
    }
    subject.run.check();
  }
  void show(std::ostream& out) const override { out << fmt::format("{} events happen", events); }
};

bool is_atomic(const SimulationParams& params) {
  const amp::Scheme& scheme = *amp::find_scheme(params.payment.scheme);
  const bool has_shares = scheme.name == "amp" || scheme.name == "og_amp" ||
                          scheme.name == "mpp_keysend" || scheme.name == "ptlc";
  if (scheme.many_sets) return false;
  return !scheme.splits || has_shares || scheme.has_spares ||
         params.receiver.behaviour == amp::ReceiverBehaviour::honest;
}

double measure(const RunResult& result, std::string_view name) {
  for (const Measure& each : result.measures) {
    if (each.name == name) return std::visit([](auto v) { return double(v); }, each.value);
  }
  throw std::invalid_argument(std::string(name));
}

/// At full size from the first: rapidcheck's own integers begin small.
rc::Gen<std::uint64_t> any_seed() {
  return rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
}

/// What the runs went through.
struct Seen {
  std::uint64_t runs = 0;
  std::uint64_t events = 0;
  double htlcs = 0;
  double channels_closed = 0;
  double claimed_on_chain = 0;
};

/// Commands on a run of this seed, then to the end.
void soak_once(std::uint64_t seed, Seen& seen) {
  Subject subject(seed);
  Model model;
  rc::state::check(model, subject, rc::state::gen::execOneOfWithArgs<Pay, Pay, TakeDown, Go>());
  const RunResult result = subject.run.finish();
  RC_ASSERT(result.payments.size() == subject.paid);
  RC_ASSERT(measure(result, "htlcs_added") ==
            measure(result, "htlcs_settled") + measure(result, "htlcs_failed"));
  // All or nothing, but for what was lost on chain.
  for (const PaymentRecord& payment : result.payments) {
    if (!is_atomic(subject.params)) break;
    RC_ASSERT(payment.delivered + payment.lost_on_chain == Msat{0} ||
              payment.delivered + payment.lost_on_chain >= payment.amount);
  }
  ++seen.runs;
  seen.events += subject.run.handled();
  seen.htlcs += measure(result, "htlcs_added");
  seen.channels_closed += measure(result, "channels_closed");
  seen.claimed_on_chain += measure(result, "htlcs_claimed_on_chain");
}

double soak_seconds() {
  const char* const given = std::getenv("AMPSIM_SOAK_SECONDS");
  return given == nullptr ? 600 : std::atof(given);
}

}  // namespace

TEST_CASE("soak: runs that somebody interferes with keep every invariant") {
  Seen seen;
  CHECK(rc::check([&seen] { soak_once(*any_seed(), seen); }));
}

TEST_CASE("soak: ten minutes of them" * doctest::test_suite("soak")) {
  const auto start = std::chrono::steady_clock::now();
  const double length = soak_seconds();
  Seen seen;
  std::uint64_t rounds = 0;
  bool is_well = true;
  const auto elapsed = [start] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  while (is_well && elapsed() < length) {
    // Of its own every check draws the same cases: the seed is that of the process.
    rc::detail::TestParams params = rc::detail::configuration().testParams;
    params.seed += ++rounds;
    const auto result = rc::detail::checkTestable([&seen] { soak_once(*any_seed(), seen); },
                                                  rc::detail::TestMetadata{}, params);
    is_well = result.template is<rc::detail::SuccessResult>();
    if (!is_well) {
      std::ostringstream text;
      rc::detail::printResultMessage(result, text);
      FAIL_CHECK(fmt::format("RC_PARAMS=\"seed={}\": {}", params.seed, text.str()));
    }
  }
  CHECK(is_well);
  MESSAGE(fmt::format(
      "soak: {} runs, {} events, {} HTLCs, {} channels closed, {} HTLCs claimed on chain, {:.0f} "
      "s\n",
      seen.runs, seen.events, seen.htlcs, seen.channels_closed, seen.claimed_on_chain, elapsed()));
}
