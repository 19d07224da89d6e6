#pragma once

#include <cstdint>

#include "core/units.hpp"

/// `[routing]` as far as routers of papers read it; each router's header says what it does with
/// them.
namespace ampsim::sim {

/// Which of the paths between two nodes are kept: those of fewest channels, or those whose least
/// capacity is largest. No two of them share a channel.
enum class PathChoice : std::uint8_t { shortest, widest };

struct BaselineParams {
  /// Paths that waterfilling, and flash for small payments, know for a pair of nodes, >= 1.
  std::uint32_t paths = 4;
  PathChoice path_choice = PathChoice::shortest;
  /// Waterfilling asks its paths what they can carry; without, the view says what it believes.
  bool probes = true;
  /// Flash takes larger payments for elephants; 0: those above 90 % of the payments so far.
  Msat elephant_above;
  /// Paths that flash probes for an elephant at most, >= 1.
  std::uint32_t max_probes = 20;
  /// Landmarks of silentwhispers and speedymurmurs, >= 1; no more than there are nodes.
  std::uint32_t landmarks = 3;
};

}  // namespace ampsim::sim
