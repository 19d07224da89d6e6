#include "sim/engine/scheduler.hpp"

#include <vector>

#include "tests/printing.hpp"

using namespace ampsim;
using sim::EventKind;
using sim::EventPayload;
using sim::Scheduler;

namespace {

EventPayload payload(std::uint32_t subject) {
  return {.subject = subject, .detail = 7, .kind = EventKind::htlc_fail};
}
SimTime at(std::int64_t ns) { return SimTime{SimDuration{ns}}; }

}  // namespace

TEST_CASE("scheduler: the clock moves to each event and counts it") {
  Scheduler scheduler;
  scheduler.schedule_at(at(30), payload(3));
  scheduler.schedule(SimDuration{10}, payload(1));
  CHECK(scheduler.now() == at(0));
  CHECK(scheduler.next_time() == at(10));
  CHECK(scheduler.pending() == 2);

  const auto first = scheduler.next();
  REQUIRE(first.has_value());
  CHECK(first->payload.subject == 1);
  CHECK(first->payload.detail == 7);
  CHECK(first->payload.kind == EventKind::htlc_fail);
  CHECK(scheduler.now() == at(10));

  scheduler.schedule(SimDuration{5}, payload(2));  // relative to 10
  CHECK(scheduler.next()->payload.subject == 2);
  CHECK(scheduler.now() == at(15));
  CHECK(scheduler.next()->payload.subject == 3);
  CHECK(scheduler.handled() == 3);
}

TEST_CASE("scheduler: when nothing is pending there is no event and time stands") {
  Scheduler scheduler;
  scheduler.schedule(SimDuration{4}, payload(0));
  scheduler.next();
  CHECK(scheduler.empty());
  CHECK_FALSE(scheduler.next().has_value());
  CHECK(scheduler.now() == at(4));
  CHECK(scheduler.handled() == 1);
}

TEST_CASE("scheduler: time never goes back") {
  Scheduler scheduler;
  scheduler.schedule(SimDuration{100}, payload(0));
  scheduler.next();
  CHECK_THROWS_AS(scheduler.schedule_at(at(99), payload(1)), InvariantError);
  CHECK_THROWS_AS(scheduler.schedule(SimDuration{-1}, payload(1)), InvariantError);
  CHECK(scheduler.empty());
}

TEST_CASE("scheduler: events of one time, those without delay too, keep the order of scheduling") {
  Scheduler scheduler;
  for (std::uint32_t i = 0; i < 4; ++i) scheduler.schedule(SimDuration{1'000}, payload(i));
  std::vector<std::uint32_t> order;
  while (const auto event = scheduler.next()) {
    order.push_back(event->payload.subject);
    // Each of the first four causes one more at the same instant: it comes after all of them.
    if (event->payload.subject < 4) {
      scheduler.schedule(SimDuration{0}, payload(event->payload.subject + 10));
    }
  }
  CHECK(order == std::vector<std::uint32_t>{0, 1, 2, 3, 10, 11, 12, 13});
  CHECK(scheduler.now() == at(1'000));
}
