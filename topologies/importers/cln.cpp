#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/check.hpp"
#include "topologies/importers/formats.hpp"
#include "topologies/importers/json_parts.hpp"
#include "topologies/importers/json_reader.hpp"
#include "topologies/importers/node_index.hpp"
#include "topologies/importers/policies.hpp"

namespace ampsim::topo {
namespace {

// Which of the two a file is.
constexpr std::size_t kListChannels = 0;
constexpr std::size_t kListNodes = 1;

std::size_t part_of(std::string_view text) {
  const std::string_view content = without_byte_order_mark(text);
  const bool has_channels =
      has_json_key(content, "channels") || has_json_key(content, "short_channel_id");
  return has_json_key(content, "nodeid") || !has_channels ? kListNodes : kListChannels;
}

bool recognises(std::string_view text) {
  const std::string_view content = without_byte_order_mark(text);
  if (!is_json_object(content)) return false;
  return has_json_key(content, "short_channel_id") || has_json_key(content, "nodeid") ||
         has_json_key(content, "channels") || has_json_key(content, "nodes");
}

/// The nodes of listnodes, then those that only channels have.
class ClnReader {
 public:
  ClnReader() : nodes_(topology_) {}

  void read_nodes(std::string_view content, const std::string& file) {
    JsonReader json(content, file, "lightning-cli listnodes");
    json.list("nodes", [&](std::size_t) { read_node(json, nodes_, "nodeid"); });
    json.finish();
  }

  void read_channels(std::string_view content, const std::string& file) {
    JsonReader json(content, file, "lightning-cli listchannels");
    json.list("channels", [&](std::size_t i) { read_direction(json, i); });
    json.finish();
    for (Channel& channel : topology_.channels) settle_announced(channel);
  }

  Topology take() { return std::move(topology_); }

 private:
  /// One element of listchannels.
  struct Direction {
    std::size_t index = 0;  ///< in the list
    std::size_t start = 0;
    std::array<std::string, 2> ends;  ///< source and destination
    std::string id;
    int number = -1;  ///< 0 or 1; -1 where it is not said
    std::int64_t capacity = 0;
    ForwardingPolicy policy;
  };

  void read_direction(JsonReader& json, std::size_t index) {
    static constexpr PolicyKeys kKeys{.cltv_expiry_delta = "delay",
                                      .htlc_minimum = "htlc_minimum_msat",
                                      .fee_base = "base_fee_millisatoshi",
                                      .fee_proportional = "fee_per_millionth",
                                      .htlc_maximum = "htlc_maximum_msat",
                                      .unit = "msat"};
    Direction read{.index = index, .start = json.position(), .ends = {}, .id = {}};
    JsonPolicy policy(kKeys);
    bool is_active = true;
    json.fields([&](std::string_view key) {
      if (key == "source") {
        read.ends[0] = json.text();
      } else if (key == "destination") {
        read.ends[1] = json.text();
      } else if (key == "short_channel_id") {
        read.id = json.text();
      } else if (key == "direction") {
        read.number = static_cast<int>(json.integer(0, 1));
      } else if (key == "amount_msat") {
        read.capacity = json.integer(1, kAllBitcoinMsat, "msat");
      } else if (key == "satoshis" && read.capacity == 0) {
        read.capacity = json.integer(1, kAllBitcoinSat) * 1000;
      } else if (key == "active") {
        is_active = json.boolean();
      }
      policy.take(json, key);
    });
    const auto require = [&](bool is_there, std::string_view key, std::string_view allowed) {
      if (!is_there) json.fail_at(read.start, key, fmt::format("nothing; allowed: {}", allowed));
    };
    require(!read.ends[0].empty(), "source", "a public key");
    require(!read.ends[1].empty(), "destination", "a public key");
    require(!read.id.empty(), "short_channel_id", "a channel id");
    require(read.capacity > 0, "amount_msat", "an amount in msat");
    if (read.ends[0] == read.ends[1]) {
      json.fail_at(
          read.start, "destination",
          fmt::format("\"{}\", which is the source too; allowed: another node", read.ends[1]));
    }
    read.policy = policy.finish(json, read.start);
    read.policy.is_disabled = !is_active;
    // The direction from the smaller key is 0.
    if (read.number < 0) read.number = read.ends[0] < read.ends[1] ? 0 : 1;
    add(json, read);
  }

  void add(JsonReader& json, const Direction& read) {
    const auto number = static_cast<std::size_t>(read.number);
    std::array<NodeId, 2> ends;
    ends[number] = nodes_.find_or_add(read.ends[0]);
    ends[1 - number] = nodes_.find_or_add(read.ends[1]);
    const auto [entry, is_new] = first_.emplace(read.id, First{});
    First& first = entry->second;
    if (is_new) {
      first = {.channel = topology_.channels.size(), .index = read.index};
      topology_.channels.push_back(
          {.id = read.id, .ends = ends, .capacity = Msat{read.capacity}, .policy = {}});
    }
    Channel& channel = topology_.channels[first.channel];
    const auto refuse = [&](std::string_view key, const std::string& found) {
      json.fail_at(read.start, key, found);
    };
    if (ends != channel.ends) {
      refuse("source",
             fmt::format("other ends, or another direction, than channels[{}] has for \"{}\"; "
                         "allowed: the same",
                         first.index, read.id));
    }
    if (channel.policy[number]) {
      refuse("direction",
             fmt::format("{} of \"{}\" for the second time; allowed: once", read.number, read.id));
    }
    if (channel.capacity->count != read.capacity) {
      refuse("amount_msat", fmt::format("{}; allowed: {}, as channels[{}] has it", read.capacity,
                                        channel.capacity->count, first.index));
    }
    channel.policy[number] = read.policy;
  }

  struct First {
    std::size_t channel = 0;
    std::size_t index = 0;  ///< of the element that named it first
  };

  Topology topology_;
  NodeIndex nodes_;
  std::unordered_map<std::string, First> first_;  // by short_channel_id
};

Topology read(std::span<const FileText> files) {
  ClnReader reader;
  std::array<const FileText*, 2> found{};
  for (const FileText& file : files) {
    const FileText*& place = found[part_of(file.content)];
    if (place != nullptr) {
      throw InputError({.file = file.name, .line = 1},
                       "found the same list for the second time; allowed: listchannels, and "
                       "listnodes beside it");
    }
    place = &file;
  }
  if (found[kListChannels] == nullptr) {
    throw InputError({.file = found[kListNodes]->name},
                     "found listnodes alone; allowed: listchannels, and listnodes beside it");
  }
  for (const std::size_t part : {kListNodes, kListChannels}) {
    if (found[part] == nullptr) continue;
    const std::string_view content = without_byte_order_mark(found[part]->content);
    if (part == kListNodes) {
      reader.read_nodes(content, found[part]->name);
    } else {
      reader.read_channels(content, found[part]->name);
    }
  }
  return reader.take();
}

}  // namespace

Importer cln() {
  return {.name = "cln",
          .summary = "lightning-cli listchannels, with listnodes or without",
          .brings = {.capacities = true, .policies = true},
          .recognises = recognises,
          .files = 2,
          .least_files = 1,
          .part_of = part_of,
          .read_files = read};
}

}  // namespace ampsim::topo
