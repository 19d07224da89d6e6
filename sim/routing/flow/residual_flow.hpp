#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/flow/capacities.hpp"

/// A flow from one node to another through a ChannelGraph, made larger by one path after another in
/// what is left (Ford & Fulkerson): fees are not added to amounts here, they are a cost at most. A
/// channel carries what ChannelCapacities says, in as many HTLCs of at most its largest as it has
/// slots for, unless it is disabled (and not the source's own) or its smallest HTLC is above the
/// amount that is asked for. A path back over a channel takes flow off it.
///
/// Invariant: of a channel's two directions one has a flow at most.
///
/// Cost: a search touches what it labels, or what two balls around the ends hold; 90 bytes a node
/// and 8 a directed channel, once.
///
/// Tested by tests/max_flow_test.cpp, against Boost.Graph's maximum flow.
namespace ampsim::sim {

struct IncomingChannels;
struct AnnouncedChannel;

struct FlowPath {
  std::vector<DirectedChannel> channels;  ///< from the source on
  Msat amount;
};

class ResidualFlow {
 public:
  /// The graph must outlive the flow.
  explicit ResidualFlow(const ChannelGraph& graph);
  ~ResidualFlow();

  /// What is to flow from where to where; capacities must outlive what is asked until `end`.
  void begin(NodeId source, NodeId target, Msat amount, const ChannelCapacities& capacities);
  void end();

  /// A path whose residual capacities are all at least `least` (> 0), of as few channels as there
  /// are or one more: from both ends at once. Empty if there is none.
  std::span<const DirectedChannel> find_near(Msat least);
  /// Adds up to `most` over paths that find_near finds, wide ones first: as much as there is, so a
  /// maximum flow if that is less. Returns what was added.
  Msat add_near(Msat most);
  /// The same over cheapest paths, so that the flow is the cheapest of its amount: a channel costs
  /// its fee on the whole amount, in proportion to its flow, and a little for being a channel.
  Msat add_cheapest(Msat most);

  /// Adds to the flow over a path that find_near found.
  void push(std::span<const DirectedChannel> path, Msat amount);

  /// What the channel can still carry, or give back of what flows the other way.
  Msat residual(DirectedChannel channel) const;
  /// The flow as paths without cycles, wide ones first; takes the flow away.
  std::vector<FlowPath> take_paths();

 private:
  struct Scratch;

  Msat capacity(const AnnouncedChannel& channel, NodeId tail) const;
  /// Takes from all of these channels what the least of them carries.
  Msat take_off(std::span<const DirectedChannel> channels);
  bool expand_forward(NodeId node, Msat least);
  bool expand_backward(NodeId node, Msat least);
  bool search_cheapest();
  void relax_cheapest(NodeId node);
  std::int64_t cost(const AnnouncedChannel& channel, NodeId tail) const;
  Msat add_cheapest_path(Msat most);

  const ChannelGraph& graph_;
  const IncomingChannels& channels_;
  NodeId source_;
  NodeId target_;
  NodeId meeting_;  ///< of the two searches of find_near
  Msat amount_;
  const ChannelCapacities* capacities_ = nullptr;
  std::vector<Msat> flow_;                ///< by directed channel
  std::vector<DirectedChannel> touched_;  ///< where flow_ may be above 0
  std::vector<DirectedChannel> path_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace ampsim::sim
