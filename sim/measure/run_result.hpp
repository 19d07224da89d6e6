#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/lock_scheme.hpp"
#include "core/units.hpp"
#include "sim/network/failure_code.hpp"

/// What one run leaves behind: a row a payment, a row an HTLC attempt, a row a channel, and the
/// measures of runs.csv. Plain values; sim/experiment/ writes them.
///
/// Tested by tests/metrics_test.cpp.
namespace ampsim::sim {

enum class PaymentState : std::uint8_t {
  succeeded,  ///< the receiver has the whole amount
  failed,     ///< the receiver has nothing
  partial,    ///< the receiver kept more than nothing and less than the whole
};

enum class PaymentFailure : std::uint8_t {
  none,
  no_route,              ///< no path for any part size allowed
  insufficient_balance,  ///< the sender's channels together cannot send it
  timeout,               ///< the sender's time was up
  attempts_exhausted,    ///< the sender's attempts were used up
  rejected,              ///< the receiver refused: incorrect_or_unknown_payment_details
  withheld,              ///< the sender never meant to send the last part
  claimed_early,         ///< the receiver claimed parts before the rest was sent
  reversed,              ///< the receiver claimed too many parts, and all went back
  sender_offline,        ///< the sender was away when it was to pay
  receiver_offline,      ///< the receiver was away when it was asked for an invoice
  lost_on_chain,         ///< the sender has paid, but a part was not claimed in time on chain
};

/// What could have been paid with the true balances of the moment at which a payment starts.
struct Feasibility {
  bool on_one_path = false;
  bool by_flow = false;  ///< on several paths together
  friend bool operator==(const Feasibility&, const Feasibility&) = default;
};

struct PaymentRecord {
  PaymentId payment;
  NodeId sender;
  NodeId receiver;
  Msat amount;
  SimTime start;
  SimTime end;
  PaymentState state = PaymentState::failed;
  PaymentFailure failure = PaymentFailure::none;
  std::uint32_t parts = 0;     ///< parts that settled
  std::uint32_t attempts = 0;  ///< HTLC attempts, all parts and retries
  Msat fee;                    ///< paid to forwarders
  Msat delivered;              ///< kept by the receiver
  Msat lost_on_chain;          ///< claimed by the receiver, and not paid on chain
  bool is_honest = true;       ///< sent as it should be
  Feasibility feasible;        ///< where it is recorded
};

/// `cancelled`: by the receiver, who was paid by other parts.
enum class AttemptState : std::uint8_t { settled, failed, timed_out, cancelled };

/// One HTLC attempt over one route.
struct PartRecord {
  PaymentId payment;
  std::uint32_t part = 0;     ///< which part of the payment: a retry keeps the number
  std::uint32_t attempt = 0;  ///< from 0, in order of sending within the payment
  amp::SetId set_id;
  amp::PaymentHash payment_hash;
  Msat amount;
  Msat fee;
  std::vector<DirectedChannel> route;
  BlockDelta cltv;
  SimTime sent;
  SimTime held;  ///< SimTime::max() if it never reached the receiver
  SimTime end;
  AttemptState state = AttemptState::failed;
  FailureCode failure = FailureCode::none;
  std::int32_t failed_at = -1;  ///< hop whose node failed it, from 0 = the sender; -1 = none
};

struct ChannelRecord {
  Msat capacity;
  Msat balance_0;
  Msat balance_1;
};

/// What a coalition of observers learnt of one payment (sim/measure/observer.hpp). A part here is
/// an HTLC attempt.
struct PrivacyRecord {
  PaymentId payment;
  std::uint64_t parts_seen = 0;
  std::uint64_t pairs_seen = 0;            ///< of those
  std::uint64_t pairs_linked_by_hash = 0;  ///< of those
  std::uint64_t pairs_guessed = 0;         ///< rightly, of those that no hash links
  Msat amount_bound;                       ///< the amount is at least this, as far as hashes tell
};

/// One measure of runs.csv: a count (printed as an integer) or a number; NaN is an empty cell.
struct Measure {
  std::string_view name;
  std::variant<std::int64_t, double> value;
};

/// What a run says in a word: a column of runs.csv behind the measures.
struct Word {
  std::string_view name;
  std::string_view word;
};
/// The names that such a column can have.
constexpr std::string_view kWordColumns[] = {"stopped_by"};

struct RunResult {
  std::vector<Measure> measures;  ///< the same names in the same order for every run
  std::vector<PaymentRecord> payments;
  std::vector<PartRecord> parts;
  std::vector<ChannelRecord> channels;  ///< end state, in the topology's order
  std::vector<PrivacyRecord> privacy;   ///< payments of which something was seen
  std::vector<Word> words;              ///< the same names for every run
};

/// `[record]`: which of the big tables a run keeps.
struct RecordParams {
  bool payments = true;
  bool parts = false;
  bool channels = false;
  /// Measures that are there for all runs of an experiment or for none: of schemes with spare
  /// parts, of senders that misbehave, and of routers that send messages.
  bool spares = false;
  bool misbehaviour = false;
  bool messages = false;  ///< of routers that ask other nodes
  bool stops = false;     ///< of a warm-up and of rules for stopping
  bool interval = false;  ///< of stopping when an interval is narrow enough
  /// Whether each payment could have been made.
  bool feasibility = false;
};

std::string_view name_of(PaymentState state);
std::string_view name_of(PaymentFailure failure);
std::string_view name_of(AttemptState state);

}  // namespace ampsim::sim
