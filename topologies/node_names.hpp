#pragma once

#include <memory>
#include <string_view>

#include "core/csv.hpp"
#include "core/units.hpp"
#include "topologies/topology.hpp"

/// Nodes by their names, for files that speak of them.
///
/// Tested by tests/workload_test.cpp.
namespace ampsim::topo {

class NodeNames {
 public:
  /// The topology outlives this, unchanged.
  explicit NodeNames(const Topology& topology);
  ~NodeNames();
  /// The node that a field names. Errors: InputError with the nearest name.
  NodeId find(const CsvTable& table, std::size_t row, std::string_view column) const;

 private:
  struct Index;
  std::unique_ptr<const Index> index_;
};

}  // namespace ampsim::topo
