#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/routers/baseline_params.hpp"

/// The paths that senders of some papers' schemes keep for each receiver: up to so many, no two of
/// which share a channel, found one after another as if what those before use were not there. Each
/// is the shortest one left, or the one with the largest least capacity and then the fewest
/// channels; of equal ones that with the smaller channels at the sender. They come from the
/// announced graph alone (disabled channels left out, but for the sender's own), so they are found
/// once a pair and kept.
///
/// Memory: 8 bytes a channel of each path that was asked for.
///
/// Tested by tests/disjoint_paths_test.cpp.
namespace ampsim::sim {

using Path = std::vector<DirectedChannel>;

class DisjointPaths {
 public:
  /// The graph must outlive the paths.
  DisjointPaths(const ChannelGraph& graph, PathChoice choice, std::uint32_t count)
      : graph_(graph), choice_(choice), count_(count) {}

  /// In the order in which they were found; the reference stays valid.
  const std::vector<Path>& between(NodeId source, NodeId target);

 private:
  Path find(NodeId source, NodeId target, const std::vector<bool>& is_taken) const;

  const ChannelGraph& graph_;
  PathChoice choice_;
  std::uint32_t count_;
  std::unordered_map<std::uint64_t, std::vector<Path>> known_;  // only looked up
};

}  // namespace ampsim::sim
