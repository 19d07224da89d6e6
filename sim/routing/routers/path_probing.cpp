#include "sim/routing/routers/path_probing.hpp"

#include <algorithm>

namespace ampsim::sim {

int failures_on(std::span<const DirectedChannel> path, const RouteRequest& request) {
  int failures = 0;
  for (const FailedHop& hop : request.failed) {
    const bool is_here = std::find(path.begin(), path.end(), hop.channel) != path.end();
    if (is_here && !is_of_receiver(hop.code)) ++failures;
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
