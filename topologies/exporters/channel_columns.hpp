#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topologies/topology.hpp"

/// Channels as columns with names: the edge list and GraphML write the same ones, those that
/// topologies/importers/channel_fields.hpp reads.
///
/// Tested by tests/exporters_test.cpp.
namespace ampsim::topo {

struct ChannelColumn {
  std::string name;
  std::string_view type;  ///< of GraphML: "long" or "boolean"
  /// What a channel says there, "" for nothing.
  std::string (*value)(const Channel& channel) = nullptr;
};

/// Those of which some channel says something, without id, names and aliases.
std::vector<ChannelColumn> channel_columns(const Topology& topology);

}  // namespace ampsim::topo
