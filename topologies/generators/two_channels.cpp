#include "topologies/generators/families.hpp"

namespace ampsim::topo {
namespace {

Topology make(const TopologyParams& /*params*/, std::uint64_t /*seed*/) {
  constexpr Msat kOneBitcoin = Msat::from_sat(100'000'000);
  constexpr ForwardingPolicy kFreeOfFees{
      .cltv_expiry_delta = {40}, .htlc_minimum = {1}, .htlc_maximum = kOneBitcoin};
  Topology topology;
  topology.nodes = {{.name = "alice"}, {.name = "bob"}};
  for (const char* id : {"0", "1"}) {
    topology.channels.push_back({.id = id,
                                 .ends = {NodeId{0}, NodeId{1}},
                                 .capacity = kOneBitcoin,
                                 .balance_0 = kOneBitcoin,
                                 .policy = {kFreeOfFees, kFreeOfFees}});
  }
  return topology;
}

}  // namespace

Generator two_channels() {
  return {.name = "two_channels",
          .summary =
              "alice and bob, with two channels of 1 BTC that alice has paid for and that "
              "cost no fee",
          .reads = {},
          .brings = {.capacities = true, .balances = true, .policies = true},
          .make = make};
}

}  // namespace ampsim::topo
