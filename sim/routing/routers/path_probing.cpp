#include "sim/routing/routers/path_probing.hpp"

#include <algorithm>

#include "sim/routing/failed_channels.hpp"

namespace ampsim::sim {

bool lacks_balance(const RouteRequest& request) {
  Msat total;
  for (const LocalChannel& own : request.local) total += own.available;
  return total < request.amount;
}

int failures_on(std::span<const DirectedChannel> path, const RouteRequest& request) {
  int failures = 0;
  for (const FailedHop& hop : request.failed) {
    const bool is_here = std::find(path.begin(), path.end(), hop.channel) != path.end();
    if (is_here && speaks_against_channel(hop.code)) ++failures;
  }
  return std::min(failures, 2);
}

bool is_avoided(std::span<const DirectedChannel> path, const RouteRequest& request) {
  return std::any_of(path.begin(), path.end(), [&](DirectedChannel channel) {
    return std::find(request.avoided.begin(), request.avoided.end(), channel.channel()) !=
           request.avoided.end();
  });
}

}  // namespace ampsim::sim
