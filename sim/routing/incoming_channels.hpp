#pragma once

#include <cstdint>
#include <span>
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
                                                  boost::no_property,
                                                  boost::no_property,
                                                  std::uint32_t,
                                                  std::uint32_t>;

  /// Each row is sorted by (has the tail one neighbour only, tail, directed channel): parallel
  /// channels are adjacent, and the tails that no path can pass through stand at the end.
  Rows rows;
  /// By edge index.
  Announcements announcements;
  /// End, as an edge index, of the part of each row whose tails have more than one neighbour.
  std::vector<std::uint32_t> transit_end;
  /// Edge index of each directed channel.
  std::vector<std::uint32_t> position;
  Msat largest_capacity;

  [[gnu::always_inline]] AnnouncedChannel at(DirectedChannel channel) const {
    return of_edge(position[channel.index]);
  }
  [[gnu::always_inline]] AnnouncedChannel of_edge(std::uint32_t edge) const {
    return announced_at(announcements, edge);
  }
  AnnouncedChannel of_edge(const Rows::edge_descriptor& edge) const { return of_edge(edge.idx); }
  Msat capacity_of(std::uint32_t edge) const { return announcements.capacity(edge); }
  DirectedChannel channel_of_edge(std::uint32_t edge) const { return announcements.channel(edge); }
  DirectedChannel channel_of(const Rows::edge_descriptor& edge) const {
    return announcements.channel(edge.idx);
  }
  /// By edge index: the node that the channel comes from. (Boost.Graph keeps what it hands out one
  /// by one in a vector.)
  std::span<const std::uint32_t> tails() const { return rows.m_forward.m_column; }
};

}  // namespace ampsim::sim
