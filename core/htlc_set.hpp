#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/lock_scheme.hpp"
#include "core/units.hpp"

/// The receiver's rules for the parts of one set, common to all schemes (BOLT 4, "Basic Multi-Part
/// Payments"; lnd, invoices/update.go updateMpp). What differs between schemes, which parts belong
/// to the set and how its preimages are found, is in two virtual functions.
///
/// Invariants:
///  1. A preimage leaves the set only in a Claim, and a Claim has all held parts: all or none.
///  2. A Claim comes only when the held amounts reach the total, and unlock() found a preimage for
///     every held part.
///  3. Once claimed or failed as a whole, a set holds nothing and never claims again.
///
/// A part that does not belong here is failed alone; a total that is too low or differs from the
/// other parts', an overpayment under Completion::eq and a failed reconstruction fail the whole
/// set. Timed out parts leave the set, which stays open for others.
///
/// Cost: linear in the number of held parts for each arrival. Tested by tests/htlc_set_test.cpp.
namespace ampsim::amp {

class CollectingSet : public HtlcSet {
 public:
  explicit CollectingSet(Completion completion) : completion_(completion) {}

  Decision arrive(const ArrivedPart& part) final;
  Decision time_out(std::span<const AttemptId> parts) final;
  std::vector<AttemptId> held() const final;
  bool is_claimed() const final { return state_ == State::claimed; }

 protected:
  /// Parts that are held now, in order of arrival.
  const std::vector<ArrivedPart>& held_parts() const { return held_; }

 private:
  enum class State : std::uint8_t { open, claimed, failed };

  /// Why this part alone does not belong to the set, if so.
  virtual std::optional<SetFailure> refuse(const ArrivedPart& part) const = 0;
  /// The least total that a sender may name.
  virtual Msat least_total() const = 0;
  /// The preimages of the held parts, in their order, each matching its hash; nothing if there is
  /// a part without. Called only when the set is complete.
  virtual std::optional<std::vector<Preimage>> unlock() const = 0;

  /// Why this part makes the whole set fail, if so.
  std::optional<SetFailure> spoils(const ArrivedPart& part) const;
  Int128 received() const;
  bool holds(AttemptId attempt) const;
  Decision claim(const std::vector<Preimage>& preimages);
  Decision fail_all(SetFailure reason);

  Completion completion_;
  State state_ = State::open;
  std::vector<ArrivedPart> held_;
  std::vector<ClaimedPart> claimed_;
};

}  // namespace ampsim::amp
