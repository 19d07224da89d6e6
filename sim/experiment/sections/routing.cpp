#include "sim/experiment/sections/sections.hpp"
#include "sim/routing/registry.hpp"

namespace ampsim::sim {
namespace {

template <class Kind>
std::vector<std::string> names_of(const std::vector<Kind>& kinds) {
  std::vector<std::string> names;
  names.reserve(kinds.size());
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
  add_routing_lnd(table);
  table.add("routing.cltv_limit_blocks", "longest total time lock of a route", between(1, 65'535),
            routing, &RoutingParams::cltv_limit);
  add_routing_baselines(table);
}

}  // namespace ampsim::sim
