#include "sim/engine/event_queue.hpp"

#include <functional>
#include <limits>
#include <queue>
#include <set>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "core/random.hpp"
#include "tests/printing.hpp"

using namespace ampsim;
using sim::Event;
using sim::EventQueue;

namespace {

SimTime at(std::int64_t ns) { return SimTime{SimDuration{ns}}; }
Event event_at(std::int64_t ns, std::uint32_t sequence) {
  return {at(ns), {.subject = sequence, .detail = 0, .kind = sim::EventKind::htlc_add}};
}

/// The order in words: time, then the order of the pushes.
using Key = std::pair<std::int64_t, std::uint32_t>;
Key key_of(const Event& event) {
  return {event.at.time_since_epoch().count(), event.payload.subject};
}

/// The hold model against std::priority_queue: pops one, pushes one, `steps` times.
void hold_against_priority_queue(std::size_t steps, std::int64_t longest_delay) {
  CAPTURE(longest_delay);
  Rng rng(1, "event_queue_test");
  EventQueue queue;
  std::priority_queue<Key, std::vector<Key>, std::greater<>> expected;
  std::uint32_t sequence = 0;
  std::int64_t now = 0;
  const auto push = [&] {
    // A third of the delays is zero: pushes at the very time that is being popped.
    const std::int64_t delay = rng.below(3) == 0 ? 0 : rng.between(0, longest_delay);
    queue.push(event_at(now + delay, sequence));
    expected.emplace(now + delay, sequence);
    ++sequence;
  };
  for (int i = 0; i < 200; ++i) push();
  std::size_t wrong = 0;
  for (std::size_t step = 0; step < steps; ++step) {
    const Key popped = key_of(queue.pop());
    if (popped != expected.top()) ++wrong;
    expected.pop();
    now = popped.first;
    // Between 0 and 2 pushes, so that the queue runs empty now and then.
    for (std::uint64_t n = queue.empty() ? 5 : rng.below(3); n > 0; --n) push();
  }
  CHECK(wrong == 0);
  CHECK(queue.size() == expected.size());
}

}  // namespace

TEST_CASE("event_queue: events leave by time, equal times in the order of their pushes") {
  EventQueue queue;
  queue.push(event_at(700'000'000'000, 0));
  queue.push(event_at(5, 1));
  queue.push(event_at(700'000'000'000, 2));
  queue.push(event_at(0, 3));
  queue.push(event_at(5, 4));
  std::vector<Key> popped;
  while (!queue.empty()) popped.push_back(key_of(queue.pop()));
  const std::vector<Key> expected{
      {0, 3}, {5, 1}, {5, 4}, {700'000'000'000, 0}, {700'000'000'000, 2}};
  CHECK(popped == expected);
}

TEST_CASE("event_queue: looking at the next time moves nothing") {
  EventQueue queue;
  queue.push(event_at(1'000'000, 0));
  queue.push(event_at(1'000'001, 1));
  CHECK(queue.next_time() == at(1'000'000));
  queue.push(event_at(3, 2));  // earlier than the one looked at
  CHECK(queue.next_time() == at(3));
  CHECK(queue.pop().payload.subject == 2);
  CHECK(queue.last() == at(3));
  queue.push(event_at(3, 3));
  CHECK(queue.next_time() == at(3));
  CHECK(queue.pop().payload.subject == 3);
}

TEST_CASE("event_queue: an event in the past is a bug, not an event") {
  EventQueue queue;
  CHECK_THROWS_AS(queue.push(event_at(-1, 0)), InvariantError);
  queue.push(event_at(10, 0));
  queue.pop();
  CHECK_THROWS_AS(queue.push(event_at(9, 1)), InvariantError);
  queue.push(event_at(10, 2));
  CHECK(queue.size() == 1);
}

TEST_CASE("event_queue: nothing comes out of an empty queue") {
  EventQueue queue;
  CHECK(queue.empty());
  CHECK_THROWS_AS(queue.pop(), InvariantError);
  CHECK_THROWS_AS(queue.next_time(), InvariantError);
}

TEST_CASE("event_queue: what is seen ahead comes next and in that order") {
  Rng rng(1, "event_queue_test.ahead");
  EventQueue queue;
  constexpr std::uint32_t kEvents = 5000;
  constexpr std::uint32_t kAhead = 4;
  CHECK(queue.ahead().empty());
  for (std::uint32_t i = 0; i < kEvents; ++i) queue.push(event_at(rng.between(0, 10'000'000), i));
  std::size_t wrong = 0;
  std::size_t seen = 0;
  for (std::uint32_t popped = 0; popped < kEvents; ++popped) {
    const auto ahead = queue.ahead();
    seen += ahead.size();
    const std::vector<Event> expected(ahead.begin(), ahead.end());
    const Event event = queue.pop(kAhead);
    if (expected.empty()) continue;
    if (key_of(event) != key_of(expected.front())) ++wrong;
    const auto now_ahead = queue.ahead();
    REQUIRE(now_ahead.size() + 1 >= expected.size());
    for (std::size_t i = 1; i < expected.size(); ++i) {
      if (key_of(now_ahead[i - 1]) != key_of(expected[i])) ++wrong;
    }
  }
  CHECK(wrong == 0);
  CHECK(seen > 2 * kEvents);
  CHECK(queue.ahead().empty());
}

TEST_CASE("event_queue: many events that are pushed before those seen ahead leave in order") {
  // The first is far from the others, so that all pushes that follow lie between them.
  for (const std::int64_t step : {-1, 0, 1}) {
    CAPTURE(step);
    EventQueue queue;
    std::set<Key> expected;
    std::uint32_t sequence = 0;
    const auto push = [&](std::int64_t ns) {
      queue.push(event_at(ns, sequence));
      expected.emplace(ns, sequence++);
    };
    for (const std::int64_t ns : {0, 500'000, 1'000'000, 1'000'000}) push(ns);
    CHECK(key_of(queue.pop(3)) == *expected.begin());
    expected.erase(expected.begin());
    REQUIRE(queue.ahead().size() == 3);
    // Equal times, those of the last of them and of `last` included.
    for (std::int64_t i = 0; i < 1000; ++i) push(500'000 + step * (i / 3));
    for (const std::int64_t ns : {0, 1'000'000, 0, 500'000}) push(ns);
    std::size_t wrong = 0;
    while (!queue.empty()) {
      if (key_of(queue.pop()) != *expected.begin()) ++wrong;
      expected.erase(expected.begin());
    }
    CHECK(wrong == 0);
    CHECK(expected.empty());
  }
}

TEST_CASE("event_queue: many events of one time that each push another leave in order") {
  constexpr std::uint32_t kEvents = 50'000;
  EventQueue queue;
  for (std::uint32_t i = 0; i < kEvents; ++i) queue.push(event_at(7, i));
  std::uint32_t wrong = 0;
  for (std::uint32_t i = 0; i < 2 * kEvents; ++i) {
    if (queue.pop().payload.subject != i) ++wrong;
    if (i < kEvents) queue.push(event_at(7, kEvents + i));
  }
  CHECK(wrong == 0);
  CHECK(queue.empty());
}

TEST_CASE("event_queue: the largest time fits") {
  EventQueue queue;
  const std::int64_t end = std::numeric_limits<std::int64_t>::max();
  queue.push(event_at(end, 0));
  queue.push(event_at(end - 1, 1));
  queue.push(event_at(end, 2));
  CHECK(queue.pop().payload.subject == 1);
  CHECK(queue.pop().payload.subject == 0);
  CHECK(queue.pop().payload.subject == 2);
}

TEST_CASE("event_queue: any sequence of operations gives the order of std::multiset") {
  CHECK(rc::check([](const std::vector<std::pair<bool, std::uint16_t>>& operations) {
    EventQueue queue;
    std::multiset<Key> expected;
    std::uint32_t sequence = 0;
    for (const auto& operation : operations) {
      if (operation.first && !queue.empty()) {
        RC_ASSERT(queue.next_time() == at(expected.begin()->first));
        RC_ASSERT(key_of(queue.pop()) == *expected.begin());
        expected.erase(expected.begin());
      } else {
        // The low bits choose the scale: ties, neighbours, and times many levels away.
        const std::int64_t delay = std::int64_t{operation.second / 4}
                                   << (12 * (operation.second % 4));
        const std::int64_t time = queue.last().time_since_epoch().count() + delay;
        queue.push(event_at(time, sequence));
        expected.insert({time, sequence});
        ++sequence;
      }
      RC_ASSERT(queue.size() == expected.size());
    }
    while (!queue.empty()) {
      RC_ASSERT(key_of(queue.pop()) == *expected.begin());
      expected.erase(expected.begin());
    }
  }));
}

TEST_CASE("event_queue: a long run gives the order of std::priority_queue") {
  for (const std::int64_t longest_delay : {1, 63, 64, 5'000, 1'000'000'000}) {
    hold_against_priority_queue(10'000, longest_delay);
  }
}

TEST_CASE("event_queue: a run of millions gives the order of std::priority_queue" *
          doctest::test_suite("slow")) {
  for (const std::int64_t longest_delay : {1LL, 1'000LL, 1'000'000LL, 1'000'000'000'000LL}) {
    hold_against_priority_queue(1'000'000, longest_delay);
  }
}
