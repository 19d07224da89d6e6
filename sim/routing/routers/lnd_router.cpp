#include "sim/routing/routers/lnd_router.hpp"

#include <algorithm>
#include <typeinfo>

#include "core/check.hpp"
#include "sim/routing/routers/lnd/search.hpp"

namespace ampsim::sim {

struct LndRouter::State {
  const ChannelGraph& graph;
  const RoutingParams params;
  lnd::Scratch scratch;

  template <class Beliefs>
  RouteResult search(const RouteRequest& request, const Beliefs& beliefs) {
    return lnd::Search<Beliefs>(graph, params, request, beliefs, scratch).run();
  }
};

LndRouter::LndRouter(const ChannelGraph& graph, const RoutingParams& params)
    : state_(new State{graph, params, lnd::Scratch(graph)}) {}
LndRouter::~LndRouter() = default;

RouteResult LndRouter::find(const RouteRequest& request, const LiquidityView& view) {
  AMPSIM_CHECK(request.source != request.target, "a route from a node to itself");
  AMPSIM_CHECK(request.amount > Msat{0}, "a route for nothing");
  Msat total;
  Msat largest;
  for (const LocalChannel& channel : request.local) {
    total += channel.available;
    largest = std::max(largest, channel.available);
  }
  if (total < request.amount) return NoRoute::insufficient_balance;
  if (largest < request.amount) return NoRoute::no_path;

  State& state = *state_;
  state.scratch.limits.begin(request, !view.remembers());
  RouteResult result = NoRoute::no_path;
  // Both are final, so their types are all there is to know.
  if (typeid(view) == typeid(Apriori)) {
    const auto& apriori = static_cast<const Apriori&>(view);
    result = state.search(
        request, lnd::AprioriBeliefs(apriori, state.params, request, state.scratch.weights));
  } else if (typeid(view) == typeid(Bimodal)) {
    result = state.search(request, lnd::BimodalBeliefs(static_cast<const Bimodal&>(view), request));
  } else {
    result = state.search(request, lnd::PlainBeliefs(view));
  }
  state.scratch.limits.end();
  return result;
}

RouterKind lnd_router_kind() {
  return {.name = "lnd",
          .help = "lnd: fees and time locks against the probability of success",
          .splitter = "halving",
          .liquidity_view = "apriori",
          .counts_own_parts = false,
          .refuses = {},
          .make = [](const RoutingMeans& means) {
            return std::make_unique<LndRouter>(means.graph, means.params);
          }};
}

}  // namespace ampsim::sim
