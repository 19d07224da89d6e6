#pragma once

#include <cstdint>
#include <span>

#include "sim/routing/disjoint_paths.hpp"
#include "sim/routing/flow/capacities.hpp"
#include "sim/routing/router.hpp"

/// What routers that probe have in common.
///
/// Tested by tests/waterfilling_test.cpp and tests/flash_test.cpp.
namespace ampsim::sim {

/// Messages of a probe of the path: one a channel and direction.
constexpr std::uint64_t probe_messages(std::span<const DirectedChannel> path) {
  return 2 * path.size();
}

/// How often the payment has failed at a channel of the path, counting to 2.
int failures_on(std::span<const DirectedChannel> path, const RouteRequest& request);
bool is_avoided(std::span<const DirectedChannel> path, const RouteRequest& request);

}  // namespace ampsim::sim
