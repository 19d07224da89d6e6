#include "sim/payment/sender_sight.hpp"

#include <cmath>

namespace ampsim::sim {

/// lnd's default: small amounts may cost as much again, larger ones a share of themselves.
Msat fee_limit(const PaymentParams& params, Msat amount) {
  if (amount <= params.fee_limit_full_below) return amount;
  return {
      static_cast<std::int64_t>(std::floor(static_cast<double>(amount.count) * params.fee_limit))};
}

void see_own_channels(const Network& network,
                      std::size_t known,
                      NodeId node,
                      std::vector<LocalChannel>& channels) {
  channels.clear();
  for (const DirectedChannel d : network.outgoing(node)) {
    if (d.channel().index >= known) continue;
    const bool has_peer = network.is_up(network.target(d));
    channels.push_back(
        {d, has_peer ? network.channel(d.channel()).spendable(d.direction()) : Msat{0}});
  }
}

}  // namespace ampsim::sim
