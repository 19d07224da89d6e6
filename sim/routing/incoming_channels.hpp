#pragma once

#include <cstdint>
#include <vector>

#include <boost/graph/compressed_sparse_row_graph.hpp>

#include "sim/routing/announced_channel.hpp"
#include "sim/routing/channel_graph.hpp"

/// The rows of a ChannelGraph, for the files that search in it; kept apart because of what
/// Boost.Graph costs to compile.
///
/// Tested by tests/channel_graph_test.cpp.
namespace ampsim::sim {

struct IncomingChannels {
  /// Boost.Graph's edge from u to v is a directed channel from v to u.
  using Rows = boost::compressed_sparse_row_graph<boost::directedS,
                                                  boost::no_property,
                                                  AnnouncedChannel,
                                                  boost::no_property,
                                                  std::uint32_t,
                                                  std::uint32_t>;

  /// Each row is sorted by (has the tail one neighbour only, tail, directed channel): parallel
  /// channels are adjacent, and the tails that no path can pass through stand at the end.
  Rows rows;
  /// End, as an edge index, of the part of each row whose tails have more than one neighbour.
  std::vector<std::uint32_t> transit_end;
  /// Edge index of each directed channel.
  std::vector<std::uint32_t> position;
  Msat largest_capacity;

  const AnnouncedChannel& at(DirectedChannel channel) const {
    return rows[Rows::edge_descriptor(0, position[channel.index])];  // only the index counts
  }
};

}  // namespace ampsim::sim
