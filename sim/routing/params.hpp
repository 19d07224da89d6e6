#pragma once

#include <cstdint>
#include <string>

#include "core/units.hpp"
#include "sim/routing/routers/baseline_params.hpp"
#include "sim/routing/routers/eclair_params.hpp"
#include "sim/routing/routers/flow_params.hpp"
#include "sim/routing/routers/ldk_params.hpp"

/// `[routing]` of an experiment: which router, splitter and liquidity view (sim/routing/
/// registry.hpp has them all), and what they are told. Defaults and formulas of lnd: routing/
/// (pathfind.go, probability_apriori.go, missioncontrol.go).
namespace ampsim::sim {

/// Whether a sender counts what other parts of the payment have in flight against the channels that
/// they pass; `router`: as the program does that the router is named after (all but lnd).
enum class OwnParts : std::uint8_t { router, seen, unseen };

/// Of lnd's bimodal estimator (routing/probability_bimodal.go).
struct BimodalParams {
  /// How far liquidity reaches from either end of a channel into it, > 0.
  Msat scale = Msat::from_sat(300'000);
  /// Weight of a node's results with other nodes against those with the next one, in [0, 1].
  double node_weight = 0.2;
  /// After this time a result counts 1/e, > 0.
  SimDuration decay = std::chrono::hours{7 * 24};
};

struct RoutingParams {
  /// Names of the registry; "auto" is the router's own choice.
  std::string algorithm = "lnd";
  std::string splitter = "auto";
  std::string liquidity_view = "auto";
  OwnParts own_parts = OwnParts::router;
  /// Longest total time lock of a route.
  BlockDelta cltv_limit{2016};

  /// Success probability of a hop about which nothing is known, in (0, 1].
  double hop_probability = 0.6;
  /// Weight of that prior against a node's results, in [0, 1].
  double apriori_weight = 0.5;
  /// After this time a failure counts half.
  SimDuration penalty_half_life = std::chrono::hours{1};
  /// Virtual cost of a failed attempt: a constant and a part of the amount.
  Msat attempt_cost = Msat::from_sat(100);
  Ppm attempt_cost_proportional{1000};
  /// Routes below this success probability are not tried, in [0, 1].
  double min_probability = 0.01;
  /// -1 cheap ... 1 fast.
  double time_preference = 0;

  BimodalParams bimodal;
  LdkParams ldk;
  EclairParams eclair;
  BaselineParams baseline;
  BoundsParams bounds;
  PickhardtParams pickhardt;
  ClnParams cln;
};

}  // namespace ampsim::sim
