#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

/// How much the way from a node to the sender adds to a distance at least, the sender's own hop
/// included: what Dijkstra's searches from the sender's side have found, over what each hop adds at
/// least. Each search starts anew, passes only nodes that are not settled, and goes as far as it is
/// worth it; what it finds holds for those nodes. At any time
///
///   least(v) = the most that any search so far says
///   a search says: min(what it found for v, what a way adds that it did not look at)
///
/// So least(v) never falls from one time to the next, and it is consistent among nodes that are not
/// settled: least(u) <= least(v) + rise(v, u) for every channel from v to u.
///
/// Memory: 16 bytes a node. Tested by tests/reference_router_test.cpp.
namespace ampsim::sim::lnd {

class Outlook {
 public:
  /// Beyond every distance.
  static constexpr std::int64_t kFar = std::int64_t{1} << 60;

  explicit Outlook(std::size_t nodes) : least_(nodes, kFar), found_(nodes, kFar) {}

  /// Nothing but where it starts is nearer than `least`.
  void begin(std::int64_t least) { frontier_ = least; }
  /// A node next to the sender, before any search.
  void start_at(std::uint32_t node, std::int64_t least) {
    touch(node);
    least_[node] = least;
  }
  void end() {
    for (const std::uint32_t node : touched_) least_[node] = kFar;
    touched_.clear();
  }

  std::int64_t least(std::uint32_t node) const { return std::min(least_[node], frontier_); }
  std::int64_t frontier() const { return frontier_; }

  /// Searches from the starts, `hops.for_each_start(use(node, rise))`, over the hops of nodes, the
  /// nearest first, until it has looked at so many; returns at how many. `hops.least_rise(node)` is
  /// what all hops of a node add, `hops.count(node)` how many there are, and
  /// `hops.for_each(node, use(end, least, rise))` has those that a path may pass; `rise()` is
  /// dear and at least `least`. Afterwards
  /// `hops.use_least(node, least)` is told of each node that is not as far as the frontier.
  template <class Hops>
  std::uint64_t look(Hops& hops, std::uint64_t budget, std::int64_t most) {
    std::uint64_t looked = 0;
    const auto find = [&](std::uint32_t end, std::int64_t distance) {
      touch(end);
      found_[end] = distance;
      waiting_.push_back({distance + hops.least_rise(end), distance, end});
      std::push_heap(waiting_.begin(), waiting_.end());
    };
    hops.for_each_start([&](std::uint32_t node, std::int64_t rise) {
      ++looked;
      if (rise < found_[node]) find(node, rise);
    });
    while (!waiting_.empty() && waiting_.front().reach <= most) {
      const Waiting next = waiting_.front();
      const bool is_passed = found_[next.node] == next.distance;
      if (is_passed && looked + hops.count(next.node) > budget) break;
      std::pop_heap(waiting_.begin(), waiting_.end());
      waiting_.pop_back();
      if (!is_passed) continue;
      looked += 1 + hops.count(next.node);
      hops.for_each(next.node, [&](std::uint32_t end, std::int64_t least, auto rise) {
        if (found_[end] <= next.distance + least) return;
        const std::int64_t distance = next.distance + rise();
        if (distance < found_[end]) find(end, distance);
      });
    }
    const std::int64_t reach = waiting_.empty() ? kFar : waiting_.front().reach;
    waiting_.clear();
    for (const std::uint32_t node : touched_) {
      const std::int64_t said = std::min({found_[node], reach, kFar - 1});
      least_[node] = std::max(least(node), said);
      found_[node] = kFar;
    }
    frontier_ = std::max(frontier_, reach);
    for (const std::uint32_t node : touched_) hops.use_least(node, least_[node]);
    return looked;
  }

 private:
  struct Waiting {
    std::int64_t reach;  ///< no hop of the node ends nearer
    std::int64_t distance;
    std::uint32_t node;
    friend bool operator<(const Waiting& a, const Waiting& b) { return a.reach > b.reach; }
  };

  void touch(std::uint32_t node) {
    if (least_[node] == kFar && found_[node] == kFar) touched_.push_back(node);
  }

  std::vector<std::int64_t> least_;  ///< by node; kFar where it was not touched
  std::vector<std::int64_t> found_;  ///< by node; kFar between searches
  std::vector<std::uint32_t> touched_;
  std::vector<Waiting> waiting_;  ///< a heap
  std::int64_t frontier_ = 0;
};

}  // namespace ampsim::sim::lnd
