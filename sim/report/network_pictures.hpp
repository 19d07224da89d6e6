#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// Where the money of a network lies when a run ends: its largest nodes, the channels between them,
/// and how far each channel is used up, from channels.csv.
///
/// The depletion of a channel is |2 b / c - 1| for a balance b of one end and the capacity c: 0
/// where both ends can spend alike, 1 where one of them can spend nothing. That of a node is the
/// same of all its channels together.
///
/// One run of each point is shown, its first replicate, for as many points as kMostRuns. Of a large
/// network the kMostNodes nodes with the highest capacity are drawn, and of the channels between
/// them the kMostChannels largest, as far as they hang together; the counts by depletion are of all
/// channels. Positions come from
/// a force-directed layout (Fruchterman and Reingold 1991, doi:10.1002/spe.4380211102) that starts
/// from a circle: the same network is drawn the same way.
///
/// Memory: the channels of each different network that is shown. Errors: InputError for a table
/// that is broken. Tested by tests/network_pictures_test.cpp.
namespace ampsim::report {

constexpr std::size_t kMostRuns = 16;
constexpr std::size_t kMostNodes = 150;
constexpr std::size_t kMostChannels = 900;
constexpr double kPictureSize = 1000;

struct DrawnNode {
  std::string name;
  double x = 0;  ///< from 0 to kPictureSize
  double y = 0;
  std::int64_t capacity_msat = 0;  ///< of all its channels, also those that are not drawn
};

struct DrawnChannel {
  std::string id;
  std::size_t source = 0;  ///< places in `nodes`
  std::size_t destination = 0;
  std::int64_t capacity_msat = 0;
};

/// What is drawn of a network.
struct NetworkLayout {
  std::size_t all_nodes = 0;
  std::size_t all_channels = 0;
  std::vector<DrawnNode> nodes;
  std::vector<DrawnChannel> channels;
};

/// The end of one run.
struct NetworkEnd {
  std::size_t run = 0;
  std::size_t point = 0;
  std::size_t layout = 0;  ///< place in NetworkPictures::layouts
  /// The share of a drawn channel's capacity that its source can spend.
  std::vector<double> source_share;
  /// The share of a drawn node's capacity that it can spend.
  std::vector<double> node_share;
  /// All channels by depletion: from 0 to 10 %, from 10 to 20 %, ..., from 90 to 100 %.
  std::array<std::size_t, 10> by_depletion{};
};

struct NetworkPictures {
  std::vector<NetworkLayout> layouts;  ///< runs with the same channels share one
  std::vector<NetworkEnd> ends;
};

/// `file` is channels.csv of an experiment with so many replicates.
NetworkPictures read_channels(const std::filesystem::path& file, std::size_t replicates);

}  // namespace ampsim::report
