#pragma once

#include <memory>

#include "sim/routing/channel_graph.hpp"
#include "sim/routing/registry.hpp"

/// lnd's path finding (routing/pathfind.go findPath, routing/unified_edges.go): a Dijkstra search
/// from the receiver to the sender, because only so the amounts that fees are taken of are known.
/// Tested by tests/lnd_router_test.cpp, tests/lnd_payments_test.cpp and, against the plain search,
/// by tests/reference_router_test.cpp.
///
/// For a hop from v over a channel to u, where u has to receive `amount`:
///
///   fee, delta   of v's policy on `amount`; none for the sender
///   weight(v)    = weight(u) + fee + floor(amount * delta * 15 / 10^9)
///   P(v)         = P(u) * P(channel carries the amount), at least min_probability
///   distance(v)  = floor(weight(v) + attempt_cost / P(v))
///
/// Each node keeps the hop of least distance; among equals that of larger P, among equals that of
/// the smaller directed channel. Nodes are settled by (distance, larger P, smaller id). So the
/// result is unique. It is lnd's greedy answer, not always the least distance of all paths: the
/// best label of a node need not be the best to extend, since later hops divide by P.
///
/// Parallel channels from v to u count as one: the highest fee, the largest time lock and the
/// largest capacity of those that carry the amount and are not disabled, since v may forward over
/// any of them; the hop names the channel with that fee (the smaller index among equals). Of the
/// sender's own the one with most available is taken, be it disabled or not.
///
/// Probabilities are the liquidity view's. lnd's own, `apriori` and `bimodal`, have an opinion on
/// the sender's channels, too (how they failed lately); with all others the sender's channels carry
/// what they have available. What parts of the payment use is off a channel's capacity, and the
/// view is asked about the channel that the hop names. Channels to avoid are not there, of parallel
/// ones each by itself. With a view that has no memory a channel on which the payment has failed is
/// not there either: for the amounts that failed and larger ones if it was the balance, else for
/// all.
///
/// The limit of an onion's size (lnd: 1300 bytes, some 20 hops) is not applied.
///
/// sim/routing/routers/lnd/search.hpp has the short cuts. They need probabilities that stay below
/// some highest one; with a view whose highest is 1 what is left is the compressed graph and the
/// early rejection of hops.
///
/// Cost: for mean figures against a plain search see bench/router_bench.cpp. A search touches only
/// what it labels; nothing is allocated after warm-up but the route, and trees (lnd/tree.hpp) for
/// payments that are searched for again and again, for which it may label the whole network. One
/// router serves one thread.
namespace ampsim::sim {

class LndRouter final : public Router {
 public:
  /// The graph must outlive the router. Views that are asked have the same graph and parameters.
  LndRouter(const ChannelGraph& graph, const RoutingParams& params);
  ~LndRouter() override;

  RouteResult find(const RouteRequest& request, const LiquidityView& view) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

RouterKind lnd_router_kind();

}  // namespace ampsim::sim
