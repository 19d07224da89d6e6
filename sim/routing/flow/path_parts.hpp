#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/flow/capacities.hpp"
#include "sim/routing/path_pricing.hpp"
#include "sim/routing/router.hpp"

/// Parts over given paths that share what channels can carry, fees included: the amount over a
/// channel is what the nodes behind it have to receive, as price_path says. A path has one part, or
/// several where the largest HTLC of a channel of it is below what it can carry: all of them but
/// one are then the largest that the path takes.
///
/// Costs 10 bytes a directed channel, once.
///
/// Tested by tests/path_parts_test.cpp.
namespace ampsim::sim {

/// The most that the target can receive over the path in one HTLC if its i-th channel carries at
/// most limits[i] and no channel more than its largest HTLC; 0 if the fees alone are more. Exact,
/// because a larger amount never needs less on any channel before.
Msat deliverable(const ChannelGraph& graph,
                 std::span<const DirectedChannel> path,
                 std::span<const Msat> limits);

class PathParts {
 public:
  /// The graph must outlive the parts.
  explicit PathParts(const ChannelGraph& graph);

  /// Request and capacities must outlive what is asked until `end`.
  void begin(const RouteRequest& request, const ChannelCapacities& capacities);
  void end();

  /// What the channel can carry beside the parts: nothing if they have all of its slots.
  Msat left(DirectedChannel channel) const;
  /// The largest part that the path takes, however much its channels could carry.
  Msat largest_part(std::span<const DirectedChannel> path) const;
  /// How many more parts the channel can take.
  std::uint32_t free_slots(DirectedChannel channel) const;
  /// What the path can deliver beside the parts, in as many as it takes; or in one.
  Msat room(std::span<const DirectedChannel> path) const;
  Msat room_for_one(std::span<const DirectedChannel> path) const;
  /// Adds up to `most` over the path: first to a part that is on it already and can grow, then in
  /// new ones, each as large as can be; returns what was added. Nothing where the path does not
  /// take it.
  Msat add(std::span<const DirectedChannel> path, Msat most);

  Msat amount() const { return amount_; }
  Msat fee() const { return fee_; }
  std::size_t size() const { return routes_.size(); }
  const std::vector<Route>& routes() const { return routes_; }
  const ChannelGraph& graph() const { return graph_; }
  /// The parts, if they are what the payment may have: together the request's amount, within its
  /// fee limit, no more than there is room for, each at least the smallest one unless it is alone
  /// (smaller ones are moved to other paths or made larger at their cost, where that goes).
  std::optional<std::vector<Route>> take(const PartLimits& limits);

 private:
  void put(Route route);
  Route take_out(std::size_t index);
  /// Makes the part larger by up to `most`, and the last one; returns by how much.
  Msat grow(std::size_t index, Msat most);
  Msat open(std::span<const DirectedChannel> path, Msat most);
  /// Opens a part of an amount that is too small for one, with half of the last one, which has the
  /// same path.
  Msat open_with_half(std::span<const DirectedChannel> path, Msat amount);
  /// Takes the smallest part out and gives the others of its amount what they have room for.
  Route move_smallest();
  bool has_small(Msat least) const;
  /// Whether no part is too small any more.
  bool mend_small(Msat least);

  const ChannelGraph& graph_;
  const RouteRequest* request_ = nullptr;
  const ChannelCapacities* capacities_ = nullptr;
  std::vector<Msat> taken_;              ///< by directed channel
  std::vector<std::uint16_t> parts_on_;  ///< likewise
  std::vector<Route> routes_;
  Msat amount_;
  Msat fee_;
};

}  // namespace ampsim::sim
