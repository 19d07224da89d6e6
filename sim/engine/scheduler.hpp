#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/check.hpp"
#include "core/units.hpp"
#include "sim/engine/event.hpp"
#include "sim/engine/event_queue.hpp"

/// The clock and the pending events: the only place that knows the simulated time.
///
/// Simulated time never goes back: no event is scheduled before now(), and none is handed out
/// before it. Events of one time are handed out in the order in which they were scheduled, so a run
/// does not depend on how the queue is built. Events are never cancelled: one that has lost its
/// object finds another generation there and returns.
///
/// Tested by tests/scheduler_test.cpp.
namespace ampsim::sim {

class Scheduler {
 public:
  SimTime now() const { return queue_.last(); }
  std::size_t pending() const { return queue_.size(); }
  /// Of those, the ones that are not background.
  std::size_t foreground() const { return queue_.size() - background_; }
  /// Events handed out so far.
  std::uint64_t handled() const { return handled_; }
  bool empty() const { return queue_.empty(); }
  /// The next events, as far as their order is known yet, to prepare for them.
  std::span<const Event> ahead() const { return queue_.ahead(); }
  /// When the next event is due; there must be one.
  SimTime next_time() const { return queue_.next_time(); }

  void schedule_at(SimTime at, EventPayload payload) {
    queue_.push(Event{at, payload});
    if (is_background(payload.kind)) ++background_;
  }
  void schedule(SimDuration delay, EventPayload payload) { schedule_at(now() + delay, payload); }

  /// The next event, with the clock moved to it; nothing when none is pending.
  [[gnu::always_inline]] std::optional<Event> next() {
    if (queue_.empty()) return std::nullopt;
    const Event event = queue_.pop(kAhead);
    ++handled_;
    if (is_background(event.payload.kind)) --background_;
    return event;
  }

 private:
  /// Events to prepare for: what takes long to bring in takes no longer than so many.
  static constexpr std::uint32_t kAhead = 4;

  EventQueue queue_;
  std::uint64_t handled_ = 0;
  std::size_t background_ = 0;
};

}  // namespace ampsim::sim
