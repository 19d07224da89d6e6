#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

/// How much the way from a node to the sender adds to a distance at least: Dijkstra's search from
/// the sender's side, over what each hop adds at least, that is carried on as far as it is worth
/// it. At any time
///
///   least(v) = min(what was found for v, what a way adds that was not looked at)
///
/// It never falls from one time to the next, and it is consistent: least(u) <= least(v) + rise(v,
/// u) for every channel from v to u.
///
/// Memory: 8 bytes a node. Tested by tests/reference_router_test.cpp.
namespace ampsim::sim::lnd {

class Outlook {
 public:
  /// Beyond every distance.
  static constexpr std::int64_t kFar = std::int64_t{1} << 60;

  explicit Outlook(std::size_t nodes) : found_(nodes, kFar) {}

  /// Nothing but where it starts is nearer than `least`.
  void begin(std::int64_t least) { frontier_ = least; }
  /// A node next to the sender, whose hops add at least `rise`.
  void start_at(std::uint32_t node, std::int64_t rise) {
    if (found_[node] == 0) return;
    found(node, 0);
    push({rise, 0, node});
  }
  /// A node that no way passes.
  void exclude(std::uint32_t node) { found(node, -1); }
  void end() {
    for (const std::uint32_t node : touched_) found_[node] = kFar;
    touched_.clear();
    waiting_.clear();
  }

  std::int64_t least(std::uint32_t node) const { return std::min(found_[node], frontier_); }
  std::int64_t frontier() const { return frontier_; }

  /// Looks at the hops of nodes, the nearest first, until it has looked at so many; returns at how
  /// many. `hops.least_rise(node)` is what all hops of a node add, and
  /// `hops.for_each(node, use(end, rise))` has those that a path may pass.
  template <class Hops>
  std::uint64_t look(const Hops& hops, std::uint64_t budget) {
    std::uint64_t looked = 0;
    while (looked < budget && !waiting_.empty()) {
      std::pop_heap(waiting_.begin(), waiting_.end());
      const Waiting next = waiting_.back();
      waiting_.pop_back();
      ++looked;
      if (found_[next.node] != next.distance) continue;
      hops.for_each(next.node, [&](std::uint32_t end, std::int64_t rise) {
        ++looked;
        const std::int64_t distance = next.distance + rise;
        if (found_[end] <= distance) return;
        found(end, distance);
        push({distance + hops.least_rise(end), distance, end});
      });
    }
    frontier_ = waiting_.empty() ? kFar : std::max(frontier_, waiting_.front().reach);
    return looked;
  }

 private:
  struct Waiting {
    std::int64_t reach;  ///< no hop of the node ends nearer
    std::int64_t distance;
    std::uint32_t node;
    friend bool operator<(const Waiting& a, const Waiting& b) { return a.reach > b.reach; }
  };

  void found(std::uint32_t node, std::int64_t distance) {
    if (found_[node] == kFar) touched_.push_back(node);
    found_[node] = distance;
  }
  void push(const Waiting& waiting) {
    waiting_.push_back(waiting);
    std::push_heap(waiting_.begin(), waiting_.end());
  }

  std::vector<std::int64_t> found_;  ///< by node; kFar between searches
  std::vector<std::uint32_t> touched_;
  std::vector<Waiting> waiting_;  ///< a heap
  std::int64_t frontier_ = 0;
};

}  // namespace ampsim::sim::lnd
