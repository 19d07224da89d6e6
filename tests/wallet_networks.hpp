#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "sim/routing/router.hpp"
#include "tests/small_network.hpp"
#include "topologies/topology.hpp"

/// What the tests of the wallets' routers share: random networks and requests, all simple paths,
/// the search of sim/routing/routers/backward_search.hpp as it reads, and what every answer has to
/// keep to.
namespace ampsim::test {

/// A random multigraph of 3 to `most_nodes` nodes; with `is_free`, nobody asks for a fee and every
/// amount from 1 msat is carried.
SmallNetwork random_wallet_network(Rng& rng, std::uint64_t most_nodes, bool is_free);

/// A request of node 0 to another node, and what it refers to.
struct RandomRequest {
  RandomRequest(Rng& rng, const topo::Topology& topology, bool is_narrow);
  RandomRequest(const RandomRequest&) = delete;
  RandomRequest& operator=(const RandomRequest&) = delete;

  std::vector<sim::LocalChannel> local;
  std::vector<ChannelId> avoided;
  std::vector<sim::ChannelUse> used;
  std::vector<sim::FailedHop> failed;
  sim::RouteRequest request;
};

using Path = std::vector<DirectedChannel>;

/// Every path from one node to another that passes no node twice.
void for_each_simple_path(const topo::Topology& topology,
                          NodeId source,
                          NodeId target,
                          const std::function<void(const Path&)>& visit);

inline const topo::ForwardingPolicy& policy_of(const topo::Topology& topology,
                                               DirectedChannel channel) {
  return *topology.channels[channel.channel().index].policy[channel.direction()];
}

/// Whether the request forbids the channel: avoided, or failed before.
bool is_forbidden(const sim::RouteRequest& request, DirectedChannel channel);

/// The search as it reads: every node, every channel, nothing pruned, nothing aimed at. `extend`
/// adds a hop before a label, or does not; it is asked about the sender's own channels, too.
template <class Label>
struct PlainSearch {
  const topo::Topology& topology;
  NodeId source;
  std::function<std::optional<Label>(const Label&, DirectedChannel)> extend;

  struct State {
    std::optional<Label> label;
    DirectedChannel next;
    bool is_settled = false;
  };
  std::vector<State> states{};

  /// The path from the source to `from`, which has the label; none of `closed` is passed.
  std::optional<Path> run(NodeId from, const Label& start, std::span<const NodeId> closed) {
    states.assign(topology.nodes.size(), {});
    for (const NodeId node : closed) states[node.index].is_settled = true;
    states[from.index].label = start;
    while (settle_next()) {
    }
    if (!states[source.index].label) return std::nullopt;
    Path path;
    for (NodeId node = source; node != from; node = topology.target(path.back())) {
      path.push_back(states[node.index].next);
    }
    return path;
  }

  bool settle_next() {
    std::optional<std::uint32_t> least;
    for (std::uint32_t node = 0; node < states.size(); ++node) {
      const State& state = states[node];
      if (state.is_settled || !state.label || node == source.index) continue;
      if (!least || state.label->score < states[*least].label->score) least = node;
    }
    if (!least) return false;
    states[*least].is_settled = true;
    const Label pivot = *states[*least].label;
    for (std::uint32_t i = 0; i < 2 * topology.channels.size(); ++i) {
      const DirectedChannel channel{i};
      if (topology.target(channel).index != *least) continue;
      State& tail = states[topology.source(channel).index];
      if (tail.is_settled) continue;
      const std::optional<Label> label = extend(pivot, channel);
      if (!label || (tail.label && tail.label->score < label->score)) continue;
      if (tail.label && tail.label->score == label->score && tail.next < channel) continue;
      tail.label = label;
      tail.next = channel;
    }
    return true;
  }
};

/// Checks what every router has to keep to: amounts, balances, policies, limits, what is forbidden.
void check_routes(const topo::Topology& topology,
                  const sim::RouteRequest& request,
                  const std::vector<sim::Route>& routes);

}  // namespace ampsim::test
