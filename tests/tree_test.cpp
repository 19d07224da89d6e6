#include "sim/routing/routers/lnd/tree.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/random.hpp"
#include "sim/routing/routers/lnd/search.hpp"
#include "sim/routing/views/apriori.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using namespace ampsim::sim::lnd;

namespace {

TreeKey key_of(std::uint32_t target) {
  return {.source = {0},
          .target = {target},
          .amount = Msat{1000},
          .final_cltv_delta = BlockDelta{40},
          .cltv_limit = BlockDelta{2016}};
}

std::string name_of(std::uint64_t i) { return "n" + std::to_string(i); }

/// A ring of 40 nodes with chords.
SmallNetwork make_network() {
  SmallNetwork network;
  Rng rng(1, "tree_test");
  for (std::uint32_t i = 0; i < 40; ++i) {
    for (const std::uint64_t to : {(i + 1) % 40, static_cast<std::uint32_t>(rng.below(40))}) {
      if (to == i) continue;
      network.channel(name_of(i), name_of(to), Msat::from_sat(1'000'000),
                      {.fee_base = Msat{rng.between(0, 3000)},
                       .fee_proportional = Ppm{static_cast<std::uint32_t>(rng.below(500))},
                       .cltv_expiry_delta = BlockDelta{40},
                       .htlc_minimum = Msat{1000}});
    }
  }
  return network;
}

class Searches {
 public:
  RouteRequest request(std::uint32_t target) {
    local_ = network_.local({0});
    return {.source = {0},
            .target = {target},
            .amount = Msat::from_sat(100'000),
            .total = Msat::from_sat(100'000),
            .fee_limit = Msat{200'000},
            .cltv_limit = BlockDelta{2016},
            .final_cltv_delta = BlockDelta{40},
            .now = SimTime{std::chrono::hours{1}},
            .local = local_};
  }
  void grow(const RouteRequest& request, Tree& tree) {
    const Apriori nothing(graph_, params_);
    const AprioriBeliefs beliefs(nothing, params_, request, scratch_.weights);
    Search(graph_, params_, request, beliefs, scratch_).grow(tree);
  }
  RouteResult run(const RouteRequest& request) {
    const AprioriBeliefs beliefs(view, params_, request, scratch_.weights);
    return Search(graph_, params_, request, beliefs, scratch_).run();
  }
  std::optional<RouteResult> run_on(const RouteRequest& request, const Tree& tree) {
    const AprioriBeliefs beliefs(view, params_, request, scratch_.weights);
    return Search(graph_, params_, request, beliefs, scratch_).run_on(tree);
  }

 private:
  SmallNetwork network_ = make_network();
  ChannelGraph graph_{network_.topology};
  RoutingParams params_;
  Scratch scratch_{graph_};
  std::vector<LocalChannel> local_;

 public:
  Apriori view{graph_, params_};
};

}  // namespace

TEST_CASE("tree: the place that was not used for longest goes to a new payment") {
  Trees trees(std::size_t{1} << 16U);  // four places
  for (std::uint32_t target = 1; target <= 4; ++target) trees.add(key_of(target), 10 * target);
  trees.add(key_of(1), 5);
  trees.add(key_of(5), 7);
  REQUIRE(trees.find(key_of(1)) != nullptr);
  CHECK(trees.find(key_of(1))->steps == 15);
  CHECK(trees.find(key_of(2)) == nullptr);
  REQUIRE(trees.find(key_of(5)) != nullptr);
  CHECK(trees.find(key_of(5))->steps == 7);
  CHECK_FALSE(trees.find(key_of(5))->is_grown);
  TreeKey other = key_of(3);
  CHECK(trees.find(other) != nullptr);
  other.amount += Msat{1};
  CHECK(trees.find(other) == nullptr);
}

TEST_CASE("tree: large networks have no places and trees of no use make others dearer") {
  Trees none((std::size_t{1} << 16U) + 1);
  none.add(key_of(1), 1000);
  CHECK(none.find(key_of(1)) == nullptr);
  Trees trees(10);
  CHECK(trees.price() == 1);
  trees.count_use(false);
  CHECK(trees.price() == 5);
  trees.count_use(true);
  CHECK(trees.price() == 3);
}

TEST_CASE("tree: it holds for the limits that the same ways keep") {
  Tree tree;
  tree.begin(4, Msat{100});
  for (const std::int64_t fee : {0, 30, 90, 120, 300}) tree.count_fee(Msat{fee});
  CHECK(tree.holds(Msat{90}));
  CHECK(tree.holds(Msat{119}));
  CHECK_FALSE(tree.holds(Msat{89}));
  CHECK_FALSE(tree.holds(Msat{120}));
}

TEST_CASE("tree: one that was grown before for another receiver is as a new one") {
  Searches searches;
  Tree used;
  for (std::uint32_t target = 1; target < 40; ++target) {
    CAPTURE(target);
    const RouteRequest request = searches.request(target);
    Tree fresh;
    searches.grow(request, fresh);
    searches.grow(request, used);
    std::size_t different = 0;
    for (std::uint32_t node = 0; node < 40; ++node) {
      std::vector<std::uint32_t> children[2];
      used.for_each_child(node, [&](std::uint32_t child) { children[0].push_back(child); });
      fresh.for_each_child(node, [&](std::uint32_t child) { children[1].push_back(child); });
      if (children[0] != children[1]) ++different;
      if (used.distance(node) != fresh.distance(node)) ++different;
    }
    CHECK(different == 0);
    CHECK(fresh.distance(0) == kUnreached);
    CHECK(fresh.distance(target) == kUnreached);
  }
}

TEST_CASE("tree: a search that starts from one finds the route of one that does not") {
  Searches searches;
  std::size_t on_tree = 0;
  for (std::uint32_t target = 1; target < 40; ++target) {
    CAPTURE(target);
    RouteRequest request = searches.request(target);
    Tree tree;
    searches.grow(request, tree);
    for (int attempt = 0; attempt < 10; ++attempt) {
      const RouteResult expected = searches.run(request);
      const std::optional<RouteResult> found = searches.run_on(request, tree);
      if (found) {
        ++on_tree;
        REQUIRE(found->index() == expected.index());
      }
      const Route* route = std::get_if<Route>(&expected);
      if (route == nullptr) break;
      if (found) CHECK(std::get<Route>(*found).hops == route->hops);
      request.now += std::chrono::minutes{1};
      const std::size_t hop = attempt % 3 == 0 ? 0 : route->hops.size() - 1;
      if (hop == 0) {
        searches.view.report_success(*route, request.now);
      } else {
        searches.view.report_failure(*route, hop, FailureCode::temporary_channel_failure,
                                     request.now);
      }
    }
  }
  CHECK(on_tree > 10);
}
