#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/routing/router.hpp"
#include "topologies/topology.hpp"

/// What LndRouter is measured against in router_bench.cpp: other ways to search, each as well made
/// as its idea allows. All but the last find lnd's route to the tie.
namespace ampsim::bench {

/// The search as one writes it down: a vector of channels of 72 bytes a node, std::priority_queue,
/// and everything by node reset before each search. Asks the views `apriori` and `bimodal`.
class NaiveSearch final : public sim::Router {
 public:
  NaiveSearch(const topo::Topology& topology, const sim::RoutingParams& params);
  ~NaiveSearch() override;
  sim::RouteResult find(const sim::RouteRequest& request, const sim::LiquidityView& view) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Boost.Graph's Dijkstra over its own compressed rows, with lnd's label for a distance; ended by
/// an exception when it comes to the sender. Knows nothing of past results.
class BoostSearch final : public sim::Router {
 public:
  BoostSearch(const topo::Topology& topology, const sim::RoutingParams& params);
  ~BoostSearch() override;
  sim::RouteResult find(const sim::RouteRequest& request, const sim::LiquidityView& view) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Dijkstra's algorithm on one fixed weight a channel (fee and time lock of 100,000 sat) over
/// compressed rows, ended when it comes to the sender: what a library of shortest paths would do.
/// Its route is a cheapest one, without amounts.
class StaticSearch final : public sim::Router {
 public:
  explicit StaticSearch(const topo::Topology& topology);
  sim::RouteResult find(const sim::RouteRequest& request, const sim::LiquidityView& view) override;

 private:
  struct Arc {
    std::uint32_t tail;
    std::uint32_t weight;
  };
  std::vector<std::uint32_t> row_;  ///< first arc by node, and the end
  std::vector<Arc> arcs_;
  std::vector<std::uint64_t> distances_;
  std::vector<std::uint32_t> stamps_;  ///< search that a distance is of
  std::uint32_t search_ = 0;
  std::vector<std::uint64_t> queue_;  ///< 4-ary heap of distance * 2^20 + node
};

}  // namespace ampsim::bench
