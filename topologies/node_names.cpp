#include "topologies/node_names.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "core/check.hpp"

namespace ampsim::topo {

struct NodeNames::Index {
  explicit Index(const Topology& topology) {
    by_name.reserve(topology.nodes.size());
    for (std::uint32_t i = 0; i < topology.nodes.size(); ++i) {
      by_name.emplace(topology.nodes[i].name, NodeId{i});
    }
  }

  boost::unordered_flat_map<std::string_view, NodeId> by_name;
};

NodeNames::NodeNames(const Topology& topology) : index_(std::make_unique<Index>(topology)) {}
NodeNames::~NodeNames() = default;

NodeId NodeNames::find(const CsvTable& table, std::size_t row, std::string_view column) const {
  const std::string_view name = table.at(row, column);
  const auto found = index_->by_name.find(name);
  if (found != index_->by_name.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [known_name, id] : index_->by_name) known.emplace_back(known_name);
  std::sort(known.begin(), known.end());
  throw table.bad_field(row, column,
                        "the name of a node of the topology" + did_you_mean(name, known));
}

}  // namespace ampsim::topo
