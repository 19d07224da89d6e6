#include "sim/network/channel_order.hpp"

#include <algorithm>

#include "core/random.hpp"
#include "tests/printing.hpp"

using namespace ampsim;
using namespace ampsim::sim;

TEST_CASE("channel_order: the order of a stable sort") {
  Rng rng(1, "channel_order_test");
  constexpr std::size_t kKeys = 17;
  for (const std::size_t channels : {0, 1, 2, 500}) {
    std::vector<DirectedChannel> all = directed_channels(channels);
    REQUIRE(all.size() == 2 * channels);
    std::vector<std::size_t> keys(all.size());
    for (std::size_t& key : keys) key = rng.below(kKeys);
    std::reverse(all.begin(), all.end());
    const auto key = [&](DirectedChannel channel) { return keys[channel.index]; };
    const std::vector<DirectedChannel> sorted = sorted_by(all, kKeys, key);
    std::stable_sort(all.begin(), all.end(),
                     [&](DirectedChannel a, DirectedChannel b) { return key(a) < key(b); });
    CHECK(sorted == all);
  }
}
