#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/routers/lnd/channel_limits.hpp"
#include "sim/routing/routers/lnd/outlook.hpp"
#include "sim/routing/views/apriori.hpp"

/// What a search of lnd's router writes on, kept from one search to the next so that none of them
/// allocates: labels, the queue, and what is known of nodes.
///
/// Memory: 65 bytes a node and 2 a channel.
///
/// Tested by tests/reference_router_test.cpp.
namespace ampsim::sim::lnd {

constexpr std::int64_t kUnreached = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSettled = -1;  // below every distance: no candidate beats it

/// The best known way from a node to the receiver.
struct Label {
  Msat amount;  ///< what the node has to receive
  std::int64_t weight = 0;
  double probability = 1;
  BlockDelta expiry;        ///< of the HTLC that the node receives
  DirectedChannel channel;  ///< first hop of that way
};

/// What an entry of the queue asks for; in this order among equals. 32 bits, so that entries have
/// no padding, around which compilers copy them in overlapping pieces.
enum class Step : std::uint32_t { relax_near, relax_middle, relax_far, settle };

struct Entry {
  std::int64_t key;  ///< a lower bound of the distance at which it can matter to the sender
  double probability;
  std::uint32_t node;
  Step step;
};

/// Orders entries for a heap with the greatest on top: (key, rows first, larger probability, node).
struct IsSettledLater {
  bool operator()(const Entry& a, const Entry& b) const {
    if (a.key != b.key) return a.key > b.key;
    if (a.step != b.step) return a.step > b.step;
    if (a.probability != b.probability) return a.probability < b.probability;
    return a.node > b.node;
  }
};
/// A heap of entries.
class Queue {
 public:
  bool empty() const { return entries_.empty(); }
  const Entry& top() const { return entries_.front(); }
  void push(const Entry& entry) {
    entries_.push_back(entry);
    std::push_heap(entries_.begin(), entries_.end(), IsSettledLater{});
  }
  void pop() {
    std::pop_heap(entries_.begin(), entries_.end(), IsSettledLater{});
    entries_.pop_back();
  }
  void clear() { entries_.clear(); }

 private:
  std::vector<Entry> entries_;
};

/// Parallel channels as one (lnd, routing/unified_edges.go getEdgeNetwork).
struct UnifiedChannel {
  DirectedChannel channel;  ///< none if no channel carries the amount
  Msat fee{-1};
  BlockDelta delta;
  Msat capacity;

  void add(const AnnouncedChannel& announced, Msat amount) {
    if (announced.is_disabled || !announced.carries(amount)) return;
    const Msat its_fee = forwarding_fee(announced.fee_base, announced.fee_proportional, amount);
    if (its_fee > fee) {  // rows are sorted: the first of equals has the smallest index
      fee = its_fee;
      channel = announced.channel;
    }
    delta = std::max(delta, announced.cltv_expiry_delta);
    capacity = std::max(capacity, announced.capacity);
  }
  bool is_none() const { return fee < Msat{0}; }
};

/// One of the sender's channels that can send the amount, and the next one to the same node.
struct OwnChannel {
  LocalChannel local;
  std::uint32_t next = 0;  ///< 1 + index in Scratch::own; 0 for none
};

struct Scratch {
  Scratch(std::size_t nodes, std::size_t channels)
      : distances(nodes, kUnreached),
        labels(nodes),
        knowledge(nodes, 0),
        own_to(nodes, 0),
        is_special(nodes, 0),
        outlook(nodes),
        limits(channels) {}

  // By node. Between searches: kUnreached, anything, 0, 0, 0.
  std::vector<std::int64_t> distances;
  std::vector<Label> labels;
  std::vector<std::uint32_t> knowledge;  ///< 1 + index into the view's nodes()
  std::vector<std::uint32_t> own_to;     ///< 1 + one of the own channels to it, in `own`
  std::vector<std::uint8_t> is_special;  ///< kLocal, kHot, kNextToTarget, kTwoFromTarget

  Outlook outlook;
  ChannelLimits limits;

  /// Nodes that a settled node is offered to at once.
  std::vector<std::uint32_t> special;
  std::vector<NodeId> reached;             ///< by starts_in_dead_end
  std::vector<std::uint32_t> near_target;  ///< one or two hops from the receiver
  std::vector<OwnChannel> own;
  std::vector<std::uint32_t> touched;  ///< whose distance is to be reset
  Queue queue;
};

/// Bits of Scratch::is_special: far end of an own channel; may have hops that are likelier than
/// those of nodes about which nothing is known; has a channel to the receiver, or
/// to a node that has one.
constexpr std::uint8_t kLocal = 1;
constexpr std::uint8_t kHot = 2;
constexpr std::uint8_t kNextToTarget = 4;
constexpr std::uint8_t kTwoFromTarget = 8;

}  // namespace ampsim::sim::lnd
