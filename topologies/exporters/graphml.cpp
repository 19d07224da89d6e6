#include <algorithm>

#include <fmt/format.h>

#include "topologies/exporters/channel_columns.hpp"
#include "topologies/exporters/formats.hpp"
#include "topologies/exporters/text.hpp"

namespace ampsim::topo {
namespace {

void write_keys(const std::vector<ChannelColumn>& columns, bool has_aliases, TextBlocks& text) {
  constexpr const char* kKey = "<key id=\"{}\" for=\"{}\" attr.name=\"{}\" attr.type=\"{}\"/>\n";
  if (has_aliases) text.add(fmt::format(fmt::runtime(kKey), "alias", "node", "alias", "string"));
  text.add(fmt::format(fmt::runtime(kKey), "node1", "edge", "node1", "string"));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    text.add(fmt::format(fmt::runtime(kKey), fmt::format("d{}", i), "edge", columns[i].name,
                         columns[i].type));
  }
}

void write(const Topology& topology, std::span<std::ostream* const> out) {
  const std::vector<ChannelColumn> columns = channel_columns(topology);
  const bool has_aliases = std::any_of(topology.nodes.begin(), topology.nodes.end(),
                                       [](const Node& node) { return !node.alias.empty(); });
  TextBlocks text(*out[0]);
  text.add(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
  write_keys(columns, has_aliases, text);
  text.add("<graph edgedefault=\"undirected\">\n");
  for (const Node& node : topology.nodes) {
    if (node.alias.empty()) {
      text.add(fmt::format("<node id=\"{}\"/>\n", xml_text(node.name)));
    } else {
      text.add(fmt::format("<node id=\"{}\"><data key=\"alias\">{}</data></node>\n",
                           xml_text(node.name), xml_text(node.alias)));
    }
  }
  for (const Channel& channel : topology.channels) {
    const std::string first = xml_text(topology.nodes[channel.ends[0].index].name);
    text.add(fmt::format(
        "<edge id=\"{}\" source=\"{}\" target=\"{}\"><data key=\"node1\">{}</data>",
        xml_text(channel.id), first, xml_text(topology.nodes[channel.ends[1].index].name), first));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string value = columns[i].value(channel);
      if (!value.empty()) text.add(fmt::format("<data key=\"d{}\">{}</data>", i, value));
    }
    text.add("</edge>\n");
  }
  text.add("</graph>\n</graphml>\n");
  text.flush();
}

}  // namespace

Exporter graphml_target() {
  return {.name = "graphml",
          .summary = "GraphML, for networkx and others",
          .holds = {.control_characters = false},
          .write = write};
}

}  // namespace ampsim::topo
