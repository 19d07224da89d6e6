#pragma once

#include <cstdint>
#include <string>

#include "core/units.hpp"
#include "topologies/node_choice.hpp"

namespace ampsim::sim {

/// What an attacker does; each kind in a file of its own in this room.
enum class AttackKind : std::uint8_t {
  none,
  slot_jamming,       ///< fills the HTLC slots of channels with small HTLCs and holds them
  liquidity_jamming,  ///< fills channels with HTLCs as large as they take and holds them
  fast_jamming,       ///< slot_jamming with short holds, again and again
  withheld_share,     ///< sends sets to nodes whose last part never comes
  probing,            ///< searches balances with HTLCs that nobody can claim
  wormhole,           ///< colluding forwarders skip the honest ones between them
  keep_part,          ///< forwarders sit on HTLCs that they are asked to forward
};

/// Which nodes are attacked, or, for `wormhole` and `keep_part`, are the attacker's.
using TargetChoice = topo::NodeChoice;

/// `[attack]`.
struct AttackParams {
  /// Whether the measures are wanted: true for all points of an experiment if one of them has an
  /// attack, so that all rows of runs.csv have the same columns. No key of its own.
  bool is_on = false;
  AttackKind kind = AttackKind::none;
  std::uint32_t targets = 1;  ///< how many nodes, >= 1
  TargetChoice choice = TargetChoice::degree;
  std::string listed;                        ///< names of nodes, separated by spaces
  Msat budget = Msat::from_sat(10'000'000);  ///< in the attacker's own channels, altogether
  /// Of one attack HTLC, >= 0; 0: see the kinds.
  Msat htlc{};
  /// How long an HTLC is held; 0: what the kind is known for (hold_time).
  SimDuration hold{};
  SimDuration start{};
  SimDuration stop{};                     ///< 0: when no payment can be tried any more
  double probability = 1;                 ///< `keep_part`: of keeping an HTLC
  Msat precision = Msat::from_sat(1000);  ///< `probing`: a search ends here

  /// 7 s is what a jam of Shikhelman and Tikhomirov (2022) takes that passes for a slow payment.
  SimDuration hold_time() const {
    if (hold > SimDuration{}) return hold;
    return kind == AttackKind::fast_jamming ? std::chrono::seconds{7} : std::chrono::hours{1};
  }
  /// Whether the attacker brings channels of its own.
  bool has_channels() const {
    return kind != AttackKind::none && kind != AttackKind::wormhole &&
           kind != AttackKind::keep_part;
  }
};

}  // namespace ampsim::sim
