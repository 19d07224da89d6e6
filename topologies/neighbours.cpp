#include "topologies/neighbours.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/core_numbers.hpp>

namespace ampsim::topo {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;

Graph graph_of(const Neighbours& neighbours) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  pairs.reserve(neighbours.pair_count());
  for (std::uint32_t node = 0; node < neighbours.node_count(); ++node) {
    for (const std::uint32_t other : neighbours.of(node)) {
      if (node < other) pairs.emplace_back(node, other);
    }
  }
  return {pairs.begin(), pairs.end(), neighbours.node_count()};
}

}  // namespace

Neighbours::Neighbours(const Topology& topology) : first_(topology.nodes.size() + 1) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> links;
  links.reserve(2 * topology.channels.size());
  for (const Channel& channel : topology.channels) {
    links.emplace_back(channel.ends[0].index, channel.ends[1].index);
    links.emplace_back(channel.ends[1].index, channel.ends[0].index);
  }
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
  targets_.reserve(links.size());
  for (const auto& [from, to] : links) {
    ++first_[from + 1];
    targets_.push_back(to);
  }
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
}

std::uint32_t Components::largest() const {
  return static_cast<std::uint32_t>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
}

Components components_of(const Neighbours& neighbours) {
  const Graph graph = graph_of(neighbours);
  Components components;
  components.of.resize(neighbours.node_count());
  if (components.of.empty()) return components;
  components.sizes.resize(boost::connected_components(
      graph, boost::make_iterator_property_map(components.of.begin(),
                                               boost::get(boost::vertex_index, graph))));
  for (const std::uint32_t component : components.of) ++components.sizes[component];
  return components;
}

std::vector<std::uint32_t> core_numbers(const Neighbours& neighbours) {
  const Graph graph = graph_of(neighbours);
  std::vector<std::uint32_t> numbers(neighbours.node_count());
  if (numbers.empty()) return numbers;
  boost::core_numbers(graph, boost::make_iterator_property_map(
                                 numbers.begin(), boost::get(boost::vertex_index, graph)));
  return numbers;
}

std::vector<std::uint32_t> articulation_points(const Neighbours& neighbours) {
  const Graph graph = graph_of(neighbours);
  std::vector<std::uint32_t> points;
  boost::articulation_points(graph, std::back_inserter(points));
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

}  // namespace ampsim::topo
