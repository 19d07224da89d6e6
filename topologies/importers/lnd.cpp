#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "topologies/importers/formats.hpp"
#include "topologies/importers/json_parts.hpp"
#include "topologies/importers/json_reader.hpp"
#include "topologies/importers/node_index.hpp"
#include "topologies/importers/policies.hpp"

namespace ampsim::topo {
namespace {

/// One pass over the nodes, one over the edges.
class LndReader {
 public:
  LndReader(std::string_view content, const std::string& file)
      : json_(content, file, "lncli describegraph"), index_(topology_) {}

  Topology read() {
    json_.list("nodes", [this](std::size_t) { read_node(json_, index_, "pub_key"); });
    json_.list("edges", [this](std::size_t) { read_edge(); });
    json_.finish();
    check_ids();
    return std::move(topology_);
  }

 private:
  NodeId known_node() {
    const std::string_view name = json_.text();
    const std::optional<NodeId> node = index_.find(name);
    if (!node) {
      json_.fail(fmt::format("\"{}\"; allowed: the pub_key of a node in the file", name));
    }
    return *node;
  }

  void read_edge() {
    const std::size_t start = json_.position();
    Channel channel;
    std::size_t id_offset = start;
    std::size_t end_offset = start;
    json_.fields([&](std::string_view key) {
      if (key == "channel_id") {
        id_offset = json_.position();
        channel.id = json_.identifier();
      } else if (key == "node1_pub") {
        channel.ends[0] = known_node();
      } else if (key == "node2_pub") {
        end_offset = json_.position();
        channel.ends[1] = known_node();
      } else if (key == "capacity") {
        channel.capacity = Msat::from_sat(json_.integer(1, kAllBitcoinSat));
      } else if (key == "node1_policy") {
        channel.policy[0] = read_policy(key);
      } else if (key == "node2_policy") {
        channel.policy[1] = read_policy(key);
      }
    });
    const auto require = [&](bool is_there, std::string_view key, std::string_view allowed) {
      if (!is_there) json_.fail_at(start, key, fmt::format("nothing; allowed: {}", allowed));
    };
    if (channel.id.empty())
      json_.fail_at(id_offset, "channel_id", "nothing; allowed: a channel id");
    require(!channel.ends[0].is_none(), "node1_pub", "a pub_key");
    require(!channel.ends[1].is_none(), "node2_pub", "a pub_key");
    require(channel.capacity.has_value(), "capacity", "a number of sat above 0");
    if (channel.ends[0] == channel.ends[1]) {
      json_.fail_at(end_offset, "node2_pub",
                    fmt::format("\"{}\", which is node1_pub too; allowed: another node",
                                topology_.nodes[channel.ends[0].index].name));
    }
    settle_announced(channel);
    topology_.channels.push_back(std::move(channel));
    id_offsets_.push_back(id_offset);
  }

  std::optional<ForwardingPolicy> read_policy(std::string_view name) {
    static constexpr PolicyKeys kKeys{.cltv_expiry_delta = "time_lock_delta",
                                      .htlc_minimum = "min_htlc",
                                      .fee_base = "fee_base_msat",
                                      .fee_proportional = "fee_rate_milli_msat",
                                      .htlc_maximum = "max_htlc_msat"};
    if (json_.is_null()) return std::nullopt;
    const std::size_t start = json_.position();
    JsonPolicy fields(kKeys);
    bool is_disabled = false;
    json_.object("an object or null", [&](std::string_view key) {
      if (key == "disabled") is_disabled = json_.boolean();
      fields.take(json_, key);
    });
    ForwardingPolicy policy = fields.finish(json_, start, fmt::format("{}.", name));
    policy.is_disabled = is_disabled;
    return policy;
  }

  void check_ids() {
    std::unordered_map<std::string_view, std::size_t> first;
    first.reserve(topology_.channels.size());
    for (std::size_t i = 0; i < topology_.channels.size(); ++i) {
      const auto [entry, is_new] = first.emplace(topology_.channels[i].id, i);
      if (is_new) continue;
      json_.fail_in("edges", i, id_offsets_[i], "channel_id",
                    fmt::format("\"{}\", which edges[{}] has too; allowed: every id once",
                                entry->first, entry->second));
    }
  }

  JsonReader json_;
  Topology topology_;
  NodeIndex index_;
  std::vector<std::size_t> id_offsets_;
};

bool recognises(std::string_view text) {
  const std::string_view content = without_byte_order_mark(text);
  if (!is_json_object(content)) return false;
  return has_json_key(content, "pub_key") || has_json_key(content, "node1_pub") ||
         (has_json_key(content, "nodes") && has_json_key(content, "edges"));
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
