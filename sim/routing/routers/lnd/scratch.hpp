#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/routers/lnd/channel_limits.hpp"
#include "sim/routing/routers/lnd/failure_weights.hpp"
#include "sim/routing/routers/lnd/label.hpp"
#include "sim/routing/routers/lnd/outlook.hpp"
#include "sim/routing/views/apriori.hpp"

/// What a search of lnd's router writes on, kept from one search to the next so that none of them
/// allocates: labels, the queue, and what is known of nodes.
///
/// Memory: 81 bytes a node and 2 a channel, and 4 an edge of the rows that wait.
///
/// Tested by tests/reference_router_test.cpp.
namespace ampsim::sim::lnd {

constexpr std::int64_t kSettled = -1;  // below every distance: no candidate beats it
/// No way yet, but not as the tree has it (on_tree.hpp).
constexpr std::int64_t kLoose = kUnreached - 1;

/// What an entry of the queue asks for; in this order among equals. 32 bits, so that entries have
/// no padding, around which compilers copy them in overlapping pieces.
enum class Step : std::uint32_t { relax, relax_rest, settle };

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
  /// `change(entry)` may change it; it is gone where that returns false.
  template <class Change>
  void change(const Change& change) {
    std::erase_if(entries_, [&](Entry& entry) { return !change(entry); });
    std::make_heap(entries_.begin(), entries_.end(), IsSettledLater{});
  }

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

/// Part of Scratch::rests.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t size() const { return end - begin; }
};

/// One of the sender's channels that can send the amount, and the next one to the same node.
struct OwnChannel {
  LocalChannel local;
  std::uint32_t next = 0;  ///< 1 + index in Scratch::own; 0 for none
};

/// What a node takes at least for any amount, over any of its channels.
struct LeastFee {
  std::uint32_t base = std::numeric_limits<std::uint32_t>::max();
  Ppm proportional{std::numeric_limits<std::uint32_t>::max()};

  void add(const AnnouncedChannel& channel) {
    base =
        static_cast<std::uint32_t>(std::min(std::max(channel.fee_base, Msat{0}), Msat{base}).count);
    proportional = std::min(proportional, channel.fee_proportional);
  }
  Msat of(Msat amount) const { return forwarding_fee(Msat{base}, proportional, amount); }
};

struct Scratch {
  explicit Scratch(const ChannelGraph& graph) : Scratch(graph.node_count(), graph.channel_count()) {
    for (std::uint32_t i = 0; i < 2 * graph.channel_count(); ++i) {
      const AnnouncedChannel& channel = graph.announced({i});
      if (!channel.is_disabled) least_fees[graph.tail({i}).index].add(channel);
    }
  }
  Scratch(std::size_t nodes, std::size_t channels)
      : least_fees(nodes),
        distances(nodes, kUnreached),
        labels(nodes),
        knowledge(nodes, 0),
        own_to(nodes, 0),
        is_special(nodes, 0),
        rest(nodes),
        outlook(nodes),
        limits(channels) {}

  std::vector<LeastFee> least_fees;  ///< by node; always the same

  // By node. Between searches: kUnreached, anything, 0, 0, 0.
  std::vector<std::int64_t> distances;
  std::vector<Label> labels;
  std::vector<std::uint32_t> knowledge;  ///< 1 + index into the view's nodes()
  std::vector<std::uint32_t> own_to;     ///< 1 + one of the own channels to it, in `own`
  std::vector<std::uint8_t> is_special;  ///< kLocal, kHot, kNextToTarget, kTwoFromTarget

  std::vector<Range> rest;           ///< by node; valid where an entry says so
  std::vector<std::uint32_t> rests;  ///< edges of rows whose tails wait
  std::uint32_t rests_end = 0;       ///< behind the last of them

  Outlook outlook;
  ChannelLimits limits;
  FailureWeights weights;

  /// Nodes that a settled node is offered to at once.
  std::vector<std::uint32_t> special;
  std::vector<NodeId> reached;             ///< by starts_in_dead_end
  std::vector<std::uint32_t> near_target;  ///< one or two hops from the receiver
  std::vector<OwnChannel> own;
  std::vector<std::uint32_t> loose;    ///< whose labels are not those of the tree
  std::vector<Entry> firm_heads;       ///< next to the sender, with the label of the tree
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
