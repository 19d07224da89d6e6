#include <filesystem>
#include <string>

#include "core/random.hpp"
#include "sim/routing/flow/min_cost_flow.hpp"
#include "tests/flow_costs.hpp"
#include "tests/printing.hpp"
#include "tests/reference_flows.hpp"
#include "tests/small_network.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::arcs_of;
using ampsim::test::BoostFlow;
using ampsim::test::LemonFlow;

namespace {

/// Five pieces of a fifth of the capacity, dearer from one to the next, and the proportional fee.
class FifthsCosts final : public FlowCosts {
 public:
  CostPieces pieces(const AnnouncedChannel& channel) override {
    CostPieces result;
    const std::int64_t capacity = channel.htlc_maximum.count / 1000;
    if (channel.is_disabled || capacity < 5) return result;
    for (std::int64_t i = 1; i <= 5; ++i) {
      result.add(capacity / 5, i * (15'000'000'000 / capacity) +
                                   std::int64_t{channel.fee_proportional.millionths});
    }
    return result;
  }
};

}  // namespace

TEST_CASE("reference_flow: costs what those of LEMON and Boost cost, on random networks") {
  Rng rng(2, "reference_flow");
  int feasible = 0;
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    SmallNetwork network;
    const auto nodes = static_cast<std::uint32_t>(rng.between(2, 30));
    for (std::uint32_t i = 0; i < nodes; ++i) network.node(std::to_string(i));
    ListedCosts costs;
    const auto channels = rng.between(nodes, 5 * nodes);
    const std::int64_t dearest = round % 3 == 0 ? 3 : 1'000'000;  // with ties, and without
    for (int i = 0; i < channels; ++i) {
      const auto from = static_cast<std::uint32_t>(rng.below(nodes));
      const auto to = static_cast<std::uint32_t>((from + 1 + rng.below(nodes - 1)) % nodes);
      const DirectedChannel channel =
          network.channel(std::to_string(from), std::to_string(to), Msat{1000}, {});
      for (const DirectedChannel direction : {channel, channel.reversed()}) {
        CostPieces& random = costs.listed[direction];
        std::int64_t unit_cost = 0;
        for (int piece = 0; piece < 5; ++piece) {
          unit_cost += rng.between(0, dearest);
          random.add(rng.between(0, 1000), unit_cost);
        }
      }
    }
    const ChannelGraph graph(network.topology);
    MinCostFlow solver(graph);
    const NodeId source{0};
    const NodeId target{1};
    LemonFlow lemon(nodes, arcs_of(graph, costs, source, target));
    for (const std::int64_t units : {1, 100, 2000, 10'000}) {
      const auto least = lemon.solve(source, target, units);
      const bool is_whole = solver.solve(source, target, units, costs) == units;
      REQUIRE(is_whole == least.has_value());
      if (!is_whole) continue;
      ++feasible;
      CHECK(solver.cost() == *least);
      BoostFlow boost(nodes, arcs_of(graph, costs, source, target), source, target, units);
      CHECK(boost.solve().value() == *least);
    }
  }
  CHECK(feasible > 500);
}

TEST_CASE("reference_flow: costs what LEMON's costs, on the public network" *
          doctest::test_suite("slow")) {
  const std::string file = AMPSIM_SOURCE_DIR "/../shared/data/ln-2026-02-03/describegraph.json.gz";
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: no snapshot beside the repository");
    return;
  }
  topo::Topology topology = topo::import_file(file);
  topo::endow(topology, {}, 1);
  const ChannelGraph graph(topology);
  MinCostFlow solver(graph);
  FifthsCosts costs;
  Rng rng(3, "reference_flow");
  int feasible = 0;
  // Ends of channels: nodes with many of them, between which there is room.
  const auto draw = [&] {
    const auto channel = static_cast<std::uint32_t>(rng.below(2 * graph.channel_count()));
    return graph.head({channel});
  };
  for (int round = 0; round < 40; ++round) {
    CAPTURE(round);
    const NodeId source = draw();
    const NodeId target = draw();
    if (source == target) continue;
    LemonFlow lemon(graph.node_count(), arcs_of(graph, costs, source, target));
    for (const std::int64_t units : {100'000, 1'000'000, 10'000'000}) {
      const auto least = lemon.solve(source, target, units);
      const bool is_whole = solver.solve(source, target, units, costs) == units;
      REQUIRE(is_whole == least.has_value());
      if (!is_whole) continue;
      ++feasible;
      CHECK(solver.cost() == *least);
    }
  }
  CHECK(feasible > 20);
}
