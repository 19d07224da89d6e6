#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "core/random.hpp"
#include "core/units.hpp"
#include "sim/network/failure_code.hpp"
#include "sim/routing/params.hpp"

/// Finding routes for the parts of a payment. One class a router, in sim/routing/routers/, and a
/// line of the registry; or outside of this tree (docs/guide/own-router.md).
///
/// A router sees what a sender can see: the announced graph with its capacities and policies, the
/// sender's own spendable balances (LocalChannel), what the sender believes (LiquidityView), what
/// it has in flight, and what this payment has failed with so far. It sees somebody else's balance
/// only if its kind says so.
///
/// Tested by tests/registry_test.cpp, for all kinds.
namespace ampsim::sim {

class LiquidityView;

/// One of the sender's own channels: what it could send over it now.
struct LocalChannel {
  DirectedChannel channel;  ///< in the direction away from the sender
  Msat available;           ///< after reserve, HTLCs in flight, cap and slots; 0 if it cannot send
};

/// What the sender has in flight over somebody else's channel, as far as the router counts it:
/// parts of the payment, or of all its payments.
struct ChannelUse {
  DirectedChannel channel;
  Msat amount;
};

/// Where an attempt of the payment ended: the hop that could not be added.
struct FailedHop {
  DirectedChannel channel;
  Msat amount;
  FailureCode code = FailureCode::none;
  SimTime at;
};

struct RouteRequest {
  PaymentId payment;  ///< many requests may be for one
  NodeId source;
  NodeId target;
  Msat amount;                  ///< what the target is to receive, > 0
  Msat total;                   ///< of the whole payment; the splitters' measure
  Msat fee_limit;               ///< for this amount
  BlockDelta cltv_limit;        ///< of the whole route, final delta included
  BlockDelta final_cltv_delta;  ///< what the target asks for
  SimTime now;
  std::span<const LocalChannel> local;  ///< all channels of the source
  std::span<const ChannelId> avoided;   ///< no route passes them, in either direction
  std::span<const ChannelUse> used;     ///< at most one a directed channel, none of the source's
  std::span<const FailedHop> failed;    ///< of this payment, in order of time

  /// All channels of the source together cannot send the amount.
  bool lacks_balance() const {
    Msat all;
    for (const LocalChannel& own : local) all += own.available;
    return all < amount;
  }
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

  Msat amount() const { return hops.back().amount; }
  Msat sent() const { return hops.front().amount; }
  Msat fee() const { return sent() - amount(); }
};

enum class NoRoute : std::uint8_t {
  insufficient_balance,  ///< all of the source's channels together cannot send the amount
  no_path,               ///< no path for this amount within the limits; a smaller one may have one
};

using RouteResult = std::variant<Route, NoRoute>;
using PartsResult = std::variant<std::vector<Route>, NoRoute>;

/// What bounds the parts of a payment.
struct PartLimits {
  Msat min_part;                          ///< no part of a divided amount is smaller
  std::uint32_t parts_in_flight = 0;      ///< of this payment now
  std::uint32_t max_parts = 1;            ///< of this payment at once
  std::span<const ChannelUse> in_flight;  ///< where they are, the source's channels included
  Rng* sizes = nullptr;                   ///< random sizes where an amount is cut; null: halves

  /// How many may be added; at least one.
  std::uint32_t room() const {
    return max_parts > parts_in_flight + 1 ? max_parts - parts_in_flight : 1;
  }
};

/// What finding routes has cost in messages, where a router asks other nodes.
struct RoutingMessages {
  std::uint64_t probes = 0;   ///< to learn what a path can carry, one a hop and direction
  std::uint64_t repairs = 0;  ///< to keep a distributed structure up to date
};

class Router {
 public:
  virtual ~Router() = default;

  /// One route for the whole amount.
  virtual RouteResult find(const RouteRequest& request, const LiquidityView& view) = 0;
  /// Routes that have the amount together, divided as the router itself would: what the splitter
  /// `flow` asks for. Only asked of kinds that have a flow.
  virtual PartsResult find_flow(const RouteRequest& request,
                                const LiquidityView& view,
                                const PartLimits& limits);
  /// Since the router was made.
  virtual RoutingMessages messages() const { return {}; }
};

}  // namespace ampsim::sim
