#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {
namespace {

/// Two keys: a constant, and an addition for each 2^`power` msat.
void add_penalty(SettingBuilder& table,
                 const std::string& name,
                 const std::string& help,
                 const std::string& power,
                 LdkPenalty LdkParams::*penalty) {
  constexpr double kMost = 1e12;
  const auto routing = &Settings::routing;
  const auto ldk = &RoutingParams::ldk;
  const std::string key = "routing.ldk." + name;
  table
      .add(key + "_penalty_msat", help, between(0, kMost), routing, ldk, penalty,
           &LdkPenalty::constant)
      .blocked_by = unless_router({"ldk"});
  table
      .add(key + "_amount_penalty_msat", "in addition, for each 2^" + power + " msat",
           between(0, kMost), routing, ldk, penalty, &LdkPenalty::of_amount)
      .blocked_by = unless_router({"ldk"});
}

}  // namespace

void add_routing_ldk(SettingBuilder& table) {
  const auto routing = &Settings::routing;
  const auto ldk = &RoutingParams::ldk;
  add_penalty(table, "base", "penalty of a hop", "30", &LdkParams::base);
  add_penalty(table, "history", "times -log10 of the success that a channel's history promises",
              "20", &LdkParams::history);
  add_penalty(table, "live", "times -log10 of the success that the bounds promise now", "20",
              &LdkParams::live);
  table
      .add("routing.ldk.anti_probing_penalty_msat",
           "where the largest HTLC is half of the channel or more", between(0, 1e12), routing, ldk,
           &LdkParams::anti_probing)
      .blocked_by = unless_router({"ldk"});
  table
      .add("routing.ldk.impossible_penalty_msat", "where the amount is above the upper bound",
           between(0, 1e12), routing, ldk, &LdkParams::impossible)
      .blocked_by = unless_router({"ldk"});
  table
      .add("routing.ldk.saturation",
           "no part takes more than 2^-this of a channel, unless there is no other way",
           between(0, 30), routing, ldk, &LdkParams::saturation)
      .blocked_by = unless_router({"ldk"});
  table
      .add("routing.ldk.max_paths", "parts of a payment; a path has to carry this part of it",
           between(1, 100), routing, ldk, &LdkParams::max_paths)
      .blocked_by = unless_flow_of("ldk");
  table
      .add("routing.ldk.cltv_limit_blocks", "as routing.cltv_limit_blocks, the smaller holds",
           between(1, 65'535), routing, ldk, &LdkParams::cltv_limit)
      .blocked_by = unless_router({"ldk"});
  table
      .add("routing.ldk.liquidity_half_life_s", "what is known of balances counts half after this",
           between(kShortest, kMostSeconds), routing, ldk, &LdkParams::liquidity_half_life)
      .blocked_by = unless_view("scorer");
  table
      .add("routing.ldk.history_half_life_s", "and what was known of them, after so long unchanged",
           between(kShortest, kMostSeconds), routing, ldk, &LdkParams::history_half_life)
      .blocked_by = unless_view("scorer");
  table
      .add_choice("routing.ldk.density",
                  "where balances lie: near the ends of channels, or anywhere",
                  Choices<BalanceDensity>{{"edges", BalanceDensity::edges},
                                          {"uniform", BalanceDensity::uniform}},
                  routing, ldk, &LdkParams::density)
      .blocked_by = unless_view("scorer");
}

}  // namespace ampsim::sim
