#pragma once

#include <optional>
#include <vector>

#include "sim/routing/channel_graph.hpp"
#include "sim/routing/flow/capacities.hpp"
#include "sim/routing/flow/path_parts.hpp"
#include "sim/routing/flow/residual_flow.hpp"
#include "sim/routing/router.hpp"

/// Parts that together have an amount, by a flow through what channels can carry. Fees are paid out
/// of the same channels, so a flow is found without them first, its paths are priced, and what fees
/// have pushed out flows through what is left; if that does not reach the amount or costs too much,
/// once more through channels that are kept narrower by the share that fees may have.
///
/// So where no fees are charged, and smallest HTLCs, slots, time locks and limits of parts do not
/// bind, there are parts if and only if there is a flow: a path whose largest HTLC is below its
/// flow has several parts. Otherwise parts that are found are a proof that they exist, no parts are
/// none.
///
/// Tested by tests/max_flow_test.cpp.
namespace ampsim::sim {

class FlowFinder {
 public:
  enum class Order : std::uint8_t {
    near,      ///< short and wide paths first: fast
    cheapest,  ///< the flow of least proportional fees
  };

  /// The graph must outlive the finder.
  explicit FlowFinder(const ChannelGraph& graph);

  /// Whether there is a flow of the amount if nobody takes a fee: if not, there are no parts.
  bool has_flow(const RouteRequest& request, const ChannelCapacities& capacities);
  std::optional<std::vector<Route>> find(const RouteRequest& request,
                                         const ChannelCapacities& capacities,
                                         const PartLimits& limits,
                                         Order order);
  /// The first path of the two that find_near has for the whole amount: fast, and blind to fees.
  std::vector<DirectedChannel> path_for_whole(const RouteRequest& request,
                                              const ChannelCapacities& capacities);

 private:
  std::optional<std::vector<Route>> find_through(const RouteRequest& request,
                                                 const ChannelCapacities& capacities,
                                                 const PartLimits& limits,
                                                 Order order);

  ResidualFlow flow_;
  PathParts parts_;
};

}  // namespace ampsim::sim
