#include "sim/network/latency.hpp"

#include <algorithm>
#include <cstddef>

namespace ampsim::sim {
namespace {

std::vector<SimDuration> draw_many(std::size_t count, const Distribution& latency, Rng rng) {
  std::vector<SimDuration> delays;
  delays.reserve(count);
  for (std::size_t i = 0; i < count; ++i) delays.push_back(draw_delay(latency, rng));
  return delays;
}

void add_tor(const topo::Topology& topology,
             const NetworkParams& params,
             std::uint64_t seed,
             std::vector<SimDuration>& delays) {
  Rng rng(seed, "tor_nodes");
  std::vector<bool> is_on_tor;
  is_on_tor.reserve(topology.nodes.size());
  for (std::size_t node = 0; node < topology.nodes.size(); ++node) {
    is_on_tor.push_back(rng.chance(params.tor_share));
  }
  // Drawn for every channel: the share decides who has a delay, not how long it is.
  const std::vector<SimDuration> more =
      draw_many(delays.size(), params.tor_latency, Rng(seed, "tor_latency"));
  for (std::size_t i = 0; i < delays.size(); ++i) {
    const auto& ends = topology.channels[i].ends;
    if (is_on_tor[ends[0].index] || is_on_tor[ends[1].index]) delays[i] += more[i];
  }
}

}  // namespace

SimDuration draw_delay(const Distribution& latency, Rng& rng) {
  constexpr double kMostMs = 86'400'000;
  return from_seconds(std::min(kMostMs, draw(latency, rng)) * 1e-3);
}

std::vector<SimDuration> draw_latencies(const topo::Topology& topology,
                                        const NetworkParams& params,
                                        std::uint64_t seed) {
  std::vector<SimDuration> delays;
  switch (params.latency_of) {
    case LatencyOf::channel:
      delays = draw_many(topology.channels.size(), params.latency, Rng(seed, "latency"));
      break;
    case LatencyOf::node: {
      const std::vector<SimDuration> nodes =
          draw_many(topology.nodes.size(), params.latency, Rng(seed, "node_latency"));
      delays.reserve(topology.channels.size());
      for (const topo::Channel& channel : topology.channels) {
        delays.push_back((nodes[channel.ends[0].index] + nodes[channel.ends[1].index]) / 2);
      }
      break;
    }
  }
  if (params.tor_share > 0) add_tor(topology, params, seed, delays);
  return delays;
}

}  // namespace ampsim::sim
