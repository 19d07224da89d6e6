#include "sim/routing/path_pricing.hpp"

#include <algorithm>

#include "sim/routing/forwarding_fee.hpp"

namespace ampsim::sim {

std::optional<Route> price_path(const ChannelGraph& graph,
                                std::span<const DirectedChannel> path,
                                Msat amount,
                                const RouteRequest& request) {
  Route route;
  route.hops.resize(path.size());
  BlockDelta expiry = request.final_cltv_delta;
  for (std::size_t i = path.size(); i-- > 0;) {
    const AnnouncedChannel& channel = graph.announced(path[i]);
    const bool is_own = i == 0;
    if ((channel.is_disabled && !is_own) || !channel.carries(amount)) return std::nullopt;
    if (expiry > request.cltv_limit) return std::nullopt;
    route.hops[i] = {path[i], amount, expiry};
    if (is_own) break;
    amount += forwarding_fee(channel, amount);
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
          .capacity = graph.announced(channel).capacity,
          .amount = amount,
          .used = use == request.used.end() ? Msat{0} : use->amount,
          .now = request.now};
}

Msat believed_capacity(const ChannelGraph& graph,
                       const AnnouncedChannel& channel,
                       const RouteRequest& request,
                       const LiquidityView& view) {
  const auto& avoided = request.avoided;
  if (std::find(avoided.begin(), avoided.end(), channel.channel.channel()) != avoided.end()) {
    return Msat{0};
  }
  if (graph.tail(channel.channel) == request.source) {
    const auto own =
        std::find_if(request.local.begin(), request.local.end(),
                     [&](const LocalChannel& each) { return each.channel == channel.channel; });
    return own == request.local.end() ? Msat{0} : own->available;
  }
  const bool has_failed =
      std::any_of(request.failed.begin(), request.failed.end(), [&](const FailedHop& hop) {
        return hop.channel == channel.channel && !is_of_receiver(hop.code);
      });
  if (channel.is_disabled || has_failed) return Msat{0};
  return view.bounds(hop_query(graph, channel.channel, {}, request)).upper;
}

Msat most_over(const ChannelGraph& graph,
               const AnnouncedChannel& channel,
               const RouteRequest& request,
               const LiquidityView& view) {
  return std::min(believed_capacity(graph, channel, request, view), channel.htlc_maximum);
}

Msat bottleneck(const ChannelGraph& graph,
                const Route& route,
                const RouteRequest& request,
                const LiquidityView& view) {
  Msat least = Msat::max();
  for (const Hop& hop : route.hops) {
    least = std::min(least, most_over(graph, graph.announced(hop.channel), request, view));
  }
  return least;
}

}  // namespace ampsim::sim
