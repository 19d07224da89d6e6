#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/share.hpp"
#include "core/units.hpp"

/// The story of one payment, message by message. A run tells a TraceSink what happens to the
/// payment that it watches; other payments cost a comparison.
///
/// Tested by tests/trace_test.cpp.
namespace ampsim::sim {

enum class TraceKind : std::uint8_t {
  payment_starts,
  invoice_requested,
  invoice_received,
  htlc_add,   ///< update_add_htlc leaves `from`
  part_held,  ///< the receiver holds it: the set is not complete
  part_rejected,
  set_claimed,  ///< the receiver has all shares: it releases every preimage at once
  part_timed_out,
  htlc_fulfill,  ///< update_fulfill_htlc leaves `from`
  htlc_fail,     ///< update_fail_htlc leaves `from`
  no_route,
  payment_ends,
};

struct TraceEvent {
  SimTime at{};
  TraceKind kind{};
  NodeId from;  ///< who acts
  NodeId to;    ///< none() for what happens inside a node
  std::uint32_t part = 0;
  std::uint32_t attempt = 0;
  Msat amount;
  std::optional<ChannelId> channel;
  std::optional<amp::PaymentHash> hash;
  std::optional<amp::Preimage> preimage;
  std::optional<amp::Share> share;
  std::optional<amp::Share> root;  ///< what the shares of a claimed set add up to
  std::string note;                ///< what else a reader wants to know
};

class TraceSink {
 public:
  explicit TraceSink(PaymentId payment) : payment_(payment) {}
  virtual ~TraceSink() = default;
  PaymentId payment() const { return payment_; }
  virtual void tell(const TraceEvent& event) = 0;

 private:
  PaymentId payment_;
};

/// One line of text, without a line end. Names are the topology's; `share` is printed as a decimal
/// number for the toy derivation.
struct TraceNames {
  std::string from;
  std::string to;
  std::string channel;
};
std::string to_text(const TraceEvent& event, const TraceNames& names, amp::Derivation derivation);

}  // namespace ampsim::sim
