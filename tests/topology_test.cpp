#include "topologies/topology.hpp"

#include <doctest/doctest.h>

using namespace ampsim;
using namespace ampsim::topo;

namespace {

/// a --7-- b, one channel of 1,000 sat, all at a's end.
Topology pair_of_nodes() {
  const ForwardingPolicy policy{.fee_base = {1},
                                .cltv_expiry_delta = {40},
                                .htlc_minimum = {1},
                                .htlc_maximum = Msat::from_sat(1000)};
  return {.nodes = {{.name = "a"}, {.name = "b"}},
          .channels = {{.id = "7",
                        .ends = {NodeId{0}, NodeId{1}},
                        .capacity = Msat::from_sat(1000),
                        .balance_0 = Msat::from_sat(1000),
                        .policy = {policy, policy}}}};
}

std::string only_fault(const Topology& topology) {
  const std::vector<std::string> faults = validate(topology);
  REQUIRE(faults.size() == 1);
  return faults.front();
}

}  // namespace

TEST_CASE("topology: source and target of a directed channel are its ends") {
  const Topology topology = pair_of_nodes();
  const auto forth = DirectedChannel::of(ChannelId{0}, 0);
  CHECK(topology.source(forth).index == 0);
  CHECK(topology.target(forth).index == 1);
  CHECK(topology.source(forth.reversed()).index == 1);
}

TEST_CASE("topology: fees are rounded down") {
  const ForwardingPolicy policy{.fee_base = {200}, .fee_proportional = {2000}};
  CHECK(policy.fee({4'999'999}).count == 200 + 9'999);
}

TEST_CASE("topology: what is absent and what lies on a bound is no fault") {
  Topology topology = pair_of_nodes();
  CHECK(validate(topology).empty());
  topology.channels[0].capacity.reset();
  topology.channels[0].policy[1].reset();
  CHECK(validate(topology).empty());
  topology.channels.push_back({.id = "8", .ends = {NodeId{1}, NodeId{0}}});
  CHECK(validate(topology).empty());
}

TEST_CASE("topology: every fault is one sentence that names the channel or node") {
  Topology topology = pair_of_nodes();
  Channel& channel = topology.channels[0];
  SUBCASE("end") {
    channel.ends[1] = NodeId{5};
    CHECK(only_fault(topology) == "channel \"7\": an end is node 5, but there are 2 nodes");
  }
  SUBCASE("self-loop") {
    channel.ends[1] = NodeId{0};
    CHECK(only_fault(topology) == "channel \"7\": both ends are node \"a\"");
  }
  SUBCASE("id") {
    topology.channels.push_back(channel);
    CHECK(only_fault(topology) == "channel \"7\": the id is there twice");
  }
  SUBCASE("name") {
    topology.nodes[1].name = "a";
    CHECK(only_fault(topology) == "node \"a\": the name is there twice");
  }
  SUBCASE("capacity") {
    topology.channels = {{.id = "7", .ends = channel.ends, .capacity = Msat{0}}};
    CHECK(only_fault(topology) == "channel \"7\": the capacity of 0 msat is not positive");
  }
  SUBCASE("balance above") {
    channel.balance_0 = Msat{1'000'001};
    CHECK(only_fault(topology) ==
          "channel \"7\": the balance of 1000001 msat is outside [0, 1000000]");
  }
  SUBCASE("balance below") {
    channel.balance_0 = Msat{-1};
    CHECK(only_fault(topology) == "channel \"7\": the balance of -1 msat is outside [0, 1000000]");
  }
  SUBCASE("minimum") {
    channel.policy[1]->htlc_minimum = Msat{1'000'001};
    CHECK(only_fault(topology) ==
          "channel \"7\", direction 1: htlc_minimum 1000001 msat is above htlc_maximum 1000000 "
          "msat");
  }
  SUBCASE("maximum") {
    channel.policy[0]->htlc_maximum = Msat{1'000'001};
    CHECK(only_fault(topology) ==
          "channel \"7\", direction 0: htlc_maximum 1000001 msat is above the capacity of 1000000 "
          "msat");
  }
  SUBCASE("negative") {
    channel.policy[0]->fee_base = Msat{-1};
    CHECK(only_fault(topology) == "channel \"7\", direction 0: a negative number in the policy");
  }
}

TEST_CASE("topology: all faults are found, not only the first") {
  Topology topology = pair_of_nodes();
  topology.channels[0].balance_0 = Msat{-1};
  topology.channels[0].policy[0]->htlc_minimum = Msat::max();
  topology.channels.push_back({.id = "7", .ends = {NodeId{1}, NodeId{1}}});
  CHECK(validate(topology).size() == 4);
}
