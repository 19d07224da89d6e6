#pragma once

#include <optional>
#include <span>

#include "core/units.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/liquidity_view.hpp"
#include "sim/routing/router.hpp"

/// A path and an amount as a route: what each hop locks and when it expires.
///
///   amount(last) = what the target receives, amount(i) = amount(i + 1) + fee of channel i + 1
///   expiry(last) = final delta,              expiry(i) = expiry(i + 1) + delta of channel i + 1
///
/// Tested by tests/path_pricing_test.cpp.
namespace ampsim::sim {

/// From the request's source to its target, with `amount` in place of the request's. None if a
/// channel of the path is disabled (the source's own may be), does not take the amount that it
/// would carry, or the expiry is above the request's limit. Balances and fee limit are not looked
/// at.
std::optional<Route> price_path(const ChannelGraph& graph,
                                std::span<const DirectedChannel> path,
                                Msat amount,
                                const RouteRequest& request);

/// What the view is asked about a channel, with what the request says is used of it.
HopQuery hop_query(const ChannelGraph& graph,
                   DirectedChannel channel,
                   Msat amount,
                   const RouteRequest& request);

/// The most that could go over a channel in all as far as the sender knows: what is available in
/// its own, elsewhere the view's upper bound. Nothing over somebody else's disabled channel, one to
/// avoid, or one that has failed in this payment.
Msat believed_capacity(const ChannelGraph& graph,
                       const AnnouncedChannel& channel,
                       const RouteRequest& request,
                       const LiquidityView& view);
/// The same in one HTLC: at most the policy's maximum.
Msat most_over(const ChannelGraph& graph,
               const AnnouncedChannel& channel,
               const RouteRequest& request,
               const LiquidityView& view);

/// The most that could pass the route's path: the least of its channels, fees not taken off; what
/// has failed and what is to be avoided counts, too.
Msat bottleneck(const ChannelGraph& graph,
                const Route& route,
                const RouteRequest& request,
                const LiquidityView& view);

}  // namespace ampsim::sim
