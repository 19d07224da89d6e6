#include "sim/experiment/sections/sections.hpp"
#include "sim/routing/registry.hpp"

namespace ampsim::sim {
namespace {

template <class Kind>
std::vector<std::string> names_of(const std::vector<Kind>& kinds) {
  std::vector<std::string> names;
  for (const Kind& kind : kinds) names.push_back(kind.name);
  return names;
}

std::vector<std::string> with_auto(std::vector<std::string> names) {
  names.insert(names.begin(), "auto");
  return names;
}

}  // namespace

void add_routing(SettingBuilder& table) {
  const auto routing = &Settings::routing;
  table.add("routing.algorithm", "how routes are found", names_of(routers()), routing,
            &RoutingParams::algorithm);
  const auto unless_spares = [](const Settings& s) -> std::string {
    return scheme_of(s.payment).has_spares ? "payment.scheme" : "";
  };
  table
      .add("routing.splitter", "how an amount is divided; auto = as the router's program does",
           with_auto(names_of(splitters())), routing, &RoutingParams::splitter)
      .blocked_by = unless_spares;
  table.add("routing.liquidity_view",
            "what a sender remembers and believes; auto = as the router's program does",
            with_auto(names_of(liquidity_views())), routing, &RoutingParams::liquidity_view);
  table.add_choice(
      "routing.own_parts",
      "whether a part counts what others of its payment have in flight; router = as "
      "the router's program does",
      Choices<OwnParts>{
          {"router", OwnParts::router}, {"seen", OwnParts::seen}, {"unseen", OwnParts::unseen}},
      routing, &RoutingParams::own_parts);
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
  add_routing_baselines(table);
}

}  // namespace ampsim::sim
