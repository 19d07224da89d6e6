#pragma once

#include <optional>
#include <span>
#include <vector>

#include "sim/routing/router.hpp"
#include "topologies/topology.hpp"

/// lnd's search as it reads (routing/pathfind.go findPath): std::priority_queue, vectors, every
/// channel looked at, nothing pruned, nothing reused. What LndRouter is compared with, in the tests
/// for equality and in bench/router_bench.cpp for time.
namespace ampsim::sim {

class PlainRouter final : public Router {
 public:
  PlainRouter(const topo::Topology& topology, const RoutingParams& params);
  RouteResult find(const RouteRequest& request, const LiquidityView& view) override;

 private:
  struct Channel {
    DirectedChannel channel;
    NodeId from;
    Msat capacity;
    topo::ForwardingPolicy policy;
  };
  /// lnd's nodeWithDist.
  struct NodeWithDistance {
    std::int64_t distance = 0;
    std::int64_t weight = 0;
    double probability = 1;
    Msat amount;
    BlockDelta expiry;
    DirectedChannel next;
    NodeId next_node;
    bool is_settled = false;
  };
  struct Unified {
    DirectedChannel channel;
    Msat fee;
    BlockDelta delta;
    Msat capacity;
  };
  struct Query;

  std::optional<Unified> unify_local(std::span<const Channel> parallel,
                                     const Query& query,
                                     Msat amount) const;
  std::optional<Unified> unify_remote(std::span<const Channel> parallel,
                                      const Query& query,
                                      Msat amount) const;
  void process(NodeId from, const Unified& hop, NodeId pivot, Query& query) const;

  RoutingParams params_;
  std::vector<std::vector<Channel>> incoming_;  ///< by the node they lead to; sorted by from
};

}  // namespace ampsim::sim
