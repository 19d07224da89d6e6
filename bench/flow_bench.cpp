// MinCostFlow against LEMON's network simplex and Boost.Graph's successive shortest paths: the same
// Pickhardt-Richter flows on the same network, interleaved in one run.
//
//   flow_bench [--nodes N] [--pairs N] [--boost-pairs N]
//
// The network is a `lightning` one, or read from the file that the environment variable
// AMPSIM_BENCH_TOPOLOGY names, in any format that topologies are imported from. Pairs are drawn
// among the nodes with at least five channels; the source has half of each channel, nothing is
// known of the others. Units are of 1 sat.
//
// Prints for each amount the CPU time of a flow (mean, median, 95th percentile), for the libraries
// with and without the building of their arcs, the ratios, and a hash of the costs, which is the
// same for all (or the exit code is 1).
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/random.hpp"
#include "sim/routing/flow/min_cost_flow.hpp"
#include "sim/routing/flow/request_channels.hpp"
#include "sim/routing/routers/pickhardt_router.hpp"
#include "sim/routing/views/no_memory.hpp"
#include "tests/reference_flows.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

namespace {

using namespace ampsim;
using namespace ampsim::sim;

/// CPU time, which other programs on the machine do not lengthen as they do the wall clock's.
double thread_time_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

struct Timing {
  std::vector<double> ms;
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a over all costs

  void add(double time_ms) { ms.push_back(time_ms); }
  void mix(const std::optional<Int128>& cost) {
    const auto low = static_cast<std::uint64_t>(cost.value_or(-1));
    hash = (hash ^ low) * 1099511628211U;
  }
  double mean() const {
    double sum = 0;
    for (const double time : ms) sum += time;
    return sum / static_cast<double>(ms.size());
  }
  double quantile(double q) const {
    std::vector<double> sorted = ms;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
  }
  void print(const char* name) const {
    fmt::print("  {:22}  mean {:8.2f} ms  median {:8.2f}  p95 {:8.2f}\n", name, mean(),
               quantile(0.5), quantile(0.95));
  }
};

/// What the work gives; its time is kept if it counts.
template <class Work>
auto timed(Timing& timing, bool counts, Work&& work) {
  const double start = thread_time_ms();
  auto result = work();
  if (counts) timing.add(thread_time_ms() - start);
  return result;
}

struct Bench {
  explicit Bench(const topo::Topology& from) : topology(from), graph(from) {
    degrees.resize(topology.nodes.size());
    local.resize(topology.nodes.size());
    for (std::uint32_t i = 0; i < 2 * topology.channels.size(); ++i) {
      const DirectedChannel channel{i};
      const NodeId source = topology.source(channel);
      ++degrees[source.index];
      const Msat capacity = *topology.channels[channel.channel().index].capacity;
      local[source.index].push_back({channel, capacity / 2});
    }
  }

  bool compare(std::int64_t sat, std::uint32_t pairs, std::uint32_t boost_pairs);
  RouteRequest draw(Rng& rng, Msat amount) const;

  const topo::Topology& topology;
  ChannelGraph graph;
  std::vector<int> degrees;
  std::vector<std::vector<LocalChannel>> local;
};

RouteRequest Bench::draw(Rng& rng, Msat amount) const {
  const auto node = [&] {
    while (true) {
      const NodeId drawn{static_cast<std::uint32_t>(rng.below(degrees.size()))};
      if (degrees[drawn.index] >= 5) return drawn;
    }
  };
  RouteRequest request{.source = node(), .target = node(), .amount = amount};
  request.local = local[request.source.index];
  return request;
}

/// The first `boost_pairs` of the pairs with Boost.Graph as well.
bool Bench::compare(std::int64_t sat, std::uint32_t pairs, std::uint32_t boost_pairs) {
  Rng rng(2, "flow_bench.pairs");
  const NoMemory view;
  RequestChannels channels(graph);
  PickhardtModel costs(PickhardtParams{});
  MinCostFlow solver(graph);
  Timing ours;
  Timing lemon_build;
  Timing lemon_run;
  Timing boost_build;
  Timing boost_run;
  bool is_equal = true;
  std::uint64_t searches = 0;
  while (ours.ms.size() < pairs) {
    const RouteRequest request = draw(rng, Msat::from_sat(sat));
    if (request.source == request.target) continue;
    channels.begin(request, view);
    costs.begin_request();
    costs.begin_flow({&channels, request.amount, Msat::from_sat(1)});
    // Without enough room there is nothing to compare, but that there is not.
    const std::int64_t room = solver.solve(request.source, request.target, sat, costs);
    test::LemonFlow lemon = timed(lemon_build, room == sat, [&] {
      return test::LemonFlow(graph.node_count(),
                             test::arcs_of(graph, costs, request.source, request.target));
    });
    const auto least = timed(lemon_run, room == sat,
                             [&] { return lemon.solve(request.source, request.target, sat); });
    if (room == sat) {
      timed(ours, true, [&] { return solver.solve(request.source, request.target, sat, costs); });
      ours.mix(solver.cost());
      lemon_run.mix(least);
      searches += solver.searches();
    } else {
      is_equal = is_equal && !least;
    }
    if (room == sat && boost_run.ms.size() < boost_pairs) {
      test::BoostFlow boost = timed(boost_build, true, [&] {
        return test::BoostFlow(graph.node_count(),
                               test::arcs_of(graph, costs, request.source, request.target),
                               request.source, request.target, sat);
      });
      is_equal = timed(boost_run, true, [&] { return boost.solve(); }) == least && is_equal;
    }
    channels.end();
  }
  is_equal = is_equal && ours.hash == lemon_run.hash;
  fmt::print("{} sat: {} flows of {:.1f} searches, hash {:016x}\n", sat, pairs,
             static_cast<double>(searches) / pairs, ours.hash);
  ours.print("ours, costs included");
  lemon_build.print("LEMON: its arcs");
  lemon_run.print("LEMON: network simplex");
  if (boost_pairs > 0) {
    boost_build.print("Boost: its arcs");
    boost_run.print("Boost: shortest paths");
  }
  fmt::print("  LEMON : ours = {:.1f} by mean, {:.1f} by median; with its arcs {:.1f}, {:.1f}\n",
             lemon_run.mean() / ours.mean(), lemon_run.quantile(0.5) / ours.quantile(0.5),
             (lemon_run.mean() + lemon_build.mean()) / ours.mean(),
             (lemon_run.quantile(0.5) + lemon_build.quantile(0.5)) / ours.quantile(0.5));
  return is_equal;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("MinCostFlow against network simplex and successive shortest paths");
  std::uint32_t nodes = 6000;
  std::uint32_t pairs = 60;
  std::uint32_t boost_pairs = 4;
  app.add_option("--nodes", nodes, "of the generated network")->capture_default_str();
  app.add_option("--pairs", pairs, "flows of each amount")->capture_default_str();
  app.add_option("--boost-pairs", boost_pairs, "of them with Boost.Graph")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const char* path = std::getenv("AMPSIM_BENCH_TOPOLOGY");
  topo::Topology topology =
      path != nullptr ? topo::import_file(path) : topo::make_topology({.nodes = nodes}, 1);
  topo::endow(topology, {}, 1);
  fmt::print("{} nodes, {} channels, {}\n", topology.nodes.size(), topology.channels.size(),
             path != nullptr ? path : "`lightning` with seed 1");
  Bench bench(topology);
  bool is_equal = true;
  for (const std::int64_t sat : {100'000, 1'000'000, 10'000'000}) {
    is_equal = bench.compare(sat, pairs, boost_pairs) && is_equal;
  }
  if (!is_equal) fmt::print(stderr, "the flows differ in cost\n");
  return is_equal ? 0 : 1;
}
