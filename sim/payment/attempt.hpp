#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "core/lock_scheme.hpp"
#include "core/units.hpp"
#include "sim/network/failure_code.hpp"
#include "sim/payment/htlc_chain.hpp"
#include "sim/routing/router.hpp"

/// One part on its way over one route: a chain of HTLCs with the same payment hash, one a hop.
///
/// An event reads and writes three lines of the cache: counters and HTLCs. Route and lock are for
/// the two ends and those who watch.
///
/// Tested by tests/payment_test.cpp.
namespace ampsim::sim {

/// What begins anew with every part that a slot of the table is used for.
struct AttemptProgress {
  std::uint16_t pending = 0;     ///< events and updates that are on their way for it
  std::uint16_t unresolved = 0;  ///< HTLCs still in a commitment
  FailureCode failure = FailureCode::none;
  bool is_closed = false;  ///< the sender knows the outcome
  bool is_held = false;    ///< the receiver has it and has not decided
  PaymentId payment;
  BlockHeight height;  ///< of the chain when it was sent: expiries of the route count from it
  HtlcChain htlcs;     ///< one a hop

  bool is_extra = false;        ///< more than the total needs: a spare, or a sender's mischief
  bool is_delayed = false;      ///< the receiver has claimed it and lets its preimage wait
  std::int32_t failed_at = -1;  ///< the node after this many hops failed it
  std::uint32_t number = 0;     ///< from 0 within the payment, in order of sending
  std::uint32_t part = 0;       ///< a part that replaces a failed one takes its number
  SimTime sent{};
  SimTime held = SimTime::max();           ///< reached the receiver
  std::optional<amp::SetFailure> refusal;  ///< why the receiver failed it
  amp::Preimage preimage;                  ///< known backwards from the receiver, once it claims
};

struct alignas(64) Attempt : AttemptProgress {
  /// Of the cache, from the counters to the last of the HTLCs that lie in the chain itself.
  static constexpr std::size_t kLines = 3;
  static_assert(16 + sizeof(HtlcChain) == 64 * kLines);

  Route route;         ///< a forwarder may take a parallel channel: then the hop names that
  amp::PartLock lock;  ///< of its last HTLC; as it is until the next sender writes its own
  std::uint32_t generation = 0;  ///< of the slot: tells a stale timer from a live one

  Msat amount() const { return route.hops.back().amount; }
  /// Of the HTLC of one hop.
  BlockHeight expiry(std::uint32_t hop) const { return height + htlcs[hop].expiry; }
  bool is_final(std::uint32_t hop) const { return hop + 1 == htlcs.size(); }

  /// The route's HTLCs, none of them sent.
  void plan_htlcs() {
    Htlc* next = htlcs.grow(route.hops.size());
    for (const Hop& hop : route.hops) {
      *next++ = {.amount = hop.amount, .channel = hop.channel, .expiry = hop.expiry};
    }
  }
  /// The HTLC of `hop` is to go over this channel instead.
  void reroute(std::uint32_t hop, DirectedChannel channel) {
    htlcs[hop].channel = route.hops[hop].channel = channel;
  }
};

/// All attempts that are alive; a slot is used again once the sender knows the outcome, every HTLC
/// left its commitments and no event speaks of it any more, so that memory follows what is in
/// flight and not what ever was.
class AttemptTable {
 public:
  /// Timers carry the generation in 24 bits.
  static constexpr std::uint32_t kGenerations = 1U << 24U;

  AttemptId open() {
    if (free_.empty()) {
      free_.push_back(AttemptId{slots_});
      if (slots_++ % kBlock == 0) blocks_.push_back(std::make_unique<Block>());
    }
    const AttemptId id = free_.back();
    free_.pop_back();
    ++live_;
    return id;
  }
  Attempt& operator[](AttemptId id) { return (*blocks_[id.index / kBlock])[id.index % kBlock]; }
  const Attempt& operator[](AttemptId id) const {
    return (*blocks_[id.index / kBlock])[id.index % kBlock];
  }
  /// Ends the attempt if nothing more can happen to it.
  void close_if_done(AttemptId id) {
    const Attempt& attempt = (*this)[id];
    if (attempt.unresolved == 0 && attempt.pending == 0 && attempt.is_closed) close(id);
  }
  /// An attempt that is over. Its id stays its own until it is released: the receiver's set knows
  /// parts by their ids.
  struct Gone {
    AttemptId id;
    PaymentId payment;
  };
  bool has_gone() const { return !gone_.empty(); }
  /// Since the last call.
  std::vector<Gone> take_gone() { return std::exchange(gone_, {}); }
  /// The id may be used again.
  void release(AttemptId id) { free_.push_back(id); }
  std::size_t live() const { return live_; }
  template <class Visit>
  void for_each_live(Visit visit) const {
    for (std::uint32_t index = 0; index < slots_; ++index) {
      const Attempt& attempt = (*this)[AttemptId{index}];
      if (!attempt.htlcs.empty()) visit(attempt);  // a free slot has none
    }
  }
  /// Something can still happen to each of them, or the run would never end.
  void check_needed() const {
    for_each_live([](const Attempt& attempt) {
      AMPSIM_CHECK(!attempt.is_closed || attempt.unresolved > 0 || attempt.pending > 0,
                   "an attempt that is over was not freed");
    });
  }
  std::vector<AttemptId> live_ids() const {
    std::vector<AttemptId> ids;
    for (std::uint32_t index = 0; index < slots_; ++index) {
      const AttemptId id{index};
      if (!(*this)[id].htlcs.empty()) ids.push_back(id);
    }
    return ids;
  }

 private:
  static constexpr std::uint32_t kBlock = 256;
  using Block = std::array<Attempt, kBlock>;

  [[gnu::noinline]] void close(AttemptId id) {
    Attempt& attempt = (*this)[id];
    const PaymentId payment = attempt.payment;
    static_cast<AttemptProgress&>(attempt) = {};
    attempt.generation = (attempt.generation + 1) % kGenerations;
    --live_;
    if (payment.is_none()) {
      release(id);
    } else {
      gone_.push_back({id, payment});
    }
  }

  std::vector<std::unique_ptr<Block>> blocks_;  // references stay valid while slots are added
  std::uint32_t slots_ = 0;                     // in all blocks together
  std::vector<AttemptId> free_;
  std::vector<Gone> gone_;
  std::size_t live_ = 0;
};

}  // namespace ampsim::sim
