#pragma once

#include <string>
#include <vector>

#include "sim/routing/channel_graph.hpp"
#include "sim/routing/router.hpp"

/// What every router owes, whoever wrote it: routes from the source to the target for no more than
/// the amount, within the limits, that the source's own channels can send together. Balances
/// further on are nobody's promise.
///
/// Tested by tests/promises_test.cpp.
namespace ampsim::sim {

/// Errors: InvariantError that names the router.
void check_promises(const std::vector<Route>& routes,
                    const RouteRequest& request,
                    const ChannelGraph& graph,
                    const std::string& router);

}  // namespace ampsim::sim
