#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {

void add_routing(SettingBuilder& table) {
  const auto routing = &Settings::routing;
  table.add("routing.algorithm", "how routes are found", std::vector<std::string>{"lnd"},
            &Settings::routing_algorithm);
  table
      .add_choice("routing.splitter", "how an amount is cut when no single path carries it",
                  Choices<Splitter>{{"none", Splitter::none}, {"halving", Splitter::halving}},
                  &Settings::payment, &PaymentParams::splitter)
      .blocked_by = [](const Settings& s) -> std::string {
    return scheme_of(s.payment).has_spares ? "payment.scheme" : "";
  };
  table.add("routing.hop_probability", "probability of success where nothing is known", above(0, 1),
            routing, &RoutingParams::hop_probability);
  table.add("routing.apriori_weight", "weight of that prior against a node's results", kProbability,
            routing, &RoutingParams::apriori_weight);
  table.add("routing.penalty_half_life_s", "after this a failure counts half",
            between(kShortest, kMostSeconds), routing, &RoutingParams::penalty_half_life);
  table.add("routing.attempt_cost_sat", "virtual cost of a failed attempt", between(0, kMostSat),
            routing, &RoutingParams::attempt_cost);
  table.add("routing.attempt_cost_ppm", "in addition, this part of the amount",
            between(0, 1'000'000), routing, &RoutingParams::attempt_cost_proportional);
  table.add("routing.min_probability", "less likely routes are not tried", kProbability, routing,
            &RoutingParams::min_probability);
  table.add("routing.time_preference", "-1 cheap to 1 fast", between(-1, 1), routing,
            &RoutingParams::time_preference);
  table.add("routing.cltv_limit_blocks", "longest total time lock of a route", between(1, 65'535),
            routing, &RoutingParams::cltv_limit);
}

}  // namespace ampsim::sim
