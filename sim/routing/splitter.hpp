#pragma once

#include "sim/routing/router.hpp"

/// How an amount is divided into parts. One file a splitter, in sim/routing/splitters/, and a line
/// of the registry; or outside of this tree (docs/guide/own-splitter.md).
///
/// Tested by tests/splitter_test.cpp, and by tests/splitters_test.cpp for all kinds.
namespace ampsim::sim {

class Splitter {
 public:
  virtual ~Splitter() = default;

  /// The parts to send next: routes that together have request.amount, or its first part where the
  /// splitter wants to see that on its way before it looks at the rest. The rest of a payment is
  /// asked for again after each call and after each failure; request.total tells how large the
  /// whole is. Parts that are made together see each other's use of channels.
  virtual PartsResult split(Router& router,
                            const RouteRequest& request,
                            const LiquidityView& view,
                            const PartLimits& limits) = 0;
};

}  // namespace ampsim::sim
