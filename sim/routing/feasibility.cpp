#include "sim/routing/feasibility.hpp"

#include <limits>
#include <optional>
#include <variant>
#include <vector>

#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {

FeasibilityCheck::FeasibilityCheck(const ChannelGraph& graph, const Network& network)
    : graph_(graph),
      capacities_(graph, network),
      view_(capacities_),
      flows_(graph),
      cheapest_(graph, PathOrder::cheapest) {}

FeasibilityCheck::Answer FeasibilityCheck::check(const RouteRequest& request) {
  capacities_.begin(request);
  Answer answer;
  if (!is_cut_off(request)) {
    answer.on_one_path = has_path(request);
    answer.by_flow = answer.on_one_path || has_flow(request);
  }
  capacities_.end();
  return answer;
}

bool FeasibilityCheck::is_cut_off(const RouteRequest& request) const {
  if (request.lacks_balance()) return true;
  Msat in;
  const IncomingChannels& channels = graph_.incoming();
  const auto edges = out_edges(request.target.index, channels.rows);
  for (auto edge = edges.first; edge != edges.second && in < request.amount; ++edge) {
    in += capacities_.of(channels.channel_of(*edge));
  }
  return in < request.amount;
}

bool FeasibilityCheck::has_path(const RouteRequest& request) {
  const std::vector<DirectedChannel> near = flows_.path_for_whole(request, capacities_);
  if (near.empty()) return false;
  std::vector<Msat> limits;
  limits.reserve(near.size());
  for (const DirectedChannel channel : near) limits.push_back(capacities_.of(channel));
  if (deliverable(graph_, near, limits) >= request.amount) {
    const std::optional<Route> route = price_path(graph_, near, request.amount, request);
    if (route && route->fee() <= request.fee_limit) return true;
  }
  return std::holds_alternative<Route>(cheapest_.find(request, view_));
}

bool FeasibilityCheck::has_flow(const RouteRequest& request) {
  if (!flows_.has_flow(request, capacities_)) return false;
  const PartLimits any{.max_parts = std::numeric_limits<std::uint32_t>::max()};
  for (const auto order : {FlowFinder::Order::near, FlowFinder::Order::cheapest}) {
    if (flows_.find(request, capacities_, any, order)) return true;
  }
  return false;
}

}  // namespace ampsim::sim
