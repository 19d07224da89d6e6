#pragma once

#include <memory>

#include "sim/routing/channel_graph.hpp"
#include "sim/routing/registry.hpp"
#include "sim/routing/router.hpp"
#include "sim/routing/views/scorer.hpp"

/// LDK's route finding (lightning/src/routing/router.rs get_route), with the penalties of its
/// scorer: a search from the receiver to the sender, where each node keeps the label of least
///
///   score = (max(fees, path minimum) + penalties) / value
///   value = what the channels so far can contribute, at most the amount asked for
///   path minimum(i) = max(path minimum(i + 1), htlc minimum(i)) + fee on that
///   penalty of a hop that carries a, with A = a and what is used:
///     base      5120 + 655360 a / 2^30
///     history   L (50000 + 6250 a / 2^20), L = min(2, -log10 success(A) by the channel's history)
///     live      likewise by its bounds now; 0 unless a setting says otherwise
///     probing   1250 where the largest HTLC is half of the capacity or more
///     extreme   10^11 where A is above the upper bound
///
/// summed and rounded down; none for the sender's own channels, which cost nothing. With another
/// view than `scorer`, its probability is both successes, its upper bound that of the extreme.
///
/// A channel counts with a quarter of its capacity, a path has to contribute a tenth of the amount.
/// Where the first path found does not carry all, paths are collected, one search each, until they
/// have three times the amount; where none is left, with all of the capacities. The dearest for an
/// msat go, what is too much comes off the lowest fee rate, equal paths become one.
///
/// Limits: 1008 blocks with the final delta, 19 hops, the fee limit for all parts together. A
/// channel over which a part of this payment has failed is not used for it again.
///
/// Cost and memory: see sim/routing/routers/backward_search.hpp.
///
/// Tested by tests/ldk_router_test.cpp and tests/wallet_vectors_test.cpp.
namespace ampsim::sim {

/// Of one hop, before it is rounded down to whole msat.
double ldk_penalty(
    const LdkParams& params, Msat amount, Msat htlc_maximum, Msat capacity, const LdkRisk& risk);

class LdkRouter final : public Router {
 public:
  static constexpr std::uint32_t kMaxHops = 19;
  /// Paths are collected until they have so many times the amount.
  static constexpr std::int64_t kProvision = 3;

  /// The graph must outlive the router.
  LdkRouter(const ChannelGraph& graph, const RoutingParams& params);
  ~LdkRouter() override;

  RouteResult find(const RouteRequest& request, const LiquidityView& view) override;
  PartsResult find_flow(const RouteRequest& request,
                        const LiquidityView& view,
                        const PartLimits& limits) override;

 private:
  struct Collection;
  std::unique_ptr<Collection> collection_;
};

RouterKind ldk_router_kind();

}  // namespace ampsim::sim
