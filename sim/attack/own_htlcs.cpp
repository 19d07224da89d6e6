#include "sim/attack/own_htlcs.hpp"

#include <utility>

namespace ampsim::sim {

Route route_over(const Network& network,
                 std::span<const DirectedChannel> channels,
                 Msat amount,
                 BlockDelta final_delta) {
  Route route;
  route.hops.resize(channels.size());
  BlockDelta expiry = final_delta;
  for (std::size_t i = channels.size(); i > 0; --i) {
    route.hops[i - 1] = {.channel = channels[i - 1], .amount = amount, .expiry = expiry};
    const topo::ForwardingPolicy& policy = network.policy(channels[i - 1]);
    amount += policy.fee(amount);
    expiry = expiry + policy.cltv_expiry_delta;
  }
  return route;
}

std::optional<AttemptId> OwnHtlcs::send(Route route, std::uint32_t way) {
  const Hop& first = route.hops.front();
  const Channel& channel = network_.channel(first.channel.channel());
  if (channel.refusal(first.channel.direction(), first.amount) != Refusal::none) return {};
  const AttemptId id = attempts_.open();
  Attempt& attempt = attempts_[id];
  attempt.part = way;
  attempt.htlcs.resize(route.hops.size());
  attempt.route = std::move(route);
  hashes_.fill(attempt.lock.hash.bytes);
  flow_.offer(id, 0);
  return id;
}

void OwnHtlcs::close(AttemptId id) {
  attempts_[id].is_closed = true;
  attempts_.close_if_done(id);
}

}  // namespace ampsim::sim
