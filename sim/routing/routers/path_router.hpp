#pragma once

#include <cstdint>
#include <memory>

#include "sim/routing/channel_graph.hpp"
#include "sim/routing/registry.hpp"
#include "sim/routing/router.hpp"

/// The best path by one criterion, what routing is often compared with: a Dijkstra search from the
/// receiver to the sender over single channels. A path is better than another if
///
///   cheapest   its fees are lower, then if it has fewer hops, then a smaller time lock;
///   shortest   it has fewer hops, then lower fees, then a smaller time lock;
///   widest     more fits through its narrowest channel; of ways from the same node that are
///              equally wide the one with fewer hops, lower fees, a smaller time lock,
///
/// and last if its channels have smaller numbers from the sender's side on. So the result is
/// unique. What fits through a channel is what is believed at most (LiquidityView::bounds, upper),
/// but no more than its largest HTLC; of the sender's own what is available.
///
/// A channel is not there for an amount that it does not take, nor if the view's upper bound is
/// below the amount, if it is to be avoided, or if this payment has failed at it before: so retries
/// go elsewhere, even without memory. The sender's own channels may be disabled.
///
/// cheapest finds a path wherever there is one within the fee limit, for a larger fee never helps
/// but at a smallest HTLC. The others fall back on it where fees spoil theirs. The limit
/// of the time lock cuts labels off, without a second search.
///
/// Cost: O(E log V) a search, less if the sender is near; a search touches only what it labels.
/// 80 bytes a node and 3 a channel, once.
///
/// Tested by tests/path_router_test.cpp.
namespace ampsim::sim {

enum class PathOrder : std::uint8_t { cheapest, shortest, widest };

class PathRouter final : public Router {
 public:
  /// The graph must outlive the router.
  PathRouter(const ChannelGraph& graph, PathOrder order);
  ~PathRouter() override;

  /// Route::cost is what the order looks at first: fees in msat, hops, or minus the width in msat.
  RouteResult find(const RouteRequest& request, const LiquidityView& view) override;

 private:
  struct Search;
  std::unique_ptr<Search> search_;
  PathOrder order_;
};

RouterKind cheapest_router_kind();
RouterKind shortest_router_kind();
RouterKind widest_router_kind();

}  // namespace ampsim::sim
