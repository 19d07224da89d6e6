#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

/// The quantities of the simulator, each with a type of its own: adding a height to a height, or
/// passing a channel for a node, does not compile. Units appear in names only where types end
/// (CSV columns, JSON fields, settings).
///
/// Tested by tests/units_test.cpp.
namespace ampsim {

/// An amount of money in 1/1000 satoshi (BOLT 0). Signed, so that an underflow shows as a negative
/// amount; all bitcoin are 2.1e18 msat, a quarter of the range.
struct Msat {
  std::int64_t count = 0;

  static constexpr Msat from_sat(std::int64_t sat) { return {sat * 1000}; }
  static constexpr Msat max() { return {std::numeric_limits<std::int64_t>::max()}; }

  friend constexpr auto operator<=>(const Msat&, const Msat&) = default;
  constexpr Msat& operator+=(Msat other) {
    count += other.count;
    return *this;
  }
  constexpr Msat& operator-=(Msat other) {
    count -= other.count;
    return *this;
  }
  friend constexpr Msat operator+(Msat a, Msat b) { return {a.count + b.count}; }
  friend constexpr Msat operator-(Msat a, Msat b) { return {a.count - b.count}; }
  friend constexpr Msat operator*(Msat a, std::int64_t n) { return {a.count * n}; }
  friend constexpr Msat operator/(Msat a, std::int64_t n) { return {a.count / n}; }
};

__extension__ using Int128 = __int128;  // products of two amounts; GCC and Clang

/// A proportion in millionths.
struct Ppm {
  std::uint32_t millionths = 0;
  friend constexpr auto operator<=>(const Ppm&, const Ppm&) = default;
};

/// floor(amount * rate / 10^6), as BOLT 7 rounds a proportional fee.
constexpr Msat operator*(Msat amount, Ppm rate) {
  std::int64_t product = 0;  // nearly always wide enough, and divided five times as fast
  if (!__builtin_mul_overflow(amount.count, std::int64_t{rate.millionths}, &product)) {
    return {product / 1'000'000};
  }
  return {
      static_cast<std::int64_t>(static_cast<Int128>(amount.count) * rate.millionths / 1'000'000)};
}

/// A number of blocks, and a height of the chain.
struct BlockDelta {
  std::int32_t count = 0;
  friend constexpr auto operator<=>(const BlockDelta&, const BlockDelta&) = default;
  friend constexpr BlockDelta operator+(BlockDelta a, BlockDelta b) { return {a.count + b.count}; }
  friend constexpr BlockDelta operator-(BlockDelta a, BlockDelta b) { return {a.count - b.count}; }
};
struct BlockHeight {
  std::int32_t count = 0;
  friend constexpr auto operator<=>(const BlockHeight&, const BlockHeight&) = default;
  friend constexpr BlockHeight operator+(BlockHeight h, BlockDelta d) {
    return {h.count + d.count};
  }
  friend constexpr BlockHeight operator-(BlockHeight h, BlockDelta d) {
    return {h.count - d.count};
  }
  friend constexpr BlockDelta operator-(BlockHeight a, BlockHeight b) {
    return {a.count - b.count};
  }
};

/// Simulated time: whole nanoseconds since the start of the run. There is no `now()`: only the
/// scheduler knows the time.
struct SimClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<SimClock>;
  static constexpr bool is_steady = true;
};
using SimDuration = SimClock::duration;
using SimTime = SimClock::time_point;

/// Rounds to whole nanoseconds.
constexpr SimDuration from_seconds(double seconds) {
  return SimDuration{static_cast<std::int64_t>(seconds * 1e9 + 0.5)};
}
constexpr double to_seconds(SimDuration d) { return static_cast<double>(d.count()) * 1e-9; }
constexpr double to_ms(SimDuration d) { return static_cast<double>(d.count()) * 1e-6; }

/// A dense index into one table; tables of different things have different Tags.
template <class Tag>
struct Id {
  std::uint32_t index = std::numeric_limits<std::uint32_t>::max();

  static constexpr Id none() { return {}; }
  constexpr bool is_none() const { return *this == none(); }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};
using NodeId = Id<struct NodeTag>;
using ChannelId = Id<struct ChannelTag>;
using PaymentId = Id<struct PaymentTag>;
using AttemptId = Id<struct AttemptTag>;

/// A channel and the direction in which money would move: 0 from ends[0] to ends[1], 1 back.
struct DirectedChannel {
  std::uint32_t index = std::numeric_limits<std::uint32_t>::max();  ///< 2 * channel + direction

  static constexpr DirectedChannel of(ChannelId channel, unsigned direction) {
    return {2 * channel.index + direction};
  }
  constexpr ChannelId channel() const { return {index >> 1U}; }
  constexpr unsigned direction() const { return index & 1U; }
  constexpr DirectedChannel reversed() const { return {index ^ 1U}; }
  friend constexpr auto operator<=>(const DirectedChannel&, const DirectedChannel&) = default;
};

}  // namespace ampsim

template <class Tag>
struct std::hash<ampsim::Id<Tag>> {
  std::size_t operator()(ampsim::Id<Tag> id) const noexcept { return id.index; }
};
