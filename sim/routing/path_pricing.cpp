#include "sim/routing/path_pricing.hpp"

#include <algorithm>

#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {

std::optional<Route> price_path(const ChannelGraph& graph,
                                std::span<const DirectedChannel> path,
                                Msat amount,
                                const RouteRequest& request) {
  Route route;
  route.hops.resize(path.size());
  BlockDelta expiry = request.final_cltv_delta;
  for (std::size_t i = path.size(); i-- > 0;) {
    const AnnouncedChannel& channel = graph.incoming().at(path[i]);
    const bool is_own = i == 0;
    if ((channel.is_disabled && !is_own) || !channel.carries(amount)) return std::nullopt;
    if (expiry > request.cltv_limit) return std::nullopt;
    route.hops[i] = {path[i], amount, expiry};
    if (is_own) break;
    amount += channel.fee_base + amount * channel.fee_proportional;
    expiry = expiry + channel.cltv_expiry_delta;
  }
  return route;
}

HopQuery hop_query(const ChannelGraph& graph,
                   DirectedChannel channel,
                   Msat amount,
                   const RouteRequest& request) {
  const auto use = std::find_if(request.used.begin(), request.used.end(),
                                [&](const ChannelUse& u) { return u.channel == channel; });
  return {.from = graph.tail(channel),
          .to = graph.head(channel),
          .channel = channel,
          .capacity = graph.incoming().at(channel).capacity,
          .amount = amount,
          .used = use == request.used.end() ? Msat{0} : use->amount,
          .now = request.now};
}

Msat bottleneck(const ChannelGraph& graph,
                const Route& route,
                const RouteRequest& request,
                const LiquidityView& view) {
  Msat least = Msat::max();
  for (const Hop& hop : route.hops) {
    least = std::min(least, graph.incoming().at(hop.channel).htlc_maximum);
    if (&hop == &route.hops.front()) {
      for (const LocalChannel& own : request.local) {
        if (own.channel == hop.channel) least = std::min(least, own.available);
      }
    } else {
      least = std::min(least, view.bounds(hop_query(graph, hop.channel, {}, request)).upper);
    }
  }
  return least;
}

}  // namespace ampsim::sim
