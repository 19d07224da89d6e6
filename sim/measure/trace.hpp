#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/lock_scheme.hpp"
#include "core/share.hpp"
#include "core/units.hpp"

/// The story of one payment: every message, hold, timer, share, reconstruction and claim, with
/// times and hashes. A run tells a TraceSink what happens to the payment that it watches; for other
/// payments no event is made, they cost a comparison. sim/measure/trace_format.hpp writes it down.
///
/// Tested by tests/trace_test.cpp.
namespace ampsim::sim {

/// In the order in which a payment without failures meets them. Messages go from `from` to `to`;
/// all else happens at `from`.
enum class TraceKind : std::uint8_t {
  payment_starts,
  invoice_requested,
  invoice_received,
  part_sent,          ///< the sender has a route and a lock for a part, and lets it go
  htlc_add,           ///< message: update_add_htlc leaves `from`
  commitment_signed,  ///< message, with full timing: a signature for an update of this HTLC
  revoke_and_ack,     ///< message, with full timing: the answer to it
  htlc_committed,     ///< `from` has the HTLC of an add in both commitments, and may act on it
  htlc_refused,       ///< a forwarder does not pass it on over `channel`; the note says why
  message_waits,      ///< `from` is away: what was sent to or by it waits
  htlc_stuck,         ///< `from` has the HTLC, and does nothing with it for a while
  part_arrived,       ///< the last HTLC is committed at the receiver, who reads the share
  part_held,          ///< the receiver holds it: the set is not complete
  timer_started,      ///< with the hold; rings at `due`, and does nothing if the set was claimed
  part_rejected,      ///< by the receiver; the note says why
  sender_asked,       ///< message: the receiver names parts that it could claim with a word
  receiver_told,      ///< message: the sender's word
  set_claimed,        ///< the receiver has all shares: it releases every preimage at once
  part_timed_out,     ///< the timer rang
  htlc_fulfill,       ///< message: update_fulfill_htlc leaves `from`
  htlc_fail,          ///< message: update_fail_htlc leaves `from`
  part_settled,       ///< the sender has the preimage
  part_failed,        ///< the sender has the failure; it may try the part again
  htlc_removed,       ///< the HTLC left both commitments: its money has moved, or is back
  channel_closed,     ///< `from` has closed the HTLC's channel: it will end on chain
  htlc_claimed_on_chain,    ///< `from` has claimed the HTLC's output with the preimage
  htlc_timed_out_on_chain,  ///< `from` has taken its HTLC's output back
  no_route,                 ///< for what is not sent yet
  sending_stopped,          ///< no more attempts; the note says why
  payment_ends,
};
/// The enumerator, "htlc_add".
std::string_view name_of(TraceKind kind);

struct TraceEvent {
  SimTime at{};
  TraceKind kind{};
  NodeId from;                            ///< who acts
  NodeId to;                              ///< none() for what happens inside a node
  std::optional<std::uint32_t> part;      ///< absent for what concerns the whole payment
  std::optional<std::uint32_t> attempt;   ///< with the part
  Msat amount;                            ///< of the HTLC, of the part at its ends, or of all
  std::optional<Msat> fee;                ///< of the part's route
  std::vector<ChannelId> route;           ///< of the part, where its sender tells of it
  std::optional<ChannelId> channel;       ///< over which, or the one that was refused
  std::optional<BlockDelta> expiry;       ///< cltv_expiry minus the height at which it is sent
  std::optional<amp::PaymentHash> hash;   ///< that locks it
  std::optional<amp::Preimage> preimage;  ///< that opens it
  std::optional<amp::SetId> set_id;       ///< AMP only, as the share and the child index
  std::optional<std::uint32_t> child_index;
  std::optional<amp::Share> share;
  std::optional<amp::Share> root;  ///< what the shares of a claimed set add up to
  std::optional<SimTime> due;      ///< of a timer
  std::string note;                ///< what else a reader wants to know
};

/// Hash, and for AMP set id, child index and share.
void put_lock(TraceEvent& event, const amp::PartLock& lock);

class TraceSink {
 public:
  explicit TraceSink(PaymentId payment) : payment_(payment) {}
  virtual ~TraceSink() = default;
  PaymentId payment() const { return payment_; }
  virtual void tell(const TraceEvent& event) = 0;

 private:
  PaymentId payment_;
};

}  // namespace ampsim::sim
