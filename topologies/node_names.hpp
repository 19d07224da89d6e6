#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>

#include "core/csv.hpp"
#include "core/units.hpp"
#include "topologies/topology.hpp"

/// Nodes by their names, for files that speak of them.
///
/// Tested by tests/workload_test.cpp.
namespace ampsim::topo {

class NodeNames {
 public:
  /// The topology outlives this.
  explicit NodeNames(const Topology& topology);
  /// The node that a field names. Errors: InputError with the nearest name.
  NodeId find(const CsvTable& table, std::size_t row, std::string_view column) const;

 private:
  std::unordered_map<std::string_view, NodeId> by_name_;
};

}  // namespace ampsim::topo
