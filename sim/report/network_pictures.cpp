#include "sim/report/network_pictures.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"
#include "sim/report/csv_rows.hpp"
#include "sim/report/layout.hpp"

namespace ampsim::report {
namespace {

struct ChannelRow {
  std::string id;
  std::size_t source = 0;  ///< places in RunRows::nodes
  std::size_t destination = 0;
  std::int64_t capacity_msat = 0;
  std::int64_t source_msat = 0;  ///< balance of the source
};

/// All channels of one run; nodes in the order in which they appear.
struct RunRows {
  std::size_t run = 0;
  std::vector<std::string> nodes;
  std::vector<ChannelRow> channels;
};

struct Wallet {
  std::int64_t capacity_msat = 0;
  std::int64_t own_msat = 0;
};

std::vector<Wallet> wallets_of(const RunRows& rows) {
  std::vector<Wallet> wallets(rows.nodes.size());
  for (const ChannelRow& channel : rows.channels) {
    wallets[channel.source].capacity_msat += channel.capacity_msat;
    wallets[channel.source].own_msat += channel.source_msat;
    wallets[channel.destination].capacity_msat += channel.capacity_msat;
    wallets[channel.destination].own_msat += channel.capacity_msat - channel.source_msat;
  }
  return wallets;
}

/// The places of the `most` largest, in the order of the places. Of equals the first.
template <class SizeOf>
std::vector<std::size_t> largest(std::vector<std::size_t> places,
                                 std::size_t most,
                                 const SizeOf& size_of) {
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) { return size_of(a) > size_of(b); });
  places.resize(std::min(places.size(), most));
  std::sort(places.begin(), places.end());
  return places;
}

double share_of(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.5;
}

/// A layout, and which rows it draws.
struct Choice {
  NetworkLayout layout;
  std::vector<std::size_t> nodes;     ///< places in RunRows::nodes, one a drawn node
  std::vector<std::size_t> channels;  ///< places in RunRows::channels, one a drawn channel
};

/// The channels that hang together with the most nodes; the others would only float about.
std::vector<std::size_t> largest_part(const RunRows& rows, std::vector<std::size_t> channels) {
  // A node's part is named by its first node (union-find with halving of the ways).
  std::vector<std::size_t> parents(rows.nodes.size());
  std::iota(parents.begin(), parents.end(), std::size_t{0});
  const auto part_of = [&](std::size_t node) {
    while (parents[node] != node) node = parents[node] = parents[parents[node]];
    return node;
  };
  for (const std::size_t i : channels) {
    const std::size_t one = part_of(rows.channels[i].source);
    const std::size_t other = part_of(rows.channels[i].destination);
    parents[std::max(one, other)] = std::min(one, other);
  }
  std::vector<std::size_t> sizes(rows.nodes.size());
  for (std::size_t node = 0; node < rows.nodes.size(); ++node) ++sizes[part_of(node)];
  const auto largest =
      static_cast<std::size_t>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
  std::erase_if(channels,
                [&](std::size_t i) { return part_of(rows.channels[i].source) != largest; });
  return channels;
}

Choice choose(const RunRows& rows) {
  Choice choice;
  choice.layout.all_nodes = rows.nodes.size();
  choice.layout.all_channels = rows.channels.size();
  const std::vector<Wallet> wallets = wallets_of(rows);
  std::vector<std::size_t> places(rows.nodes.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  const std::vector<std::size_t> big =
      largest(places, kMostNodes, [&](std::size_t node) { return wallets[node].capacity_msat; });
  const auto is_big = [&](std::size_t node) {
    return std::binary_search(big.begin(), big.end(), node);
  };
  std::vector<std::size_t> between;
  for (std::size_t i = 0; i < rows.channels.size(); ++i) {
    const ChannelRow& channel = rows.channels[i];
    if (is_big(channel.source) && is_big(channel.destination)) between.push_back(i);
  }
  choice.channels = largest(std::move(between), kMostChannels, [&](std::size_t channel) {
    return rows.channels[channel].capacity_msat;
  });
  const bool is_sample =
      big.size() < rows.nodes.size() || choice.channels.size() < rows.channels.size();
  if (is_sample) choice.channels = largest_part(rows, std::move(choice.channels));

  // Nodes without a drawn channel would only float about.
  std::map<std::size_t, std::size_t> drawn;
  for (const std::size_t i : choice.channels) {
    drawn.emplace(rows.channels[i].source, 0);
    drawn.emplace(rows.channels[i].destination, 0);
  }
  for (auto& [node, place] : drawn) {
    place = choice.nodes.size();
    choice.nodes.push_back(node);
    choice.layout.nodes.push_back(
        {.name = rows.nodes[node], .capacity_msat = wallets[node].capacity_msat});
  }
  std::vector<Link> links;
  for (const std::size_t i : choice.channels) {
    const ChannelRow& channel = rows.channels[i];
    choice.layout.channels.push_back({.id = channel.id,
                                      .source = drawn.at(channel.source),
                                      .destination = drawn.at(channel.destination),
                                      .capacity_msat = channel.capacity_msat});
    links.push_back({drawn.at(channel.source), drawn.at(channel.destination)});
  }
  const std::vector<Place> laid_out = lay_out(choice.nodes.size(), links, kPictureSize);
  for (std::size_t i = 0; i < laid_out.size(); ++i) {
    choice.layout.nodes[i].x = laid_out[i].x;
    choice.layout.nodes[i].y = laid_out[i].y;
  }
  return choice;
}

NetworkEnd end_of(const RunRows& rows, const Choice& choice) {
  NetworkEnd end;
  end.run = rows.run;
  for (const std::size_t i : choice.channels) {
    end.source_share.push_back(
        share_of(rows.channels[i].source_msat, rows.channels[i].capacity_msat));
  }
  const std::vector<Wallet> wallets = wallets_of(rows);
  for (const std::size_t node : choice.nodes) {
    end.node_share.push_back(share_of(wallets[node].own_msat, wallets[node].capacity_msat));
  }
  for (const ChannelRow& channel : rows.channels) {
    // In integers: 0.9 is in the last tenth, whatever the rounding.
    const std::int64_t apart = std::abs(2 * channel.source_msat - channel.capacity_msat);
    const std::int64_t tenth = channel.capacity_msat > 0
                                   ? apart / std::max<std::int64_t>(1, channel.capacity_msat / 10)
                                   : 0;
    ++end.by_depletion.at(static_cast<std::size_t>(std::min<std::int64_t>(9, tenth)));
  }
  return end;
}

bool same_channels(const RunRows& a, const RunRows& b) {
  return a.nodes == b.nodes &&
         std::equal(a.channels.begin(), a.channels.end(), b.channels.begin(), b.channels.end(),
                    [](const ChannelRow& x, const ChannelRow& y) {
                      // What is left of a capacity after closings differs from run to run.
                      return x.id == y.id && x.source == y.source && x.destination == y.destination;
                    });
}

/// Takes the rows of one run after the other.
class Album {
 public:
  explicit Album(std::size_t replicates) : replicates_(replicates) {}

  void add(const RunRows& rows) {
    if (rows.channels.empty()) return;
    // Points with the same network follow each other, or come back after others.
    std::size_t known = 0;
    while (known < known_.size() && !same_channels(known_[known], rows)) ++known;
    if (known == known_.size()) {
      choices_.push_back(choose(rows));
      pictures_.layouts.push_back(choices_.back().layout);
      known_.push_back(rows);
    }
    NetworkEnd& end = pictures_.ends.emplace_back(end_of(rows, choices_[known]));
    end.layout = known;
    end.point = rows.run / replicates_;
  }

  bool is_full() const { return pictures_.ends.size() == kMostRuns; }
  NetworkPictures take() { return std::move(pictures_); }

 private:
  std::size_t replicates_;
  NetworkPictures pictures_;
  std::vector<RunRows> known_;  ///< one a layout
  std::vector<Choice> choices_;
};

}  // namespace

NetworkPictures read_channels(const std::filesystem::path& file, std::size_t replicates) {
  CsvRows table(file);
  const std::size_t run = table.column("run");
  const std::size_t id = table.column("channel");
  const std::size_t source = table.column("source");
  const std::size_t destination = table.column("destination");
  const std::size_t capacity = table.column("capacity_msat");
  const std::size_t balance = table.column("balance_source_msat");

  Album album(replicates);
  RunRows rows;
  std::map<std::string, std::size_t, std::less<>> places;
  const auto place_of = [&](std::string_view name) {
    const auto known = places.find(name);
    if (known != places.end()) return known->second;
    rows.nodes.emplace_back(name);
    places.emplace(name, rows.nodes.size() - 1);
    return rows.nodes.size() - 1;
  };
  while (!album.is_full() && table.next()) {
    const auto number = static_cast<std::size_t>(table.number(run));
    if (number != rows.run) {
      album.add(std::exchange(rows, {.run = number}));
      places.clear();
      if (album.is_full()) break;
    }
    // Other replicates look alike.
    if (number % replicates != 0) continue;
    ChannelRow& channel = rows.channels.emplace_back();
    channel.id = table.cell(id);
    channel.source = place_of(table.cell(source));
    channel.destination = place_of(table.cell(destination));
    channel.capacity_msat = static_cast<std::int64_t>(table.number(capacity));
    channel.source_msat = static_cast<std::int64_t>(table.number(balance));
  }
  if (!album.is_full()) album.add(rows);
  return album.take();
}

}  // namespace ampsim::report
