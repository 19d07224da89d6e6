#include "topologies/subnetwork.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "topologies/neighbours.hpp"

namespace ampsim::topo {
namespace {

using Chosen = std::vector<bool>;  // by node

Chosen largest_component(const Neighbours& neighbours) {
  const Components components = components_of(neighbours);
  const std::uint32_t largest = components.largest();
  Chosen chosen(neighbours.node_count());
  for (std::uint32_t node = 0; node < chosen.size(); ++node) {
    chosen[node] = components.of[node] == largest;
  }
  return chosen;
}

Chosen core(const Neighbours& neighbours, std::uint32_t k) {
  const std::vector<std::uint32_t> numbers = core_numbers(neighbours);
  const std::uint32_t innermost = *std::max_element(numbers.begin(), numbers.end());
  if (k > innermost) {
    throw InputError({.key = "topology.subnetwork_core"},
                     fmt::format("found {}; allowed: up to {}, which is the innermost core of the "
                                 "network, or 0 for that",
                                 k, innermost));
  }
  Chosen chosen(numbers.size());
  for (std::size_t node = 0; node < chosen.size(); ++node) {
    chosen[node] = numbers[node] >= (k == 0 ? innermost : k);
  }
  return chosen;
}

Chosen top(const Topology& topology, std::uint32_t count) {
  std::vector<Int128> capacity(topology.nodes.size());
  for (const Channel& channel : topology.channels) {
    if (!channel.capacity) {
      throw InputError({.key = "topology.subnetwork"},
                       fmt::format("found \"top\", but channel \"{}\" has no capacity; allowed "
                                   "here: all, largest_component, core, snowball",
                                   channel.id));
    }
    for (const NodeId end : channel.ends) capacity[end.index] += channel.capacity->count;
  }
  std::vector<std::uint32_t> order(topology.nodes.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return capacity[a] > capacity[b]; });
  Chosen chosen(order.size());
  for (std::size_t i = 0; i < order.size() && i < count; ++i) chosen[order[i]] = true;
  return chosen;
}

class Snowball {
 public:
  Snowball(const Neighbours& neighbours, const SubnetworkParams& params, std::uint64_t seed)
      : neighbours_(neighbours),
        params_(params),
        rng_(seed, "subnetwork"),
        chosen_(neighbours.node_count()) {}

  Chosen grow() {
    const Chosen component = largest_component(neighbours_);
    std::vector<std::uint32_t> candidates;
    for (std::uint32_t node = 0; node < component.size(); ++node) {
      if (component[node]) candidates.push_back(node);
    }
    add(candidates[rng_.below(candidates.size())]);
    const std::size_t most = std::min<std::size_t>(params_.nodes, candidates.size());
    // Where every node names a few only, those that are there name others in another round.
    while (nodes_.size() < most) {
      for (std::size_t i = 0; i < nodes_.size() && nodes_.size() < most; ++i) ask(nodes_[i], most);
    }
    return std::move(chosen_);
  }

 private:
  void add(std::uint32_t node) {
    chosen_[node] = true;
    nodes_.push_back(node);
  }

  void ask(std::uint32_t node, std::size_t most) {
    std::vector<std::uint32_t> named;
    for (const std::uint32_t other : neighbours_.of(node)) {
      if (!chosen_[other]) named.push_back(other);
    }
    for (std::size_t i = 0; i < named.size() && nodes_.size() < most; ++i) {
      if (params_.neighbours != 0 && i == params_.neighbours) return;
      std::swap(named[i], named[i + rng_.below(named.size() - i)]);
      add(named[i]);
    }
  }

  const Neighbours& neighbours_;
  const SubnetworkParams& params_;
  Rng rng_;
  Chosen chosen_;
  std::vector<std::uint32_t> nodes_;  // in the order in which they were named
};

Topology only(Topology topology, const Chosen& chosen) {
  std::vector<NodeId> moved(chosen.size());
  std::uint32_t count = 0;
  for (std::size_t node = 0; node < chosen.size(); ++node) {
    if (!chosen[node]) continue;
    moved[node] = NodeId{count};
    if (count != node) topology.nodes[count] = std::move(topology.nodes[node]);
    ++count;
  }
  topology.nodes.resize(count);
  std::erase_if(topology.channels, [&](const Channel& channel) {
    return !chosen[channel.ends[0].index] || !chosen[channel.ends[1].index];
  });
  for (Channel& channel : topology.channels) {
    for (NodeId& end : channel.ends) end = moved[end.index];
  }
  return topology;
}

}  // namespace

Topology subnetwork(Topology topology, const SubnetworkParams& params, std::uint64_t seed) {
  if (params.kind == Subnetwork::all || topology.nodes.empty()) return topology;
  if (params.kind == Subnetwork::top) {
    const Chosen chosen = top(topology, params.nodes);
    return only(std::move(topology), chosen);
  }
  const Neighbours neighbours(topology);
  Chosen chosen;
  if (params.kind == Subnetwork::largest_component) chosen = largest_component(neighbours);
  if (params.kind == Subnetwork::core) chosen = core(neighbours, params.core);
  if (params.kind == Subnetwork::snowball) chosen = Snowball(neighbours, params, seed).grow();
  return only(std::move(topology), chosen);
}

}  // namespace ampsim::topo
