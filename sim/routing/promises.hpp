#pragma once

#include <string>
#include <vector>

#include "sim/routing/channel_graph.hpp"
#include "sim/routing/router.hpp"

/// What every router owes, whoever wrote it: routes from the source to the target, within the
/// limits of fee and time, around the channels to avoid, that the source's own channels can send
/// together; one for the whole amount, or where it divides (find_flow), parts that have it
/// together, no more than there is room for, each at least the smallest one (equal parts may be 1
/// msat a part smaller). What a splitter makes of them is routes for no more than the amount,
/// within the same limits. Balances further on are nobody's promise.
///
/// Tested by tests/promises_test.cpp.
namespace ampsim::sim {

/// Those of a splitter. Errors: InvariantError that names the router.
void check_promises(const std::vector<Route>& routes,
                    const RouteRequest& request,
                    const ChannelGraph& graph,
                    const std::string& router);

/// A router whose answers are checked. Errors: as above.
class CheckedRouter final : public Router {
 public:
  /// All of it must outlive this.
  CheckedRouter(Router& router, const ChannelGraph& graph, const std::string& name)
      : router_(router), graph_(graph), name_(name) {}

  RouteResult find(const RouteRequest& request, const LiquidityView& view) override;
  PartsResult find_flow(const RouteRequest& request,
                        const LiquidityView& view,
                        const PartLimits& limits) override;
  RoutingMessages messages() const override { return router_.messages(); }

 private:
  Router& router_;
  const ChannelGraph& graph_;
  const std::string& name_;
};

}  // namespace ampsim::sim
