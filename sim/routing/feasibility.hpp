#pragma once

#include "sim/routing/channel_graph.hpp"
#include "sim/routing/flow/capacities.hpp"
#include "sim/routing/flow/flow_finder.hpp"
#include "sim/routing/router.hpp"
#include "sim/routing/routers/path_router.hpp"

/// Whether a payment could be made at this moment if its sender knew all balances: the optimality
/// gap of a router is what it does not make of that.
///
/// on_one_path is exact: a path exists whose channels carry the amount and the fees of those behind
/// them, policies, slots, fee limit and time lock observed (but for the two exceptions of
/// PathRouter). by_flow: several parts together do, any number of any size, over several paths or
/// one whose largest HTLC is below the amount. That is exact where channels take no fees, and
/// smallest HTLCs, slots and time locks do not bind; elsewhere true is proven by the parts that
/// were found, and false says that there is no flow without fees, or that no parts were found with
/// them (FlowFinder).
///
/// Cost: mostly two small balls around the ends; a whole search only where a path or a flow is
/// there and its fees do not fit. For figures see bench/feasibility_bench.cpp.
///
/// Tested by tests/feasibility_test.cpp.
namespace ampsim::sim {

class FeasibilityCheck {
 public:
  /// Graph and network must outlive the check.
  FeasibilityCheck(const ChannelGraph& graph, const Network& network);

  struct Answer {
    bool on_one_path = false;
    bool by_flow = false;
  };
  Answer check(const RouteRequest& request);

 private:
  bool has_path(const RouteRequest& request);
  bool has_flow(const RouteRequest& request);
  /// A look at the ends alone: the sender's channels or the receiver's do not carry the amount.
  bool is_cut_off(const RouteRequest& request) const;

  const ChannelGraph& graph_;
  TrueCapacities capacities_;
  KnownCapacities view_;
  FlowFinder flows_;
  PathRouter cheapest_;
};

}  // namespace ampsim::sim
