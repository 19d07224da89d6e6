// HTLC events per second and core with routes known: what the simulator costs without any search.
//
//   htlc_bench [--nodes N] [--in-flight N] [--events N] [--repetitions N]
//
// A Barabasi-Albert network of five channels a node, half of each channel at either end. Parts of
// 1000 sat run over fixed random paths of 2 to 5 hops through HtlcFlow and Forwarder, with every
// check that a run makes; the receiver claims at once, but fails each tenth part. As soon as the
// sender knows the outcome, the next part starts, so that the number in flight is constant.
//
// Prints the CPU time of an event: the least over slices of some milliseconds. The order of all
// events is the same in each repetition, or the exit code is 1.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/measure.hpp"
#include "core/random.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/forwarder.hpp"
#include "sim/payment/htlc_flow.hpp"
#include "sim/payment/prefetcher.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

namespace {

using namespace ampsim;
using namespace ampsim::sim;

/// Events that are timed at once: milliseconds, so that some are not disturbed by other programs.
constexpr int kSlice = 10'000;
constexpr std::size_t kPaths = 1U << 14U;

topo::Topology make_network(std::uint32_t nodes) {
  topo::Topology topology = topo::make_topology(
      {.generator = "barabasi_albert", .nodes = nodes, .channels_per_node = 5}, 1);
  topo::endow(topology, {.balance = topo::BalanceKind::half}, 1);
  return topology;
}

/// Random walks that do not turn around, with the fees and deltas that the policies ask for.
std::vector<Route> draw_paths(const Network& network) {
  Rng rng(1, "htlc_bench.paths");
  std::vector<Route> paths(kPaths);
  for (Route& path : paths) {
    const std::int64_t hops = rng.between(2, 5);
    NodeId at{static_cast<std::uint32_t>(rng.below(network.node_count()))};
    while (std::ssize(path.hops) < hops) {
      const auto row = network.outgoing(at);
      const DirectedChannel next = row[rng.below(row.size())];
      if (!path.hops.empty() && next == path.hops.back().channel.reversed()) continue;
      path.hops.push_back({.channel = next, .amount = {}, .expiry = {}});
      at = network.target(next);
    }
    path.hops.back().amount = Msat::from_sat(1000);
    path.hops.back().expiry = BlockDelta{80};
    for (std::size_t i = path.hops.size() - 1; i > 0; --i) {
      const topo::ForwardingPolicy policy = network.policy(path.hops[i].channel);
      path.hops[i - 1].amount = path.hops[i].amount + policy.fee(path.hops[i].amount);
      path.hops[i - 1].expiry = path.hops[i].expiry + policy.cltv_expiry_delta;
    }
  }
  return paths;
}

/// The HTLCs of a run without its payments.
class Load {
 public:
  explicit Load(const topo::Topology& topology)
      : network_(topology, {}, 1),
        paths_(draw_paths(network_)),
        metrics_(RecordParams{}),
        flow_({}, scheduler_, network_, attempts_, metrics_, {}),
        forwarder_(network_, blocks_, attempts_, flow_),
        prefetcher_(scheduler_, network_, attempts_) {}

  /// The next path whose first channel can take it; those that cannot are passed over.
  void start() {
    for (std::size_t tries = 0; tries < kPaths; ++tries) {
      const Route& path = paths_[sent_++ % kPaths];
      const Hop& first = path.hops.front();
      const Channel& channel = network_.channel(first.channel.channel());
      if (channel.refusal(first.channel.direction(), first.amount) != Refusal::none) continue;
      const AttemptId id = attempts_.open();
      Attempt& attempt = attempts_[id];
      attempt.number = static_cast<std::uint32_t>(sent_);
      attempt.route = path;
      attempt.plan_htlcs();
      flow_.offer(id, 0);
      return;
    }
  }

  void step() {
    const EventPayload event = scheduler_.next()->payload;
    prefetcher_.prepare();
    const AttemptId id{event.subject};
    const std::uint32_t hop = event.detail;
    order_.mix(std::uint64_t{event.subject} << 32U | hop << 8U |
               static_cast<std::uint32_t>(event.kind));
    if (!flow_.arrives(event)) return;
    if (event.kind == EventKind::htlc_add) {
      if (attempts_[id].is_final(hop)) return receive(id, hop);
      forwarder_.forward(id, hop);
    } else if (event.kind == EventKind::htlc_fulfill) {
      if (hop > 0) return flow_.fulfill(id, hop - 1);
      attempts_[id].is_closed = true;
      start();
    } else if (event.kind == EventKind::htlc_fail) {
      flow_.refund_failed(id, hop);
      if (hop > 0) return flow_.fail(id, hop - 1);
      attempts_[id].is_closed = true;
      attempts_.close_if_done(id);
      start();
    } else {
      flow_.settle_removed(id, hop);
    }
  }

  std::uint64_t order() const { return order_.value(); }
  void check() const { network_.check_conservation(false); }

 private:
  void receive(AttemptId id, std::uint32_t hop) {
    if (attempts_[id].number % 10 != 0) return flow_.fulfill(id, hop);
    attempts_[id].failure = FailureCode::incorrect_or_unknown_payment_details;
    flow_.fail(id, hop);
  }

  Scheduler scheduler_;
  Network network_;
  BlockClock blocks_{ChainParams{}, 1};
  std::vector<Route> paths_;
  AttemptTable attempts_;
  Metrics metrics_;
  HtlcFlow flow_;
  Forwarder forwarder_;
  Prefetcher prefetcher_;
  std::size_t sent_ = 0;
  bench::Fingerprint order_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("HTLC events per second, routes known");
  std::uint32_t nodes = 6000;
  std::uint32_t in_flight = 10'000;
  std::uint64_t events = 3'000'000;
  int repetitions = 3;
  bool as_csv = false;
  app.add_option("--nodes", nodes, "of the network")->capture_default_str();
  app.add_option("--in-flight", in_flight, "parts at once")->capture_default_str();
  app.add_option("--events", events,
                 "of a repetition, after a warm-up of ten for each part in flight")
      ->capture_default_str();
  app.add_option("--repetitions", repetitions)->capture_default_str();
  app.add_flag("--csv", as_csv);
  CLI11_PARSE(app, argc, argv);

  const topo::Topology topology = make_network(nodes);
  double ns = 0;
  std::vector<std::uint64_t> orders;
  for (int i = 0; i < repetitions; ++i) {
    Load load(topology);
    for (std::uint32_t part = 0; part < in_flight; ++part) load.start();
    for (std::uint32_t event = 0; event < 10 * in_flight; ++event) load.step();
    std::vector<bench::Rival> alone = {{[&load] {
                                          for (int event = 0; event < kSlice; ++event) load.step();
                                        },
                                        kSlice}};
    const double fastest =
        bench::fastest(alone, static_cast<std::uint32_t>(events / kSlice)).front();
    if (i == 0 || fastest < ns) ns = fastest;
    load.check();
    orders.push_back(load.order());
  }
  bench::print({.benchmark = "HTLC event",
                .parameters = fmt::format("{} nodes {} channels {} in flight", nodes,
                                          topology.channels.size(), in_flight),
                .unit = "ns",
                .ours = ns,
                .target = bench::ours_at_most(100)},
               as_csv);
  const bool is_equal = std::all_of(orders.begin(), orders.end(),
                                    [&](std::uint64_t order) { return order == orders.front(); });
  if (!is_equal) fmt::print(stderr, "two repetitions differ\n");
  return is_equal ? 0 : 1;
}
