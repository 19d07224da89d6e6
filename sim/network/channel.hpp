#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/check.hpp"
#include "core/units.hpp"

/// The ledger of one channel: what each end can spend, and what is locked in HTLCs each way.
///
/// Invariants, checked after every movement, in every build:
///  (1) balance[0] + balance[1] + in_flight[0] + in_flight[1] == capacity;
///  (2) no part is negative, and none is in flight where there is no HTLC.
/// Money moves in three ways only: `add_htlc` locks it, `fulfill_htlc` gives it to the other end,
/// `fail_htlc` gives it back. It leaves by `withdraw` and `withdraw_htlc` once the channel is
/// closed, and then the capacity is what is still there.
///
/// Tested by tests/channel_test.cpp.
namespace ampsim::sim {

/// Why a channel does not take an HTLC (BOLT 2, "Adding an HTLC").
enum class Refusal : std::uint8_t {
  none,
  too_many_htlcs,
  in_flight_cap,
  balance_too_low,
  closed,
};

class Channel {
 public:
  /// The same for many channels.
  struct Limits {
    double reserve;        ///< share of the capacity that each end keeps of its own
    double max_in_flight;  ///< share of the capacity, in one direction
    std::uint16_t max_htlcs = 483;
  };

  /// The limits must outlive the channel.
  Channel(Msat capacity, Msat balance_0, const Limits& limits)
      : capacity_(capacity), balance_{balance_0, capacity - balance_0}, limits_(&limits) {
    check();
  }

  Msat capacity() const { return capacity_; }
  Msat balance(unsigned end) const { return balance_[end]; }
  Msat in_flight(unsigned direction) const { return in_flight_[direction]; }
  std::uint16_t htlcs(unsigned direction) const { return htlcs_[direction]; }
  bool is_closed() const { return limits_ == &kClosed; }
  /// HTLCs that could be added in this direction, as far as their number goes.
  std::uint32_t free_slots(unsigned direction) const {
    return is_full(direction) ? 0U
                              : static_cast<std::uint32_t>(limits_->max_htlcs - htlcs_[direction]);
  }

  /// The largest HTLC that could be added now in this direction; 0 if none could.
  Msat spendable(unsigned direction) const {
    if (is_full(direction)) return Msat{0};
    const Msat by_balance = balance_[direction] - share_of_capacity(limits_->reserve);
    const Msat by_cap = share_of_capacity(limits_->max_in_flight) - in_flight_[direction];
    return std::max(Msat{0}, std::min(by_balance, by_cap));
  }

  Refusal refusal(unsigned direction, Msat amount) const {
    if (is_full(direction)) return is_closed() ? Refusal::closed : Refusal::too_many_htlcs;
    if (in_flight_[direction] + amount > share_of_capacity(limits_->max_in_flight)) {
      return Refusal::in_flight_cap;
    }
    if (balance_[direction] - amount < share_of_capacity(limits_->reserve)) {
      return Refusal::balance_too_low;
    }
    return Refusal::none;
  }

  /// Requires: refusal(direction, amount) == none, amount > 0.
  void add_htlc(unsigned direction, Msat amount) {
    AMPSIM_CHECK(amount > Msat{0} && refusal(direction, amount) == Refusal::none,
                 "an HTLC was added that the channel refuses");
    balance_[direction] -= amount;
    in_flight_[direction] += amount;
    ++htlcs_[direction];
    check();
  }
  void fulfill_htlc(unsigned direction, Msat amount) {
    release(direction, amount);
    balance_[1 - direction] += amount;
    check();
  }
  void fail_htlc(unsigned direction, Msat amount) {
    release(direction, amount);
    balance_[direction] += amount;
    check();
  }

  /// Slots and cap are respected, in both directions; a closed channel has none.
  bool keeps_limits() const {
    if (is_closed()) return true;
    return std::max(htlcs_[0], htlcs_[1]) <= limits_->max_htlcs &&
           std::max(in_flight_[0], in_flight_[1]) <= share_of_capacity(limits_->max_in_flight);
  }

  /// No more HTLCs; those in flight stay until they leave for the chain.
  void close() {
    AMPSIM_CHECK(!is_closed(), "a channel was closed twice");
    limits_ = &kClosed;
  }
  /// Part of a balance leaves for the chain; requires a closed channel that has it.
  void withdraw(unsigned end, Msat amount) {
    balance_[end] -= amount;
    leave(amount);
  }
  /// An HTLC's money leaves for the chain.
  void withdraw_htlc(unsigned direction, Msat amount) {
    release(direction, amount);
    leave(amount);
  }

  void check() const {
    AMPSIM_CHECK(balance_[0] + balance_[1] + in_flight_[0] + in_flight_[1] == capacity_,
                 "money of a channel appeared or vanished");
    // All four at once: the sign of their union is minus if one of them has it.
    const std::int64_t signs =
        balance_[0].count | balance_[1].count | in_flight_[0].count | in_flight_[1].count;
    AMPSIM_CHECK(signs >= 0, "a negative amount in a channel");
  }

 private:
  /// No HTLC at all, so that an open channel pays nothing for the question whether it is closed.
  static constexpr Limits kClosed{.reserve = 0, .max_in_flight = 0, .max_htlcs = 0};

  bool is_full(unsigned direction) const { return htlcs_[direction] >= limits_->max_htlcs; }
  /// Whole msat, rounded down: neither is negative.
  Msat share_of_capacity(double share) const {
    return {static_cast<std::int64_t>(static_cast<double>(capacity_.count) * share)};
  }
  void leave(Msat amount) {
    AMPSIM_CHECK(is_closed(), "money leaves an open channel");
    capacity_ -= amount;
    check();
  }
  void release(unsigned direction, Msat amount) {
    AMPSIM_CHECK(htlcs_[direction] > 0, "an HTLC was resolved that is not in flight");
    in_flight_[direction] -= amount;
    --htlcs_[direction];
    AMPSIM_CHECK(htlcs_[direction] > 0 || in_flight_[direction] == Msat{0},
                 "money in flight without an HTLC");
  }

  Msat capacity_;
  std::array<Msat, 2> balance_;
  std::array<Msat, 2> in_flight_{};
  const Limits* limits_;
  std::array<std::uint16_t, 2> htlcs_{};
};

}  // namespace ampsim::sim
