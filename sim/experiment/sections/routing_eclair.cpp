#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {
namespace {

void add_cost(SettingBuilder& table,
              const std::string& name,
              const std::string& help,
              VirtualFee EclairParams::*cost) {
  const auto routing = &Settings::routing;
  const auto eclair = &RoutingParams::eclair;
  const std::string key = "routing.eclair." + name;
  table.add(key + "_msat", help, between(0, 1e12), routing, eclair, cost, &VirtualFee::base)
      .blocked_by = unless_router({"eclair"});
  table
      .add(key + "_ppm", "in addition, this part of the amount", between(0, 1'000'000), routing,
           eclair, cost, &VirtualFee::proportional)
      .blocked_by = unless_router({"eclair"});
}

void add_limits(SettingBuilder& table) {
  const auto routing = &Settings::routing;
  const auto eclair = &RoutingParams::eclair;
  table
      .add("routing.eclair.max_parts", "how many paths are looked for", between(1, 100), routing,
           eclair, &EclairParams::max_parts)
      .blocked_by = unless_flow_of("eclair");
  table
      .add("routing.eclair.min_part_sat", "as payment.min_part_sat, the larger holds",
           between(1, kMostSat), routing, eclair, &EclairParams::min_part)
      .blocked_by = unless_flow_of("eclair");
  table
      .add("routing.eclair.max_hops", "of a route, unless there is no other", between(1, 20),
           routing, eclair, &EclairParams::max_hops)
      .blocked_by = unless_router({"eclair"});
  table
      .add("routing.eclair.max_fee_flat_sat",
           "the larger of this and the next one, and payment.fee_limit, bound the fee",
           between(0, kMostSat), routing, eclair, &EclairParams::max_fee_flat)
      .blocked_by = unless_router({"eclair"});
  table
      .add("routing.eclair.max_fee_proportional", "as a share of the amount", between(0, 1000),
           routing, eclair, &EclairParams::max_fee_proportional)
      .blocked_by = unless_router({"eclair"});
}

}  // namespace

void add_routing_eclair(SettingBuilder& table) {
  const auto routing = &Settings::routing;
  const auto eclair = &RoutingParams::eclair;
  add_cost(table, "hop_cost", "virtual cost of a hop", &EclairParams::hop_cost);
  add_cost(table, "failure_cost", "virtual cost of a failed attempt", &EclairParams::failure_cost);
  table
      .add("routing.eclair.locked_funds_risk", "msat for an msat that is locked one block",
           between(0, 1), routing, eclair, &EclairParams::locked_funds_risk)
      .blocked_by = unless_router({"eclair"});
  table
      .add("routing.eclair.log_probability",
           "the cost of a failure times -ln of the probability, instead of divided by it", routing,
           eclair, &EclairParams::uses_log_probability)
      .blocked_by = unless_router({"eclair"});
  table
      .add_choice("routing.eclair.part_amount", "of what a path can carry, how much a part takes",
                  Choices<PartAmount>{{"random", PartAmount::random},
                                      {"full", PartAmount::full},
                                      {"expected", PartAmount::expected}},
                  routing, eclair, &EclairParams::part_amount)
      .blocked_by = unless_flow_of("eclair");
  table
      .add("routing.eclair.shuffle", "takes the paths that were found in random order", routing,
           eclair, &EclairParams::shuffles)
      .blocked_by = unless_router({"eclair"});
  add_limits(table);
  table
      .add("routing.eclair.exclusion_s", "a channel is not used for so long after it failed a part",
           between(0, kMostSeconds), routing, eclair, &EclairParams::exclusion)
      .blocked_by = unless_router({"eclair"});
  table
      .add("routing.eclair.estimate_half_life_s",
           "what is known of balances counts half after this", between(kShortest, kMostSeconds),
           routing, eclair, &EclairParams::estimate_half_life)
      .blocked_by = unless_view("estimates");
}

}  // namespace ampsim::sim
