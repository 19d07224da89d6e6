#include "sim/routing/disjoint_paths.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>
#include <utility>

#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {
namespace {

struct Label {
  Msat width;
  std::uint32_t hops = 0;
  DirectedChannel channel;
  bool is_settled = false;
};
/// Wide first where that counts, then near ones.
using Entry = std::tuple<std::int64_t, std::uint32_t, std::uint32_t>;

}  // namespace

const std::vector<Path>& DisjointPaths::between(NodeId source, NodeId target) {
  const std::uint64_t pair = (std::uint64_t{source.index} << 32U) | target.index;
  const auto [entry, is_new] = known_.try_emplace(pair);
  std::vector<Path>& paths = entry->second;
  if (!is_new) return paths;
  std::vector<bool> is_taken(graph_.channel_count(), false);
  while (paths.size() < count_) {
    Path path = find(source, target, is_taken);
    if (path.empty()) break;
    for (const DirectedChannel channel : path) is_taken[channel.channel().index] = true;
    paths.push_back(std::move(path));
  }
  return paths;
}

Path DisjointPaths::find(NodeId source, NodeId target, const std::vector<bool>& is_taken) const {
  const IncomingChannels& channels = graph_.incoming();
  std::vector<Label> labels(graph_.node_count());
  labels[target.index].width = Msat::max();
  const auto key = [&](const Label& label, std::uint32_t node) {
    const std::int64_t width = choice_ == PathChoice::widest ? -label.width.count : 0;
    return Entry{width, label.hops, node};
  };
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  queue.push(key(labels[target.index], target.index));
  while (!queue.empty()) {
    const NodeId node{std::get<2>(queue.top())};
    queue.pop();
    if (std::exchange(labels[node.index].is_settled, true)) continue;
    if (node == source) break;
    const auto edges = out_edges(node.index, channels.rows);
    for (auto edge = edges.first; edge != edges.second; ++edge) {
      const AnnouncedChannel& channel = channels.of_edge(*edge);
      const NodeId tail = graph_.tail(channel.channel);
      Label& label = labels[tail.index];
      if (label.is_settled || is_taken[channel.channel.channel().index]) continue;
      if (channel.is_disabled && tail != source) continue;
      const Label& at = labels[node.index];
      const Label longer{std::min(at.width, channel.htlc_maximum), at.hops + 1, channel.channel};
      const bool is_new = label.hops == 0;
      const Entry old_key = key(label, tail.index);
      const Entry new_key = key(longer, tail.index);
      if (!is_new &&
          (old_key < new_key || (old_key == new_key && label.channel < channel.channel))) {
        continue;
      }
      label = longer;
      queue.push(new_key);
    }
  }
  Path path;
  if (!labels[source.index].is_settled) return path;
  for (NodeId node = source; node != target; node = graph_.head(path.back())) {
    path.push_back(labels[node.index].channel);
  }
  return path;
}

}  // namespace ampsim::sim
