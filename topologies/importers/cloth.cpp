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
#include "topologies/importers/formats.hpp"
#include "topologies/importers/number_table.hpp"

namespace ampsim::topo {
namespace {

constexpr std::int64_t kAllBitcoinMsat = 2'100'000'000'000'000'000;
constexpr std::int64_t kLargestId = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kUint32Max = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kUint16Max = std::numeric_limits<std::uint16_t>::max();

/// Which of the three a file is.
using Role = std::size_t;
constexpr Role kNodes = 0;
constexpr Role kChannels = 1;
constexpr Role kEdges = 2;
constexpr Role kRoles = 3;

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

// The columns by their places above.
constexpr std::size_t kId = 0;
constexpr std::array<std::size_t, 2> kEdgeIds{1, 2};
constexpr std::array<std::size_t, 2> kNodeIds{3, 4};
constexpr std::size_t kCapacity = 5;
constexpr std::size_t kChannelId = 1;
constexpr std::size_t kCounterEdgeId = 2;
constexpr std::size_t kFromNodeId = 3;
constexpr std::size_t kToNodeId = 4;
constexpr std::size_t kBalance = 5;
constexpr std::size_t kFeeBase = 6;
constexpr std::size_t kFeeProportional = 7;
constexpr std::size_t kMinHtlc = 8;
constexpr std::size_t kTimelock = 9;

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

/// Rows by the number in their column `id`. As long as that is the number of the row, which is how
/// CLoTH writes its files, there is nothing to keep.
class Rows {
 public:
  explicit Rows(const NumberTable& table) : table_(table) {
    while (counted_ < table.rows() && table.at(counted_, kId) == id_of_row(counted_)) ++counted_;
    others_.reserve(table.rows() - counted_);
    for (std::size_t row = counted_; row < table.rows(); ++row) {
      const std::int64_t id = table.at(row, kId, 0, kLargestId);
      if (id < id_of_row(counted_) || !others_.emplace(id, row).second) {
        throw table.bad_field(row, kId, "every id once");
      }
    }
  }
  /// The row whose id stands in a field of another table. `what` it would be is for the message.
  std::size_t find(const NumberTable& other,
                   std::size_t row,
                   std::size_t column,
                   std::string_view what) const {
    const std::int64_t id = other.at(row, column);
    if (id >= 0 && id < id_of_row(counted_)) return static_cast<std::size_t>(id);
    const auto found = others_.find(id);
    if (found == others_.end()) throw other.bad_field(row, column, what);
    return found->second;
  }
  const NumberTable& table() const { return table_; }

 private:
  static std::int64_t id_of_row(std::size_t row) { return static_cast<std::int64_t>(row); }

  const NumberTable& table_;
  std::size_t counted_ = 0;  // so many rows from the first have their number as id
  boost::unordered_flat_map<std::int64_t, std::size_t> others_;
};

class ClothReader {
 public:
  ClothReader(const NumberTable& nodes, const NumberTable& channels, const NumberTable& edges)
      : nodes_(nodes), channels_(channels), edges_(edges), is_used_(edges.rows(), false) {}

  Topology read() {
    topology_.nodes.reserve(nodes_.table().rows());
    for (std::size_t row = 0; row < nodes_.table().rows(); ++row) {
      topology_.nodes.push_back(
          {.name = fmt::format_int(nodes_.table().at(row, kId)).str(), .alias = {}});
    }
    topology_.channels.reserve(channels_.table().rows());
    for (std::size_t row = 0; row < channels_.table().rows(); ++row) {
      add_channel(row);
    }
    const auto unused = std::find(is_used_.begin(), is_used_.end(), false);
    if (unused != is_used_.end()) {
      throw edges_.table().bad_field(static_cast<std::size_t>(unused - is_used_.begin()),
                                     kChannelId, "a channel that has this edge");
    }
    return std::move(topology_);
  }

 private:
  NodeId node(std::size_t row, std::size_t column) const {
    const std::size_t place = nodes_.find(channels_.table(), row, column, "the id of a node");
    return NodeId{static_cast<std::uint32_t>(place)};
  }

  /// Requires that a number of an edge is what its channel says.
  void require(std::size_t edge, std::size_t column, std::int64_t expected) const {
    if (edges_.table().at(edge, column) == expected) return;
    throw edges_.table().bad_field(edge, column,
                                   fmt::format("{}, as its channel has it", expected));
  }

  void add_channel(std::size_t row) {
    const NumberTable& table = channels_.table();
    const std::int64_t id = table.at(row, kId);
    Channel& channel = topology_.channels.emplace_back();
    channel.id = fmt::format_int(id).str();
    channel.ends = {node(row, kNodeIds[0]), node(row, kNodeIds[1])};
    if (channel.ends[0] == channel.ends[1]) {
      throw table.bad_field(row, kNodeIds[1], "another node than node1_id");
    }
    const Msat capacity{table.at(row, kCapacity, 1, kAllBitcoinMsat)};
    channel.capacity = capacity;
    const std::array<std::size_t, 2> edge{
        edges_.find(table, row, kEdgeIds[0], "the id of an edge"),
        edges_.find(table, row, kEdgeIds[1], "the id of an edge")};
    std::array<Msat, 2> balance;
    for (std::size_t side = 0; side < 2; ++side) {
      require(edge[side], kChannelId, id);
      require(edge[side], kCounterEdgeId, table.at(row, kEdgeIds[1 - side]));
      require(edge[side], kFromNodeId, table.at(row, kNodeIds[side]));
      require(edge[side], kToNodeId, table.at(row, kNodeIds[1 - side]));
      balance[side] = {edges_.table().at(edge[side], kBalance, 0, capacity.count)};
      set_policy(channel.policy[side].emplace(), edge[side], capacity);
      is_used_[edge[side]] = true;
    }
    if (balance[0] + balance[1] != capacity) {
      throw edges_.table().bad_field(
          edge[1], kBalance,
          fmt::format("{}, which is what edge {} leaves of the capacity of channel {}",
                      (capacity - balance[0]).count, table.at(row, kEdgeIds[0]), id));
    }
    channel.balance_0 = balance[0];
  }

  void set_policy(ForwardingPolicy& policy, std::size_t edge, Msat capacity) const {
    const NumberTable& table = edges_.table();
    policy = {
        .fee_base = {table.at(edge, kFeeBase, 0, kUint32Max)},
        .fee_proportional = {static_cast<std::uint32_t>(
            table.at(edge, kFeeProportional, 0, kUint32Max))},
        .cltv_expiry_delta = {static_cast<std::int32_t>(table.at(edge, kTimelock, 0, kUint16Max))},
        .htlc_minimum = {table.at(edge, kMinHtlc, 0, kAllBitcoinMsat)},
        .htlc_maximum = capacity};
    if (policy.htlc_minimum > capacity) {
      policy.htlc_minimum = capacity;
      policy.is_disabled = true;
    }
  }

  Rows nodes_;
  Rows channels_;
  Rows edges_;
  std::vector<bool> is_used_;  // by row of the edges
  Topology topology_;
};

Topology read(std::span<const FileText> files) {
  std::array<std::optional<NumberTable>, kRoles> found;
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
    found[role].emplace(file.content, file.name, table.columns);
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
          .least_files = kRoles,
          .part_of = role_of,
          .read_files = read};
}

}  // namespace ampsim::topo
