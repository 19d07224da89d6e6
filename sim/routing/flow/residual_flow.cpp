#include "sim/routing/flow/residual_flow.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <boost/heap/d_ary_heap.hpp>

#include "core/check.hpp"
#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {
namespace {

using Edge = IncomingChannels::Rows::edge_descriptor;
constexpr std::int64_t kUnreached = std::numeric_limits<std::int64_t>::max();

struct Entry {
  std::int64_t distance;
  std::uint32_t node;
};
struct IsSettledLater {
  bool operator()(const Entry& a, const Entry& b) const {
    return a.distance != b.distance ? a.distance > b.distance : a.node > b.node;
  }
};
using Heap =
    boost::heap::d_ary_heap<Entry, boost::heap::arity<4>, boost::heap::compare<IsSettledLater>>;

/// By node.
struct Reached {
  std::uint32_t search = 0;  ///< number of the search that reached it last; even numbers backward
  DirectedChannel by;        ///< over this channel
};
struct Priced {
  std::int64_t distance = kUnreached;
  std::int64_t potential = 0;
  DirectedChannel by;
  bool is_settled = false;
};

}  // namespace

struct ResidualFlow::Scratch {
  explicit Scratch(std::size_t nodes) : reached(nodes), priced(nodes) {}

  std::vector<Reached> reached;
  std::uint32_t search = 0;
  std::vector<NodeId> forward;
  std::vector<NodeId> backward;
  std::vector<NodeId> next;

  std::vector<Priced> priced;
  std::vector<std::uint32_t> labelled;   ///< by this search
  std::vector<std::uint32_t> potential;  ///< nodes that have one
  Heap heap;
};

ResidualFlow::ResidualFlow(const ChannelGraph& graph)
    : graph_(graph),
      channels_(graph.incoming()),
      flow_(2 * graph.channel_count()),
      scratch_(std::make_unique<Scratch>(graph.node_count())) {}
ResidualFlow::~ResidualFlow() = default;

void ResidualFlow::begin(NodeId source,
                         NodeId target,
                         Msat amount,
                         const ChannelCapacities& capacities) {
  AMPSIM_CHECK(source != target && amount > Msat{0}, "a flow from a node to itself, or of nothing");
  source_ = source;
  target_ = target;
  amount_ = amount;
  capacities_ = &capacities;
}

void ResidualFlow::end() {
  for (const DirectedChannel channel : touched_) flow_[channel.index] = Msat{0};
  touched_.clear();
  for (const std::uint32_t node : scratch_->potential) scratch_->priced[node].potential = 0;
  scratch_->potential.clear();
  capacities_ = nullptr;
}

Msat ResidualFlow::capacity(const AnnouncedChannel& channel, NodeId tail) const {
  if (channel.htlc_minimum > amount_ || (channel.is_disabled && tail != source_)) return Msat{0};
  const Msat most = capacities_->of(channel.channel);
  if (most <= channel.htlc_maximum) return most;
  if (channel.htlc_maximum < channel.htlc_minimum) return Msat{0};
  // In as many HTLCs as there are slots for.
  const Int128 together = Int128{channel.htlc_maximum.count} * capacities_->slots(channel.channel);
  return together < most.count ? Msat{static_cast<std::int64_t>(together)} : most;
}

Msat ResidualFlow::residual(DirectedChannel channel) const {
  return capacity(channels_.at(channel), graph_.tail(channel)) - flow_[channel.index] +
         flow_[channel.reversed().index];
}

void ResidualFlow::push(std::span<const DirectedChannel> path, Msat amount) {
  for (const DirectedChannel channel : path) {
    Msat& back = flow_[channel.reversed().index];
    const Msat cancelled = std::min(back, amount);
    back -= cancelled;
    flow_[channel.index] += amount - cancelled;
    touched_.push_back(channel);
  }
}

/// Whether the other search was met.
bool ResidualFlow::expand_forward(NodeId node, Msat least) {
  Scratch& s = *scratch_;
  const auto edges = out_edges(node.index, channels_.rows);
  for (auto edge = edges.first; edge != edges.second; ++edge) {
    const NodeId head{target(*edge, channels_.rows)};
    Reached& reached = s.reached[head.index];
    if (reached.search == s.search + 1) continue;
    const DirectedChannel channel = channels_.channel_of(*edge).reversed();
    if (residual(channel) < least) continue;
    if (reached.search == s.search) {
      meeting_ = head;
      path_ = {channel};
      return true;
    }
    reached = {s.search + 1, channel};
    s.next.push_back(head);
  }
  return false;
}

bool ResidualFlow::expand_backward(NodeId node, Msat least) {
  Scratch& s = *scratch_;
  const auto edges = out_edges(node.index, channels_.rows);
  for (auto edge = edges.first; edge != edges.second; ++edge) {
    const NodeId tail{target(*edge, channels_.rows)};
    Reached& reached = s.reached[tail.index];
    if (reached.search == s.search) continue;
    const AnnouncedChannel& channel = channels_.of_edge(*edge);
    const Msat left = capacity(channel, tail) - flow_[channel.channel.index] +
                      flow_[channel.channel.reversed().index];
    if (left < least) continue;
    if (reached.search == s.search + 1) {
      meeting_ = node;
      path_ = {channel.channel};
      return true;
    }
    reached = {s.search, channel.channel};
    s.next.push_back(tail);
  }
  return false;
}

std::span<const DirectedChannel> ResidualFlow::find_near(Msat least) {
  Scratch& s = *scratch_;
  s.search += 2;
  s.reached[source_.index].search = s.search + 1;
  s.reached[target_.index].search = s.search;
  s.forward = {source_};
  s.backward = {target_};
  bool has_met = false;
  while (!has_met && !s.forward.empty() && !s.backward.empty()) {
    const bool is_forward = s.forward.size() <= s.backward.size();
    std::vector<NodeId>& frontier = is_forward ? s.forward : s.backward;
    s.next.clear();
    for (const NodeId node : frontier) {
      has_met = is_forward ? expand_forward(node, least) : expand_backward(node, least);
      if (has_met) break;
    }
    std::swap(frontier, s.next);
  }
  if (!has_met) return {};
  // path_ has the channel over which they met, which leads into `meeting_`.
  for (NodeId node = graph_.tail(path_.front()); node != source_;) {
    path_.push_back(s.reached[node.index].by);
    node = graph_.tail(path_.back());
  }
  std::reverse(path_.begin(), path_.end());
  for (NodeId node = meeting_; node != target_;) {
    path_.push_back(s.reached[node.index].by);
    node = graph_.head(path_.back());
  }
  return path_;
}

Msat ResidualFlow::add_near(Msat most) {
  constexpr std::int64_t kStep = 4;
  constexpr std::int64_t kSteps = 256;  // narrower paths are not worth a search of their own
  Msat added;
  std::int64_t divisor = 1;
  while (added < most) {
    const Msat least = std::max(Msat{1}, divisor > kSteps ? Msat{1} : (most - added) / divisor);
    const auto path = find_near(least);
    if (path.empty()) {
      if (least == Msat{1}) break;
      divisor *= kStep;
      continue;
    }
    Msat narrowest = most - added;
    for (const DirectedChannel channel : path) narrowest = std::min(narrowest, residual(channel));
    push(path, narrowest);
    added += narrowest;
  }
  return added;
}

std::int64_t ResidualFlow::cost(const AnnouncedChannel& channel, NodeId tail) const {
  constexpr std::int64_t kPerMsat = 8;
  if (tail == source_) return 1;
  return 1 + kPerMsat * forwarding_fee(channel, amount_).count;
}

void ResidualFlow::relax_cheapest(NodeId node) {
  Scratch& s = *scratch_;
  const Priced at = s.priced[node.index];
  const auto edges = out_edges(node.index, channels_.rows);
  for (auto edge = edges.first; edge != edges.second; ++edge) {
    const NodeId tail{target(*edge, channels_.rows)};
    Priced& label = s.priced[tail.index];
    if (label.is_settled || tail == target_) continue;
    const AnnouncedChannel& channel = channels_.of_edge(*edge);
    const DirectedChannel back = channel.channel.reversed();
    std::int64_t step = 0;
    if (flow_[back.index] > Msat{0}) {
      step = -cost(channels_.at(back), node);  // takes flow off the way back
    } else if (capacity(channel, tail) > flow_[channel.channel.index]) {
      step = cost(channel, tail);
    } else {
      continue;
    }
    const std::int64_t distance = at.distance + step + at.potential - label.potential;
    if (distance > label.distance) continue;
    if (distance == label.distance && label.by < channel.channel) continue;
    if (label.distance == kUnreached) s.labelled.push_back(tail.index);
    if (distance < label.distance) s.heap.push({distance, tail.index});
    label.distance = distance;
    label.by = channel.channel;
  }
}

/// Whether the source was reached; then the potentials are those of the distances.
bool ResidualFlow::search_cheapest() {
  Scratch& s = *scratch_;
  s.priced[target_.index].distance = 0;
  s.labelled.push_back(target_.index);
  s.heap.push({0, target_.index});
  while (!s.heap.empty()) {
    const Entry top = s.heap.top();
    s.heap.pop();
    Priced& label = s.priced[top.node];
    if (label.is_settled) continue;
    label.is_settled = true;
    if (top.node == source_.index) break;
    relax_cheapest(NodeId{top.node});
  }
  const std::int64_t reached = s.priced[source_.index].distance;
  if (!s.priced[source_.index].is_settled) return false;
  for (const std::uint32_t node : s.labelled) {
    Priced& label = s.priced[node];
    if (!label.is_settled || label.distance >= reached) continue;
    label.potential += label.distance - reached;
    s.potential.push_back(node);
  }
  return true;
}

Msat ResidualFlow::add_cheapest_path(Msat most) {
  Scratch& s = *scratch_;
  const bool is_found = search_cheapest();
  path_.clear();
  Msat narrowest = most;
  for (NodeId node = source_; is_found && node != target_;) {
    const DirectedChannel channel = s.priced[node.index].by;
    path_.push_back(channel);
    // Flow is taken off the way back before any is added: both are not the same price.
    const Msat back = flow_[channel.reversed().index];
    narrowest = std::min(narrowest, back > Msat{0} ? back : residual(channel));
    node = graph_.head(channel);
  }
  for (const std::uint32_t node : s.labelled) {
    s.priced[node].distance = kUnreached;
    s.priced[node].is_settled = false;
  }
  s.labelled.clear();
  s.heap.clear();
  if (!is_found) return Msat{0};
  push(path_, narrowest);
  return narrowest;
}

Msat ResidualFlow::add_cheapest(Msat most) {
  Msat added;
  while (added < most) {
    const Msat more = add_cheapest_path(most - added);
    if (more == Msat{0}) break;
    added += more;
  }
  return added;
}

Msat ResidualFlow::take_off(std::span<const DirectedChannel> channels) {
  Msat least = Msat::max();
  for (const DirectedChannel channel : channels) least = std::min(least, flow_[channel.index]);
  for (const DirectedChannel channel : channels) flow_[channel.index] -= least;
  return least;
}

std::vector<FlowPath> ResidualFlow::take_paths() {
  std::vector<DirectedChannel> carrying;
  for (const DirectedChannel channel : touched_) {
    if (flow_[channel.index] > Msat{0}) carrying.push_back(channel);
  }
  std::sort(carrying.begin(), carrying.end());
  carrying.erase(std::unique(carrying.begin(), carrying.end()), carrying.end());
  const auto widest_from = [&](NodeId node) {
    DirectedChannel widest;
    for (const DirectedChannel channel : carrying) {
      if (graph_.tail(channel) != node || flow_[channel.index] == Msat{0}) continue;
      if (widest == DirectedChannel{} || flow_[channel.index] > flow_[widest.index]) {
        widest = channel;
      }
    }
    return widest;
  };
  std::vector<FlowPath> paths;
  while (widest_from(source_) != DirectedChannel{}) {
    FlowPath path;
    for (NodeId node = source_; node != target_; node = graph_.head(path.channels.back())) {
      // A cycle carries nothing to the target.
      const auto again = std::find_if(path.channels.begin(), path.channels.end(),
                                      [&](DirectedChannel c) { return graph_.tail(c) == node; });
      if (again != path.channels.end()) {
        path.channels.erase(path.channels.begin(), again);
        take_off(path.channels);
        path.channels.clear();
        node = source_;
      }
      const DirectedChannel onward = widest_from(node);
      if (onward == DirectedChannel{}) break;  // all of the source's flow went round in a cycle
      path.channels.push_back(onward);
    }
    if (path.channels.empty()) continue;
    path.amount = take_off(path.channels);
    paths.push_back(std::move(path));
  }
  std::stable_sort(paths.begin(), paths.end(),
                   [](const FlowPath& a, const FlowPath& b) { return a.amount > b.amount; });
  return paths;
}

}  // namespace ampsim::sim
