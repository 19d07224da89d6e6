#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/lock_scheme.hpp"
#include "core/units.hpp"

/// The receiver's rules for the parts of one set, common to all schemes (BOLT 4, "Basic Multi-Part
/// Payments"; lnd, invoices/update.go updateMpp). What differs between schemes, which parts belong
/// to the set and what the receiver can open them with, is in a few virtual functions.
///
/// Invariants:
///  1. A preimage leaves the set only in a Claim, and only if it matches the hash of its part.
///  2. An honest receiver's Claim comes only when the set is complete, and has all held parts: all
///     or none.
///  3. Once claimed or failed as a whole, a set holds nothing. With LatePart::reject it never does
///     again; with LatePart::hold the next part opens it anew, without what came before.
///
/// A greedy receiver, at each arrival, tries what it knows on every part that it holds, complete or
/// not, and claims what opens. It is the same code for every scheme: whether parts can be claimed
/// early is decided by the hashes.
///
/// A part that does not belong here is failed alone; a total that is too low, above twice what the
/// invoice asks or another than the other parts', an overpayment and a failed reconstruction fail
/// the whole set. Timed out parts leave the set, which stays open for others.
///
/// Where a scheme needs the sender's word (needs_word), a complete set asks for it instead of
/// claiming, and lets no part time out until it is heard. Then it claims what opens, if that
/// reaches the total, and has no need of the rest.
///
/// Cost: linear in the number of held parts for each arrival. Tested by tests/htlc_set_test.cpp and
/// tests/greedy_test.cpp.
namespace ampsim::amp {

class CollectingSet : public HtlcSet {
 public:
  explicit CollectingSet(Completion completion,
                         ReceiverBehaviour behaviour = ReceiverBehaviour::honest,
                         LatePart late_part = LatePart::reject)
      : completion_(completion), behaviour_(behaviour), late_part_(late_part) {}

  Decision arrive(const ArrivedPart& part) final;
  Decision time_out(std::span<const AttemptId> parts) final;
  void drop(AttemptId part) final;
  Decision hear(const Answer& answer) final;
  std::vector<AttemptId> held() const final;
  bool knows(AttemptId attempt) const final { return holds(attempt) || has_claimed(attempt); }
  bool is_claimed() const final { return is_claimed_; }

 protected:
  /// Parts that are held now, in order of arrival.
  const std::vector<ArrivedPart>& held_parts() const { return held_; }
  bool is_greedy() const { return behaviour_ == ReceiverBehaviour::greedy; }

 private:
  enum class State : std::uint8_t { open, claimed, failed };

  /// Why this part alone does not belong to the set, if so.
  virtual std::optional<SetFailure> refuse(const ArrivedPart& part) const = 0;
  /// What the invoice asks; without one the sender may name any total but nothing.
  virtual std::optional<Msat> asked_amount() const { return std::nullopt; }
  /// What the receiver would open the held parts with, in their order, from all that it knows now.
  /// Any of it may be wrong.
  virtual std::vector<Preimage> candidates() const = 0;
  /// What the parts of this scheme are locked with.
  virtual LockKind lock_kind() const { return LockKind::hash; }
  /// Why this part, not held yet, makes the whole set fail, if so: its amount or its total.
  virtual std::optional<SetFailure> spoils(const ArrivedPart& part) const;
  /// Asked when a part is held: whether nothing more is to come. By amount: the parts reach the
  /// total that they name.
  virtual bool is_complete() const;
  /// Whether the receiver claims nothing without the sender's word, and asks for it.
  virtual bool needs_word() const { return false; }
  /// What it asks now, after a part was held; empty: nothing.
  virtual std::vector<ClaimedPart> question(bool /*is_whole*/) { return {}; }
  /// What was asked for is not enough any more: the next complete set is a new question.
  virtual void ask_again() {}
  /// The sender's word; why all of the set fails by it, if so.
  virtual std::optional<SetFailure> learn(const Answer& /*answer*/) { return std::nullopt; }

  /// Held and claimed.
  Int128 received() const;
  bool holds(AttemptId attempt) const;
  bool has_claimed(AttemptId attempt) const;
  /// A part was held in a set that needs the sender's word.
  Decision ask(std::optional<SetFailure> reason);
  /// The held parts whose candidates match.
  std::vector<ClaimedPart> open_held() const;
  Decision claim(const std::vector<ClaimedPart>& opened, bool is_whole);
  Decision fail_all(SetFailure reason);

  Completion completion_;
  ReceiverBehaviour behaviour_;
  LatePart late_part_;
  State state_ = State::open;
  bool is_claimed_ = false;
  bool is_waiting_ = false;  ///< for the sender's word, with enough parts
  std::vector<ArrivedPart> held_;
  std::vector<ClaimedPart> claimed_;
  Int128 claimed_amount_ = 0;
};

}  // namespace ampsim::amp
