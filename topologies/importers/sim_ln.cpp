#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "topologies/importers/formats.hpp"
#include "topologies/importers/json_parts.hpp"
#include "topologies/importers/json_reader.hpp"
#include "topologies/importers/node_index.hpp"
#include "topologies/importers/policies.hpp"

namespace ampsim::topo {
namespace {

class SimLnReader {
 public:
  SimLnReader(std::string_view content, const std::string& file)
      : json_(content, file, "sim-ln"), nodes_(topology_) {}

  Topology read() {
    json_.list("sim_network", [this](std::size_t i) { read_channel(i); });
    json_.finish();
    return std::move(topology_);
  }

 private:
  void read_channel(std::size_t index) {
    const std::size_t start = json_.position();
    Channel channel;
    json_.fields([&](std::string_view key) {
      if (key == "scid") {
        channel.id = json_.identifier();
      } else if (key == "capacity_msat") {
        channel.capacity = Msat{json_.integer(1, kAllBitcoinMsat)};
      } else if (key == "node_1") {
        read_end(channel, 0, key);
      } else if (key == "node_2") {
        read_end(channel, 1, key);
      }
    });
    const auto require = [&](bool is_there, std::string_view key, std::string_view allowed) {
      if (!is_there) json_.fail_at(start, key, fmt::format("nothing; allowed: {}", allowed));
    };
    require(!channel.id.empty(), "scid", "a channel id");
    require(channel.capacity.has_value(), "capacity_msat", "an amount in msat above 0");
    require(!channel.ends[0].is_none(), "node_1", "an object");
    require(!channel.ends[1].is_none(), "node_2", "an object");
    if (channel.ends[0] == channel.ends[1]) {
      json_.fail_at(start, "node_2.pubkey",
                    fmt::format("\"{}\", which node_1 has too; allowed: another node",
                                topology_.nodes[channel.ends[0].index].name));
    }
    const auto [first, is_new] = first_.emplace(channel.id, index);
    if (!is_new) {
      json_.fail_at(start, "scid",
                    fmt::format("{}, which sim_network[{}] has too; allowed: every id once",
                                channel.id, first->second));
    }
    settle_announced(channel);
    topology_.channels.push_back(std::move(channel));
  }

  void read_end(Channel& channel, std::size_t end, std::string_view name) {
    static constexpr PolicyKeys kKeys{.cltv_expiry_delta = "cltv_expiry_delta",
                                      .htlc_minimum = "min_htlc_size_msat",
                                      .fee_base = "base_fee",
                                      .fee_proportional = "fee_rate_prop",
                                      .htlc_maximum = "max_htlc_size_msat"};
    const std::size_t start = json_.position();
    JsonPolicy policy(kKeys);
    std::string pubkey;
    std::string alias;
    bool carries_nothing = false;
    json_.object("an object", [&](std::string_view key) {
      if (key == "pubkey") {
        pubkey = json_.text();
      } else if (key == "alias") {
        alias = json_.text();
      } else if (key == "max_htlc_count" || key == "max_in_flight_msat" ||
                 key == "max_htlc_size_msat") {
        carries_nothing = carries_nothing || json_.unsigned_integer() == 0;
      }
      policy.take(json_, key);
    });
    if (pubkey.empty()) {
      json_.fail_at(start, fmt::format("{}.pubkey", name), "nothing; allowed: a public key");
    }
    channel.ends[end] = nodes_.find_or_add(pubkey);
    std::string& known = topology_.nodes[channel.ends[end].index].alias;
    if (known.empty()) known = alias;
    channel.policy[end] = policy.finish(json_, start, fmt::format("{}.", name));
    channel.policy[end]->is_disabled = carries_nothing;
  }

  JsonReader json_;
  Topology topology_;
  NodeIndex nodes_;
  std::unordered_map<std::string, std::size_t> first_;  // by scid
};

bool recognises(std::string_view text) {
  const std::string_view content = without_byte_order_mark(text);
  return is_json_object(content) && has_json_key(content, "sim_network");
}

Topology read(std::string_view content, const std::string& file) {
  return SimLnReader(without_byte_order_mark(content), file).read();
}

}  // namespace

Importer sim_ln() {
  return {.name = "sim_ln",
          .summary = "sim-ln's sim_network",
          .brings = {.capacities = true, .policies = true},
          .recognises = recognises,
          .read = read};
}

}  // namespace ampsim::topo
