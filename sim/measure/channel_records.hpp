#pragma once

#include <cstddef>
#include <vector>

#include "sim/measure/run_result.hpp"
#include "sim/network/network.hpp"

/// The state of channels at the end of a run.
///
/// Tested by tests/simulation_test.cpp.
namespace ampsim::sim {

/// Of the first `count`, in the order of the topology.
inline std::vector<ChannelRecord> channel_records(const Network& network, std::size_t count) {
  std::vector<ChannelRecord> records;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Channel& channel = network.channel(ChannelId{i});
    records.push_back({channel.capacity(), channel.balance(0), channel.balance(1)});
  }
  return records;
}

}  // namespace ampsim::sim
