#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/share.hpp"
#include "core/units.hpp"

/// The ways to lock the parts of a payment, and the only place where they differ. A scheme gives
/// the sender a PartLocks (which hash locks the next part, and what its onion carries) and the
/// receiver an HtlcSet (hold, claim or fail), both pure state machines: facts go in, decisions come
/// out, nothing is sent and no time passes.
///
/// Tested by tests/lock_scheme_test.cpp.
namespace ampsim::amp {

/// What the final hop's onion payload says of the set (BOLT 4 payment_data, lnd's AMP and keysend
/// records). A scheme fills in what it sends.
struct PartPayload {
  Msat total;                     ///< what the whole set must reach
  SetId set_id;                   ///< zero where the scheme has none
  Share share;                    ///< of a root or a preimage that is known from all shares only
  std::uint32_t child_index = 0;  ///< which child of the root locks the part
  std::uint32_t count = 0;        ///< how many parts the set has; 0: not said here
};

/// What an HTLC is locked with: a hash that a preimage opens, or a point that its scalar opens.
/// Both are 32 bytes, the point as its x coordinate, and go by the names of the hash.
enum class LockKind : std::uint8_t { hash, point };
bool opens(LockKind kind, const Preimage& preimage, const PaymentHash& hash);

using PathSeed = Bytes32<struct PathSeedTag>;

/// The lock of one part.
struct PartLock {
  PaymentHash hash;  ///< of the last HTLC, before the receiver
  PartPayload payload;
  LockKind kind = LockKind::hash;
  PathSeed path_seed;  ///< the sender's secret that makes the points of a path differ

  bool is_opened_by(const Preimage& preimage) const { return opens(kind, preimage, hash); }
};
/// The lock of the HTLC that `hops` other hops separate from the receiver, and what opens it.
/// Hash-locked HTLCs of one part have all the same. For observers and traces: the simulation itself
/// needs only what the receiver sees. Points cost 60 us, and 0.2 us a hop.
PaymentHash lock_at(const PartLock& lock, std::size_t hops);
Preimage preimage_at(const PartLock& lock, const Preimage& at_receiver, std::size_t hops);

/// The sender's side of one set.
class PartLocks {
 public:
  virtual ~PartLocks() = default;
  /// The lock of a new part. `completes`: with it the live parts reach the total, so that it takes
  /// the rest of what shares are cut from.
  virtual PartLock next(AttemptId attempt, bool completes) = 0;
  /// The part failed: its share goes back to the rest.
  virtual void cancel(AttemptId attempt) = 0;
};

/// Why a receiver fails HTLCs. On the wire only `timed_out` is mpp_timeout, the rest is
/// incorrect_or_unknown_payment_details (protocol table of BOLT 4 and lnd's invoice registry).
enum class SetFailure {
  timed_out,        ///< the timer ran out before the set was complete
  total_mismatch,   ///< total differs from the other parts' of the set
  total_too_low,    ///< total is zero or below what the invoice asks, or the only part below it
  overpaid,         ///< with completion `eq`: the parts exceed the total
  wrong_set,        ///< set id zero, another set's, or given where the scheme has none
  wrong_hash,       ///< the hash belongs to no invoice
  reconstruction,   ///< derived hashes do not match the HTLCs' hashes
  set_closed,       ///< arrived after the set was claimed or failed
  expiry_too_soon,  ///< fewer blocks are left than the receiver needs
};
std::string_view name_of(SetFailure failure);

struct ClaimedPart {
  AttemptId attempt;
  Preimage preimage;
};
/// The receiver's decision about the part that just arrived, or whose timer just ran out.
struct Hold {};
struct Claim {
  std::vector<ClaimedPart> parts;  ///< at the same instant; all of the set if honest
};
struct Fail {
  SetFailure reason;
  std::vector<AttemptId> parts;  ///< which HTLCs are failed back now
};
using Decision = std::variant<Hold, Claim, Fail>;

struct ArrivedPart {
  AttemptId attempt;
  Msat amount;
  PaymentHash hash;
  PartPayload payload;
};

/// When a set is complete: at least the total (lnd), or exactly it (the BOLT draft).
enum class Completion { ge, eq };

/// The receiver's side of one set.
class HtlcSet {
 public:
  virtual ~HtlcSet() = default;
  virtual Decision arrive(const ArrivedPart& part) = 0;
  /// A part's timer (or the set's, part by part) ran out. Hold, with nothing to do, if the part is
  /// no longer held.
  virtual Decision time_out(std::span<const AttemptId> parts) = 0;
  /// Parts that are held now, in order of arrival.
  virtual std::vector<AttemptId> held() const = 0;
  virtual bool is_claimed() const = 0;
};

/// When a receiver claims: when the set is complete, or whatever it can as soon as it can.
enum class ReceiverBehaviour { honest, greedy };

/// What a set is opened with on both sides.
struct SetTerms {
  Msat total;
  Derivation derivation = Derivation::lnd;
  Completion completion = Completion::ge;
  ReceiverBehaviour behaviour = ReceiverBehaviour::honest;
};

/// Both ends of one set. For schemes with an invoice both know its hash, and only the receiver its
/// preimage; without, the sender draws everything and the receiver starts with nothing.
struct SetEnds {
  std::unique_ptr<PartLocks> sender;
  std::unique_ptr<HtlcSet> receiver;
};

struct Scheme {
  std::string_view name;
  std::string_view summary;    ///< one sentence for help texts
  bool splits = false;         ///< a set may have several parts
  bool needs_invoice = false;  ///< the receiver must answer a request before each set
  bool many_sets = false;      ///< the amount is cut into k sets, paid one after another
  /// Opens one set; `rng` is read by `sender` for as long as it lives.
  SetEnds (*open)(const SetTerms& terms, Rng& rng) = nullptr;
};

/// All schemes, in the order in which help texts list them. A new scheme is one file and one line
/// in lock_scheme.cpp.
std::span<const Scheme> schemes();
/// nullptr if there is none of that name.
const Scheme* find_scheme(std::string_view name);

}  // namespace ampsim::amp
