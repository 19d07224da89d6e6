#include "sim/routing/routers/lnd_router.hpp"

#include <algorithm>
#include <optional>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "core/check.hpp"
#include "sim/routing/routers/lnd/search.hpp"

namespace ampsim::sim {

namespace {

/// A tree costs some steps a channel to grow.
constexpr std::uint64_t kStepsOfTree = 2;

lnd::AprioriBeliefs beliefs_of(const Apriori& view,
                               const RoutingParams& params,
                               const RouteRequest& request,
                               lnd::Scratch& scratch) {
  return {view, params, request, scratch.weights};
}
lnd::BimodalBeliefs beliefs_of(const Bimodal& view,
                               const RoutingParams& /*params*/,
                               const RouteRequest& request,
                               lnd::Scratch& /*scratch*/) {
  return {view, request};
}

}  // namespace

struct LndRouter::State {
  State(const ChannelGraph& its_graph, const RoutingParams& its_params)
      : graph(its_graph),
        params(its_params),
        scratch(graph),
        trees(graph.node_count()),
        no_apriori(graph, params),
        no_bimodal(graph, params) {}

  const ChannelGraph& graph;
  const RoutingParams params;
  lnd::Scratch scratch;
  lnd::Trees trees;
  const Apriori no_apriori;  ///< know nothing
  const Bimodal no_bimodal;

  template <class Beliefs>
  RouteResult search(const RouteRequest& request, const Beliefs& beliefs) {
    return lnd::Search<Beliefs>(graph, params, request, beliefs, scratch).run();
  }

  /// The tree to start from; null if it is not yet worth it to grow one.
  template <class View>
  const lnd::Tree* tree_for(const RouteRequest& request,
                            const View& nothing,
                            lnd::Trees::Place& place) {
    if (place.is_grown && !place.tree.holds(request.fee_limit)) {
      place.is_grown = false;
      place.steps = 0;  // another one has to be worth it, too
    }
    const std::uint64_t price = place.is_grown ? 1 : trees.price();
    if (place.steps < price * kStepsOfTree * graph.channel_count()) return nullptr;
    if (!place.is_grown) {
      const auto beliefs = beliefs_of(nothing, params, request, scratch);
      lnd::Search(graph, params, request, beliefs, scratch).grow(place.tree);
      place.is_grown = true;
    }
    return &place.tree;
  }

  /// By a view of a kind whose searches may start from a tree; `nothing` is one that knows nothing.
  template <class View>
  RouteResult search(const RouteRequest& request, const View& view, const View& nothing) {
    const lnd::TreeKey key{.source = request.source,
                           .target = request.target,
                           .amount = request.amount,
                           .final_cltv_delta = request.final_cltv_delta,
                           .cltv_limit = request.cltv_limit,
                           .is_bimodal = std::is_same_v<View, Bimodal>};
    lnd::Trees::Place* const place = scratch.limits.is_empty() ? trees.find(key) : nullptr;
    const lnd::Tree* const tree = place == nullptr ? nullptr : tree_for(request, nothing, *place);
    const auto beliefs = beliefs_of(view, params, request, scratch);
    lnd::Search search(graph, params, request, beliefs, scratch);
    if (tree != nullptr && search.may_use_tree()) {
      std::optional<RouteResult> result = search.run_on(*tree);
      trees.count_use(result.has_value());
      if (result) return std::move(*result);
      place->steps = 0;  // not tried again before as much has been spent
    }
    RouteResult result = search.run();
    const bool is_dear = search.steps() > graph.node_count();
    if (is_dear && search.may_use_tree()) trees.add(key, search.steps());
    return result;
  }
};

LndRouter::LndRouter(const ChannelGraph& graph, const RoutingParams& params)
    : state_(new State(graph, params)) {}
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
    result = state.search(request, static_cast<const Apriori&>(view), state.no_apriori);
  } else if (typeid(view) == typeid(Bimodal)) {
    result = state.search(request, static_cast<const Bimodal&>(view), state.no_bimodal);
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
