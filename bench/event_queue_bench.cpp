// The hold model: with n events pending, take the next one and put it back a random time later; one
// operation is one such pair. Our pending event set against std::priority_queue, Boost's heaps and,
// where libns3-dev is installed, the event sets of ns-3 (bench/peers/ns3_queue.hpp), in turns in
// one run. All keep events of the same time in the order of their pushes.
//
//   event_queue_bench [--largest N] [--rounds N] [--all] [--csv]
//
// Prints, for n from 100 to --largest, the CPU time of an operation, the least of the rounds, of
// ours and of the best of each library (--all: of every rival). The order of the first n + 1000
// events is the same for all, or the exit code is 1.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/heap/d_ary_heap.hpp>
#include <boost/heap/fibonacci_heap.hpp>
#include <boost/heap/pairing_heap.hpp>
#include <fmt/format.h>

#include "bench/measure.hpp"
#include "core/random.hpp"
#include "sim/engine/event_queue.hpp"
#ifdef AMPSIM_NS3
#include "bench/peers/ns3_queue.hpp"
#endif

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

using PriorityQueue =
    NumberedQueue<std::priority_queue<Numbered, std::vector<Numbered>, std::greater<>>>;
using Later = boost::heap::compare<std::greater<>>;
using DAryHeap = NumberedQueue<boost::heap::d_ary_heap<Numbered, boost::heap::arity<4>, Later>>;
using PairingHeap = NumberedQueue<boost::heap::pairing_heap<Numbered, Later>>;
using FibonacciHeap = NumberedQueue<boost::heap::fibonacci_heap<Numbered, Later>>;

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
class Hold {
 public:
  template <class... Arguments>
  explicit Hold(std::uint32_t pending, const Arguments&... arguments) : queue_(arguments...) {
    for (std::uint32_t i = 0; i < pending; ++i) queue_.push({SimTime{delay()}, {.subject = i}});
    for (std::uint32_t i = 0; i < pending + 1000; ++i) order_.mix(step());
  }
  std::uint32_t step() {
    Event event = queue_.pop();
    event.at += delay();
    queue_.push(event);
    return event.payload.subject;
  }
  std::uint64_t order() const { return order_.value(); }

 private:
  SimDuration delay() { return delays()[drawn_++ % (1U << 16U)]; }

  Queue queue_;
  std::uint32_t drawn_ = 0;
  bench::Fingerprint order_;
};

/// Where results go, so that no work can be left out.
volatile std::uint64_t checksum = 0;

struct Contest {
  std::uint32_t pending;
  std::uint32_t operations;  // of a slice
  std::vector<std::string> names = {};
  std::vector<std::string> libraries = {};
  std::vector<bench::Rival> rivals = {};
  std::vector<std::uint64_t> orders = {};

  template <class Queue, class... Arguments>
  void enter(const std::string& name, const std::string& library, const Arguments&... arguments) {
    const auto hold = std::make_shared<Hold<Queue>>(pending, arguments...);
    names.push_back(name);
    libraries.push_back(library);
    orders.push_back(hold->order());
    rivals.push_back({[hold, n = operations] {
                        std::uint64_t sum = 0;
                        for (std::uint32_t i = 0; i < n; ++i) sum += hold->step();
                        checksum = sum;
                      },
                      static_cast<double>(operations)});
  }
  void enter_all() {
    enter<sim::EventQueue>("radix heap", "ours");
    enter<PriorityQueue>("std::priority_queue", "std");
    enter<DAryHeap>("boost d_ary_heap<4>", "boost");
    enter<PairingHeap>("boost pairing_heap", "boost");
    enter<FibonacciHeap>("boost fibonacci_heap", "boost");
#ifdef AMPSIM_NS3
    for (const std::string& type : bench::Ns3Queue::kTypes) {
      // It takes 50 us an operation there, and minutes to fill.
      if (type == "CalendarScheduler" && pending > 100'000) continue;
      enter<bench::Ns3Queue>("ns-3 " + type, "ns-3", type);
    }
#endif
  }
  bool agree() const {
    bool is_equal = true;
    for (const std::uint64_t order : orders) is_equal = is_equal && order == orders.front();
    return is_equal;
  }
};

bench::Target target_of(const std::string& library) {
  if (library == "std") return bench::ours_at_most(50);
  return bench::ratio_at_least(library == "ns-3" ? 3.5 : 1);
}

/// Rows of the best of each library, or of all.
void print(const Contest& contest, const std::vector<double>& ns, bool all, bool as_csv) {
  for (std::size_t i = 1; i < ns.size(); ++i) {
    bool is_best = true;
    for (std::size_t j = 1; j < ns.size(); ++j) {
      is_best = is_best && (contest.libraries[j] != contest.libraries[i] || ns[i] <= ns[j]);
    }
    if (!is_best && !all) continue;
    bench::print({.benchmark = "pending events",
                  .parameters = fmt::format("{} pending", contest.pending),
                  .unit = "ns",
                  .ours = ns[0],
                  .other_name = contest.names[i],
                  .other = ns[i],
                  .target = is_best ? target_of(contest.libraries[i]) : bench::Target{}},
                 as_csv);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The hold model");
  std::uint32_t largest = 1'000'000;
  std::uint32_t rounds = 200;
  bool all = false;
  bool as_csv = false;
  app.add_option("--largest", largest, "pending events at most")->capture_default_str();
  app.add_option("--rounds", rounds,
                 "of 5,000 operations of each; fewer and longer ones where more are pending")
      ->capture_default_str();
  app.add_flag("--all", all, "rows of all rivals, not of the best of each library");
  app.add_flag("--csv", as_csv);
  CLI11_PARSE(app, argc, argv);

  for (std::uint32_t pending = 100; pending <= largest; pending *= 10) {
    // Long enough that a slice finds its events in the cache as a run of one queue alone would.
    const std::uint32_t operations = std::clamp(2 * pending, 5000U, 100'000U);
    Contest contest{.pending = pending, .operations = operations};
    contest.enter_all();
    if (!contest.agree()) {
      fmt::print(stderr, "the queues differ in their order with {} pending\n", pending);
      return 1;
    }
    const std::uint32_t slices = std::max(rounds * 5000 / operations, 2U);
    print(contest, bench::fastest(contest.rivals, slices), all, as_csv);
  }
  return 0;
}
