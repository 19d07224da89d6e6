#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "core/units.hpp"
#include "sim/engine/event.hpp"

/// The pending event set: a monotone radix heap (Ahuja, Mehlhorn, Orlin, Tarjan: Faster algorithms
/// for the shortest path problem, J. ACM 37, 1990) with digits of 8 bits, which is the same thing
/// as a hierarchical timing wheel without a horizon.
///
/// An event waits at (level, digit): level is the highest base-256 digit in which its time differs
/// from `base`, and digit is the value of its time's digit there. Slots are numbered so, and their
/// order is time order: lower levels come before higher ones, because their times agree with `base`
/// in all higher digits. A first slot with several events is spread over the levels below: `base`
/// moves to the least time that the slot could hold.
///
/// Invariants:
///  - base <= `last`, the time popped last, <= every pending time: push checks it, so simulated
///    time never goes back;
///  - events leave in the order (time, order of their pushes). Nothing stores that order: a slot is
///    filled from its back; spreading keeps the order within it; and it happens only when every
///    lower slot is empty, so that an event which was pushed later can only come to stand behind.
///
/// Cost: push O(1), pop O(1) amortised: an event is moved once a level at most, 8 times in the
/// worst case and about twice in practice. No allocation when warm. 14 to 30 ns for a pop and a
/// push, from 100 to 10^6 pending events (bench/event_queue_bench.cpp). Which slot is the first is
/// computed without a branch: where the next event lies is what no processor can guess.
///
/// Tested by tests/event_queue_test.cpp.
namespace ampsim::sim {

class EventQueue {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  /// The time of the event popped last: no earlier one may be pushed.
  SimTime last() const { return last_; }

  void push(const Event& event) {
    AMPSIM_CHECK(event.at >= last_, "an event lies in the past");
    place(event);
    ++size_;
  }

  /// The next event, or one of the first slot; null if none is pending.
  const Event* likely_next() const { return size_ == 0 ? nullptr : &one_of_first_slot(); }

  /// The time of the next event; the queue must not be empty. Moves nothing: an event before that
  /// time may still be pushed.
  SimTime next_time() const {
    AMPSIM_CHECK(size_ > 0, "next_time of an empty event queue");
    SimTime least = one_of_first_slot().at;
    if (first_ < kDigits) return least;
    for (const Event& event : slots_[first_]) least = std::min(least, event.at);
    return least;
  }

  /// Removes and returns the next event; the queue must not be empty.
  Event pop() { return pop(Nobody{}); }
  /// Also tells `soon` of most events, when few come before them: so that what they will need can
  /// be brought into the cache.
  template <class Soon>
  Event pop(const Soon& soon) {
    AMPSIM_CHECK(size_ > 0, "pop of an empty event queue");
    --size_;
    while (true) {
      Slot& slot = slots_[first_];
      if (slot.size() == 1) return take_single(slot, soon);
      if (slot.size() <= Slot::kFew && taken_ == 0) return take_of_few(slot);
      // All events of a slot of level 0 have the same time.
      if (first_ < kDigits) return take_of_many(slot, soon);
      spread(slot, soon);
    }
  }

 private:
  struct Nobody {
    void operator()(const EventPayload& /*soon*/) const {}
  };
  static constexpr std::uint32_t kDigitBits = 8;
  static constexpr std::uint32_t kDigits = 1U << kDigitBits;
  static constexpr std::uint32_t kLevels = 64 / kDigitBits;
  static constexpr std::uint32_t kSlots = kLevels * kDigits;
  static constexpr std::uint32_t kWordBits = 64;
  static constexpr std::uint32_t kWords = kSlots / kWordBits;
  /// A slot keeps its memory for so many events.
  static constexpr std::uint32_t kMany = 64;

  /// A vector in 16 bytes: a slot is found by a shift.
  class Slot {
   public:
    static constexpr std::uint32_t kFew = 4;

    std::uint32_t size() const { return size_; }
    const Event& operator[](std::uint32_t index) const { return events_[index]; }
    const Event* begin() const { return events_.get(); }
    const Event* end() const { return events_.get() + size_; }
    bool is_full() const { return size_ == capacity_; }
    std::uint32_t capacity() const { return capacity_; }
    /// Requires that it is not full.
    void push_back(const Event& event) { events_[size_++] = event; }
    void reserve(std::uint32_t capacity) {
      auto larger = std::make_unique<Event[]>(capacity);
      std::copy(begin(), end(), larger.get());
      events_ = std::move(larger);
      capacity_ = capacity;
    }
    void clear() { size_ = 0; }
    /// Where the first of the earliest is, of one to kFew events. The number of steps does not
    /// depend on how many there are.
    std::uint32_t least_of_few() const {
      std::uint32_t least = 0;
      SimTime at = events_[0].at;
      for (std::uint32_t i = 1; i < kFew; ++i) {
        const SimTime its = i < size_ ? events_[i].at : SimTime::max();
        least = its < at ? i : least;
        at = std::min(at, its);
      }
      return least;
    }
    /// Takes it away, of two or more.
    Event take_of_few() {
      const std::uint32_t least = least_of_few();
      const Event event = events_[least];
      for (std::uint32_t i = 0; i + 1 < kFew; ++i) events_[i] = events_[i + (i >= least ? 1 : 0)];
      --size_;
      return event;
    }

   private:
    std::unique_ptr<Event[]> events_;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = 0;
  };

  static std::uint64_t to_key(SimTime at) {
    return static_cast<std::uint64_t>(at.time_since_epoch().count());
  }

  /// Of a word that is not 0; std::countr_zero would ask whether it is.
  static std::uint32_t lowest_bit(std::uint64_t word) {
    return static_cast<std::uint32_t>(__builtin_ctzll(word));
  }

  /// The next event, unless the first slot has many of different times; then one of them.
  const Event& one_of_first_slot() const {
    const Slot& slot = slots_[first_];
    if (slot.size() <= Slot::kFew && taken_ == 0) return slot[slot.least_of_few()];
    return slot[first_ < kDigits ? taken_ : 0];
  }

  [[gnu::always_inline]] void place(const Event& event) {
    const std::uint64_t key = to_key(event.at);
    // 63 - countl_zero is the highest differing bit; | 1 sends equal times to level 0.
    const auto bit = static_cast<std::uint32_t>(63 - std::countl_zero((key ^ base_) | 1));
    const std::uint32_t level = bit / kDigitBits;
    const auto digit = static_cast<std::uint32_t>(key >> (level * kDigitBits)) % kDigits;
    const std::uint32_t index = level * kDigits + digit;
    Slot& slot = slots_[index];
    if (slot.is_full()) [[unlikely]]
      make_room(slot);
    slot.push_back(event);
    occupied_[index / kWordBits] |= std::uint64_t{1} << (index % kWordBits);
    words_ |= std::uint64_t{1} << (index / kWordBits);
    first_ = std::min(first_, index);
  }

  [[gnu::noinline]] void make_room(Slot& slot) {
    if (slot.capacity() < kMany) return slot.reserve(slot.capacity() == 0 ? Slot::kFew : kMany);
    if (spare_.empty() || spare_.back().capacity() <= slot.capacity()) {
      return slot.reserve(2 * slot.capacity());
    }
    Slot larger = std::move(spare_.back());
    spare_.pop_back();
    for (const Event& event : slot) larger.push_back(event);
    slot = std::move(larger);
  }

  /// The first slot becomes empty, and the next one the first.
  void vacate() {
    const std::uint32_t word = first_ / kWordBits;
    const std::uint64_t left = occupied_[word] & ~(std::uint64_t{1} << (first_ % kWordBits));
    occupied_[word] = left;
    words_ &= ~(std::uint64_t{left == 0} << word);
    const std::uint32_t next = lowest_bit(words_);
    first_ = next * kWordBits + lowest_bit(occupied_[next]);
  }

  template <class Soon>
  Event take_single(Slot& slot, const Soon& soon) {
    const Event event = slot[0];
    last_ = event.at;
    slot.clear();
    vacate();
    announce(soon);
    return event;
  }

  Event take_of_few(Slot& slot) {
    const Event event = slot.take_of_few();
    last_ = event.at;
    return event;
  }

  /// Of the first slot, at level 0.
  template <class Soon>
  Event take_of_many(Slot& slot, const Soon& soon) {
    const Event event = slot[taken_++];
    last_ = event.at;
    if (taken_ == slot.size()) {
      taken_ = 0;
      slot.clear();
      vacate();
      announce(soon);
    }
    return event;
  }

  /// Tells of the events of some slots behind the first: the fewer, the more there are in it.
  template <class Soon>
  void announce(const Soon& soon) {
    if constexpr (std::is_same_v<Soon, Nobody>) return;
    if (size_ == 0) return;  // nor is there a first slot
    const std::uint32_t size = slots_[first_].size();
    const std::uint32_t ahead = size > kMany / 4 ? 2 : size > 2 ? 5 : 9;
    const std::uint32_t end = std::min(first_ + ahead, (first_ / kDigits + 1) * kDigits);
    for (told_ = std::max(told_, first_); told_ < end; ++told_) {
      const Slot& slot = slots_[told_];
      if (slot.size() >= kMany) continue;  // it will be spread
      for (const Event& event : slot) soon(event.payload);
    }
  }

  template <class Soon>
  void spread(Slot& slot, const Soon& soon) {
    const std::uint32_t shift = first_ / kDigits * kDigitBits;
    base_ = to_key(slot[0].at) >> shift << shift;
    const bool is_told = slot.size() < kMany;
    vacate();
    // Never back into this slot: its events now agree with `base` in this digit.
    for (const Event& event : slot) place(event);
    slot.clear();
    if (slot.capacity() > kMany) {
      spare_.push_back(std::move(slot));
      slot = Slot{};
    }
    if (!is_told) told_ = first_;
    announce(soon);
  }

  std::uint64_t base_ = 0;
  SimTime last_{};
  std::size_t size_ = 0;
  std::uint32_t first_ = kSlots;  ///< occupied slot
  std::uint32_t told_ = 0;        ///< slots before it were announced
  std::uint32_t taken_ = 0;       ///< events of the first slot, if it is of level 0
  /// Words of `occupied_` that are not 0. Behind the slots there is one that is always occupied.
  std::uint64_t words_ = std::uint64_t{1} << kWords;
  std::array<std::uint64_t, kWords + 1> occupied_ = [] {
    std::array<std::uint64_t, kWords + 1> occupied{};
    occupied.back() = 1;
    return occupied;
  }();
  std::array<Slot, kSlots> slots_;
  /// What large slots have left behind, for those that become large: what was used last is in the
  /// cache, and memory follows what is pending.
  std::vector<Slot> spare_;
};

}  // namespace ampsim::sim
