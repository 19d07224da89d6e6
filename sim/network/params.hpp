#pragma once

#include <cstdint>
#include <string>

#include "core/distribution.hpp"
#include "core/units.hpp"

namespace ampsim::sim {

/// What has a delay of its own (sim/network/latency.hpp).
enum class LatencyOf : std::uint8_t { channel, node };

/// How the commitment messages of a channel are simulated.
enum class Timing : std::uint8_t {
  fast,  ///< three constants a hop: how long an add, a preimage and a removal take when idle
  full,  ///< update, commitment_signed and revoke_and_ack one by one, batched as BOLT 2 allows
};

/// `[channels]` as far as it limits HTLCs, and `[network]` as far as it is about messages.
struct NetworkParams {
  /// Share of the capacity that each end must keep (BOLT 2 channel_reserve_satoshis), in [0, 1).
  double reserve = 0.01;
  /// HTLCs in flight in one direction of a channel, 1 to 483 (BOLT 2 max_accepted_htlcs).
  std::uint16_t max_htlcs = 483;
  /// Share of the capacity in flight in one direction, in (0, 1] (lnd: 0.99).
  double max_in_flight = 0.99;
  /// One-way message delay in ms, drawn once a channel or once a node.
  Distribution latency{.kind = DistributionKind::lightning};
  LatencyOf latency_of = LatencyOf::channel;
  /// Share of the nodes that are reached over Tor, in [0, 1] ...
  double tor_share = 0;
  /// ... and what that adds to the one-way delay of their channels, in ms.
  Distribution tor_latency{.kind = DistributionKind::uniform, .minimum = 200, .maximum = 600};
  /// A node takes this long for every message that it receives.
  SimDuration processing{};
  Timing timing = Timing::fast;
  /// Updates wait this long for others to share a signature (lnd: 50 ms, Core Lightning: 10 ms).
  SimDuration commit_timer{};
  /// `full`: so many waiting updates are signed at once, >= 1 (lnd: 10).
  std::uint32_t commit_batch = 10;
};

enum class BlockArrivals : std::uint8_t { exponential, fixed };

/// `[chain]`, and the keys of `[network]` about blocks and fees. Times are BOLT 2's and BOLT 5's.
struct ChainParams {
  SimDuration block_interval = std::chrono::seconds{600};
  BlockArrivals block_arrivals = BlockArrivals::exponential;
  double feerate_sat_per_vbyte = 10;
  /// CSV with columns at_s,sat_per_vbyte: from that time on; "" = the constant above.
  std::string feerate_file;
  /// A transaction confirms this many blocks after it was published, >= 1.
  BlockDelta confirmation{1};
  /// An HTLC is failed upstream when its end on chain is this deep (LDK: 6, Eclair: 8), >= 1.
  BlockDelta depth{6};
  /// Who closes waits this long for its own balance (BOLT 3 to_self_delay).
  BlockDelta to_self_delay{144};
  /// Who has a preimage, and no answer, closes this long before the HTLC expires (lnd: 16).
  BlockDelta claim_margin{16};
  /// Smaller HTLCs have no output of their own: on chain they go to the fees (BOLT 3).
  Msat dust_limit = Msat::from_sat(354);
};

/// `[faults]`.
struct FaultParams {
  /// Nodes are up and down in turn for exponential times; mean_down 0 = never down.
  SimDuration mean_up = std::chrono::hours{24};
  SimDuration mean_down{};
  /// CSV with columns node,down_s,up_s: when which node is away; "" = as above.
  std::string offline_file;
  /// An HTLC hangs at the node that it has reached, per hop and HTLC ...
  double stuck_probability = 0;
  /// ... for an exponential time, then it goes on.
  SimDuration stuck_mean = std::chrono::hours{1};
  /// The peer goes away when it was sent an HTLC, per hop and HTLC ...
  double vanish_probability = 0;
  /// ... for an exponential time.
  SimDuration vanish_mean = std::chrono::hours{1};
  /// Share of nodes that take `slow_delay` longer for every message.
  double slow_probability = 0;
  SimDuration slow_delay = std::chrono::seconds{1};
  /// Share of channel directions whose policy is not what senders believe.
  double stale_policy_probability = 0;
  /// A node fails an HTLC with `failure` for no reason, per hop and HTLC.
  double failure_probability = 0;
  std::string failure = "temporary_node_failure";  ///< a name of failure_code.hpp

  bool has_offline() const { return mean_down > SimDuration{} || !offline_file.empty(); }
};

}  // namespace ampsim::sim
