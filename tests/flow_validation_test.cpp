// Published examples of uncertain liquidity, small enough to try every state, against the solver
// and the probabilities of the views. A sat of the example is a msat here: the smallest amount.
#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "sim/routing/flow/min_cost_flow.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/path_pricing.hpp"
#include "sim/routing/views/known_bounds.hpp"
#include "tests/flow_costs.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

using Flow = std::map<DirectedChannel, std::int64_t>;

/// A network whose balances are uniform, and the likeliest flows in it.
struct Uncertain {
  SmallNetwork network;
  RoutingParams params;

  DirectedChannel channel(const char* from, const char* to, std::int64_t capacity) {
    return network.channel(from, to, Msat{capacity}, {});
  }

  double probability(const ChannelGraph& graph, const Flow& flow) const {
    const KnownBounds view(graph, params);
    double product = 1;
    for (const auto& [channel, amount] : flow) {
      product *= view.probability(hop_query(graph, channel, Msat{amount}, {}));
    }
    return product;
  }

  /// -log2 of the view's probabilities, unit by unit, on top of what flows already.
  ListedCosts costs(const ChannelGraph& graph, const Flow& used) const {
    const KnownBounds view(graph, params);
    ListedCosts costs;
    for (std::uint32_t i = 0; i < 2 * graph.channel_count(); ++i) {
      HopQuery query = hop_query(graph, {i}, Msat{0}, {});
      const auto here = used.find({i});
      const std::int64_t first = here == used.end() ? 0 : here->second;
      const auto p = [&](std::int64_t amount) {
        query.amount = Msat{amount};
        return view.probability(query);
      };
      for (std::int64_t unit = 0; unit < 4 && p(first + unit + 1) > 0; ++unit) {
        const double bits = std::log2(p(first + unit)) - std::log2(p(first + unit + 1));
        costs.listed[{i}].add(1, std::llround(bits * 1e12));
      }
    }
    return costs;
  }

  /// The likeliest flow of so many units on top of another one.
  Flow likeliest(const ChannelGraph& graph,
                 const char* from,
                 const char* to,
                 std::int64_t units,
                 Flow flow = {}) {
    ListedCosts listed = costs(graph, flow);
    MinCostFlow solver(graph);
    REQUIRE(solver.solve(network.node(from), network.node(to), units, listed) == units);
    for (const FlowPath& path : solver.paths()) {
      for (const DirectedChannel channel : path.channels) flow[channel] += path.units;
    }
    return flow;
  }
};

}  // namespace

TEST_CASE("flow_validation: Pickhardt and Richter 2021, the best flow and the greedy one") {
  Uncertain example;
  const DirectedChannel s_a = example.channel("s", "A", 2);
  const DirectedChannel a_b = example.channel("A", "B", 2);
  const DirectedChannel b_d = example.channel("B", "d", 4);
  const DirectedChannel s_x = example.channel("s", "X", 1);
  const DirectedChannel x_b = example.channel("X", "B", 9);
  const DirectedChannel x_y = example.channel("X", "Y", 7);
  const DirectedChannel y_d = example.channel("Y", "d", 4);
  const ChannelGraph graph(example.network.topology);
  const std::vector<std::vector<DirectedChannel>> paths = {
      {s_a, a_b, b_d}, {s_x, x_y, y_d}, {s_x, x_b, b_d}};
  const auto flow_over = [&](const std::vector<std::size_t>& chosen) {
    Flow flow;
    for (const std::size_t path : chosen) {
      for (const DirectedChannel channel : paths[path]) ++flow[channel];
    }
    return flow;
  };
  CHECK(example.probability(graph, flow_over({0})) == doctest::Approx(16.0 / 45));
  CHECK(example.probability(graph, flow_over({1})) == doctest::Approx(28.0 / 80));
  CHECK(example.probability(graph, flow_over({2})) == doctest::Approx(36.0 / 100));

  // One sat: the solver takes the likeliest path.
  const Flow first = example.likeliest(graph, "s", "d", 1);
  CHECK(first == flow_over({2}));
  // Two: likelier than any two of the paths.
  const Flow best = example.likeliest(graph, "s", "d", 2);
  const double likeliest = example.probability(graph, best);
  CHECK(likeliest == doctest::Approx(0.1244).epsilon(0.0005));
  for (std::size_t a = 0; a < paths.size(); ++a) {
    for (std::size_t b = a; b < paths.size(); ++b) {
      CHECK(example.probability(graph, flow_over({a, b})) <= likeliest * (1 + 1e-12));
    }
  }
  // One sat after the other.
  const Flow greedy = example.likeliest(graph, "s", "d", 1, first);
  CHECK(example.probability(graph, greedy) == doctest::Approx(0.12));
}

TEST_CASE("flow_validation: Pickhardt 2024, the triangle in all of its 27 states") {
  Uncertain example;
  const std::vector<DirectedChannel> channels = {
      example.channel("a", "b", 2), example.channel("a", "c", 2), example.channel("c", "b", 2)};
  const ChannelGraph graph(example.network.topology);
  const NodeId a = example.network.node("a");
  const NodeId b = example.network.node("b");
  MinCostFlow solver(graph);
  std::vector<std::vector<std::int64_t>> states;
  for (std::int64_t i = 0; i < 27; ++i) states.push_back({i % 3, i / 3 % 3, i / 9});

  std::vector<int> reaching(5, 0);  // states with a max flow of k or more
  for (const auto& state : states) {
    ListedCosts balances;
    for (std::size_t i = 0; i < 3; ++i) {
      balances.listed[channels[i]].add(state[i], 0);
      balances.listed[channels[i].reversed()].add(2 - state[i], 0);
    }
    const std::int64_t most = solver.solve(a, b, 10, balances);
    for (std::int64_t k = 0; k <= most; ++k) ++reaching[static_cast<std::size_t>(k)];
  }
  CHECK(reaching == std::vector<int>{27, 22, 14, 5, 1});

  // How many states let a flow through that was fixed before.
  const auto passing = [&](std::int64_t direct, std::int64_t around) {
    return std::count_if(states.begin(), states.end(), [&](const auto& state) {
      return state[0] >= direct && state[1] >= around && state[2] >= around;
    });
  };
  const std::vector<std::int64_t> expected = {18, 9, 4, 1};
  for (std::int64_t k = 1; k <= 4; ++k) {
    CAPTURE(k);
    Flow flow = example.likeliest(graph, "a", "b", k);
    const std::int64_t through = passing(flow[channels[0]], flow[channels[1]]);
    CHECK(through == expected[static_cast<std::size_t>(k - 1)]);
    CHECK(example.probability(graph, flow) == doctest::Approx(static_cast<double>(through) / 27));
    for (std::int64_t direct = 0; direct <= k; ++direct) {
      CHECK(passing(direct, k - direct) <= through);
    }
  }
}
