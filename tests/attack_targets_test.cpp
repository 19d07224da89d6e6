#include <string>
#include <vector>

#include "core/check.hpp"
#include "sim/attack/foothold.hpp"
#include "sim/attack/targets.hpp"
#include "tests/printing.hpp"
#include "tests/text_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// hub has most channels, whale the largest, and every path between left and right uses bridge.
const char* const kNetwork = R"(
  hub    10 -- 10 a
  hub    10 -- 10 b
  hub    10 -- 10 c
  hub    10 -- 10 left
  left   10 -- 10 bridge
  bridge 10 -- 10 right
  right  10 -- 10 d
  right  10 -- 10 e
  whale  99 -- 99 a off=0
)";

std::vector<std::string> chosen(const AttackParams& params, std::uint64_t seed = 1) {
  const topo::Topology topology = test::parse_network(kNetwork);
  std::vector<std::string> names;
  for (const NodeId node : choose_targets(topology, params, seed)) {
    names.push_back(topology.nodes[node.index].name);
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("attack_targets: by channels, by what they hold, by shortest paths") {
  CHECK(chosen({.targets = 2}) == Names{"hub", "right"});
  CHECK(chosen({.targets = 2, .choice = TargetChoice::capacity}) == Names{"a", "whale"});
  // On a tree, pairs of nodes in different branches: hub 25, left 5 * 4, bridge 6 * 3, right 15.
  CHECK(chosen({.targets = 3, .choice = TargetChoice::betweenness}) ==
        Names{"hub", "left", "bridge"});
}

TEST_CASE("attack_targets: as listed, each once; a name that is no node is an error") {
  CHECK(chosen({.choice = TargetChoice::listed, .listed = "right hub right"}) ==
        Names{"right", "hub"});
  CHECK_THROWS_WITH_AS(
      chosen({.choice = TargetChoice::listed, .listed = "bridges"}),
      "attack.listed: found \"bridges\"; allowed: names of nodes; did you mean \"bridge\"?",
      InputError);
}

TEST_CASE("attack_targets: random nodes follow from the seed and have two channels or more") {
  const AttackParams all{.targets = 100, .choice = TargetChoice::random};
  CHECK(chosen(all, 1).size() == 5);  // hub, a, left, bridge, right
  CHECK(chosen(all, 1) == chosen(all, 1));
  CHECK(chosen(all, 1) != chosen(all, 2));
}

TEST_CASE("attack_targets: channels of a node both ways or one way, disabled directions left out") {
  const topo::Topology topology = test::parse_network(kNetwork);
  const std::vector<NodeId> whale =
      choose_targets(topology, {.choice = TargetChoice::listed, .listed = "whale"}, 1);
  const DirectedChannel to_whale = DirectedChannel::of(ChannelId{8}, 1);
  CHECK(channels_both_ways(topology, whale) == std::vector{to_whale});
  CHECK(channels_one_way(topology, whale) == std::vector{to_whale});
  const std::vector<NodeId> a =
      choose_targets(topology, {.choice = TargetChoice::listed, .listed = "a"}, 1);
  CHECK(channels_both_ways(topology, a) ==
        std::vector{DirectedChannel{0}, DirectedChannel{1}, to_whale});
  // Away from a: to hub, and to whale.
  CHECK(channels_one_way(topology, a) == std::vector{DirectedChannel{1}, to_whale});
}

TEST_CASE("attack_targets: the attacker's channels stand behind the public ones") {
  const topo::Topology topology = test::parse_network(kNetwork);
  const AttackParams params{.kind = AttackKind::slot_jamming,
                            .choice = TargetChoice::listed,
                            .listed = "bridge",
                            .budget = Msat::from_sat(80)};
  const AttackPlan plan = plan_attack(topology, params, 1);
  REQUIRE(plan.foothold);
  const topo::Topology& all = plan.foothold->topology;
  CHECK(topo::validate(all) == std::vector<std::string>{});
  for (std::size_t i = 0; i < topology.channels.size(); ++i) {
    CHECK(all.channels[i].id == topology.channels[i].id);
    CHECK(all.channels[i].balance_0 == topology.channels[i].balance_0);
  }
  // Two channels, both ways: four ways of 20 sat, half at the source and half at the sink.
  REQUIRE(plan.foothold->ways.size() == 4);
  for (const Way& way : plan.foothold->ways) {
    CHECK(all.source(way.entry) == plan.foothold->source);
    CHECK(all.target(way.entry) == all.source(way.target));
    CHECK(all.source(way.exit) == all.target(way.target));
    CHECK(all.target(way.exit) == plan.foothold->sink);
    CHECK(all.channels[way.entry.channel().index].balance_0 == Msat::from_sat(10));
    CHECK(all.channels[way.exit.channel().index].balance_0 == Msat::from_sat(10));
  }
}

TEST_CASE("attack_targets: liquidity fills one channel after another, the smallest first") {
  const topo::Topology topology = test::parse_network(kNetwork);
  // hub-a holds 20 and is attacked both ways, whale-a 198 and one way. 40 fill the first, on both
  // sides of it; so do the next 40; 10 are left for the last.
  const AttackParams params{.kind = AttackKind::liquidity_jamming,
                            .choice = TargetChoice::listed,
                            .listed = "a",
                            .budget = Msat::from_sat(90)};
  const AttackPlan plan = plan_attack(topology, params, 1);
  std::vector<std::int64_t> entries;
  for (const Way& way : plan.foothold->ways) {
    entries.push_back(plan.foothold->topology.channels[way.entry.channel().index].capacity->count /
                      1000);
  }
  CHECK(entries == std::vector<std::int64_t>{20, 20, 5});
}

TEST_CASE("attack_targets: probes of one node's channels share an entry") {
  const topo::Topology topology = test::parse_network(kNetwork);
  const AttackParams params{.kind = AttackKind::probing,
                            .choice = TargetChoice::listed,
                            .listed = "bridge whale",
                            .budget = Msat::from_sat(100)};
  const Foothold foothold = *plan_attack(topology, params, 1).foothold;
  // bridge-left and bridge-right away from bridge, whale-a the other way.
  REQUIRE(foothold.ways.size() == 3);
  CHECK(foothold.own_ends.size() == 2);
  CHECK(foothold.ways[0].entry != foothold.ways[1].entry);
  CHECK(foothold.ways[1].entry == foothold.ways[2].entry);
  for (const Way& way : foothold.ways) {
    CHECK(foothold.topology.target(way.entry) == foothold.topology.source(way.target));
    CHECK(foothold.topology.channels[way.entry.channel().index].capacity == Msat::from_sat(50));
  }
}

TEST_CASE("attack_targets: forwarders that are the attacker's need no channels of their own") {
  const topo::Topology topology = test::parse_network(kNetwork);
  for (const AttackKind kind : {AttackKind::wormhole, AttackKind::keep_part}) {
    const AttackPlan plan = plan_attack(topology, {.kind = kind, .targets = 3}, 1);
    CHECK(plan.targets.size() == 3);
    CHECK_FALSE(plan.foothold);
  }
  CHECK(plan_attack(topology, {}, 1).targets.empty());
}
