#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/units.hpp"
#include "sim/attack/params.hpp"
#include "sim/network/network.hpp"
#include "topologies/topology.hpp"

/// What the attacker brings: nodes and channels of its own, which are not announced. They stand
/// behind those of the public network, whose numbers stay, so that nobody else routes over them and
/// no draw of an honest run is shifted.
///
/// A way leads over one directed channel that is attacked, from the attacker's source to its sink:
///
///     source -- entry --> near end -- target --> far end -- exit --> sink
///
/// Half of what a way gets of the budget is the source's end of the entry, the other half the far
/// end's end of the exit: inbound liquidity that the attacker has bought or has got by paying
/// through it. The far end asks for forwarding to the sink what it asks for forwarding back over
/// the target. A probe ends at the far end and needs no exit.
///
/// Tested by tests/attack_targets_test.cpp.
namespace ampsim::sim {

struct Way {
  DirectedChannel entry;
  DirectedChannel target;
  DirectedChannel exit;  ///< none where the HTLC ends at the far end
};

struct Foothold {
  topo::Topology topology;  ///< the public one, then the attacker's nodes and channels
  NodeId source;
  NodeId sink;
  std::vector<Way> ways;  ///< none for `withheld_share`, which has entries only

  /// The attacker's ends of its own channels.
  std::vector<DirectedChannel> own_ends;
};

/// What is known of an attack before time begins.
struct AttackPlan {
  std::vector<NodeId> targets;
  std::optional<Foothold> foothold;  ///< where AttackParams::has_channels
};

/// Errors: InputError for a listed name that is no node.
AttackPlan plan_attack(const topo::Topology& topology,
                       const AttackParams& params,
                       std::uint64_t seed);

/// What the attacker has in its own channels, and from those that ended on chain; nothing without a
/// foothold.
Msat money_of_attacker(const AttackPlan& plan, const Network& network);

}  // namespace ampsim::sim
