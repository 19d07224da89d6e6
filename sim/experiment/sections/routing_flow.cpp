#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {
void add_routing_flow(SettingBuilder& table) {
  const auto routing = &Settings::routing;
  table
      .add("routing.bounds.memory_s", "what was learnt longer ago is dropped",
           between(0, kMostSeconds), routing, &RoutingParams::bounds, &BoundsParams::memory)
      .blocked_by = unless_view("bounds");
  table
      .add("routing.pickhardt.mu", "weight of fees against uncertainty", between(0, 1e6), routing,
           &RoutingParams::pickhardt, &PickhardtParams::mu)
      .blocked_by = unless_router({"pickhardt_richter"});
  table
      .add("routing.pickhardt.quantum_sat", "flows are multiples of it; 0 = whole msat",
           between(0, kMostSat), routing, &RoutingParams::pickhardt, &PickhardtParams::quantum)
      .blocked_by = unless_flow_of("pickhardt_richter");
  table
      .add("routing.pickhardt.most_base_fee_msat", "channels that ask for more are not used",
           between(0, kMostMsat), routing, &RoutingParams::pickhardt,
           &PickhardtParams::most_base_fee)
      .blocked_by = unless_router({"pickhardt_richter"});
  table
      .add("routing.cln.single_path_sat", "amounts up to this go over one path",
           between(0, kMostSat), routing, &RoutingParams::cln, &ClnParams::single_path)
      .blocked_by = unless_flow_of("cln");
  table
      .add("routing.cln.units", "into how many units an amount is divided", between(1, 1'000'000),
           routing, &RoutingParams::cln, &ClnParams::units)
      .blocked_by = unless_flow_of("cln");
  table
      .add("routing.cln.biased_hubs", "so many of the nodes with most channels are biased",
           between(0, 10'000'000), routing, &RoutingParams::cln, &ClnParams::biased_hubs)
      .blocked_by = unless_router({"cln"});
  table
      .add("routing.cln.bias", "of the channels that lead away from them: -100 dear to 100 cheap",
           between(-100, 100), routing, &RoutingParams::cln, &ClnParams::bias)
      .blocked_by = [](const Settings& s) -> std::string {
    const std::string other = unless_router({"cln"})(s);
    return other.empty() && s.routing.cln.biased_hubs == 0 ? "routing.cln.biased_hubs" : other;
  };
}

}  // namespace ampsim::sim
