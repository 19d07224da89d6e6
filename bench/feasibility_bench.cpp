// What it costs to know whether payments could be made (sim/routing/feasibility.hpp): one path and
// flow together, between random nodes with random balances.
//
//   feasibility_bench [--nodes N] [--queries N]
//
// The network is the generator `lightning`, or read from the file that the environment variable
// AMPSIM_BENCH_TOPOLOGY names, in any format that topologies are imported from.
//
// Prints, for each amount, how many are feasible, mean, median and 95th percentile of the CPU time
// of a check, and a hash of all answers.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/random.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/feasibility.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

namespace {

using namespace ampsim;
using namespace ampsim::sim;

/// CPU time, which other programs on the machine do not lengthen as they do the wall clock's.
double thread_time_us() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) * 1e-3;
}

topo::Topology network_of(std::uint32_t nodes) {
  const char* const file = std::getenv("AMPSIM_BENCH_TOPOLOGY");
  topo::Topology topology =
      file != nullptr ? topo::import_file(file) : topo::make_topology({.nodes = nodes}, 1);
  topo::endow(topology, {}, 1);
  return topology;
}

void measure(const topo::Topology& topology, Msat amount, std::uint32_t queries) {
  const ChannelGraph graph(topology);
  const Network network(topology, {}, 1);
  FeasibilityCheck check(graph, network);
  Rng rng(1, "feasibility_bench");
  const auto nodes = static_cast<std::uint32_t>(topology.nodes.size());
  std::vector<double> us;
  std::uint32_t on_one_path = 0;
  std::uint32_t by_flow = 0;
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  std::vector<LocalChannel> local;
  for (std::uint32_t i = 0; i < queries; ++i) {
    const auto source = static_cast<std::uint32_t>(rng.below(nodes));
    const auto target = static_cast<std::uint32_t>((source + 1 + rng.below(nodes - 1)) % nodes);
    local.clear();
    for (const DirectedChannel d : network.outgoing(NodeId{source})) {
      local.push_back({d, network.channel(d.channel()).spendable(d.direction())});
    }
    const double start = thread_time_us();
    const auto answer = check.check({.source = {source},
                                     .target = {target},
                                     .amount = amount,
                                     .total = amount,
                                     .fee_limit = std::max(amount / 20, Msat{1'000'000}),
                                     .cltv_limit = BlockDelta{2016},
                                     .final_cltv_delta = BlockDelta{40},
                                     .local = local});
    us.push_back(thread_time_us() - start);
    on_one_path += answer.on_one_path ? 1 : 0;
    by_flow += answer.by_flow ? 1 : 0;
    hash = (hash ^ (answer.on_one_path ? 2U : answer.by_flow ? 1U : 0U)) * 1099511628211U;
  }
  double sum = 0;
  for (const double time : us) sum += time;
  std::sort(us.begin(), us.end());
  const auto quantile = [&](double q) {
    return us[static_cast<std::size_t>(q * static_cast<double>(us.size() - 1))];
  };
  fmt::print(
      "{:>9} sat  one path {:.3f}  flow {:.3f}  mean {:7.1f} us  median {:7.1f}  p95 {:7.1f}  hash "
      "{:016x}\n",
      amount.count / 1000, static_cast<double>(on_one_path) / queries,
      static_cast<double>(by_flow) / queries, sum / queries, quantile(0.5), quantile(0.95), hash);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("whether payments could be made");
  std::uint32_t nodes = 2000;
  std::uint32_t queries = 5000;
  app.add_option("--nodes", nodes, "of the generated network")->capture_default_str();
  app.add_option("--queries", queries)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const topo::Topology topology = network_of(nodes);
  fmt::print("{} nodes, {} channels, {} queries an amount\n", topology.nodes.size(),
             topology.channels.size(), queries);
  for (const std::int64_t sat : {1'000, 44'700, 1'000'000}) {
    measure(topology, Msat::from_sat(sat), queries);
  }
  return 0;
}
