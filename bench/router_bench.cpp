// The search of LndRouter against the plain transcription of lnd's loop, on the same queries of the
// same network, interleaved in one run.
//
//   router_bench [--nodes N] [--channels N] [--queries N]
//
// The network is grown by preferential attachment with policies as in the CLoTH snapshot of
// December 2020 (medians: 1 sat + 1 ppm, 40 blocks, 800k sat), or read from the file that the
// environment variable AMPSIM_BENCH_TOPOLOGY names, in any format that topologies are imported
// from.
//
// Prints mean, median and 95th percentile of the CPU time of a search, the ratios, and a hash of
// all routes, which is the same for both searches (or the exit code is 1).
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/random.hpp"
#include "sim/routing/views/mission_control.hpp"
#include "sim/routing/routers/lnd_router.hpp"
#include "tests/plain_router.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

namespace {

using namespace ampsim;
using namespace ampsim::sim;

topo::ForwardingPolicy random_policy(Rng& rng, Msat capacity) {
  const int deltas[] = {40, 40, 40, 144, 80, 30, 14};
  const bool is_default = rng.chance(0.6);
  return {.fee_base = Msat{is_default ? 1000 : rng.between(0, 2000)},
          .fee_proportional = Ppm{is_default ? 1U : static_cast<std::uint32_t>(rng.below(1000))},
          .cltv_expiry_delta = BlockDelta{deltas[rng.below(std::size(deltas))]},
          .htlc_minimum = Msat{1000},
          .htlc_maximum = capacity};
}

topo::Topology grow(std::uint32_t nodes, std::uint32_t channels) {
  Rng rng(1, "router_bench.topology");
  topo::Topology topology;
  topology.nodes.resize(nodes);
  std::vector<std::uint32_t> ends;  // each node as often as it has channels
  const auto connect = [&](std::uint32_t a, std::uint32_t b) {
    const Msat capacity = Msat::from_sat(20'000 + static_cast<std::int64_t>(rng.exponential(2e6)));
    topo::Channel channel;
    channel.ends = {NodeId{a}, NodeId{b}};
    channel.capacity = capacity;
    channel.policy = {random_policy(rng, capacity), random_policy(rng, capacity)};
    topology.channels.push_back(channel);
    ends.insert(ends.end(), {a, b});
  };
  connect(0, 1);
  for (std::uint32_t node = 2; node < nodes; ++node) connect(node, ends[rng.below(ends.size())]);
  while (topology.channels.size() < channels) {
    const std::uint32_t a = ends[rng.below(ends.size())];
    const std::uint32_t b = ends[rng.below(ends.size())];
    if (a != b) connect(a, b);
  }
  return topology;
}

/// What topologies/source.hpp can read; what the file does not say is drawn.
topo::Topology read(const char* path) {
  topo::Topology topology = topo::import_file(path);
  topo::endow(topology, {}, 1);
  return topology;
}

struct Timing {
  std::vector<double> us;
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a over all routes

  void add(double time_us, const RouteResult& result) {
    us.push_back(time_us);
    const auto mix = [&](std::uint64_t value) { hash = (hash ^ value) * 1099511628211U; };
    mix(result.index());
    if (const Route* route = std::get_if<Route>(&result)) {
      for (const Hop& hop : route->hops) {
        mix(hop.channel.index);
        mix(static_cast<std::uint64_t>(hop.amount.count));
      }
      mix(static_cast<std::uint64_t>(route->cost));
    }
  }
  double mean() const {
    double sum = 0;
    for (const double time : us) sum += time;
    return sum / static_cast<double>(us.size());
  }
  double quantile(double q) const {
    std::vector<double> sorted = us;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
  }
};

/// CPU time, which other programs on the machine do not lengthen as they do the wall clock's.
double thread_time_us() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) * 1e-3;
}

RouteResult timed(Router& router,
                  const RouteRequest& request,
                  const MissionControl& view,
                  Timing& timing) {
  const double start = thread_time_us();
  RouteResult result = router.find(request, view);
  timing.add(thread_time_us() - start, result);
  return result;
}

/// The channels of each node, half of the capacity in each.
std::vector<std::vector<LocalChannel>> split_evenly(const topo::Topology& topology) {
  std::vector<std::vector<LocalChannel>> local(topology.nodes.size());
  for (std::uint32_t i = 0; i < 2 * topology.channels.size(); ++i) {
    const DirectedChannel channel{i};
    const Msat capacity = *topology.channels[channel.channel().index].capacity;
    local[topology.source(channel).index].push_back({channel, capacity / 2});
  }
  return local;
}

/// Runs the queries through both; each sender has first learnt from `past` payments of its own, a
/// third of them failed at a random hop.
bool compare(const topo::Topology& topology, std::uint32_t queries, std::uint32_t past) {
  constexpr std::uint32_t kQueriesPerSender = 20;
  Rng rng(2, "router_bench.queries");
  const ChannelGraph graph(topology);
  const auto local = split_evenly(topology);
  const RoutingParams params;
  LndRouter ours(graph, params);
  PlainRouter plain(topology, {});
  Timing our_time;
  Timing plain_time;
  Timing untimed;
  const auto nodes = static_cast<std::uint32_t>(topology.nodes.size());
  SimTime now{};
  while (our_time.us.size() < queries) {
    const NodeId source{static_cast<std::uint32_t>(rng.below(nodes))};
    MissionControl view(graph, params);
    for (std::uint32_t i = 0; i < past + std::min(kQueriesPerSender, queries); ++i) {
      now += std::chrono::minutes{1};
      const NodeId target{static_cast<std::uint32_t>(rng.below(nodes))};
      if (target == source) continue;
      const Msat amount = Msat::from_sat(1000) * (std::int64_t{1} << rng.below(11));
      const RouteRequest request{.source = source,
                                 .target = target,
                                 .amount = amount,
                                 .fee_limit = std::max(amount / 20, Msat{1'000'000}),
                                 .cltv_limit = BlockDelta{2016},
                                 .final_cltv_delta = BlockDelta{40},
                                 .now = now,
                                 .local = local[source.index]};
      if (i >= past) {
        timed(plain, request, view, plain_time);
        timed(ours, request, view, our_time);
        continue;
      }
      const RouteResult result = timed(ours, request, view, untimed);
      const Route* route = std::get_if<Route>(&result);
      if (route == nullptr) continue;
      if (rng.below(3) > 0 || route->hops.size() == 1) {
        view.report_success(*route, now);
      } else {
        view.report_failure(*route, 1 + rng.below(route->hops.size() - 1),
                            FailureCode::temporary_channel_failure, now);
      }
    }
  }
  for (const auto& [name, timing] :
       {std::pair("plain", &plain_time), std::pair("lnd", &our_time)}) {
    fmt::print("past {:3}  {:5}  mean {:8.1f} us  median {:8.1f}  p95 {:8.1f}  hash {:016x}\n",
               past, name, timing->mean(), timing->quantile(0.5), timing->quantile(0.95),
               timing->hash);
  }
  fmt::print("past {:3}  plain : lnd = {:.1f} by mean, {:.1f} by median\n", past,
             plain_time.mean() / our_time.mean(),
             plain_time.quantile(0.5) / our_time.quantile(0.5));
  return plain_time.hash == our_time.hash;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("LndRouter against the plain search");
  std::uint32_t nodes = 6000;
  std::uint32_t channels = 30'000;
  std::uint32_t queries = 2000;
  app.add_option("--nodes", nodes, "of the grown network")->capture_default_str();
  app.add_option("--channels", channels, "of the grown network")->capture_default_str();
  app.add_option("--queries", queries, "searches of each kind")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const char* path = std::getenv("AMPSIM_BENCH_TOPOLOGY");
  const topo::Topology topology = path != nullptr ? read(path) : grow(nodes, channels);
  fmt::print("{} nodes, {} channels, {} queries, {}\n", topology.nodes.size(),
             topology.channels.size(), queries, path != nullptr ? path : "grown with seed 1");
  bool is_equal = true;
  for (const std::uint32_t past : {0U, 20U, 100U}) {
    is_equal = compare(topology, queries, past) && is_equal;
  }
  if (!is_equal) fmt::print(stderr, "the two searches differ\n");
  return is_equal ? 0 : 1;
}
