#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {

void add_routing_baselines(SettingBuilder& table) {
  const auto routing = &Settings::routing;
  const auto baseline = &RoutingParams::baseline;
  table
      .add("routing.paths", "paths that are known for a pair of nodes; no two share a channel",
           between(1, 100), routing, baseline, &BaselineParams::paths)
      .blocked_by = unless_router({"waterfilling", "flash"});
  table
      .add_choice(
          "routing.path_choice", "which these are, the first ones found",
          Choices<PathChoice>{{"shortest", PathChoice::shortest}, {"widest", PathChoice::widest}},
          routing, baseline, &BaselineParams::path_choice)
      .blocked_by = unless_router({"waterfilling", "flash"});
  table
      .add("routing.probes",
           "the paths are asked what they can carry; false = routing.liquidity_view believes it",
           routing, baseline, &BaselineParams::probes)
      .blocked_by = unless_router({"waterfilling"});
  table
      .add("routing.elephant_above_sat",
           "larger payments are elephants; 0 = the tenth part that is largest so far",
           between(0, kMostSat), routing, baseline, &BaselineParams::elephant_above)
      .blocked_by = unless_router({"flash"});
  table
      .add("routing.max_probes", "most paths that are probed for an elephant", between(1, 10'000),
           routing, baseline, &BaselineParams::max_probes)
      .blocked_by = unless_router({"flash"});
  table
      .add("routing.landmarks", "nodes with most channels, each the root of a tree",
           between(1, 1000), routing, baseline, &BaselineParams::landmarks)
      .blocked_by = unless_router({"silentwhispers", "speedymurmurs"});
}

}  // namespace ampsim::sim
