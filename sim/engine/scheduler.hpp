#pragma once

#include <cstdint>
#include <optional>

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
  SimTime now() const { return now_; }
  std::size_t pending() const { return queue_.size(); }
  /// Of those, the ones that are not background.
  std::size_t foreground() const { return foreground_; }
  /// Events handed out so far.
  std::uint64_t handled() const { return handled_; }
  bool empty() const { return queue_.empty(); }
  /// The next event or one of those after it, to prepare for it; null if none is pending.
  const Event* likely_next() const { return queue_.likely_next(); }
  /// When the next event is due; there must be one.
  SimTime next_time() const { return queue_.next_time(); }

  void schedule_at(SimTime at, EventPayload payload) {
    AMPSIM_CHECK(at >= now_, "an event is scheduled in the past");
    queue_.push(Event{at, payload});
    if (!is_background(payload.kind)) ++foreground_;
  }
  void schedule(SimDuration delay, EventPayload payload) { schedule_at(now_ + delay, payload); }

  /// The next event, with the clock moved to it; nothing when none is pending.
  std::optional<Event> next() {
    return next([](const EventPayload& /*soon*/) {});
  }
  /// `soon` is told of events that are not far off (EventQueue::pop).
  template <class Soon>
  std::optional<Event> next(const Soon& soon) {
    if (queue_.empty()) return std::nullopt;
    const Event event = queue_.pop(soon);
    AMPSIM_CHECK(event.at >= now_, "simulated time goes back");
    now_ = event.at;
    ++handled_;
    if (!is_background(event.payload.kind)) --foreground_;
    return event;
  }

 private:
  EventQueue queue_;
  SimTime now_{};
  std::uint64_t handled_ = 0;
  std::size_t foreground_ = 0;
};

}  // namespace ampsim::sim
