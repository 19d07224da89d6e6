#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "core/units.hpp"
#include "sim/engine/event.hpp"

/// The pending event set: a monotone radix heap (Ahuja, Mehlhorn, Orlin, Tarjan: Faster algorithms
/// for the shortest path problem, J. ACM 37, 1990) with digits of 8 bits, which is the same thing
/// as a hierarchical timing wheel without a horizon. Before it stand the next few events, in order.
///
/// An event waits at (level, digit): level is the highest base-256 digit in which its time differs
/// from `base`, and digit is the value of its time's digit there. Slots are numbered so, and their
/// order is time order: lower levels come before higher ones, because their times agree with `base`
/// in all higher digits. A first slot with few events moves to the front, sorted. One with many is
/// spread over the levels below when the front is empty: `base` moves to the least time that the
/// slot could hold.
///
/// Invariants:
///  - base <= `last`, the time popped last, <= every pending time: push checks it;
///  - the front holds all events up to `until`, the slots those after it;
///  - events leave in the order (time, order of their pushes). Nothing stores that order: a slot is
///    filled from its back, and what moves its events keeps the order of equal times.
///
/// Cost: push O(1), pop O(1) amortised: an event is moved once a level at most, 8 times in the
/// worst case and about twice in practice. No allocation when warm. 14 to 28 ns for a pop and a
/// push, from 100 to 10^6 pending events (bench/event_queue_bench.cpp). What cannot be guessed is
/// not branched on: which slot is the first, and how its events are ordered.
///
/// Tested by tests/event_queue_test.cpp.
namespace ampsim::sim {

class EventQueue {
 public:
  EventQueue() {
    // Behind all others a slot that is never empty, and never looked into.
    occupied_.back() = 1;
    slots_.back().lengthen(kFew + 1);
    front_.reserve(kFront);
  }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  /// The time of the event popped last: no earlier one may be pushed.
  SimTime last() const { return last_; }

  void push(Event event) {
    if (event.at > until_) [[likely]] {
      place(event);
    } else {
      insert(event);
    }
    ++size_;
  }

  /// The next events in their order, as far as it is known yet: what they will need can be brought
  /// into the cache.
  std::span<const Event> ahead() const { return {front_.begin() + taken_, front_.end()}; }

  /// The time of the next event; the queue must not be empty. Moves nothing: an event before that
  /// time may still be pushed.
  SimTime next_time() const {
    AMPSIM_CHECK(size_ > 0, "next_time of an empty event queue");
    if (!ahead().empty()) return ahead().front().at;
    const Slot& slot = slots_[first_slot()];
    return std::min_element(slot.begin(), slot.end(),
                            [](const Event& a, const Event& b) { return a.at < b.at; })
        ->at;
  }

  /// Removes and returns the next event; the queue must not be empty. Then `ahead()` has at least
  /// `least_ahead`, unless a slot of many comes first. (Inlined: a run calls it in one place.)
  [[gnu::always_inline]] Event pop(std::uint32_t least_ahead = 1) {
    if (taken_ == front_.size()) fill_front();
    const Event event = front_[taken_++];
    AMPSIM_CHECK(event.at >= last_, "time goes back");
    last_ = event.at;
    --size_;
    while (front_.size() - taken_ < least_ahead) {
      const std::uint32_t first = first_slot();
      const std::uint32_t size = slots_[first].size();
      if (size == 1) {
        move_one_to_front(first);
      } else if (size <= kFew) {
        move_few_to_front(first);
      } else {
        break;
      }
    }
    return event;
  }

 private:
  static constexpr std::uint32_t kDigitBits = 8;
  static constexpr std::uint32_t kDigits = 1U << kDigitBits;
  static constexpr std::uint32_t kLevels = 64 / kDigitBits;
  static constexpr std::uint32_t kSlots = kLevels * kDigits;
  static constexpr std::uint32_t kWordBits = 64;
  static constexpr std::uint32_t kWords = kSlots / kWordBits;
  /// A slot of so many events is sorted, one of more is spread.
  static constexpr std::uint32_t kFew = 16;
  /// A slot keeps its memory for so many events.
  static constexpr std::uint32_t kMany = 64;
  /// Events that the front has memory for at first, and that one pushed there may move.
  static constexpr std::uint32_t kFront = 128;
  static constexpr std::uint32_t kMostMoved = 32;

  /// A vector in 16 bytes: a slot is found by a shift.
  class Slot {
   public:
    std::uint32_t size() const { return size_; }
    const Event& operator[](std::uint32_t index) const { return events_[index]; }
    Event* begin() { return events_.get(); }
    Event* end() { return events_.get() + size_; }
    const Event* begin() const { return events_.get(); }
    const Event* end() const { return events_.get() + size_; }
    bool is_full() const { return size_ == capacity_; }
    std::uint32_t capacity() const { return capacity_; }
    /// Requires that it is not full.
    void push_back(Event event) { events_[size_++] = event; }
    /// So many more events, which the caller writes; requires room for them.
    void lengthen(std::uint32_t by) { size_ += by; }
    void reserve(std::uint32_t capacity) {
      auto larger = std::make_unique<Event[]>(capacity);
      std::copy(begin(), end(), larger.get());
      events_ = std::move(larger);
      capacity_ = capacity;
    }
    void clear() { size_ = 0; }
    /// The first events.
    void drop(std::uint32_t count) {
      std::copy(begin() + count, end(), begin());
      size_ -= count;
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

  /// The first that is occupied; behind the last, if none is.
  std::uint32_t first_slot() const {
    const std::uint32_t word = lowest_bit(words_);
    return word * kWordBits + lowest_bit(occupied_[word]);
  }

  [[gnu::always_inline]] void place(Event event) {
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
  }

  [[gnu::noinline]] void make_room(Slot& slot) {
    if (slot.capacity() < kMany) return slot.reserve(slot.capacity() == 0 ? 4 : kMany);
    if (spare_.empty() || spare_.back().capacity() <= slot.capacity()) {
      return slot.reserve(2 * slot.capacity());
    }
    Slot larger = std::move(spare_.back());
    spare_.pop_back();
    for (const Event& event : slot) larger.push_back(event);
    slot = std::move(larger);
  }

  void vacate(std::uint32_t index) {
    const std::uint32_t word = index / kWordBits;
    const std::uint64_t left = occupied_[word] & ~(std::uint64_t{1} << (index % kWordBits));
    occupied_[word] = left;
    words_ &= ~(std::uint64_t{left == 0} << word);
  }

  /// An event of the time that the front holds.
  [[gnu::noinline]] void insert(Event event) {
    AMPSIM_CHECK(event.at >= last_, "an event lies in the past");
    const std::uint32_t waiting = front_.size() - taken_;
    if (waiting > kMostMoved && front_.end()[-std::ptrdiff_t{kMostMoved}].at > event.at) {
      give_front_back();
      return place(event);
    }
    make_front_room(1);
    Event* gap = front_.end();
    for (; gap != front_.begin() + taken_ && gap[-1].at > event.at; --gap) *gap = gap[-1];
    *gap = event;
    front_.lengthen(1);
  }

  /// The front has become long: its events wait in slots again.
  void give_front_back() {
    for (; taken_ < front_.size(); ++taken_) place(front_[taken_]);
    until_ = last_ - SimDuration{1};
  }

  void make_front_room(std::uint32_t events) {
    if (front_.capacity() - front_.size() >= events) [[likely]]
      return;
    // Not for a few taken ones among many: each push would move all others.
    if (taken_ > front_.size() / 2) front_.drop(std::exchange(taken_, 0));
    if (front_.capacity() - front_.size() < events) front_.reserve(2 * front_.size() + events);
  }

  /// It is empty, and an event is pending.
  [[gnu::noinline]] void fill_front() {
    AMPSIM_CHECK(size_ > 0, "pop of an empty event queue");
    while (true) {
      const std::uint32_t first = first_slot();
      const std::uint32_t size = slots_[first].size();
      if (size == 1) return move_one_to_front(first);
      if (size <= kFew) return move_few_to_front(first);
      // All events of a slot of level 0 have the same time.
      if (first < kDigits) return move_many_to_front(first);
      spread(first);
    }
  }

  [[gnu::always_inline]] void move_one_to_front(std::uint32_t index) {
    Slot& slot = slots_[index];
    if (front_.is_full()) [[unlikely]]
      make_front_room(1);
    front_.push_back(slot[0]);
    until_ = slot[0].at;
    slot.clear();
    vacate(index);
  }

  /// Sorts the slot's events: `order` has in its hexadecimal digits, from the lowest, which of them
  /// comes first, second, and so on; each takes its place behind those that are not later.
  [[gnu::noinline]] void move_few_to_front(std::uint32_t index) {
    static_assert(kFew <= 16);
    Slot& slot = slots_[index];
    const std::uint32_t size = slot.size();
    make_front_room(size);
    std::uint64_t order = 0;
    for (std::uint32_t i = 0; i < size; ++i) {
      const std::uint64_t key = to_key(slot[i].at);
      std::uint32_t later = 0;
#pragma GCC unroll 4
      for (std::uint32_t j = 0; j < i; ++j) later += key < to_key(slot[j].at) ? 1U : 0U;
      const std::uint32_t shift = 4 * (i - later);
      const std::uint64_t before = order & ((std::uint64_t{1} << shift) - 1);
      order = (order - before) << 4U | std::uint64_t{i} << shift | before;
    }
    for (std::uint32_t i = 0; i < size; ++i, order >>= 4U) {
      front_.push_back(slot[static_cast<std::uint32_t>(order % 16)]);
    }
    until_ = front_.end()[-1].at;
    slot.clear();
    vacate(index);
  }

  void move_many_to_front(std::uint32_t index) {
    Slot& slot = slots_[index];
    make_front_room(slot.size());
    for (const Event& event : slot) front_.push_back(event);
    until_ = slot[0].at;
    release(slot);
    vacate(index);
  }

  /// The slot becomes empty, and keeps its memory if that is not much.
  void release(Slot& slot) {
    slot.clear();
    if (slot.capacity() <= kMany) return;
    spare_.push_back(std::move(slot));
    slot = Slot{};
  }

  void spread(std::uint32_t index) {
    Slot& slot = slots_[index];
    const std::uint32_t shift = index / kDigits * kDigitBits;
    base_ = to_key(slot[0].at) >> shift << shift;
    vacate(index);
    // Never back into this slot: its events now agree with `base` in this digit.
    for (const Event& event : slot) place(event);
    release(slot);
  }

  std::uint64_t base_ = 0;
  SimTime last_{};
  SimTime until_{};
  std::size_t size_ = 0;
  Slot front_;
  std::uint32_t taken_ = 0;  ///< events of the front that have left
  /// Words of `occupied_` that are not 0. Behind the slots there is one that always has many.
  std::uint64_t words_ = std::uint64_t{1} << kWords;
  std::array<std::uint64_t, kWords + 1> occupied_{};
  std::array<Slot, kSlots + 1> slots_;
  /// What large slots have left behind, for those that become large: what was used last is in the
  /// cache, and memory follows what is pending.
  std::vector<Slot> spare_;
};

}  // namespace ampsim::sim
