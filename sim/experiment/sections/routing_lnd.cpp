#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {
void add_routing_lnd(SettingBuilder& table) {
  const auto routing = &Settings::routing;
  table
      .add("routing.hop_probability", "probability of success where nothing is known", above(0, 1),
           routing, &RoutingParams::hop_probability)
      .blocked_by = unless_view("apriori");
  table
      .add("routing.apriori_weight", "weight of that prior against a node's results", kProbability,
           routing, &RoutingParams::apriori_weight)
      .blocked_by = unless_view("apriori");
  table
      .add("routing.penalty_half_life_s", "after this a failure counts half",
           between(kShortest, kMostSeconds), routing, &RoutingParams::penalty_half_life)
      .blocked_by = unless_view("apriori");
  const auto bimodal = &RoutingParams::bimodal;
  table
      .add("routing.bimodal.scale_sat", "how far liquidity reaches from either end of a channel",
           between(1, kMostSat), routing, bimodal, &BimodalParams::scale)
      .blocked_by = unless_view("bimodal");
  table
      .add("routing.bimodal.node_weight",
           "weight of a node's results with others against those with the next one", kProbability,
           routing, bimodal, &BimodalParams::node_weight)
      .blocked_by = unless_view("bimodal");
  table
      .add("routing.bimodal.decay_s", "after this a result counts 1/e",
           between(kShortest, kMostSeconds), routing, bimodal, &BimodalParams::decay)
      .blocked_by = unless_view("bimodal");
  const auto unless_lnd = unless_router({"lnd"});
  table
      .add("routing.attempt_cost_sat", "virtual cost of a failed attempt", between(0, kMostSat),
           routing, &RoutingParams::attempt_cost)
      .blocked_by = unless_lnd;
  table
      .add("routing.attempt_cost_ppm", "in addition, this part of the amount",
           between(0, 1'000'000), routing, &RoutingParams::attempt_cost_proportional)
      .blocked_by = unless_lnd;
  table
      .add("routing.min_probability", "less likely routes are not tried", kProbability, routing,
           &RoutingParams::min_probability)
      .blocked_by = unless_lnd;
  table
      .add("routing.time_preference", "-1 cheap to 1 fast", between(-1, 1), routing,
           &RoutingParams::time_preference)
      .blocked_by = unless_lnd;
}

}  // namespace ampsim::sim
