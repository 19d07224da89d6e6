#pragma once

#include <cstdint>

#include "topologies/topology.hpp"

/// A part of a network: some nodes, and all channels between them. Nodes and channels keep their
/// names, their order and what is known of them.
///
/// Cost: O(n + m log m).
///
/// Tested by tests/subnetwork_test.cpp.
namespace ampsim::topo {

enum class Subnetwork : std::uint8_t {
  all,
  largest_component,  ///< of equal ones that with the first node
  core,               ///< where every node has so many neighbours (topologies/neighbours.hpp)
  top,                ///< the nodes with most capacity in their channels, of equal ones the first
  snowball,           ///< a sample that grows along channels (Goodman 1961), always connected
};

struct SubnetworkParams {
  Subnetwork kind = Subnetwork::all;
  std::uint32_t core = 0;        ///< core: so many neighbours; 0 = the innermost core
  std::uint32_t nodes = 1000;    ///< top, snowball: at most so many
  std::uint32_t neighbours = 0;  ///< snowball: a node names so many of its own a time; 0 = all

  friend bool operator==(const SubnetworkParams&, const SubnetworkParams&) = default;
};

/// A snowball starts at a node of the largest component and goes on until it has its nodes, or all
/// of the component: each node in turn names neighbours that are not in it yet, in random order
/// (stream `subnetwork` of the seed). Errors: InputError for a core that is empty, and for `top`
/// where a channel has no capacity.
Topology subnetwork(Topology topology, const SubnetworkParams& params, std::uint64_t seed);

}  // namespace ampsim::topo
