#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/check.hpp"
#include "topologies/importers/formats.hpp"
#include "topologies/importers/json_reader.hpp"
#include "topologies/importers/node_index.hpp"
#include "topologies/importers/policies.hpp"

namespace ampsim::topo {
namespace {

constexpr std::int64_t kVersion = 1;

class NetworkReader {
 public:
  NetworkReader(std::string_view content, const std::string& file)
      : json_(content, file, "ampsim topology"), nodes_(topology_) {}

  Topology read() {
    const bool is_ours = json_.field("format") && json_.text() == "ampsim";
    if (!is_ours) json_.fail_at(0, "format", "another format; allowed: \"ampsim\"");
    if (!json_.field("version")) {
      json_.fail_at(0, "version", fmt::format("nothing; allowed: {}", kVersion));
    }
    json_.integer(kVersion, kVersion);
    json_.list("nodes", [this](std::size_t) { read_node(); });
    json_.list("channels", [this](std::size_t i) { read_channel(i); });
    json_.finish();
    return std::move(topology_);
  }

 private:
  [[noreturn]] void fail_unknown(std::string_view key, const std::vector<std::string>& known) {
    json_.fail_at(json_.position(), key,
                  fmt::format("no such key; allowed: {}{}", fmt::join(known, ", "),
                              did_you_mean(key, known)));
  }

  void read_node() {
    static const std::vector<std::string> known{"name", "alias"};
    Node node;
    const std::size_t start = json_.position();
    json_.fields([&](std::string_view key) {
      if (key == "name") {
        node.name = json_.text();
      } else if (key == "alias") {
        node.alias = json_.text();
      } else {
        fail_unknown(key, known);
      }
    });
    if (node.name.empty()) json_.fail_at(start, "name", "nothing; allowed: a name");
    const std::string name = node.name;
    if (!nodes_.add(std::move(node))) {
      json_.fail_at(start, "name", fmt::format("\"{}\" for the second time; allowed: once", name));
    }
  }

  NodeId known_node() {
    const std::string_view name = json_.text();
    const std::optional<NodeId> node = nodes_.find(name);
    if (!node) json_.fail(fmt::format("\"{}\"; allowed: the name of a node in the file", name));
    return *node;
  }

  void read_channel(std::size_t index) {
    static const std::vector<std::string> known{
        "id",           "node1",        "node2", "capacity_msat", "node1_balance_msat",
        "node1_policy", "node2_policy",
    };
    const std::size_t start = json_.position();
    Channel channel;
    json_.fields([&](std::string_view key) {
      if (key == "id") {
        channel.id = json_.identifier();
      } else if (key == "node1") {
        channel.ends[0] = known_node();
      } else if (key == "node2") {
        channel.ends[1] = known_node();
      } else if (key == "capacity_msat") {
        channel.capacity = Msat{json_.integer(1, kAllBitcoinMsat)};
      } else if (key == "node1_balance_msat") {
        channel.balance_0 = Msat{json_.integer(0, kAllBitcoinMsat)};
      } else if (key == "node1_policy") {
        read_policy(channel, 0);
      } else if (key == "node2_policy") {
        read_policy(channel, 1);
      } else {
        fail_unknown(key, known);
      }
    });
    check(channel, index, start);
    for (std::optional<ForwardingPolicy>& policy : channel.policy) {
      if (policy) settle_limits(*policy, channel.capacity);
    }
    topology_.channels.push_back(std::move(channel));
  }

  void check(const Channel& channel, std::size_t index, std::size_t start) {
    const auto require = [&](bool holds, std::string_view key, const std::string& found) {
      if (!holds) json_.fail_at(start, key, found);
    };
    require(!channel.id.empty(), "id", "nothing; allowed: a channel id");
    require(!channel.ends[0].is_none(), "node1", "nothing; allowed: the name of a node");
    require(!channel.ends[1].is_none(), "node2", "nothing; allowed: the name of a node");
    require(channel.ends[0] != channel.ends[1], "node2",
            "the same node as in node1; allowed: another node");
    const auto [first, is_new] = first_.emplace(channel.id, index);
    require(is_new, "id",
            fmt::format("\"{}\", which channels[{}] has too; allowed: every id once", channel.id,
                        first->second));
    if (!channel.balance_0) return;
    require(channel.capacity.has_value(), "capacity_msat",
            "nothing beside a balance; allowed: both");
    require(*channel.balance_0 <= *channel.capacity, "node1_balance_msat",
            fmt::format("{}; allowed: up to the capacity of {} msat", channel.balance_0->count,
                        channel.capacity->count));
  }

  void read_policy(Channel& channel, std::size_t side) {
    static const std::vector<std::string> known{
        "fee_base_msat",     "fee_proportional_ppm", "cltv_expiry_delta_blocks",
        "htlc_minimum_msat", "htlc_maximum_msat",    "is_disabled",
    };
    ForwardingPolicy policy;
    std::uint8_t missing = kFeeBase | kFeeProportional | kCltvExpiryDelta | kHtlcMinimum;
    const auto found = [&missing](PolicyFields field) {
      missing = static_cast<std::uint8_t>(missing & ~field);
    };
    json_.object("an object", [&](std::string_view key) {
      if (key == known[0]) {
        policy.fee_base = {json_.integer(0, kMostFee)};
        found(kFeeBase);
      } else if (key == known[1]) {
        policy.fee_proportional = {static_cast<std::uint32_t>(json_.integer(0, kMostFee))};
        found(kFeeProportional);
      } else if (key == known[2]) {
        policy.cltv_expiry_delta = {static_cast<std::int32_t>(json_.integer(0, kMostDelta))};
        found(kCltvExpiryDelta);
      } else if (key == known[3]) {
        policy.htlc_minimum = {json_.integer(0, kAllBitcoinMsat)};
        found(kHtlcMinimum);
      } else if (key == known[4]) {
        policy.htlc_maximum = {json_.integer(0, kAllBitcoinMsat)};
      } else if (key == known[5]) {
        policy.is_disabled = json_.boolean();
      } else {
        fail_unknown(key, known);
      }
    });
    channel.policy[side] = policy;
    channel.missing[side] = missing;
  }

  JsonReader json_;
  Topology topology_;
  NodeIndex nodes_;
  std::unordered_map<std::string, std::size_t> first_;  // by id
};

bool recognises(std::string_view text) {
  std::string_view content = without_byte_order_mark(text);
  if (!is_json_object(content)) return false;
  content.remove_prefix(content.find('{') + 1);
  content.remove_prefix(std::min(content.find_first_not_of(" \t\r\n"), content.size()));
  return content.starts_with("\"format\"") && has_json_key(content, "ampsim");
}

Topology read(std::string_view content, const std::string& file) {
  return NetworkReader(without_byte_order_mark(content), file).read();
}

}  // namespace

Importer ampsim_network() {
  return {.name = "ampsim",
          .summary = "our own, written by ampsim topology",
          .recognises = recognises,
          .read = read};
}

}  // namespace ampsim::topo
