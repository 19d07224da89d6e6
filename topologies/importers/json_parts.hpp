#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "topologies/importers/json_reader.hpp"
#include "topologies/importers/node_index.hpp"
#include "topologies/topology.hpp"

/// Nodes and policies among the fields of JSON objects, which every format calls by names of its
/// own.
///
/// Tested by tests/importer_test.cpp.
namespace ampsim::topo {

/// Adds the node that the object at hand is: its name in the field `key`, its alias in `alias`;
/// other fields are ignored. Fails where it has no name, or one that is there already.
void read_node(JsonReader& json, NodeIndex& nodes, std::string_view key);

struct PolicyKeys {
  std::string_view cltv_expiry_delta;
  std::string_view htlc_minimum;
  std::string_view fee_base;
  std::string_view fee_proportional;
  std::string_view htlc_maximum;  ///< may be absent
  std::string_view unit = {};     ///< that amounts may end in
};

class JsonPolicy {
 public:
  /// The keys must outlive the policy.
  explicit JsonPolicy(const PolicyKeys& keys) : keys_(keys) {}

  /// Reads the value at hand if it is of the policy.
  void take(JsonReader& json, std::string_view key);
  /// What was read. Fails where a field was missing; `start` is where the object begins, `prefix`
  /// what stands before the key in a message, "node1_policy.".
  ForwardingPolicy finish(JsonReader& json, std::size_t start, std::string_view prefix = {}) const;

 private:
  const PolicyKeys& keys_;
  ForwardingPolicy policy_;
  std::array<bool, 4> is_there_{};
};

}  // namespace ampsim::topo
