#include <algorithm>

#include <fmt/format.h>

#include "core/csv.hpp"
#include "topologies/exporters/channel_columns.hpp"
#include "topologies/exporters/formats.hpp"
#include "topologies/exporters/text.hpp"

namespace ampsim::topo {
namespace {

void write(const Topology& topology, std::span<std::ostream* const> out) {
  const std::vector<ChannelColumn> columns = channel_columns(topology);
  const bool has_aliases = std::any_of(topology.nodes.begin(), topology.nodes.end(),
                                       [](const Node& node) { return !node.alias.empty(); });
  TextBlocks text(*out[0]);
  text.add("id,node1,node2");
  if (has_aliases) text.add(",node1_alias,node2_alias");
  for (const ChannelColumn& column : columns) text.add(fmt::format(",{}", column.name));
  text.add("\n");
  for (const Channel& channel : topology.channels) {
    const Node& first = topology.nodes[channel.ends[0].index];
    const Node& second = topology.nodes[channel.ends[1].index];
    text.add(fmt::format("{},{},{}", csv_field(channel.id), csv_field(first.name),
                         csv_field(second.name)));
    if (has_aliases)
      text.add(fmt::format(",{},{}", csv_field(first.alias), csv_field(second.alias)));
    for (const ChannelColumn& column : columns) text.add(fmt::format(",{}", column.value(channel)));
    text.add("\n");
  }
  text.flush();
}

}  // namespace

Exporter edge_list_target() {
  return {.name = "csv",
          .summary = "an edge list as CSV, one channel a row",
          .holds = {.lone_nodes = false, .node_order = false},
          .write = write};
}

}  // namespace ampsim::topo
