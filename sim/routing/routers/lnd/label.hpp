#pragma once

#include <cstdint>
#include <limits>

#include "core/units.hpp"

/// What lnd's search knows of a node (sim/routing/routers/lnd_router.hpp has the formulas).
///
/// Tested by tests/reference_router_test.cpp.
namespace ampsim::sim::lnd {

/// The distance of a node without a label.
constexpr std::int64_t kUnreached = std::numeric_limits<std::int64_t>::max();

/// The best known way from a node to the receiver.
struct Label {
  Msat amount;  ///< what the node has to receive
  std::int64_t weight = 0;
  double probability = 1;
  BlockDelta expiry;        ///< of the HTLC that the node receives
  DirectedChannel channel;  ///< first hop of that way
};

}  // namespace ampsim::sim::lnd
