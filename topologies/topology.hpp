#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/units.hpp"

/// Who is connected to whom, before anything moves: a plain value that importers and generators
/// make and the simulated network is built from. Several channels between two nodes are ordinary.
///
/// Tested by tests/topology_test.cpp.
namespace ampsim::topo {

/// The fields of a `channel_update` (BOLT 7) that matter here: what the node at the start of a
/// directed channel asks for forwarding over it.
struct ForwardingPolicy {
  Msat fee_base;                 ///< per HTLC
  Ppm fee_proportional;          ///< of the amount that is forwarded
  BlockDelta cltv_expiry_delta;  ///< at least this between incoming and outgoing expiry
  Msat htlc_minimum;             ///< smallest amount
  Msat htlc_maximum;             ///< largest amount, at most the capacity; Msat::max() where
                                 ///< neither is known
  bool is_disabled = false;      ///< announced as not usable, or never announced

  friend bool operator==(const ForwardingPolicy&, const ForwardingPolicy&) = default;

  /// fee_base + floor(amount * fee_proportional / 10^6), BOLT 7.
  constexpr Msat fee(Msat amount) const { return fee_base + amount * fee_proportional; }
};

/// Fields of a policy, as bits of a sum.
using PolicyFields = std::uint8_t;
inline constexpr PolicyFields kFeeBase = 1;
inline constexpr PolicyFields kFeeProportional = 2;
inline constexpr PolicyFields kCltvExpiryDelta = 4;
inline constexpr PolicyFields kHtlcMinimum = 8;

struct Node {
  std::string name;   ///< unique: the public key, or the name in the file or generator
  std::string alias;  ///< for people; may be empty, need not be unique
};

/// What a topology does not say is absent, and drawn by `endow` (topologies/endowment.hpp).
struct Channel {
  std::string id;  ///< unique: the short channel id, or the generator's number
  std::array<NodeId, 2> ends;
  std::optional<Msat> capacity;
  std::optional<Msat> balance_0;  ///< what ends[0] can spend; the rest is ends[1]'s
  std::array<std::optional<ForwardingPolicy>, 2> policy;  ///< [0]: from ends[0] to ends[1]
  std::array<PolicyFields, 2> missing{};  ///< of policy[i], what the source left out

  /// Whether everything that moves money over the channel is known, but for the balance.
  bool has_policies() const { return policy[0] && policy[1] && missing[0] == 0 && missing[1] == 0; }
};

struct Topology {
  std::vector<Node> nodes;
  std::vector<Channel> channels;

  NodeId source(DirectedChannel d) const { return channels[d.channel().index].ends[d.direction()]; }
  NodeId target(DirectedChannel d) const {
    return channels[d.channel().index].ends[1 - d.direction()];
  }
};

/// Every fault of the topology, one sentence each, empty if there is none: an end that is no node,
/// a self-loop, a channel id or node name twice, a capacity that is not positive, a balance outside
/// [0, capacity], a minimum above the maximum, a maximum above the capacity.
std::vector<std::string> validate(const Topology& topology);

}  // namespace ampsim::topo
