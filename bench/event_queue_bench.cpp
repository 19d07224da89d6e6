// The hold model: with n events pending, take the next one and schedule another after a random
// delay; one iteration is one such pair. Three queues side by side in one run, all with FIFO order
// among equal times. The label `hash` is over the order of the first pops: equal hashes say that
// the queues did the same work.
//
//   event_queue_bench --benchmark_filter='/100000$' --benchmark_repetitions=5
#include <cmath>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/heap/d_ary_heap.hpp>

#include "core/random.hpp"
#include "sim/engine/event_queue.hpp"

namespace {

using namespace ampsim;
using sim::Event;

/// What a comparison queue holds: the sequence number makes its order total.
struct Numbered {
  Event event;
  std::uint64_t sequence;
  friend bool operator>(const Numbered& a, const Numbered& b) {
    return a.event.at != b.event.at ? a.event.at > b.event.at : a.sequence > b.sequence;
  }
};

template <class Heap>
class NumberedQueue {
 public:
  void push(const Event& event) { heap_.push({event, sequence_++}); }
  Event pop() {
    const Event event = heap_.top().event;
    heap_.pop();
    return event;
  }

 private:
  Heap heap_;
  std::uint64_t sequence_ = 0;
};

using RadixHeap = sim::EventQueue;
using PriorityQueue =
    NumberedQueue<std::priority_queue<Numbered, std::vector<Numbered>, std::greater<>>>;
using DAryHeap = NumberedQueue<
    boost::heap::d_ary_heap<Numbered, boost::heap::arity<4>, boost::heap::compare<std::greater<>>>>;

/// Exponential delays with a mean of 100 ms, drawn beforehand so that drawing is not measured.
const std::vector<SimDuration>& delays() {
  static const std::vector<SimDuration> drawn = [] {
    Rng rng(1, "event_queue_bench");
    std::vector<SimDuration> values(1U << 16U);
    for (SimDuration& delay : values) delay = from_seconds(rng.exponential(0.1));
    return values;
  }();
  return drawn;
}

template <class Queue>
void hold(benchmark::State& state) {
  const auto pending = static_cast<std::uint32_t>(state.range(0));
  Queue queue;
  std::uint32_t drawn = 0;
  const auto delay = [&] { return delays()[drawn++ % (1U << 16U)]; };
  for (std::uint32_t i = 0; i < pending; ++i) {
    queue.push({SimTime{delay()}, {.subject = i}});
  }
  const auto step = [&] {
    Event event = queue.pop();
    event.at += delay();
    queue.push(event);
    return event.payload.subject;
  };
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (std::uint32_t i = 0; i < pending + 1000; ++i) hash = (hash ^ step()) * 1099511628211U;
  for (auto _ : state) benchmark::DoNotOptimize(step());
  state.SetLabel("hash " + std::to_string(hash));
}

BENCHMARK_TEMPLATE(hold, RadixHeap)->RangeMultiplier(10)->Range(100, 1'000'000);
BENCHMARK_TEMPLATE(hold, PriorityQueue)->RangeMultiplier(10)->Range(100, 1'000'000);
BENCHMARK_TEMPLATE(hold, DAryHeap)->RangeMultiplier(10)->Range(100, 1'000'000);

}  // namespace

BENCHMARK_MAIN();
