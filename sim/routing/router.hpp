#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "core/units.hpp"
#include "topologies/topology.hpp"

/// Finding a route for one part of a payment.
///
/// A router sees what a sender can see: the announced graph with its capacities and policies, the
/// sender's own spendable balances (LocalChannel) and what the sender's own attempts have taught it
/// (LiquidityView). It never sees anybody else's balance: there is no way to pass one.
///
/// Tested by tests/lnd_router_test.cpp.
namespace ampsim::sim {

class LiquidityView;

/// One of the sender's own channels: what it could send over it now.
struct LocalChannel {
  DirectedChannel channel;  ///< in the direction away from the sender
  Msat available;           ///< after reserve, HTLCs in flight, cap and slots; 0 if it cannot send
};

struct RouteRequest {
  NodeId source;
  NodeId target;
  Msat amount;                  ///< what the target is to receive, > 0
  Msat fee_limit;               ///< for this part
  BlockDelta cltv_limit;        ///< of the whole route, final delta included
  BlockDelta final_cltv_delta;  ///< what the target asks for
  SimTime now;
  std::span<const LocalChannel> local;  ///< all channels of the source
  std::span<const ChannelId> avoided;   ///< no route passes them, in either direction
};

/// One HTLC of a route.
struct Hop {
  DirectedChannel channel;
  Msat amount;        ///< locked over this channel; never grows along a route
  BlockDelta expiry;  ///< cltv_expiry of this HTLC minus the height at which it is sent
  friend bool operator==(const Hop&, const Hop&) = default;
};

struct Route {
  std::vector<Hop> hops;   ///< from the source's own channel to the target's
  double probability = 1;  ///< the router's own estimate
  std::int64_t cost = 0;   ///< the router's own distance

  Msat sent() const { return hops.front().amount; }
  Msat fee() const { return hops.front().amount - hops.back().amount; }
};

enum class NoRoute : std::uint8_t {
  insufficient_balance,  ///< all of the source's channels together cannot send the amount
  no_path,               ///< no path for this amount within the limits; a smaller one may have one
};

using RouteResult = std::variant<Route, NoRoute>;

class Router {
 public:
  virtual ~Router() = default;
  virtual RouteResult find(const RouteRequest& request, const LiquidityView& view) = 0;
};

/// `[routing]` of an experiment. Defaults and formulas: lnd, routing/ (pathfind.go,
/// probability_apriori.go, missioncontrol.go).
struct RoutingParams {
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
  /// Longest total time lock of a route.
  BlockDelta cltv_limit{2016};
};

}  // namespace ampsim::sim
