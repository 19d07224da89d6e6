#pragma once

#include <cstdint>

#include "core/random.hpp"
#include "sim/routing/router.hpp"

/// Which part of an amount to send next, and how: lnd's payment session (routing/
/// payment_session.go RequestRoute).
///
/// The whole amount is asked for first. Where there is no path for it, half of it (rounded down to
/// whole msat) is tried, and so on, until a route is found or the half is below min_part. The rest
/// is the next part's problem. Nothing is split when one more part would reach max_parts, nor when
/// the balances together do not suffice: parts that cannot be completed would only block channels.
///
/// With `sizes` a cut part is a random 20 to 100 % of the half that has a route (Eclair,
/// router/RouteCalculation.scala, randomize), no less than min_part. A whole that needs no cut
/// stays whole.
///
/// Channels to avoid are a wish: for each size that is tried, a route through them is taken where
/// there is none around them.
///
/// Tested by tests/splitter_test.cpp.
namespace ampsim::sim {

struct SplitLimits {
  bool is_enabled = true;
  Msat min_part;                      ///< no half is smaller; a whole amount may be
  std::uint32_t parts_in_flight = 0;  ///< of this payment now
  std::uint32_t max_parts = 1;        ///< of this payment at once
  Rng* sizes = nullptr;               ///< where sizes of cut parts come from; null: halves
};

/// A route for request.amount or a part of it; the route's last hop says how much.
RouteResult find_part(Router& router,
                      RouteRequest request,
                      const LiquidityView& view,
                      const SplitLimits& limits);

}  // namespace ampsim::sim
