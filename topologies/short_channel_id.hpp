#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topologies/topology.hpp"

/// Short channel ids (BOLT 7): a block, a transaction in it and an output of that, as one number of
/// 24 + 24 + 16 bits, which lnd writes in full, 769658139443200000, and Core Lightning in three
/// parts, 700000x0x0. Up to 63 bits, so that they fit where numbers have a sign.
///
/// Tested by tests/exporters_test.cpp.
namespace ampsim::topo {

/// The number that an id in either spelling stands for; nothing for any other id.
std::optional<std::uint64_t> short_channel_id(std::string_view id);
/// In three parts.
std::string in_three_parts(std::uint64_t short_channel_id);

/// Those of all channels, or the numbers of the channels where some id is none, or two are equal.
struct ShortChannelIds {
  std::vector<std::uint64_t> ids;
  bool are_numbered = false;
};
ShortChannelIds short_channel_ids(const Topology& topology);

}  // namespace ampsim::topo
