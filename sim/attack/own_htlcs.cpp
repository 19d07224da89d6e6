#include "sim/attack/own_htlcs.hpp"

#include <algorithm>
#include <utility>

namespace ampsim::sim {
namespace {

/// Forwarders pass on nothing that expires later (lnd, max outgoing cltv expiry).
constexpr BlockDelta kLongest{2016};

}  // namespace

const topo::ForwardingPolicy& OwnHtlcs::policy(DirectedChannel d) const {
  return *means_.plan.foothold->topology.channels[d.channel().index].policy[d.direction()];
}

Route OwnHtlcs::route(std::span<const DirectedChannel> channels, Msat amount) const {
  Route route;
  route.hops.resize(channels.size());
  BlockDelta expiry{0};
  for (std::size_t i = channels.size(); i > 0; --i) {
    route.hops[i - 1] = {.channel = channels[i - 1], .amount = amount, .expiry = expiry};
    if (i == 1) break;
    amount += policy(channels[i - 1]).fee(amount);
    expiry = expiry + policy(channels[i - 1]).cltv_expiry_delta;
  }
  const BlockDelta rest = std::min(kLongest, means_.routing.cltv_limit) - expiry;
  for (Hop& hop : route.hops) {
    hop.expiry = hop.expiry + std::max(means_.receiver.final_cltv_delta, rest);
  }
  return route;
}

std::optional<AttemptId> OwnHtlcs::send(Route route, std::uint32_t way) {
  const Hop& first = route.hops.front();
  const Channel& channel = means_.network.channel(first.channel.channel());
  const bool is_refused = channel.refusal(first.channel.direction(), first.amount) != Refusal::none;
  if (is_refused || !means_.network.is_connected(first.channel)) return {};
  const AttemptId id = means_.attempts.open();
  Attempt& attempt = means_.attempts[id];
  attempt.number = sent_++;
  attempt.part = way;
  attempt.height = means_.blocks.height();
  attempt.route = std::move(route);
  attempt.plan_htlcs();
  attempt.lock = {};
  hashes_.fill(attempt.lock.hash.bytes);
  means_.flow.offer(id, 0);
  return id;
}

void OwnHtlcs::close(AttemptId id) {
  means_.attempts[id].is_closed = true;
  means_.attempts.close_if_done(id);
}

}  // namespace ampsim::sim
