#include "sim/routing/path_capacity.hpp"

#include <vector>

#include "core/random.hpp"
#include "sim/routing/path_pricing.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

TEST_CASE("path_capacity: what is passed on is the most that the fee leaves") {
  Rng rng(1, "path_capacity_test");
  for (int i = 0; i < 20'000; ++i) {
    const Msat amount{rng.between(0, i % 2 == 0 ? 3000 : 2'000'000'000)};
    const topo::ForwardingPolicy policy{
        .fee_base = Msat{rng.between(0, 1500)},
        .fee_proportional =
            Ppm{static_cast<std::uint32_t>(rng.below(i % 3 == 0 ? 2'000'000 : 900))}};
    const Msat passed = largest_passed_on(amount, policy.fee_base, policy.fee_proportional);
    CAPTURE(amount.count);
    CAPTURE(passed.count);
    const Msat more = passed + Msat{1};
    CHECK(more + policy.fee(more) > amount);
    if (passed > Msat{0}) CHECK(passed + policy.fee(passed) <= amount);
  }
}

TEST_CASE("path_capacity: a path delivers what its tightest channel lets through, to the msat") {
  //  A - B - C - D    B takes 1 sat + 1000 ppm, C 2 sat + 2500 ppm
  SmallNetwork network;
  const Msat capacity = Msat::from_sat(1'000'000);
  const std::vector<DirectedChannel> path = {
      network.channel("A", "B", capacity, {.htlc_minimum = Msat{1}}),
      network.channel(
          "B", "C", capacity,
          {.fee_base = Msat{1000}, .fee_proportional = Ppm{1000}, .htlc_minimum = Msat{1}}),
      network.channel(
          "C", "D", capacity,
          {.fee_base = Msat{2000}, .fee_proportional = Ppm{2500}, .htlc_minimum = Msat{1}})};
  const ChannelGraph graph(network.topology);
  RouteRequest request{.source = network.node("A"),
                       .target = network.node("D"),
                       .cltv_limit = BlockDelta{2016},
                       .final_cltv_delta = BlockDelta{40}};
  Rng rng(2, "path_capacity_test");
  for (int i = 0; i < 300; ++i) {
    std::vector<Msat> limits;
    for (std::size_t hop = 0; hop < path.size(); ++hop) {
      limits.push_back(Msat{rng.between(0, 500'000'000)});
    }
    const Msat most = largest_delivery(graph, path, limits);
    const auto bears = [&](Msat amount) {
      const auto route = price_path(graph, path, amount, request);
      for (std::size_t hop = 0; hop < path.size(); ++hop) {
        if (route->hops[hop].amount > limits[hop]) return false;
      }
      return true;
    };
    if (most > Msat{0}) CHECK(bears(most));
    CHECK(!bears(most + Msat{1}));
  }
}
