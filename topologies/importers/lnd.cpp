#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>
#include <fmt/format.h>
#include <simdjson.h>

#include "core/check.hpp"
#include "topologies/importers/file_content.hpp"
#include "topologies/importers/formats.hpp"

namespace ampsim::topo {
namespace {

namespace json = simdjson::ondemand;

constexpr std::int64_t kAllBitcoinSat = 2'100'000'000'000'000;
constexpr std::int64_t kUint32Max = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kUint64Max = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kInt64Max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kUint16Max = std::numeric_limits<std::uint16_t>::max();

constexpr std::string_view kBlank = " \t\r\n";

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' ||
                            token.back() == '\t')) {
    token.remove_suffix(1);
  }
  return token;
}

/// Where a line ends inside a string, or the end of the text.
std::size_t broken_string(std::string_view content) {
  bool is_string = false;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const auto byte = static_cast<unsigned char>(content[i]);
    if (is_string && byte < 0x20) return i;
    if (is_string && byte == '\\') ++i;
    if (byte == '"') is_string = !is_string;
  }
  return content.size();
}

/// The start of the first line that is not UTF-8.
std::size_t broken_line(std::string_view content) {
  std::size_t start = 0;
  while (start < content.size()) {
    const std::size_t end = std::min(content.find('\n', start), content.size());
    if (!simdjson::validate_utf8(content.data() + start, end - start)) break;
    start = end + 1;
  }
  return start;
}

/// Where the first object ends, or the end of the text.
std::size_t end_of_object(std::string_view content) {
  bool is_string = false;
  int depth = 0;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const char byte = content[i];
    if (is_string && byte == '\\') ++i;
    if (byte == '"') is_string = !is_string;
    if (is_string) continue;
    if (byte == '{') ++depth;
    if (byte == '}' && --depth == 0) return i + 1;
  }
  return content.size();
}

std::string_view without_byte_order_mark(std::string_view content) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  return content.starts_with(kMark) ? content.substr(kMark.size()) : content;
}

template <class Integer>
struct Range {
  Integer least;
  Integer most;
};

/// One pass over the nodes, one over the edges. Every fault is thrown with the line of the value
/// that shows it and its path as key.
class LndReader {
 public:
  LndReader(std::string_view content, const std::string& file)
      : content_(content), file_(file), padded_(content) {}

  Topology read() {
    json::document document;
    json::object graph;
    parse(parser_.iterate(padded_).get(document), "");
    const simdjson::error_code error = document.get_object().get(graph);
    if (error == simdjson::INCORRECT_TYPE) fail(0, "", "no object; allowed: a JSON object");
    parse(error, "");
    json::array list;
    open_list(graph, "nodes", list);
    read_list(list, "nodes", [this](json::object& node) { read_node(node); });
    index_.reserve(topology_.nodes.size());
    for (std::uint32_t i = 0; i < topology_.nodes.size(); ++i) {
      if (!index_.emplace(topology_.nodes[i].name, NodeId{i}).second) {
        path_ = fmt::format("nodes[{}]", i);
        fail(node_offsets_[i], "pub_key",
             fmt::format("\"{}\" for the second time; allowed: once", topology_.nodes[i].name));
      }
    }
    open_list(graph, "edges", list);
    read_list(list, "edges", [this](json::object& edge) { read_edge(edge); });
    path_.clear();
    check_end(document);
    check_ids();
    return std::move(topology_);
  }

 private:
  [[noreturn]] void fail(std::size_t offset, std::string_view key, std::string_view found) const {
    std::string full = path_;
    if (!full.empty() && !key.empty()) full += '.';
    full += key;
    throw InputError({.file = file_, .line = line_of(content_, offset), .key = full},
                     fmt::format("found {}", found));
  }

  /// Nothing may follow the object. Where the edges are its last field, as lnd writes it, that is
  /// seen at once; otherwise it takes a pass over the text.
  void check_end(json::document& document) const {
    const char* place = nullptr;
    if (document.current_location().get(place) == simdjson::SUCCESS) {
      const std::string_view rest =
          content_.substr(static_cast<std::size_t>(place - padded_.data()));
      if (trimmed(rest) == "}") return;
    }
    refuse_text_after_end();
  }

  void refuse_text_after_end() const {
    const std::size_t start = content_.find_first_not_of(kBlank, end_of_object(content_));
    if (start == std::string_view::npos) return;
    throw InputError({.file = file_, .line = line_of(content_, start)},
                     "found text after the end of the JSON object; allowed: one object alone");
  }

  /// Throws what simdjson says of text that is no JSON.
  void parse(simdjson::error_code error, std::string_view key) const {
    if (error == simdjson::SUCCESS) return;
    // What simdjson finds before it looks at values has no place: it is looked for here.
    std::size_t offset = position_;
    if (error == simdjson::UNCLOSED_STRING || error == simdjson::UNESCAPED_CHARS) {
      offset = broken_string(content_);
    } else if (error == simdjson::UTF8_ERROR) {
      offset = broken_line(content_);
    } else if (error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT || error == simdjson::EMPTY) {
      refuse_text_after_end();
      offset = content_.size();
    }
    if (offset == content_.size()) {
      fail(trimmed(content_).size(), key, "the end of the file too early; allowed: complete JSON");
    }
    fail(offset, key,
         fmt::format("broken JSON ({}); allowed: what lncli describegraph prints",
                     simdjson::error_message(error)));
  }

  std::size_t offset_of(std::string_view token) const {
    return static_cast<std::size_t>(token.data() - padded_.data());
  }

  void open_list(json::object& graph, std::string_view name, json::array& list) {
    path_.clear();
    json::value value;
    const simdjson::error_code error = graph.find_field_unordered(name).get(value);
    if (error == simdjson::NO_SUCH_FIELD) fail(0, name, "nothing; allowed: a list");
    parse(error, name);
    const std::string_view token = value.raw_json_token();
    position_ = offset_of(token);
    const simdjson::error_code opened = value.get_array().get(list);
    if (opened == simdjson::INCORRECT_TYPE) {
      fail(position_, name, fmt::format("{}; allowed: a list", trimmed(token)));
    }
    parse(opened, name);
  }

  template <class ReadOne>
  void read_list(json::array& list, std::string_view name, ReadOne read_one) {
    std::size_t i = 0;
    for (auto element : list) {
      path_ = fmt::format("{}[{}]", name, i++);
      json::value value;
      parse(element.get(value), "");
      const std::string_view token = value.raw_json_token();
      position_ = offset_of(token);
      json::object object;
      const simdjson::error_code error = value.get_object().get(object);
      if (error == simdjson::INCORRECT_TYPE) {
        fail(position_, "", fmt::format("{}; allowed: an object", trimmed(token)));
      }
      parse(error, "");
      read_one(object);
    }
  }

  /// Calls `read_field(key, value)` for every field, with position_ at its value.
  template <class ReadField>
  void read_fields(json::object& object, ReadField read_field) {
    for (auto each : object) {
      json::field field;
      parse(std::move(each).get(field), "");
      std::string_view key;
      parse(field.unescaped_key().get(key), "");
      json::value value = field.value();
      position_ = offset_of(value.raw_json_token());
      read_field(key, value);
    }
  }

  std::string_view text(json::value& value, std::string_view key) {
    std::string_view result;
    const std::string_view token = trimmed(value.raw_json_token());
    const simdjson::error_code error = value.get_string().get(result);
    if (error == simdjson::INCORRECT_TYPE) {
      fail(position_, key, fmt::format("{}; allowed: a string", token));
    }
    parse(error, key);
    return result;
  }

  /// A number, or a string of digits.
  template <class Integer = std::int64_t>
  Integer number(json::value& value, std::string_view key, Range<Integer> range) {
    const std::string_view token = trimmed(value.raw_json_token());
    std::string_view digits = token;
    if (digits.size() >= 2 && digits.front() == '"') digits = digits.substr(1, digits.size() - 2);
    Integer result = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
    const bool is_integer = error == std::errc{} && end == digits.data() + digits.size();
    if (!is_integer || result < range.least || result > range.most) {
      fail(position_, key,
           fmt::format("{}; allowed: an integer from {} to {}", token, range.least, range.most));
    }
    return result;
  }

  void read_node(json::object& object) {
    const std::size_t start = position_;
    Node node;
    std::size_t name_offset = start;
    read_fields(object, [&](std::string_view key, json::value& value) {
      if (key == "pub_key") {
        name_offset = position_;
        node.name = text(value, key);
      } else if (key == "alias") {
        node.alias = text(value, key);
      }
    });
    if (node.name.empty()) fail(name_offset, "pub_key", "nothing; allowed: a public key");
    topology_.nodes.push_back(std::move(node));
    node_offsets_.push_back(name_offset);
  }

  NodeId known_node(std::string_view name, std::string_view key) const {
    const auto found = index_.find(name);
    if (found == index_.end()) {
      fail(position_, key, fmt::format("\"{}\"; allowed: the pub_key of a node in the file", name));
    }
    return found->second;
  }

  void read_edge(json::object& object) {
    const std::size_t start = position_;
    Channel channel;
    std::size_t id_offset = start;
    std::size_t end_offset = start;
    read_fields(object, [&](std::string_view key, json::value& value) {
      if (key == "channel_id") {
        id_offset = position_;
        channel.id = identifier(value, key);
      } else if (key == "node1_pub") {
        channel.ends[0] = known_node(text(value, key), key);
      } else if (key == "node2_pub") {
        end_offset = position_;
        channel.ends[1] = known_node(text(value, key), key);
      } else if (key == "capacity") {
        channel.capacity = Msat::from_sat(number(value, key, {1, kAllBitcoinSat}));
      } else if (key == "node1_policy") {
        channel.policy[0] = read_policy(value, key);
      } else if (key == "node2_policy") {
        channel.policy[1] = read_policy(value, key);
      }
    });
    if (channel.id.empty()) fail(id_offset, "channel_id", "nothing; allowed: a channel id");
    if (channel.ends[0].is_none()) fail(start, "node1_pub", "nothing; allowed: a pub_key");
    if (channel.ends[1].is_none()) fail(start, "node2_pub", "nothing; allowed: a pub_key");
    if (!channel.capacity) fail(start, "capacity", "nothing; allowed: a number of sat above 0");
    if (channel.ends[0] == channel.ends[1]) {
      fail(end_offset, "node2_pub",
           fmt::format("\"{}\", which is node1_pub too; allowed: another node",
                       topology_.nodes[channel.ends[0].index].name));
    }
    complete(channel);
    topology_.channels.push_back(std::move(channel));
    id_offsets_.push_back(id_offset);
  }

  std::string identifier(json::value& value, std::string_view key) {
    const std::string_view token = trimmed(value.raw_json_token());
    if (token.front() == '"') return std::string(text(value, key));
    return std::to_string(number(value, key, {0, std::numeric_limits<std::int64_t>::max()}));
  }

  std::optional<ForwardingPolicy> read_policy(json::value& value, std::string_view name) {
    const std::string_view token = trimmed(value.raw_json_token());
    if (token == "null") return std::nullopt;
    const std::size_t start = position_;
    json::object object;
    const simdjson::error_code error = value.get_object().get(object);
    if (error == simdjson::INCORRECT_TYPE) {
      fail(position_, name, fmt::format("{}; allowed: an object or null", token));
    }
    parse(error, name);
    const std::string edge = path_;
    path_ = fmt::format("{}.{}", edge, name);
    ForwardingPolicy policy;
    bool has_delta = false;
    bool has_minimum = false;
    bool has_base = false;
    bool has_rate = false;
    read_fields(object, [&](std::string_view key, json::value& field) {
      if (key == "time_lock_delta") {
        policy.cltv_expiry_delta = {static_cast<std::int32_t>(number(field, key, {0, kUint16Max}))};
        has_delta = true;
      } else if (key == "min_htlc") {
        policy.htlc_minimum = {number(field, key, {0, kAllBitcoinSat * 1000})};
        has_minimum = true;
      } else if (key == "fee_base_msat") {
        policy.fee_base = {number(field, key, {0, kUint32Max})};
        has_base = true;
      } else if (key == "fee_rate_milli_msat") {
        policy.fee_proportional = {static_cast<std::uint32_t>(number(field, key, {0, kUint32Max}))};
        has_rate = true;
      } else if (key == "max_htlc_msat") {
        // Unsigned in lnd; what is above every capacity means the capacity.
        const auto most = number<std::uint64_t>(field, key, {0, kUint64Max});
        policy.htlc_maximum = {static_cast<std::int64_t>(std::min(most, kInt64Max))};
      } else if (key == "disabled") {
        policy.is_disabled = boolean(field, key);
      }
    });
    if (!has_delta) fail(start, "time_lock_delta", "nothing; allowed: a number of blocks");
    if (!has_minimum) fail(start, "min_htlc", "nothing; allowed: an amount in msat");
    if (!has_base) fail(start, "fee_base_msat", "nothing; allowed: an amount in msat");
    if (!has_rate) fail(start, "fee_rate_milli_msat", "nothing; allowed: a rate in millionths");
    path_ = edge;
    return policy;
  }

  bool boolean(json::value& value, std::string_view key) {
    const std::string_view token = trimmed(value.raw_json_token());
    if (token != "true" && token != "false") {
      fail(position_, key, fmt::format("{}; allowed: true or false", token));
    }
    return token == "true";
  }

  static void complete(Channel& channel) {
    const Msat capacity = *channel.capacity;
    for (std::optional<ForwardingPolicy>& policy : channel.policy) {
      if (!policy) policy = ForwardingPolicy{.is_disabled = true};
      if (policy->htlc_maximum == Msat{} || policy->htlc_maximum > capacity) {
        policy->htlc_maximum = capacity;
      }
      if (policy->htlc_minimum > policy->htlc_maximum) {
        policy->htlc_minimum = policy->htlc_maximum;
        policy->is_disabled = true;
      }
    }
  }

  void check_ids() {
    boost::unordered_flat_map<std::string_view, std::size_t> first;
    first.reserve(topology_.channels.size());
    for (std::size_t i = 0; i < topology_.channels.size(); ++i) {
      const auto [entry, is_new] = first.emplace(topology_.channels[i].id, i);
      if (is_new) continue;
      path_ = fmt::format("edges[{}]", i);
      fail(id_offsets_[i], "channel_id",
           fmt::format("\"{}\", which edges[{}] has too; allowed: every id once", entry->first,
                       entry->second));
    }
  }

  std::string_view content_;
  const std::string& file_;
  simdjson::padded_string padded_;
  json::parser parser_;
  Topology topology_;
  boost::unordered_flat_map<std::string_view, NodeId> index_;
  std::vector<std::size_t> node_offsets_;
  std::vector<std::size_t> id_offsets_;
  std::string path_;          // of the element being read
  std::size_t position_ = 0;  // of the value being read
};

bool recognises(std::string_view text) {
  const std::string_view content = without_byte_order_mark(text);
  const std::size_t start = content.find_first_not_of(kBlank);
  if (start == std::string_view::npos || content[start] != '{') return false;
  const auto has = [content](std::string_view key) {
    return content.find(key) != std::string_view::npos;
  };
  return has("\"pub_key\"") || has("\"node1_pub\"") || (has("\"nodes\"") && has("\"edges\""));
}

Topology read(std::string_view content, const std::string& file) {
  return LndReader(without_byte_order_mark(content), file).read();
}

}  // namespace

Importer lnd() {
  return {.name = "lnd",
          .summary = "lncli describegraph",
          .brings = {.capacities = true, .policies = true},
          .recognises = recognises,
          .read = read};
}

}  // namespace ampsim::topo
