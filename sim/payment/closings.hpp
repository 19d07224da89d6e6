#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/units.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/network/block_clock.hpp"
#include "sim/network/fee_rates.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/htlc_flow.hpp"
#include "sim/payment/receiver.hpp"

/// Channels that end on chain: who closes when, and what becomes of their HTLCs (BOLT 5; BOLT 2,
/// "cltv_expiry_delta Selection").
///
/// A node that is there looks at its HTLCs with every block. It closes the channel
///  - that it offered an HTLC over which has reached its expiry, and whose preimage it does not
///    know;
///  - over which it cannot pass a preimage, `claim_margin` blocks before the expiry.
///
/// From then on the channel takes nothing. `confirmation` blocks later the commitment transaction
/// is in a block: both ends have their balances on chain, and who closed pays the fee and waits
/// `to_self_delay` blocks more. Each HTLC that was irrevocably committed is an output, or, below
/// `dust_limit`, part of the fees. Outputs of the second stage can be spent at once. The far end
/// claims it with the preimage as soon as it has it; the near end takes it back once it has
/// expired; either takes `confirmation` blocks and a fee from the HTLC's own amount. The preimage
/// is seen, and relayed upstream, when the claim is in a block; a failure is relayed when what
/// proves it is `depth` blocks deep.
///
/// So a forwarder loses money where it learns the preimage after its upstream HTLC has timed out,
/// and where dust was burnt: money is conserved, atomicity need not be.
///
/// Tested by tests/closings_test.cpp.
namespace ampsim::sim {

class Closings {
 public:
  struct Means {
    Scheduler& scheduler;
    Network& network;
    AttemptTable& attempts;
    HtlcFlow& flow;
    /// Who receives an attempt: an attack has receivers of its own.
    std::function<Receiver&(const Attempt&)> receiver_of;
    Metrics& metrics;
    const BlockClock& blocks;
  };

  Closings(const ChainParams& params, const Means& means);

  /// A block was found.
  void on_block();
  /// Whether a closing is under way.
  bool is_active() const { return !closings_.empty(); }

 private:
  struct Output {
    AttemptId attempt;
    std::uint32_t hop = 0;
    HtlcFlow::ChainEnd end = HtlcFlow::ChainEnd::timed_out;
    bool is_published = false;  ///< the transaction that ends it
    bool is_ended = false;
    BlockHeight due{};  ///< next step
  };
  struct Closing {
    ChannelId channel;
    unsigned closer = 0;
    BlockHeight since;
    SimTime since_time;
    Msat closer_balance;
    Msat other_balance;
    bool is_confirmed = false;
    std::vector<Output> outputs;  ///< not yet known to those upstream
  };

  void close_expired();
  void close(ChannelId id, unsigned closer);
  void advance(Closing& closing);
  void confirm(Closing& closing);
  /// The far end can no longer claim it: a receiver that holds it lets go of it.
  void give_up(const Output& output);
  /// True when nothing more can happen to it.
  bool advance(Output& output);
  bool is_done(const Closing& closing);

  ChainParams params_;
  Means means_;
  FeeRates rates_;
  std::vector<Closing> closings_;
};

}  // namespace ampsim::sim
