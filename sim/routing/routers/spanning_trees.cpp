#include "sim/routing/routers/spanning_trees.hpp"

#include <algorithm>
#include <tuple>

#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {

bool SpanningTrees::Offer::operator>(const Offer& other) const {
  return std::tuple(depth, node, up) > std::tuple(other.depth, other.node, other.up);
}

SpanningTrees::SpanningTrees(const ChannelGraph& graph,
                             const Network& network,
                             std::uint32_t landmarks)
    : graph_(graph), network_(network) {
  std::vector<NodeId> nodes;
  for (std::uint32_t i = 0; i < graph.node_count(); ++i) nodes.push_back({i});
  const std::size_t count = std::min<std::size_t>(landmarks, nodes.size());
  std::vector<std::uint32_t> degrees(nodes.size(), 0);
  for (std::uint32_t i = 0; i < 2 * graph.channel_count(); ++i) ++degrees[graph.head({i}).index];
  std::partial_sort(
      nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(count), nodes.end(),
      [&](NodeId a, NodeId b) {
        return degrees[a.index] != degrees[b.index] ? degrees[a.index] > degrees[b.index] : a < b;
      });
  landmarks_.assign(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(count));
  for (const NodeId landmark : landmarks_) {
    trees_.emplace_back(graph.node_count())[landmark.index].depth = 0;
  }
  mend();
  messages_ = 0;
}

SpanningTrees::Link SpanningTrees::link_over(DirectedChannel channel) const {
  if (!network_.is_connected(channel)) return Link::none;
  const Channel& ledger = network_.channel(channel.channel());
  const int ways =
      (ledger.spendable(0) > Msat{0} ? 1 : 0) + (ledger.spendable(1) > Msat{0} ? 1 : 0);
  return static_cast<Link>(ways);
}

/// Nodes with a broken link, and all whose way up leads over one.
void SpanningTrees::detach_broken(std::vector<Place>& tree) const {
  enum class State : std::uint8_t { unknown, holds, fallen };
  std::vector<State> states(tree.size(), State::unknown);
  std::vector<std::uint32_t> way;
  for (std::uint32_t start = 0; start < tree.size(); ++start) {
    if (tree[start].depth == kUnattached) continue;
    State state = State::unknown;
    for (std::uint32_t node = start; state == State::unknown;) {
      const Place& place = tree[node];
      if (states[node] != State::unknown) {
        state = states[node];
      } else if (place.depth == 0) {
        state = State::holds;
      } else {
        way.push_back(node);
        if (link_over(place.up) < place.link) {
          state = State::fallen;
        } else {
          node = graph_.head(place.up).index;
        }
      }
    }
    for (const std::uint32_t node : way) states[node] = state;
    way.clear();
  }
  for (std::uint32_t node = 0; node < tree.size(); ++node) {
    if (states[node] == State::fallen) tree[node] = {};
  }
}

void SpanningTrees::offer_to_neighbours(const std::vector<Place>& tree,
                                        NodeId node,
                                        Link least,
                                        Offers& offers) {
  const auto edges = out_edges(node.index, graph_.incoming().rows);
  for (auto edge = edges.first; edge != edges.second; ++edge) {
    const DirectedChannel up = graph_.incoming().channel_of(*edge);
    const NodeId tail = graph_.tail(up);
    if (tree[tail.index].depth != kUnattached || link_over(up) < least) continue;
    offers.push({tree[node.index].depth + 1, tail, up});
  }
}

/// Nodes without a coordinate, near the root first.
void SpanningTrees::attach(std::vector<Place>& tree, Link least) {
  Offers offers;
  const auto& rows = graph_.incoming().rows;
  for (std::uint32_t node = 0; node < tree.size(); ++node) {
    if (tree[node].depth != kUnattached) continue;
    // Its row holds what leads to it: the other direction leads up.
    const auto edges = out_edges(node, rows);
    for (auto edge = edges.first; edge != edges.second; ++edge) {
      const DirectedChannel up = graph_.incoming().channel_of(*edge).reversed();
      const std::uint32_t depth = tree[graph_.head(up).index].depth;
      if (depth != kUnattached && link_over(up) >= least) offers.push({depth + 1, {node}, up});
    }
  }
  while (!offers.empty()) {
    const Offer best = offers.top();
    offers.pop();
    Place& place = tree[best.node.index];
    if (place.depth != kUnattached) continue;
    place = {best.up, best.depth, link_over(best.up)};
    ++messages_;
    offer_to_neighbours(tree, best.node, least, offers);
  }
}

void SpanningTrees::mend() {
  for (std::vector<Place>& tree : trees_) {
    detach_broken(tree);
    attach(tree, Link::both_ways);
    attach(tree, Link::one_way);
  }
}

std::uint32_t SpanningTrees::distance(std::size_t tree, NodeId a, NodeId b) const {
  const std::vector<Place>& places = trees_[tree];
  if (places[a.index].depth == kUnattached || places[b.index].depth == kUnattached) {
    return kUnattached;
  }
  std::uint32_t links = 0;
  for (; a != b; ++links) {
    NodeId& lower = places[a.index].depth >= places[b.index].depth ? a : b;
    lower = graph_.head(places[lower.index].up);
  }
  return links;
}

}  // namespace ampsim::sim
