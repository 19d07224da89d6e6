#include "tests/topology_files.hpp"

#include <algorithm>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim::test {
namespace {

template <class Formats>
const auto& called(const Formats& formats, std::string_view name) {
  const auto found = std::find_if(formats.begin(), formats.end(),
                                  [&](const auto& format) { return format.name == name; });
  REQUIRE(found != formats.end());
  return *found;
}

std::string policy_text(const topo::Channel& channel, std::size_t side) {
  if (!channel.policy[side]) return "-";
  const topo::ForwardingPolicy& policy = *channel.policy[side];
  return fmt::format("{}+{}ppm {}blocks [{}, {}]{} missing {}", policy.fee_base.count,
                     policy.fee_proportional.millionths, policy.cltv_expiry_delta.count,
                     policy.htlc_minimum.count, policy.htlc_maximum.count,
                     policy.is_disabled ? " disabled" : "", channel.missing[side]);
}

std::string amount_text(std::optional<Msat> amount) {
  return amount ? std::to_string(amount->count) : "-";
}

}  // namespace

const topo::Importer& importer_called(std::string_view name) {
  return called(topo::importers(), name);
}
const topo::Exporter& exporter_called(std::string_view name) {
  return called(topo::exporters(), name);
}

std::vector<std::string> written(const topo::Topology& topology, const topo::Exporter& exporter) {
  std::vector<std::ostringstream> streams(std::max<std::size_t>(1, exporter.files.size()));
  std::vector<std::ostream*> out;
  for (std::ostringstream& stream : streams) out.push_back(&stream);
  exporter.write(topology, out);
  std::vector<std::string> texts;
  for (const std::ostringstream& stream : streams) texts.push_back(stream.str());
  return texts;
}

topo::Topology read_texts(std::string_view format, const std::vector<std::string>& texts) {
  const topo::Importer& importer = importer_called(format);
  std::vector<topo::FileText> files;
  for (const std::string& text : texts) {
    files.push_back({text, fmt::format("file{}", files.size())});
  }
  return importer.read != nullptr ? importer.read(files[0].content, files[0].name)
                                  : importer.read_files(files);
}

std::vector<std::string> lines_of(const topo::Topology& topology) {
  std::vector<std::string> lines;
  for (const topo::Node& node : topology.nodes) {
    lines.push_back(fmt::format("node {} ({})", node.name, node.alias));
  }
  for (const topo::Channel& channel : topology.channels) {
    lines.push_back(fmt::format("channel {}: {} - {}, capacity {}, balance {}; {}; {}", channel.id,
                                topology.nodes.at(channel.ends[0].index).name,
                                topology.nodes.at(channel.ends[1].index).name,
                                amount_text(channel.capacity), amount_text(channel.balance_0),
                                policy_text(channel, 0), policy_text(channel, 1)));
  }
  return lines;
}

std::string reading_error(std::string_view format, const std::vector<std::string>& texts) {
  try {
    read_texts(format, texts);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t place = text.find(from);
  REQUIRE(place != std::string::npos);
  return text.replace(place, from.size(), to);
}

}  // namespace ampsim::test
