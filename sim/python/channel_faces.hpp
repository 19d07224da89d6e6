#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <pybind11/pybind11.h>

#include "sim/routing/channel_graph.hpp"
#include "sim/routing/liquidity_view.hpp"
#include "sim/routing/router.hpp"

/// What a routing function in Python sees: the network, one of its directed channels, and a
/// request. They look at what belongs to a run; when that is over they say so instead of looking
/// at memory that is gone.
///
/// Amounts are in msat, nodes and channels are numbers, a directed channel is 2 * channel +
/// direction, as in C++. All of them are used with the GIL held.
///
/// Tested by tests/python_test.cpp.
namespace ampsim::python {

/// One directed channel as it is announced: a copy.
struct ChannelFace {
  std::uint32_t index = 0;    ///< 2 * channel + direction
  std::uint32_t channel = 0;  ///< row of the topology's channels
  std::uint32_t source = 0;
  std::uint32_t target = 0;
  std::int64_t capacity_msat = 0;
  std::int64_t fee_base_msat = 0;
  std::uint32_t fee_ppm = 0;
  std::int32_t cltv_delta_blocks = 0;
  std::int64_t htlc_minimum_msat = 0;
  std::int64_t htlc_maximum_msat = 0;
  bool is_disabled = false;
};

class GraphFace {
 public:
  /// The graph is there until close(). `seed` is the replicate's.
  GraphFace(const sim::ChannelGraph& graph, std::uint64_t seed) : graph_(&graph), seed_(seed) {}
  void close() { graph_ = nullptr; }

  /// Errors: RuntimeError after close(); IndexError for a node or channel that is not there.
  const sim::ChannelGraph& graph() const;
  std::uint64_t seed() const { return seed_; }
  std::size_t node_count() const { return graph().node_count(); }
  std::size_t channel_count() const { return graph().channel_count(); }
  /// All directed channels by their index, and those that lead to and from a node by theirs: tuples
  /// that are made once.
  pybind11::tuple channels();
  pybind11::tuple channels_to(std::uint32_t node);
  pybind11::tuple channels_from(std::uint32_t node);

 private:
  void fill();

  const sim::ChannelGraph* graph_;
  std::uint64_t seed_;
  std::optional<pybind11::tuple> channels_;
  std::vector<pybind11::tuple> to_;
  std::vector<pybind11::tuple> from_;
};

/// The directed channel that an integer or a ChannelFace names. Errors: TypeError, ValueError.
DirectedChannel directed_channel_of(const pybind11::handle& value, const sim::ChannelGraph& graph);
std::vector<DirectedChannel> path_of(const pybind11::handle& value, const sim::ChannelGraph& graph);

class RequestFace {
 public:
  /// `limits` is null where one route is asked for.
  RequestFace(const sim::RouteRequest& request,
              const sim::LiquidityView& view,
              const sim::PartLimits* limits,
              pybind11::object graph);
  void close() { request_ = nullptr; }

  /// Errors: RuntimeError after close().
  const sim::RouteRequest& request() const;
  const pybind11::object& graph() const { return graph_; }
  bool is_flow() const { return is_flow_; }
  std::int64_t min_part_msat() const { return min_part_; }
  std::uint32_t max_parts() const { return max_parts_; }

  pybind11::dict local() const;
  pybind11::set avoided() const;
  pybind11::dict used() const;
  /// (channel, amount_msat, failure, at_ms) in order of time.
  pybind11::list failed() const;
  /// sim::most_over, bounds and probability of the view, sim::price_path.
  std::int64_t most_over(const pybind11::handle& channel) const;
  std::pair<std::int64_t, std::int64_t> bounds(const pybind11::handle& channel) const;
  double probability(const pybind11::handle& channel, std::optional<std::int64_t> amount) const;
  /// What the path would cost, as {"amount_msat", "sent_msat", "fee_msat", "cltv_blocks"}; None
  /// where it cannot be used, for the reasons of usable_route().
  pybind11::object price(const pybind11::handle& path, std::optional<std::int64_t> amount) const;

 private:
  const sim::ChannelGraph& channels() const;

  const sim::RouteRequest* request_;
  const sim::LiquidityView* view_;
  pybind11::object graph_;
  bool is_flow_;
  std::int64_t min_part_;
  std::uint32_t max_parts_;
};

/// The path as a route of the request, for `amount` of it: none where a channel is disabled or to
/// be avoided, an amount is outside of a policy's bounds, the time or fee limit is exceeded, or the
/// sender's own channel cannot send it. Errors: ValueError for what is no path from source to
/// target.
std::optional<sim::Route> usable_route(const sim::ChannelGraph& graph,
                                       const std::vector<DirectedChannel>& path,
                                       Msat amount,
                                       const sim::RouteRequest& request);

}  // namespace ampsim::python
