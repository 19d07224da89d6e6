// How time and memory grow with the network: generated networks from --least to --most nodes in
// steps of ten, and the exponents b of cost ~ nodes^b fitted to them.
//
//   growth_bench [--least N] [--most N] [--generator NAME] [--channels-per-node N]
//                [--queries N] [--payments N] [--csv]
//
// The generator is `lightning`, which knows itself how many channels there are, or another one.
//
// - search: CPU time of a route between random nodes for 1,000 to 1,000,000 sat, by a sender that
//   has learnt nothing yet; mean and median;
// - payment: CPU time of a payment in a run, the making of its network left out;
// - set-up: CPU time until a run begins, with its network and its graph;
// - memory: what the heap holds for the network, the graph and a router that has searched: a
//   channel, with and without 64 bytes a node, and in all; and for the topology that they are made
//   from.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <variant>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/measure.hpp"
#include "core/random.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/routers/lnd_router.hpp"
#include "sim/routing/views/apriori.hpp"
#include "sim/simulation.hpp"
#include "sim/workload/workload.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

namespace {

using namespace ampsim;
using namespace ampsim::sim;

struct Arguments {
  std::uint32_t least = 1000;
  std::uint32_t most = 1'000'000;
  topo::TopologyParams topology;
  std::uint32_t queries = 500;
  std::uint64_t payments = 300;
  bool as_csv = false;
};

struct Costs {
  double nodes = 0;
  double channels = 0;
  double search_mean_us = 0;
  double search_median_us = 0;
  double payment_us = 0;
  double set_up_ms = 0;
  double topology_bytes = 0;  // a channel
  double network_bytes = 0;   // a channel

  double without_nodes() const { return network_bytes - 64 * nodes / channels; }
};

topo::Topology make_network(topo::TopologyParams params, std::uint32_t nodes) {
  params.nodes = nodes;
  topo::Topology topology = topo::make_topology(params, 1);
  topo::endow(topology, {}, 1);
  return topology;
}

std::vector<LocalChannel> local_channels(const Network& network, NodeId node) {
  std::vector<LocalChannel> local;
  for (const DirectedChannel d : network.outgoing(node)) {
    local.push_back({d, network.channel(d.channel()).spendable(d.direction())});
  }
  return local;
}

/// us of every query.
std::vector<double> search(const Network& network,
                           const ChannelGraph& graph,
                           LndRouter& router,
                           std::uint32_t queries) {
  Rng rng(1, "growth_bench.queries");
  const RoutingParams params;
  const Apriori view(graph, params);
  const auto node = [&] {
    return NodeId{static_cast<std::uint32_t>(rng.below(network.node_count()))};
  };
  std::vector<double> us;
  while (us.size() < queries) {
    const NodeId source = node();
    const NodeId target = node();
    if (source == target) continue;
    const Msat amount = Msat::from_sat(1000) * (std::int64_t{1} << rng.below(11));
    const std::vector<LocalChannel> local = local_channels(network, source);
    const double start = bench::thread_time_ns();
    router.find({.source = source,
                 .target = target,
                 .amount = amount,
                 .fee_limit = std::max(amount / 20, Msat{1'000'000}),
                 .cltv_limit = BlockDelta{2016},
                 .final_cltv_delta = BlockDelta{40},
                 .local = local},
                view);
    us.push_back((bench::thread_time_ns() - start) / 1000);
  }
  return us;
}

double run_ns(const topo::Topology& topology, const std::vector<PaymentSpec>& payments) {
  SimulationParams params;
  params.seed = 1;
  const double start = bench::thread_time_ns();
  simulate(topology, payments, params);
  return bench::thread_time_ns() - start;
}

Costs measure(std::uint32_t nodes, const Arguments& arguments) {
  Costs costs;
  const double before = bench::heap_bytes();
  const topo::Topology topology = make_network(arguments.topology, nodes);
  const auto channels = static_cast<double>(topology.channels.size());
  const double with_topology = bench::heap_bytes();
  costs.nodes = nodes;
  costs.channels = channels;
  costs.topology_bytes = (with_topology - before) / channels;
  {
    const ChannelGraph graph(topology);
    const Network network(topology, {}, 1, graph.announced());
    LndRouter router(graph, {});
    std::vector<double> us = search(network, graph, router, arguments.queries);
    costs.network_bytes = (bench::heap_bytes() - with_topology -
                           static_cast<double>(us.capacity() * sizeof(double))) /
                          channels;
    for (const double time : us) costs.search_mean_us += time / static_cast<double>(us.size());
    const auto middle = us.begin() + std::ssize(us) / 2;
    std::nth_element(us.begin(), middle, us.end());
    costs.search_median_us = *middle;
  }
  WorkloadParams workload;
  workload.payments = arguments.payments;
  workload.endpoints = Endpoints::degree;
  const double set_up = run_ns(topology, {});
  const double whole = run_ns(topology, make_workload(workload, topology, 1));
  costs.set_up_ms = set_up / 1e6;
  costs.payment_us = (whole - set_up) / 1000 / static_cast<double>(arguments.payments);
  return costs;
}

void print_exponents(const std::vector<Costs>& all, bool as_csv) {
  const auto exponent = [&](double Costs::*cost) {
    std::vector<double> nodes;
    std::vector<double> values;
    for (const Costs& costs : all) {
      nodes.push_back(costs.nodes);
      values.push_back(costs.*cost);
    }
    return bench::fitted_exponent(nodes, values);
  };
  const auto line = [&](const std::string& name, double Costs::*cost) {
    bench::print(
        {.benchmark = "growth", .parameters = name, .unit = "exponent", .ours = exponent(cost)},
        as_csv);
  };
  line("search mean", &Costs::search_mean_us);
  line("search median", &Costs::search_median_us);
  line("payment", &Costs::payment_us);
  line("set-up", &Costs::set_up_ms);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("How time and memory grow with the network");
  Arguments arguments;
  app.add_option("--least", arguments.least, "nodes")->capture_default_str();
  app.add_option("--most", arguments.most, "nodes")->capture_default_str();
  app.add_option("--generator", arguments.topology.generator)->capture_default_str();
  app.add_option("--channels-per-node", arguments.topology.channels_per_node,
                 "with barabasi_albert")
      ->capture_default_str();
  app.add_option("--queries", arguments.queries, "searches")->capture_default_str();
  app.add_option("--payments", arguments.payments, "of a run")->capture_default_str();
  app.add_flag("--csv", arguments.as_csv);
  CLI11_PARSE(app, argc, argv);

  std::vector<Costs> all;
  for (std::uint32_t nodes = arguments.least; nodes <= arguments.most; nodes *= 10) {
    all.push_back(measure(nodes, arguments));
    const Costs& costs = all.back();
    const auto line = [&](const std::string& name, const std::string& unit, double value,
                          const bench::Target& target = {}) {
      bench::print({.benchmark = name,
                    .parameters = fmt::format("{} nodes {:.0f} channels", nodes, costs.channels),
                    .unit = unit,
                    .ours = value,
                    .target = target},
                   arguments.as_csv);
    };
    line("search mean", "us", costs.search_mean_us);
    line("search median", "us", costs.search_median_us);
    line("payment", "us", costs.payment_us);
    line("set-up", "ms", costs.set_up_ms);
    line("network graph and search", "bytes a channel", costs.network_bytes);
    line("the same less 64 bytes a node", "bytes a channel", costs.without_nodes(),
         bench::ours_at_most(150));
    line("the same in all", "GB", costs.network_bytes * costs.channels / 1e9,
         bench::ours_at_most(3));
    line("topology", "bytes a channel", costs.topology_bytes);
    std::fflush(stdout);
  }
  if (all.size() > 1) print_exponents(all, arguments.as_csv);
  return 0;
}
