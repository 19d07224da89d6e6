#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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
  PaymentSecret payment_secret;   ///< which invoice is paid; the sender's own choice without one
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

/// A part and what opens it, or what brings it nearer to that.
struct ClaimedPart {
  AttemptId attempt;
  Preimage preimage;
};

/// The receiver has enough parts and needs the sender's word before it claims: which parts, and
/// what the scheme makes it show.
struct Ask {
  std::vector<ClaimedPart> parts;
};
/// The sender's word: secrets of parts.
using Answer = std::vector<ClaimedPart>;

/// The sender's side of one set.
class PartLocks {
 public:
  virtual ~PartLocks() = default;
  /// The lock of a new part. `completes`: with it the live parts reach the total, so that it takes
  /// the rest of what shares are cut from.
  virtual PartLock next(AttemptId attempt, bool completes) = 0;
  /// The lock of one part more than the total needs, asked for before the part that completes it:
  /// where there are shares it has an empty one, so that the set opens with it and without.
  virtual PartLock surplus(AttemptId attempt) { return next(attempt, false); }
  /// The part failed: its share goes back to the rest.
  virtual void cancel(AttemptId attempt) = 0;
  /// What the sender says when the receiver asks; nothing: it waits for more. Never asked where the
  /// receiver needs no word.
  virtual std::optional<Answer> answer(const Ask& /*ask*/) { return std::nullopt; }
};

/// Why a receiver fails HTLCs. On the wire only `timed_out` is mpp_timeout, the rest is
/// incorrect_or_unknown_payment_details (protocol table of BOLT 4 and lnd's invoice registry).
enum class SetFailure {
  timed_out,        ///< the timer ran out before the set was complete
  total_mismatch,   ///< total differs from the other parts' of the set
  total_too_low,    ///< total is zero or below what the invoice asks, or the only part below it
  total_too_high,   ///< total is above twice what the invoice asks
  overpaid,         ///< with completion `eq` more than the total, or above twice the invoice
  wrong_set,        ///< set id zero, another set's, or given where the scheme has none
  wrong_hash,       ///< the hash belongs to no invoice
  reconstruction,   ///< derived hashes do not match the HTLCs' hashes
  set_closed,       ///< arrived after the set was claimed or failed
  unknown_invoice,  ///< no invoice has the payment secret, or another one has the set id
  invoice_closed,   ///< the invoice was cancelled
  not_needed,       ///< the set was claimed with other parts
  reversed,         ///< more was claimed than agreed, and the sender took all back
  expiry_too_soon,  ///< fewer blocks are left than the receiver needs
};
std::string_view name_of(SetFailure failure);

/// The receiver's decision about the part that just arrived, or whose timer just ran out, or about
/// the sender's word.
struct Hold {};
struct Claim {
  std::vector<ClaimedPart> parts;  ///< at the same instant; all of the set if honest
  std::vector<AttemptId> spare;    ///< held and not needed: failed back now
};
struct Fail {
  SetFailure reason;
  std::vector<AttemptId> parts;  ///< which HTLCs are failed back now
};
using Decision = std::variant<Hold, Claim, Fail, Ask>;

struct ArrivedPart {
  AttemptId attempt;
  Msat amount;
  PaymentHash hash;
  PartPayload payload;
};

/// When a set is complete: at least the total (lnd), or exactly it (the BOLT draft).
enum class Completion { ge, eq };

/// What happens to a part that comes after its set was claimed or failed, where the invoice is
/// still open: it is failed at once, or held as the first part of another try at the set (lnd).
enum class LatePart { reject, hold };

/// The receiver's side of one set.
class HtlcSet {
 public:
  virtual ~HtlcSet() = default;
  virtual Decision arrive(const ArrivedPart& part) = 0;
  /// A part's timer (or the set's, part by part) ran out. Hold, with nothing to do, if the part is
  /// no longer held.
  virtual Decision time_out(std::span<const AttemptId> parts) = 0;
  /// The part can no longer be claimed: the set knows it no more.
  virtual void drop(AttemptId part) = 0;
  /// The sender's word, after an Ask.
  virtual Decision hear(const Answer& /*answer*/) { return Hold{}; }
  /// Parts that are held now, in order of arrival.
  virtual std::vector<AttemptId> held() const = 0;
  /// Held or claimed: a replay of it is answered as before.
  virtual bool knows(AttemptId attempt) const = 0;
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
  LatePart late_part = LatePart::reject;  ///< where the scheme's invoices stay open
  std::uint32_t parts = 1;                ///< where the scheme has spares: equal parts, any of ...
  std::uint32_t spares = 0;               ///< ... these more
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
  bool has_spares = false;     ///< equal parts, and more of them than the receiver may claim
  /// Opens one set; `rng` is read by `sender` for as long as it lives.
  SetEnds (*open)(const SetTerms& terms, Rng& rng) = nullptr;
  /// The receiver's side alone, for parts that come unannounced; null where an invoice is needed.
  std::unique_ptr<HtlcSet> (*receive)(const SetTerms& terms) = nullptr;
  /// An invoice may be paid again and again, each time by a set with an id of its own (lnd's AMP).
  bool is_reusable = false;
};

/// All schemes, in the order in which help texts list them. A new scheme is one file and one line
/// in lock_scheme.cpp.
std::span<const Scheme> schemes();
/// nullptr if there is none of that name.
const Scheme* find_scheme(std::string_view name);

}  // namespace ampsim::amp
