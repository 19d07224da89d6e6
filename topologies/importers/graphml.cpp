#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <pugixml.hpp>
#include <simdjson.h>

#include "core/check.hpp"
#include "topologies/importers/channel_fields.hpp"
#include "topologies/importers/file_content.hpp"
#include "topologies/importers/formats.hpp"
#include "topologies/importers/json_reader.hpp"
#include "topologies/importers/node_index.hpp"

namespace ampsim::topo {
namespace {

/// Without the prefix of a name space.
std::string_view local_name(const pugi::xml_node& element) {
  const std::string_view name = element.name();
  return name.substr(name.find(':') + 1);  // npos + 1 = 0
}

template <class Visit>
void children(const pugi::xml_node& parent, std::string_view name, Visit visit) {
  for (const pugi::xml_node child : parent.children()) {
    if (local_name(child) == name) visit(child);
  }
}

/// An edge element; in a directed graph one direction of a channel, or both of them joined.
struct Edge {
  pugi::xml_node element;
  std::array<NodeId, 2> ends;
  ChannelDraft draft;
  std::string id;  ///< from its data, else from the element itself
  bool is_directed = false;
};

class GraphmlReader {
 public:
  GraphmlReader(std::string_view content, const std::string& file)
      : content_(content), file_(file), nodes_(topology_) {}

  Topology read() {
    const pugi::xml_parse_result result = document_.load_buffer(
        content_.data(), content_.size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
    if (!result) {
      fail_at(static_cast<std::size_t>(result.offset), "",
              fmt::format("found broken XML ({}); allowed: GraphML", result.description()));
    }
    const pugi::xml_node root = document_.document_element();
    if (local_name(root) != "graphml") fail(root, "found no element graphml; allowed: one");
    children(root, "key", [this](const pugi::xml_node& key) { read_key(key); });
    settle_keys();
    pugi::xml_node graph;
    children(root, "graph", [&](const pugi::xml_node& each) {
      if (graph) fail(each, "found a second graph; allowed: one");
      graph = each;
    });
    if (!graph) fail(root, "found no element graph; allowed: one");
    children(graph, "node", [this](const pugi::xml_node& node) { read_node(node); });
    children(graph, "hyperedge", [this](const pugi::xml_node& edge) {
      fail(edge, "found a hyperedge; allowed: edges between two nodes");
    });
    is_directed_ = std::string_view(graph.attribute("edgedefault").value()) == "directed";
    children(graph, "edge", [this](const pugi::xml_node& edge) { read_edge(edge); });
    make_channels();
    return std::move(topology_);
  }

 private:
  /// An attribute that elements may have.
  struct Key {
    std::string name;
    std::string standard;  ///< what an element has that says nothing
    bool has_standard = false;
  };
  struct Keys {
    std::vector<Key> list;
    std::unordered_map<std::string_view, std::size_t> by_id;
  };
  struct Part {
    std::size_t place = 0;  ///< of its key
    FieldColumns::Column column;
  };
  /// What an element has, by the place of the key; "" for nothing.
  using Data = std::vector<std::string_view>;

  [[noreturn]] void fail_at(std::size_t offset, const std::string& key, std::string_view problem) {
    throw InputError({.file = file_, .line = line_of(content_, offset), .key = key}, problem);
  }
  [[noreturn]] void fail(const pugi::xml_node& element,
                         std::string_view problem,
                         const std::string& key = {}) {
    const std::ptrdiff_t offset = element.offset_debug();
    fail_at(offset < 0 ? 0 : static_cast<std::size_t>(offset), key, problem);
  }

  void read_key(const pugi::xml_node& element) {
    const std::string_view of = element.attribute("for").value();
    Key key{.name = element.attribute("attr.name").value(), .standard = {}};
    children(element, "default", [&](const pugi::xml_node& text) {
      key.standard = text.text().get();
      key.has_standard = true;
    });
    const std::string_view id = element.attribute("id").value();
    const auto enter = [&](Keys& keys) {
      if (!keys.by_id.emplace(id, keys.list.size()).second) {
        fail(element, fmt::format("found \"{}\" for the second time; allowed: once", id), "id");
      }
      keys.list.push_back(key);
    };
    if (of != "edge") enter(node_keys_);
    if (of != "node") enter(edge_keys_);
    const std::string lower = lower_case(key.name);
    if (of == "node" || of == "graph" || lower == "node1" || lower == "node2") return;
    // A balance of no end is one of the source where edges are directed.
    const std::string problem = directed_columns_.add(key.name, Side::node1);
    if (!problem.empty()) fail(element, problem, key.name);
    const std::string undirected = columns_.add(key.name, Side::both);
    if (!undirected.empty())
      undirected_problems_.emplace_back(edge_keys_.list.size() - 1, undirected);
  }

  /// The place of a key among the data, or one behind them.
  static std::size_t place_of(const Keys& keys, std::string_view name) {
    const auto found = std::find_if(keys.list.begin(), keys.list.end(),
                                    [&](const Key& key) { return key.name == name; });
    return static_cast<std::size_t>(found - keys.list.begin());
  }

  void settle_keys() {
    for (FieldColumns* columns : {&columns_, &directed_columns_}) {
      columns->sort();
      std::vector<Part>& parts = parts_[columns == &columns_ ? 0 : 1];
      for (const FieldColumns::Column& column : columns->all()) {
        parts.push_back({place_of(edge_keys_, column.name), column});
      }
    }
    for (Key& key : edge_keys_.list) key.name = lower_case(key.name);
    for (Key& key : node_keys_.list) key.name = lower_case(key.name);
    node1_place_ = place_of(edge_keys_, "node1");
    for (const std::string_view name : {"alias", "label", "name"}) {
      const std::size_t place = place_of(node_keys_, name);
      if (place < node_keys_.list.size()) alias_places_.push_back(place);
    }
  }

  Data data_of(const pugi::xml_node& element, const Keys& keys) {
    Data values(keys.list.size());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = keys.list[i].standard;
    children(element, "data", [&](const pugi::xml_node& data) {
      const std::string_view id = data.attribute("key").value();
      const auto key = keys.by_id.find(id);
      if (key == keys.by_id.end()) {
        fail(data, fmt::format("found \"{}\"; allowed: the id of a key of this file", id), "key");
      }
      values[key->second] = text_in(data, data.text().get());
    });
    return values;
  }

  std::string_view text_in(const pugi::xml_node& element, std::string_view text) {
    if (!simdjson::validate_utf8(text.data(), text.size())) {
      fail(element, "found bytes that are no UTF-8; allowed: UTF-8");
    }
    return text;
  }

  void read_node(const pugi::xml_node& element) {
    Node node{.name = std::string(text_in(element, element.attribute("id").value())), .alias = {}};
    if (node.name.empty()) fail(element, "found nothing; allowed: a name", "id");
    const Data data = data_of(element, node_keys_);
    for (const std::size_t place : alias_places_) {
      if (node.alias.empty()) node.alias = data[place];
    }
    const std::string name = node.name;
    if (!nodes_.add(std::move(node))) {
      fail(element, fmt::format("found \"{}\" for the second time; allowed: once", name), "id");
    }
  }

  NodeId node(const pugi::xml_node& element, std::string_view name, const std::string& key) {
    const std::optional<NodeId> known = nodes_.find(name);
    if (!known) {
      fail(element, fmt::format("found \"{}\"; allowed: the id of a node", name), key);
    }
    return *known;
  }

  void read_edge(const pugi::xml_node& element) {
    Edge edge;
    edge.element = element;
    edge.ends = {node(element, element.attribute("source").value(), "source"),
                 node(element, element.attribute("target").value(), "target")};
    if (edge.ends[0] == edge.ends[1]) {
      fail(element,
           fmt::format("found \"{}\", which is the source too; allowed: another node",
                       topology_.nodes[edge.ends[0].index].name),
           "target");
    }
    const std::string_view directed = element.attribute("directed").value();
    edge.is_directed = directed.empty() ? is_directed_ : directed == "true";
    const Data data = data_of(element, edge_keys_);
    const NodeId first = first_node(edge, data);
    // Programs may turn an undirected edge round, and copy what it says to both directions: where
    // it says which node is its first, that holds.
    const bool is_turned = first != edge.ends[0];
    if (is_turned && !edge.is_directed) std::swap(edge.ends[0], edge.ends[1]);
    read_parts(edge, data, is_turned && edge.is_directed);
    edge.id = edge.draft.id();
    if (!edge.is_directed || !join(edge)) edges_.push_back(std::move(edge));
  }

  /// What it calls node1, or its source.
  NodeId first_node(const Edge& edge, const Data& data) {
    if (node1_place_ == data.size() || data[node1_place_].empty()) return edge.ends[0];
    const std::string_view name = data[node1_place_];
    const NodeId first = node(edge.element, name, "node1");
    if (first != edge.ends[0] && first != edge.ends[1]) {
      fail(edge.element, fmt::format("found \"{}\"; allowed: the source or the target", name),
           "node1");
    }
    return first;
  }

  void read_parts(Edge& edge, const Data& data, bool is_turned) {
    for (const auto& [place, problem] : undirected_problems_) {
      if (edge.is_directed || data[place].empty()) continue;
      fail(edge.element, problem, edge_keys_.list[place].name);
    }
    for (const Part& part : parts_[edge.is_directed ? 1 : 0]) {
      FieldName holds = part.column.holds;
      if (is_turned && part.column.has_side) {
        holds.side = holds.side == Side::node1 ? Side::node2 : Side::node1;
      }
      const std::string_view value = data[part.place];
      const std::string allowed = edge.draft.set(holds, value);
      if (allowed.empty()) continue;
      fail(edge.element, fmt::format("found \"{}\"; allowed: {}", value, allowed),
           part.column.name);
    }
  }

  /// Two opposite edges of a directed graph are one channel: with the same id, or both without.
  /// Returns whether it was joined to one before it.
  bool join(const Edge& edge) {
    const auto waiting = [&](NodeId from, NodeId to) -> std::deque<std::size_t>& {
      return waiting_[fmt::format("{} {} {}", from.index, to.index, edge.id)];
    };
    std::deque<std::size_t>& opposite = waiting(edge.ends[1], edge.ends[0]);
    if (opposite.empty()) {
      waiting(edge.ends[0], edge.ends[1]).push_back(edges_.size());
      return false;
    }
    Edge& first = edges_[opposite.front()];
    opposite.pop_front();
    ChannelDraft second = edge.draft;
    second.swap_ends();
    const std::string allowed = first.draft.join_second_end(second);
    if (!allowed.empty()) {
      fail(edge.element, fmt::format("found another capacity; allowed: {}", allowed), "capacity");
    }
    return true;
  }

  /// networkx keeps the key of a parallel edge as its id, which is then one of many: all must have
  /// one, and none twice, to be taken for the channel's.
  bool have_ids_of_their_own() const {
    std::unordered_map<std::string_view, int> count;
    for (const Edge& edge : edges_) {
      const std::string_view id = edge.element.attribute("id").value();
      if (id.empty() || ++count[id] > 1) return false;
    }
    return true;
  }

  void make_channels() {
    const bool take_ids = have_ids_of_their_own();
    std::unordered_map<std::string, std::size_t> seen;
    topology_.channels.reserve(edges_.size());
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      const Edge& edge = edges_[i];
      Channel channel;
      if (const auto misfit = edge.draft.finish(edge.ends, channel)) {
        fail(edge.element, misfit->problem, misfit->column);
      }
      channel.id = edge.id;
      if (channel.id.empty()) {
        channel.id = take_ids
                         ? std::string(text_in(edge.element, edge.element.attribute("id").value()))
                         : std::to_string(i);
      }
      if (!seen.emplace(channel.id, i).second) {
        fail(edge.element,
             fmt::format("found \"{}\" for the second time; allowed: every id once", channel.id),
             "id");
      }
      topology_.channels.push_back(std::move(channel));
    }
  }

  std::string_view content_;
  const std::string& file_;
  pugi::xml_document document_;
  Keys node_keys_;
  Keys edge_keys_;
  FieldColumns columns_;
  FieldColumns directed_columns_;
  std::array<std::vector<Part>, 2> parts_;  // of undirected and of directed edges
  /// By the place of a key: why it says nothing of an edge without direction.
  std::vector<std::pair<std::size_t, std::string>> undirected_problems_;
  std::size_t node1_place_ = 0;
  std::vector<std::size_t> alias_places_;
  bool is_directed_ = false;
  Topology topology_;
  NodeIndex nodes_;
  std::vector<Edge> edges_;
  // Directed edges without an opposite one yet, by ends and id.
  std::unordered_map<std::string, std::deque<std::size_t>> waiting_;
};

bool recognises(std::string_view text) {
  constexpr std::size_t kHead = 1U << 16U;
  const std::string_view content = without_byte_order_mark(text);
  const std::size_t start = content.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && content[start] == '<' &&
         content.substr(start, kHead).find("graphml") != std::string_view::npos;
}

Topology read(std::string_view content, const std::string& file) {
  return GraphmlReader(without_byte_order_mark(content), file).read();
}

}  // namespace

Importer graphml() {
  return {.name = "graphml",
          .summary = "GraphML, as networkx writes it",
          .recognises = recognises,
          .read = read};
}

}  // namespace ampsim::topo
