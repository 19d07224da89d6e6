#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/lock_scheme.hpp"
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

/// Why nothing that parts have in flight is counted, and nothing could be.
std::string unless_own_parts_count(const Settings& s) {
  const RouterKind& router = router_of(s.routing);
  if (router.sees_by_probes && s.routing.baseline.probes) return "routing.probes";
  if (router.sees_balances && !router.sees_by_probes) return "routing.algorithm";
  if (liquidity_view_of(s.routing).sees_balances) return "routing.liquidity_view";
  const bool has_others = router.counts_own_payments || scheme_of(s.payment).has_spares ||
                          s.payment.behaviour != SenderBehaviour::honest;
  return has_others ? "" : unless_many_parts(s);
}

}  // namespace

std::string unless_splitter(const Settings& settings) {
  const amp::Scheme& scheme = scheme_of(settings.payment);
  return scheme.splits && !scheme.has_spares ? "" : "payment.scheme";
}

std::string unless_many_parts(const Settings& settings) {
  std::string scheme = unless_splitter(settings);
  if (!scheme.empty()) return scheme;
  return splitter_of(settings.routing).name == "none" ? "routing.splitter" : "";
}

std::function<std::string(const Settings&)> unless_router(std::vector<std::string> names) {
  return [names = std::move(names)](const Settings& s) -> std::string {
    const bool reads_it = std::find(names.begin(), names.end(), s.routing.algorithm) != names.end();
    return reads_it ? "" : "routing.algorithm";
  };
}

std::function<std::string(const Settings&)> unless_flow_of(std::string router) {
  return [router = std::move(router)](const Settings& s) -> std::string {
    if (s.routing.algorithm != router) return "routing.algorithm";
    std::string scheme = unless_splitter(s);
    if (!scheme.empty()) return scheme;
    return splitter_of(s.routing).name == "flow" ? "" : "routing.splitter";
  };
}

std::function<std::string(const Settings&)> unless_view(std::string name) {
  return [name = std::move(name)](const Settings& s) -> std::string {
    return liquidity_view_of(s.routing).name == name ? "" : "routing.liquidity_view";
  };
}

void add_routing(SettingBuilder& table) {
  const auto routing = &Settings::routing;
  table.add("routing.algorithm", "how routes are found", names_of(routers()), routing,
            &RoutingParams::algorithm);
  const auto unless_spares = [](const Settings& s) -> std::string {
    return scheme_of(s.payment).has_spares ? "payment.scheme" : "";
  };
  Setting& splitter =
      table.add("routing.splitter", "how an amount is divided; auto = as the router's program does",
                with_auto(names_of(splitters())), routing, &RoutingParams::splitter);
  splitter.blocked_by = unless_spares;
  splitter.resolved = [](const Settings& s) -> std::string {
    return s.routing.splitter == "auto" ? splitter_of(s.routing).name : "";
  };
  Setting& view =
      table.add("routing.liquidity_view",
                "what a sender remembers and believes; auto = as the router's program does",
                with_auto(names_of(liquidity_views())), routing, &RoutingParams::liquidity_view);
  view.blocked_by = [](const Settings& s) -> std::string {
    return router_of(s.routing).sees_by_probes && s.routing.baseline.probes ? "routing.probes" : "";
  };
  view.resolved = [](const Settings& s) -> std::string {
    return s.routing.liquidity_view == "auto" ? liquidity_view_of(s.routing).name : "";
  };
  table
      .add_choice(
          "routing.own_parts",
          "whether a part counts what others of its payment have in flight (with ldk and cln: of "
          "all of its sender's payments); router = as the router's program does",
          Choices<OwnParts>{
              {"router", OwnParts::router}, {"seen", OwnParts::seen}, {"unseen", OwnParts::unseen}},
          routing, &RoutingParams::own_parts)
      .blocked_by = unless_own_parts_count;
  add_routing_lnd(table);
  table.add("routing.cltv_limit_blocks", "longest total time lock of a route", between(1, 65'535),
            routing, &RoutingParams::cltv_limit);
  add_routing_baselines(table);
}

}  // namespace ampsim::sim
