#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "topologies/topology.hpp"

/// The nodes of a topology that is being read, by their names.
///
/// Tested by tests/importer_test.cpp.
namespace ampsim::topo {

class NodeIndex {
 public:
  /// The topology has no nodes yet, and gets them through this index alone.
  explicit NodeIndex(Topology& topology) : topology_(topology) {}

  std::optional<NodeId> find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? std::nullopt : std::optional(found->second);
  }
  /// One more node; false if there is one of that name.
  bool add(Node node) {
    const NodeId id{static_cast<std::uint32_t>(topology_.nodes.size())};
    if (!by_name_.emplace(node.name, id).second) return false;
    topology_.nodes.push_back(std::move(node));
    return true;
  }
  /// The node of that name, a new one if there is none.
  NodeId find_or_add(std::string_view name) {
    if (const std::optional<NodeId> known = find(name)) return *known;
    add({.name = std::string(name), .alias = {}});
    return NodeId{static_cast<std::uint32_t>(topology_.nodes.size() - 1)};
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const {
      return std::hash<std::string_view>{}(name);
    }
  };

  Topology& topology_;
  std::unordered_map<std::string, NodeId, Hash, std::equal_to<>> by_name_;
};

}  // namespace ampsim::topo
