#include "tests/text_network.hpp"

#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

namespace ampsim::test {
namespace {

NodeId node_named(topo::Topology& topology, const std::string& name) {
  for (std::uint32_t i = 0; i < topology.nodes.size(); ++i) {
    if (topology.nodes[i].name == name) return NodeId{i};
  }
  topology.nodes.push_back({.name = name});
  return NodeId{static_cast<std::uint32_t>(topology.nodes.size() - 1)};
}

std::map<std::string, std::int64_t> parse_options(std::istream& words) {
  std::map<std::string, std::int64_t> options;
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) throw std::invalid_argument("not key=value: " + word);
    options[word.substr(0, equals)] = std::stoll(word.substr(equals + 1));
  }
  return options;
}

}  // namespace

topo::Topology parse_network(std::string_view text) {
  topo::Topology topology;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    std::string dashes;
    std::string second;
    std::int64_t first_sat = 0;
    std::int64_t second_sat = 0;
    if (!(words >> first)) continue;
    if (!(words >> first_sat >> dashes >> second_sat >> second) || dashes != "--") {
      throw std::invalid_argument("not a channel: " + line);
    }
    auto options = parse_options(words);
    const auto option = [&options](const std::string& key, std::int64_t otherwise) {
      return options.contains(key) ? options[key] : otherwise;
    };
    const Msat capacity = Msat::from_sat(first_sat + second_sat);
    topo::Channel channel{.id = std::to_string(topology.channels.size()),
                          .ends = {node_named(topology, first), node_named(topology, second)},
                          .capacity = capacity,
                          .balance_0 = Msat::from_sat(first_sat)};
    for (int end = 0; end < 2; ++end) {
      channel.policy[static_cast<std::size_t>(end)] = topo::ForwardingPolicy{
          .fee_base = Msat{option("base", 0)},
          .fee_proportional = Ppm{static_cast<std::uint32_t>(option("ppm", 0))},
          .cltv_expiry_delta = BlockDelta{static_cast<std::int32_t>(option("delta", 40))},
          .htlc_minimum = Msat{option("min", 1)},
          .htlc_maximum = options.contains("max") ? Msat::from_sat(options["max"]) : capacity,
          .is_disabled = option("off", -1) == end};
    }
    topology.channels.push_back(channel);
  }
  return topology;
}

}  // namespace ampsim::test
