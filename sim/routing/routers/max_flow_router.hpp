#pragma once

#include "sim/routing/registry.hpp"

/// An oracle, the bound of what any router could do at a moment: knows the true balance of every
/// channel that is not locked (so view `balances` only). One route is the cheapest that goes
/// through; parts are those of a flow (sim/routing/flow/flow_finder.hpp): the cheapest one, or
/// where that has too many parts or parts that are too small, one over wide paths. One path that
/// carries all is taken before several.
///
/// Ford & Fulkerson 1956 for the flow, successive cheapest paths for its fees. HTLCs that are on
/// their way, of this payment, too, are not known before they are locked.
///
/// Tested by tests/max_flow_test.cpp.
namespace ampsim::sim {

RouterKind max_flow_router_kind();

}  // namespace ampsim::sim
