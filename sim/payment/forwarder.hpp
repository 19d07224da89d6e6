#pragma once

#include <cstdint>
#include <string>

#include "core/units.hpp"
#include "sim/network/block_clock.hpp"
#include "sim/network/failure_code.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/htlc_flow.hpp"

/// What a node between sender and receiver does with an HTLC: checks it against the policy of the
/// next channel, locks that channel or refuses by name, and relays what comes back.
///
/// Forwarding is not strict (lnd): where the channel that the onion names cannot take the HTLC, any
/// other channel to the same peer may whose policy is met. The order of the checks is lnd's
/// (htlcswitch/switch.go and link.go): is the peer there, fee, minimum and maximum, expiry near and
/// far, liquidity, CLTV delta.
///
/// Tested by tests/payment_test.cpp.
namespace ampsim::sim {

class Forwarder {
 public:
  Forwarder(Network& network, const BlockClock& blocks, AttemptTable& attempts, HtlcFlow& flow)
      : network_(network), blocks_(blocks), attempts_(attempts), flow_(flow) {}

  /// The HTLC of `hop` is irrevocably committed at a node that is not the receiver.
  void forward(AttemptId id, std::uint32_t hop);
  /// The node at the far end of `hop` fails it.
  void refuse(AttemptId id, std::uint32_t hop, FailureCode code);

 private:
  /// Of the HTLC of `hop`, were it to go on over `channel`.
  FailureCode refusal(const Attempt& attempt, std::uint32_t hop, DirectedChannel channel) const;
  /// Another channel to the same peer takes the HTLC that goes on, and its hop names that now.
  bool takes_other(Attempt& attempt, std::uint32_t hop, DirectedChannel wanted) const;
  /// For the trace: which number was missed by how much.
  std::string explanation(FailureCode code, const Hop& incoming, const Hop& outgoing) const;
  void tell_refusal(const Attempt& attempt, std::uint32_t hop) const;

  Network& network_;
  const BlockClock& blocks_;
  AttemptTable& attempts_;
  HtlcFlow& flow_;
};

}  // namespace ampsim::sim
