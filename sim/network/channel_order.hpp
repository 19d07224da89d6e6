#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/units.hpp"

/// Sorting of directed channels by small numbers, such as a node's, in linear time.
///
/// Tested by tests/channel_order_test.cpp.
namespace ampsim::sim {

/// All directed channels of so many channels, by index.
inline std::vector<DirectedChannel> directed_channels(std::size_t channels) {
  std::vector<DirectedChannel> all(2 * channels);
  for (std::uint32_t index = 0; index < all.size(); ++index) all[index] = {index};
  return all;
}

/// By `key`, which is below `keys`; equals stay in their order (counting sort).
template <class Key>
std::vector<DirectedChannel> sorted_by(const std::vector<DirectedChannel>& channels,
                                       std::size_t keys,
                                       const Key& key) {
  std::vector<std::uint32_t> next(keys + 1, 0);
  for (const DirectedChannel channel : channels) ++next[key(channel) + 1];
  for (std::size_t i = 0; i < keys; ++i) next[i + 1] += next[i];
  std::vector<DirectedChannel> sorted(channels.size());
  for (const DirectedChannel channel : channels) sorted[next[key(channel)]++] = channel;
  return sorted;
}

}  // namespace ampsim::sim
