#include "topologies/importers/json_parts.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "topologies/importers/policies.hpp"

namespace ampsim::topo {

void read_node(JsonReader& json, NodeIndex& nodes, std::string_view key) {
  Node node;
  std::size_t start = json.position();
  json.fields([&](std::string_view field) {
    if (field == key) {
      start = json.position();
      node.name = json.text();
    } else if (field == "alias") {
      node.alias = json.text();
    }
  });
  if (node.name.empty()) json.fail_at(start, key, "nothing; allowed: a public key");
  const std::string name = node.name;
  if (!nodes.add(std::move(node))) {
    json.fail_at(start, key, fmt::format("\"{}\" for the second time; allowed: once", name));
  }
}

void JsonPolicy::take(JsonReader& json, std::string_view key) {
  if (key == keys_.cltv_expiry_delta) {
    policy_.cltv_expiry_delta = {static_cast<std::int32_t>(json.integer(0, kMostDelta))};
    is_there_[0] = true;
  } else if (key == keys_.htlc_minimum) {
    policy_.htlc_minimum = {json.integer(0, kAllBitcoinMsat, keys_.unit)};
    is_there_[1] = true;
  } else if (key == keys_.fee_base) {
    policy_.fee_base = {json.integer(0, kMostFee, keys_.unit)};
    is_there_[2] = true;
  } else if (key == keys_.fee_proportional) {
    policy_.fee_proportional = {static_cast<std::uint32_t>(json.integer(0, kMostFee))};
    is_there_[3] = true;
  } else if (key == keys_.htlc_maximum) {
    // 64 bits without a sign in lnd; what is above every capacity means the capacity.
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    policy_.htlc_maximum = {
        static_cast<std::int64_t>(std::min(json.unsigned_integer(keys_.unit), kMost))};
  }
}

ForwardingPolicy JsonPolicy::finish(JsonReader& json,
                                    std::size_t start,
                                    std::string_view prefix) const {
  const std::array<std::string_view, 4> keys{keys_.cltv_expiry_delta, keys_.htlc_minimum,
                                             keys_.fee_base, keys_.fee_proportional};
  constexpr std::array<std::string_view, 4> kAllowed{"a number of blocks", "an amount in msat",
                                                     "an amount in msat", "a rate in millionths"};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (is_there_[i]) continue;
    json.fail_at(start, fmt::format("{}{}", prefix, keys[i]),
                 fmt::format("nothing; allowed: {}", kAllowed[i]));
  }
  return policy_;
}

}  // namespace ampsim::topo
