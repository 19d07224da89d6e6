#include "sim/routing/path_capacity.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {

Msat largest_passed_on(Msat amount, Msat fee_base, Ppm rate) {
  constexpr std::int64_t kMillion = 1'000'000;
  const Msat left = amount - fee_base;
  if (left <= Msat{0}) return Msat{0};
  // Without the floor; with it, a little more may fit.
  Msat passed{
      static_cast<std::int64_t>(Int128{left.count} * kMillion / (kMillion + rate.millionths))};
  while (passed + Msat{1} + (passed + Msat{1}) * rate <= left) passed += Msat{1};
  return passed;
}

Msat largest_delivery(const ChannelGraph& graph,
                      std::span<const DirectedChannel> path,
                      std::span<const Msat> limits) {
  AMPSIM_CHECK(!path.empty() && path.size() == limits.size(), "a limit for each channel");
  Msat amount = limits[0];
  for (std::size_t i = 1; i < path.size(); ++i) {
    const AnnouncedChannel& channel = graph.incoming().at(path[i]);
    amount = largest_passed_on(amount, channel.fee_base, channel.fee_proportional);
    amount = std::min(amount, limits[i]);
  }
  return std::max(amount, Msat{0});
}

}  // namespace ampsim::sim
