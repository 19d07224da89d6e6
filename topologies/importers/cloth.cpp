#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <fmt/format.h>

#include "core/check.hpp"
#include "core/csv.hpp"
#include "topologies/importers/formats.hpp"

namespace ampsim::topo {
namespace {

constexpr std::int64_t kAllBitcoinMsat = 2'100'000'000'000'000'000;
constexpr std::int64_t kLargestId = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kUint32Max = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kUint16Max = std::numeric_limits<std::uint16_t>::max();

enum Role : std::size_t { kNodes, kChannels, kEdges, kRoles };

struct Table {
  std::string_view name;
  std::vector<std::string> columns;
};
const std::array<Table, kRoles>& tables() {
  static const std::array<Table, kRoles> all{
      {{"nodes", {"id"}},
       {"channels", {"id", "edge1_id", "edge2_id", "node1_id", "node2_id", "capacity"}},
       {"edges",
        {"id", "channel_id", "counter_edge_id", "from_node_id", "to_node_id", "balance", "fee_base",
         "fee_proportional", "min_htlc", "timelock"}}}};
  return all;
}

std::vector<std::string_view> header_of(std::string_view content) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  content.remove_prefix(std::min(content.find_first_not_of("\r\n"), content.size()));
  std::string_view line = content.substr(0, content.find_first_of("\r\n"));
  std::vector<std::string_view> columns;
  while (true) {
    const std::size_t comma = line.find(',');
    columns.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return columns;
    line.remove_prefix(comma + 1);
  }
}

/// By a column that only this table has, so that what else is missing can be named; kRoles if it is
/// none of them.
Role role_of(std::string_view content) {
  const std::vector<std::string_view> header = header_of(content);
  const auto has = [&header](std::string_view column) {
    return std::find(header.begin(), header.end(), column) != header.end();
  };
  if (has("counter_edge_id") || has("from_node_id")) return kEdges;
  if (has("edge1_id") || has("node1_id")) return kChannels;
  return header.size() == 1 && has("id") ? kNodes : kRoles;
}

bool recognises(std::string_view content) { return role_of(content) != kRoles; }

/// Rows by the number in their column `id`.
class Rows {
 public:
  explicit Rows(const CsvTable& table) : table_(table) {
    rows_.reserve(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (!rows_.emplace(table.integer(row, "id", 0, kLargestId), row).second) {
        throw table.bad_field(row, "id", "every id once");
      }
    }
  }
  /// The row whose id stands in a field of another table. `what` it would be is for the message.
  std::size_t find(const CsvTable& other,
                   std::size_t row,
                   std::string_view column,
                   std::string_view what) const {
    const auto found = rows_.find(other.integer(row, column, 0, kLargestId));
    if (found == rows_.end()) throw other.bad_field(row, column, what);
    return found->second;
  }
  const CsvTable& table() const { return table_; }

 private:
  const CsvTable& table_;
  boost::unordered_flat_map<std::int64_t, std::size_t> rows_;
};

class ClothReader {
 public:
  ClothReader(const CsvTable& nodes, const CsvTable& channels, const CsvTable& edges)
      : nodes_(nodes), channels_(channels), edges_(edges), is_used_(edges.rows(), false) {}

  Topology read() {
    for (std::size_t row = 0; row < nodes_.table().rows(); ++row) {
      topology_.nodes.push_back({.name = id_text(nodes_.table(), row)});
    }
    topology_.channels.reserve(channels_.table().rows());
    for (std::size_t row = 0; row < channels_.table().rows(); ++row) {
      topology_.channels.push_back(channel(row));
    }
    const auto unused = std::find(is_used_.begin(), is_used_.end(), false);
    if (unused != is_used_.end()) {
      throw edges_.table().bad_field(static_cast<std::size_t>(unused - is_used_.begin()),
                                     "channel_id", "a channel that has this edge");
    }
    return std::move(topology_);
  }

 private:
  static std::string id_text(const CsvTable& table, std::size_t row) {
    return std::to_string(table.integer(row, "id", 0, kLargestId));
  }

  NodeId node(std::size_t row, std::string_view column) const {
    const std::size_t place = nodes_.find(channels_.table(), row, column, "the id of a node");
    return NodeId{static_cast<std::uint32_t>(place)};
  }

  /// `edge` is a row of the edges; requires that a number there is what the channel says.
  void require(std::size_t edge, std::string_view column, std::string_view expected) const {
    if (edges_.table().at(edge, column) == expected) return;
    throw edges_.table().bad_field(edge, column,
                                   fmt::format("{}, as its channel has it", expected));
  }

  Channel channel(std::size_t row) {
    const CsvTable& table = channels_.table();
    Channel channel;
    channel.id = id_text(table, row);
    channel.ends = {node(row, "node1_id"), node(row, "node2_id")};
    if (channel.ends[0] == channel.ends[1]) {
      throw table.bad_field(row, "node2_id", "another node than node1_id");
    }
    const Msat capacity{table.integer(row, "capacity", 1, kAllBitcoinMsat)};
    channel.capacity = capacity;
    const std::array<std::size_t, 2> edge{edges_.find(table, row, "edge1_id", "the id of an edge"),
                                          edges_.find(table, row, "edge2_id", "the id of an edge")};
    std::array<Msat, 2> balance;
    for (std::size_t side = 0; side < 2; ++side) {
      require(edge[side], "channel_id", table.at(row, "id"));
      require(edge[side], "counter_edge_id", table.at(row, side == 0 ? "edge2_id" : "edge1_id"));
      require(edge[side], "from_node_id", table.at(row, side == 0 ? "node1_id" : "node2_id"));
      require(edge[side], "to_node_id", table.at(row, side == 0 ? "node2_id" : "node1_id"));
      balance[side] = {edges_.table().integer(edge[side], "balance", 0, capacity.count)};
      channel.policy[side] = policy(edge[side], capacity);
      is_used_[edge[side]] = true;
    }
    if (balance[0] + balance[1] != capacity) {
      throw edges_.table().bad_field(
          edge[1], "balance",
          fmt::format("{}, which is what edge {} leaves of the capacity of channel {}",
                      (capacity - balance[0]).count, table.at(row, "edge1_id"), channel.id));
    }
    channel.balance_0 = balance[0];
    return channel;
  }

  ForwardingPolicy policy(std::size_t edge, Msat capacity) const {
    const CsvTable& table = edges_.table();
    ForwardingPolicy policy{.fee_base = {table.integer(edge, "fee_base", 0, kUint32Max)},
                            .fee_proportional = {static_cast<std::uint32_t>(
                                table.integer(edge, "fee_proportional", 0, kUint32Max))},
                            .cltv_expiry_delta = {static_cast<std::int32_t>(
                                table.integer(edge, "timelock", 0, kUint16Max))},
                            .htlc_minimum = {table.integer(edge, "min_htlc", 0, kAllBitcoinMsat)},
                            .htlc_maximum = capacity};
    if (policy.htlc_minimum > capacity) {
      policy.htlc_minimum = capacity;
      policy.is_disabled = true;
    }
    return policy;
  }

  Rows nodes_;
  Rows channels_;
  Rows edges_;
  std::vector<bool> is_used_;  // by row of the edges
  Topology topology_;
};

Topology read(std::span<const FileText> files) {
  std::array<std::optional<CsvTable>, kRoles> found;
  for (const FileText& file : files) {
    const Role role = role_of(file.content);
    if (role == kRoles) {
      throw InputError({.file = file.name, .line = 1},
                       "found another header; allowed: that of CLoTH's nodes, channels or edges");
    }
    const Table& table = tables()[role];
    if (found[role]) {
      throw InputError({.file = file.name, .line = 1},
                       fmt::format("found {} for the second time; allowed: one file each of nodes, "
                                   "channels and edges",
                                   table.name));
    }
    found[role].emplace(file.content, file.name);
    found[role]->require_columns(table.columns);
  }
  return ClothReader(*found[kNodes], *found[kChannels], *found[kEdges]).read();
}

}  // namespace

Importer cloth() {
  return {.name = "cloth",
          .summary = "CLoTH's nodes, channels and edges as three CSV files",
          .brings = {.capacities = true, .balances = true, .policies = true},
          .recognises = recognises,
          .files = kRoles,
          .read_files = read};
}

}  // namespace ampsim::topo
