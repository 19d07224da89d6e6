#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "core/check.hpp"
#include "core/csv.hpp"
#include "topologies/importers/channel_fields.hpp"
#include "topologies/importers/file_content.hpp"
#include "topologies/importers/formats.hpp"
#include "topologies/importers/json_reader.hpp"
#include "topologies/importers/node_index.hpp"

namespace ampsim::topo {
namespace {

using Ends = std::array<std::string_view, 2>;
constexpr std::array<Ends, 5> kEndNames{{{"node1", "node2"},
                                         {"source", "target"},
                                         {"node1_pub", "node2_pub"},
                                         {"from", "to"},
                                         {"u", "v"}}};

/// The columns of the two ends, in the letters of the header.
std::optional<std::array<std::string, 2>> ends_among(const std::vector<std::string>& columns) {
  for (const Ends& names : kEndNames) {
    std::array<std::string, 2> found;
    for (const std::string& column : columns) {
      for (std::size_t end = 0; end < 2; ++end) {
        if (lower_case(column) == names[end]) found[end] = column;
      }
    }
    if (!found[0].empty() && !found[1].empty()) return found;
  }
  return std::nullopt;
}

class EdgeListReader {
 public:
  EdgeListReader(std::string_view content, const std::string& file)
      : file_(file), table_(content, file), nodes_(topology_) {
    if (!simdjson::validate_utf8(content.data(), content.size())) refuse_bytes(content);
  }

  Topology read() {
    read_header();
    topology_.channels.reserve(table_.rows());
    for (std::size_t row = 0; row < table_.rows(); ++row) read_row(row);
    return std::move(topology_);
  }

 private:
  [[noreturn]] void refuse_bytes(std::string_view content) const {
    for (std::size_t start = 0; start < content.size();) {
      const std::size_t end = std::min(content.find('\n', start), content.size());
      if (!simdjson::validate_utf8(content.data() + start, end - start)) {
        throw InputError({.file = file_, .line = line_of(content, start)},
                         "found bytes that are no UTF-8; allowed: UTF-8");
      }
      start = end + 1;
    }
    throw InputError({.file = file_}, "found bytes that are no UTF-8; allowed: UTF-8");
  }

  void read_header() {
    const std::optional<std::array<std::string, 2>> ends = ends_among(table_.columns());
    if (!ends) {
      throw InputError({.file = file_, .line = table_.header_line()},
                       fmt::format("found no columns for the two ends of a channel; allowed: {}",
                                   "node1 and node2, or source and target"));
    }
    ends_ = *ends;
    for (const std::string& column : table_.columns()) {
      if (column == ends_[0] || column == ends_[1]) continue;
      if (const std::string problem = columns_.add(column, Side::both); !problem.empty()) {
        throw InputError({.file = file_, .line = table_.header_line(), .key = column}, problem);
      }
    }
    columns_.sort();
  }

  NodeId node(std::size_t row, std::size_t end) {
    const std::string_view name = table_.at(row, ends_[end]);
    if (name.empty()) throw table_.bad_field(row, ends_[end], "the name of a node");
    return nodes_.find_or_add(name);
  }

  void read_row(std::size_t row) {
    ChannelDraft draft;
    for (const FieldColumns::Column& column : columns_.all()) {
      const std::string allowed = draft.set(column.holds, table_.at(row, column.name));
      if (!allowed.empty()) throw table_.bad_field(row, column.name, allowed);
    }
    const std::array<NodeId, 2> ends{node(row, 0), node(row, 1)};
    if (ends[0] == ends[1]) throw table_.bad_field(row, ends_[1], "another node than " + ends_[0]);
    Channel channel;
    if (const auto misfit = draft.finish(ends, channel)) {
      throw InputError({.file = file_, .line = table_.line(row), .key = misfit->column},
                       misfit->problem);
    }
    channel.id = draft.id().empty() ? std::to_string(row) : draft.id();
    add_alias(row, ends, draft);
    const auto [first, is_new] = rows_.emplace(channel.id, row);
    if (!is_new) {
      throw InputError({.file = file_, .line = table_.line(row), .key = "id"},
                       fmt::format("found \"{}\", which line {} has too; allowed: every id once",
                                   channel.id, table_.line(first->second)));
    }
    topology_.channels.push_back(std::move(channel));
  }

  void add_alias(std::size_t row, const std::array<NodeId, 2>& ends, const ChannelDraft& draft) {
    for (std::size_t end = 0; end < 2; ++end) {
      const std::string& alias = draft.alias(end);
      std::string& known = topology_.nodes[ends[end].index].alias;
      if (known.empty()) known = alias;
      if (alias.empty() || alias == known) continue;
      throw InputError(
          {.file = file_, .line = table_.line(row), .key = fmt::format("node{}_alias", end + 1)},
          fmt::format("found \"{}\"; allowed: \"{}\", as in a line before", alias, known));
    }
  }

  const std::string& file_;
  CsvTable table_;
  std::array<std::string, 2> ends_;
  FieldColumns columns_;
  Topology topology_;
  NodeIndex nodes_;
  std::unordered_map<std::string, std::size_t> rows_;  // by id
};

bool recognises(std::string_view text) {
  std::string_view content = without_byte_order_mark(text);
  content.remove_prefix(std::min(content.find_first_not_of("\r\n"), content.size()));
  const std::string_view header = content.substr(0, content.find('\n'));
  try {
    return ends_among(CsvTable(header, "").columns()).has_value();
  } catch (const InputError&) {
    return false;
  }
}

Topology read(std::string_view content, const std::string& file) {
  return EdgeListReader(content, file).read();
}

}  // namespace

Importer edge_list() {
  return {.name = "csv",
          .summary = "an edge list as CSV with columns such as node1, node2, capacity_sat",
          .recognises = recognises,
          .read = read};
}

}  // namespace ampsim::topo
