#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/lock_scheme.hpp"
#include "core/units.hpp"
#include "sim/network/failure_code.hpp"
#include "sim/routing/router.hpp"

/// One part on its way over one route: a chain of HTLCs with the same payment hash, one a hop.
///
/// Tested by tests/payment_test.cpp.
namespace ampsim::sim {

/// The life of one HTLC. `offered` -> `fulfilling` -> `resolved`, or `offered` -> `failing` ->
/// `resolved`; each step once.
enum class HtlcState : std::uint8_t { unsent, offered, fulfilling, failing, resolved };

struct Htlc {
  SimTime added{};
  HtlcState state = HtlcState::unsent;
};

struct Attempt {
  PaymentId payment;
  std::uint32_t number = 0;  ///< from 0 within the payment, in order of sending
  std::uint32_t part = 0;    ///< a part that replaces a failed one takes its number
  Route route;               ///< a forwarder may take a parallel channel: then the hop names that
  std::vector<Htlc> htlcs;   ///< one a hop
  amp::PartLock lock;
  amp::Preimage preimage;  ///< known backwards from the receiver, once it claims
  SimTime sent{};
  SimTime held = SimTime::max();  ///< reached the receiver
  bool is_held = false;           ///< the receiver has it and has not decided
  bool is_extra = false;          ///< more than the total needs: a spare, or a sender's mischief
  std::optional<amp::SetFailure> refusal;  ///< why the receiver failed it
  FailureCode failure = FailureCode::none;
  std::int32_t failed_at = -1;   ///< the node after this many hops failed it
  std::uint32_t unresolved = 0;  ///< HTLCs still in a commitment
  std::uint32_t generation = 0;  ///< of the slot: tells a stale timer from a live one
  bool is_closed = false;        ///< the sender knows the outcome

  Msat amount() const { return route.hops.back().amount; }
  bool is_final(std::uint32_t hop) const { return hop + 1 == route.hops.size(); }
};

/// All attempts that are alive; a slot is used again once the sender knows the outcome and every
/// HTLC left its commitments, so that memory follows what is in flight and not what ever was.
class AttemptTable {
 public:
  /// Timers carry the generation in 24 bits.
  static constexpr std::uint32_t kGenerations = 1U << 24U;

  AttemptId open() {
    if (free_.empty()) {
      free_.push_back(AttemptId{static_cast<std::uint32_t>(slots_.size())});
      slots_.emplace_back();
    }
    const AttemptId id = free_.back();
    free_.pop_back();
    return id;
  }
  Attempt& operator[](AttemptId id) { return slots_[id.index]; }
  /// Frees the slot if nothing more can happen to the attempt.
  void close_if_done(AttemptId id) {
    Attempt& attempt = slots_[id.index];
    if (!attempt.is_closed || attempt.unresolved > 0) return;
    const std::uint32_t generation = (attempt.generation + 1) % kGenerations;
    attempt = Attempt{};
    attempt.generation = generation;
    free_.push_back(id);
  }
  std::size_t live() const { return slots_.size() - free_.size(); }
  template <class Visit>
  void for_each_live(Visit visit) const {
    for (const Attempt& attempt : slots_) {
      if (!attempt.htlcs.empty()) visit(attempt);  // a free slot has none
    }
  }

 private:
  std::deque<Attempt> slots_;  // a deque: references stay valid while slots are added
  std::vector<AttemptId> free_;
};

}  // namespace ampsim::sim
