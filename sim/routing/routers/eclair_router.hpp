#pragma once

#include <memory>

#include "sim/routing/channel_graph.hpp"
#include "sim/routing/registry.hpp"
#include "sim/routing/router.hpp"

/// Eclair's route finding (eclair-core/src/main/scala/fr/acinq/eclair/router/Graph.scala and
/// RouteCalculation.scala): the k paths of least weight (Yen 1971, with Lawler's rule that a path
/// is varied only from where it left its predecessor), of which each search keeps one label a node.
/// For a hop that has to deliver x for a fee f, with a success probability p of the view:
///
///   hop cost      h = 500 + 200 ppm of x
///   failure cost  F = 2000 + 500 ppm of (x + f)
///   weight = sum f + sum h + (x + f) (sum of deltas) 1e-8 + F / product of p
///
/// or, with `log_probability`, each hop adds f + h + (x + f) delta 1e-8 - F ln p. The sender's own
/// hop adds nothing. Where Eclair does not use past relays, the default, p = 1 - x / c: the view
/// `none`. Its balance estimates are the view `estimates`.
///
/// Paths have 6 hops at most, or where there are none, 20. For several parts, 5 paths (or one for
/// each channel to the receiver) are looked for that carry 15 000 sat, or a fifth of the amount if
/// that is more. In random order, direct ones first, each gives a part: 20 to 100 % of what it can
/// carry, all of it, or what maximises the part times the probability that it arrives. What is
/// missing then is spread over the parts. If that is too dear, the paths are taken by weight.
///
/// A channel is not used for 60 s after a temporary failure of this payment's, and after any other
/// failure not for it again. What is not modelled: docs/wallets.md.
///
/// Cost and memory: sim/routing/routers/backward_search.hpp, for up to 5 searches a path; a search
/// gives up beyond the weight of the last candidate that can still be chosen.
///
/// Tested by tests/eclair_router_test.cpp and tests/wallet_vectors_test.cpp.
namespace ampsim::sim {

/// The weight of a path and what it is made of.
struct EclairWeight {
  Msat amount;       ///< with fees
  Msat fees;         ///< without the sender's own hop
  Msat hop_costs;    ///< likewise
  BlockDelta delta;  ///< likewise
  double probability = 1;

  /// One more hop before those so far, whose weight is `weight`; returns the new one.
  double extend(const EclairParams& params,
                double weight,
                Msat fee,
                BlockDelta hop_delta,
                double hop_probability);
};

class EclairRouter final : public Router {
 public:
  /// The graph must outlive the router. `seed`: of the random order and the random parts.
  EclairRouter(const ChannelGraph& graph, const RoutingParams& params, std::uint64_t seed);
  ~EclairRouter() override;

  RouteResult find(const RouteRequest& request, const LiquidityView& view) override;
  PartsResult find_flow(const RouteRequest& request,
                        const LiquidityView& view,
                        const PartLimits& limits) override;

 private:
  struct Finder;
  std::unique_ptr<Finder> finder_;
};

RouterKind eclair_router_kind();

}  // namespace ampsim::sim
