#include "sim/routing/routers/landmark_routers.hpp"

#include <algorithm>
#include <queue>
#include <vector>

#include "sim/routing/routers/spanning_trees.hpp"
#include "sim/routing/views/no_memory.hpp"
#include "tests/printing.hpp"
#include "tests/routing_world.hpp"
#include "tests/text_network.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using namespace ampsim::test;

namespace {

//         L            L has most channels; b and d are also neighbours,
//       / | \          and so are a and e over two channels
//      a  b  c
//      |  |   \        .
//      e--d----f
constexpr const char* kNetwork =
    "L 50 -- 50 a\n"
    "L 50 -- 50 b\n"
    "L 50 -- 50 c\n"
    "a 50 -- 50 e\n"
    "b 50 -- 50 d\n"
    "c 50 -- 50 f\n"
    "e 50 -- 50 d\n"
    "d 50 -- 50 f\n"
    "L 1 -- 1 a\n";

NodeId node(const topo::Topology& topology, const std::string& name) {
  for (std::uint32_t i = 0; i < topology.nodes.size(); ++i) {
    if (topology.nodes[i].name == name) return {i};
  }
  throw std::invalid_argument(name);
}

void lock_all(Network& network, DirectedChannel channel) {
  Channel& ledger = network.channel(channel.channel());
  ledger.add_htlc(channel.direction(), ledger.spendable(channel.direction()));
}

World world(const std::string& router) {
  World made(kNetwork);
  made.params.routing.algorithm = router;
  made.params.routing.baseline.landmarks = 1;
  made.params.record.messages = true;
  made.params.payment.min_part = Msat{1};
  return made;
}

std::vector<std::uint32_t> route_of(const PartRecord& part) {
  std::vector<std::uint32_t> lines;
  for (const DirectedChannel channel : part.route) lines.push_back(channel.channel().index);
  return lines;
}
using Lines = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("landmark_routers: distances are those of the way in the tree") {
  const topo::Topology topology = parse_network(kNetwork);
  const ChannelGraph graph(topology);
  const Network network(topology, plain_params(), 1);
  SpanningTrees trees(graph, network, 1);
  const auto at = [&](const std::string& name) { return node(topology, name); };
  CHECK(trees.landmark(0) == at("L"));
  CHECK(trees.depth(0, at("L")) == 0);
  CHECK(trees.depth(0, at("b")) == 1);
  CHECK(trees.depth(0, at("f")) == 2);
  CHECK(trees.distance(0, at("e"), at("d")) == 4);
  CHECK(trees.distance(0, at("a"), at("e")) == 1);
  CHECK(trees.distance(0, at("a"), at("a")) == 0);
  CHECK(trees.to_parent(0, at("a")).channel() == ChannelId{0});
  CHECK(trees.messages() == 0);
}

TEST_CASE("landmark_routers: a node whose link breaks takes its subtree along") {
  const topo::Topology topology = parse_network(kNetwork);
  const ChannelGraph graph(topology);
  Network network(topology, plain_params(), 1);
  SpanningTrees trees(graph, network, 1);
  const auto at = [&](const std::string& name) { return node(topology, name); };
  lock_all(network, {0});  // L to a
  trees.mend();
  CHECK(trees.to_parent(0, at("a")).channel() == ChannelId{8});  // the parallel one
  CHECK(trees.messages() == 2);                                  // a and e
  lock_all(network, {16});
  trees.mend();
  // e goes below d, and a below e: over links of both ways, though a has one-way links to L.
  CHECK(trees.depth(0, at("e")) == 3);
  CHECK(trees.depth(0, at("a")) == 4);
  CHECK(trees.messages() == 4);
  trees.mend();
  CHECK(trees.messages() == 4);
  lock_all(network, {6});
  lock_all(network, {7});
  trees.mend();
  CHECK(trees.depth(0, at("a")) == 1);  // a one-way link is better than none
  network.leave(at("e"));
  trees.mend();
  CHECK(trees.depth(0, at("e")) == SpanningTrees::kUnattached);
  CHECK(trees.distance(0, at("e"), at("L")) == SpanningTrees::kUnattached);
}

TEST_CASE("landmark_routers: depths are distances over usable links, on random networks") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "landmark_routers_test");
    const topo::Topology topology =
        random_topology(rng, {.nodes = 12, .channels = 20, .has_fees = false});
    const ChannelGraph graph(topology);
    Network network(topology, plain_params(), seed);
    SpanningTrees trees(graph, network, 2);
    for (int step = 0; step < 10; ++step) {
      const DirectedChannel channel{static_cast<std::uint32_t>(rng.below(40))};
      if (network.channel(channel.channel()).spendable(channel.direction()) > Msat{0}) {
        lock_all(network, channel);
      }
      trees.mend();
      for (std::uint32_t i = 0; i < 12; ++i) {
        const std::uint32_t depth = trees.depth(0, {i});
        if (depth == SpanningTrees::kUnattached || depth == 0) continue;
        const DirectedChannel up = trees.to_parent(0, {i});
        const Channel& ledger = network.channel(up.channel());
        CHECK(graph.tail(up) == NodeId{i});
        CHECK(trees.depth(0, graph.head(up)) + 1 == depth);
        CHECK(std::max(ledger.spendable(0), ledger.spendable(1)) > Msat{0});
      }
    }
  }
}

TEST_CASE("landmark_routers: silentwhispers goes by the tree, speedymurmurs takes short cuts") {
  World silent = world("silentwhispers");
  silent.pay("e", "d", 20);
  CHECK(silent.run().payments[0].state == PaymentState::succeeded);
  CHECK(route_of(silent.result().parts.front()) == Lines{3, 0, 1, 4});
  CHECK(silent.measure("probe_messages") == 8);
  World speedy = world("speedymurmurs");
  speedy.pay("e", "d", 20);
  CHECK(speedy.run().payments[0].state == PaymentState::succeeded);
  CHECK(route_of(speedy.result().parts.front()) == Lines{6});
  CHECK(speedy.measure("probe_messages") == 2);
}

TEST_CASE("landmark_routers: a balance that is too small stops the one, the other goes around") {
  World speedy = world("speedymurmurs");
  speedy.pay("e", "d", 40).pay("e", "d", 20, 10'000).pay("e", "d", 20, 20'000);
  speedy.run();
  CHECK(route_of(speedy.result().parts[0]) == Lines{6});
  CHECK(route_of(speedy.result().parts[1]) == Lines{3, 0, 1, 4});
  CHECK(speedy.result().payments[2].state == PaymentState::succeeded);
  World silent = world("silentwhispers");
  silent.pay("e", "d", 40).pay("e", "d", 20, 10'000);
  CHECK(silent.run().payments[1].failure == PaymentFailure::no_route);
  silent.expect_conserved();
}

TEST_CASE("landmark_routers: one share asks one landmark after another until one takes it") {
  // L has most channels, M next; a has too little towards L.
  World silent(
      "L 50 -- 5 a\n"
      "L 50 -- 50 b\n"
      "L 50 -- 50 c\n"
      "L 50 -- 50 d\n"
      "M 50 -- 50 a\n"
      "M 50 -- 50 b\n"
      "M 50 -- 50 c\n");
  silent.params.routing.algorithm = "silentwhispers";
  silent.params.routing.baseline.landmarks = 2;
  silent.params.record.messages = true;
  silent.params.payment.min_part = Msat::from_sat(20);
  silent.pay("a", "b", 20);
  CHECK(silent.run().payments[0].state == PaymentState::succeeded);
  CHECK(route_of(silent.result().parts.front()) == Lines{4, 5});
  CHECK(silent.measure("probe_messages") == 8);  // both were asked
  // Nor is there another way for a payment that is not divided.
  silent.params.payment.scheme = "single";
  CHECK(silent.run().payments[0].state == PaymentState::succeeded);
  silent.expect_conserved();
}

TEST_CASE("landmark_routers: repairs are counted when a balance comes to nothing") {
  World speedy = world("speedymurmurs");
  speedy.pay("e", "a", 50).pay("b", "L", 1, 10'000);
  speedy.run();
  CHECK(speedy.result().payments[0].state == PaymentState::succeeded);
  CHECK(speedy.measure("repair_messages") == 1);  // e has a new parent: d
}

TEST_CASE("landmark_routers: shares are equal, a tree each") {
  World speedy = world("speedymurmurs");
  speedy.params.routing.baseline.landmarks = 3;
  speedy.pay("e", "c", 3);
  CHECK(speedy.run().payments[0].state == PaymentState::succeeded);
  Msat sum;
  for (const PartRecord& part : speedy.result().parts) {
    CHECK(part.amount.count % 1000 == 0);  // shares over one path are one part
    sum += part.amount;
  }
  CHECK(sum == Msat::from_sat(3));
  // Where a share would be too small there are fewer.
  speedy.params.payment.min_part = Msat::from_sat(2);
  CHECK(speedy.run().payments[0].parts == 1);
}

TEST_CASE("landmark_routers: refuse what senders believe and how others divide") {
  for (const RouterKind& kind : {silentwhispers_router_kind(), speedymurmurs_router_kind()}) {
    CHECK(kind.refuses("none", "flow").empty());
    CHECK(kind.refuses("none", "none").empty());
    CHECK_FALSE(kind.refuses("none", "halving").empty());
    CHECK_FALSE(kind.refuses("balances", "flow").empty());
  }
}
