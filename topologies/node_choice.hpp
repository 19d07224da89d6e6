#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/units.hpp"
#include "topologies/topology.hpp"

/// Some nodes of a network: the most central ones, random ones, or those named.
///
/// Tested by tests/attack_targets_test.cpp and tests/observer_test.cpp.
namespace ampsim::topo {

enum class NodeChoice : std::uint8_t {
  degree,       ///< with most channels
  betweenness,  ///< on most shortest paths (topologies/centrality.hpp)
  capacity,     ///< with most capacity
  random,       ///< any with two channels or more: who has one forwards nothing
  listed,       ///< named
};

struct NodeChoiceParams {
  NodeChoice by = NodeChoice::degree;
  std::uint32_t count = 0;  ///< how many at most; of listed nodes all
  std::string listed;       ///< names, separated by spaces
};

/// In the order of their rank, of the draw, or of the list; each once. `purpose` names the stream
/// of the seed that random nodes come from; `key` is the setting that an error is about. Errors:
/// InputError for a listed name that is no node, and for a list without names.
std::vector<NodeId> choose_nodes(const Topology& topology,
                                 const NodeChoiceParams& params,
                                 std::string_view purpose,
                                 const std::string& key,
                                 std::uint64_t seed);

}  // namespace ampsim::topo
