#include "topologies/node_names.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/check.hpp"

namespace ampsim::topo {

NodeNames::NodeNames(const Topology& topology) {
  by_name_.reserve(topology.nodes.size());
  for (std::uint32_t i = 0; i < topology.nodes.size(); ++i) {
    by_name_.emplace(topology.nodes[i].name, NodeId{i});
  }
}

NodeId NodeNames::find(const CsvTable& table, std::size_t row, std::string_view column) const {
  const std::string_view name = table.at(row, column);
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [known_name, id] : by_name_) known.emplace_back(known_name);
  std::sort(known.begin(), known.end());
  throw table.bad_field(row, column,
                        "the name of a node of the topology" + did_you_mean(name, known));
}

}  // namespace ampsim::topo
