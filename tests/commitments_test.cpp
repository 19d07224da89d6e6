/// Two nodes, a message takes 10 ms: when is what committed, and how many messages does it take?
#include "sim/payment/commitments.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/printing.hpp"
#include "tests/text_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

const DirectedChannel kForth{0};
const DirectedChannel kBack{1};

struct Pair {
  topo::Topology topology = test::parse_network("a 100 -- 100 b");
  NetworkParams params{.latency = {.kind = DistributionKind::constant, .mean = 10},
                       .timing = Timing::full};
  Network network{topology, params, 1};
  Scheduler scheduler;
  Commitments commitments;
  std::vector<std::string> committed;  // "ATTEMPT@MS"
  int signatures = 0;

  explicit Pair(SimDuration timer = {}, std::uint32_t batch = 10)
      : params{.latency = {.kind = DistributionKind::constant, .mean = 10},
               .timing = Timing::full,
               .commit_timer = timer,
               .commit_batch = batch},
        commitments(params, network, scheduler) {}

  void add(DirectedChannel d, std::uint32_t attempt) {
    commitments.update(d, {EventKind::htlc_add, AttemptId{attempt}, 0});
  }
  void run(double until_ms = 1e6) {
    while (!scheduler.empty() && to_ms(scheduler.next_time().time_since_epoch()) <= until_ms) {
      const EventPayload event = scheduler.next()->payload;
      const DirectedChannel d{event.subject};
      if (event.kind == EventKind::commitment_signed) {
        ++signatures;
        commitments.on_commitment_signed(d);
      } else if (event.kind == EventKind::revoke_and_ack) {
        commitments.on_revoke_and_ack(d);
      } else if (event.kind == EventKind::commit_timer) {
        commitments.on_commit_timer(d);
      } else {
        committed.push_back(
            fmt::format("{}@{:g}", event.subject, to_ms(scheduler.now().time_since_epoch())));
      }
    }
  }
};

}  // namespace

TEST_CASE("commitments: an idle channel commits an update after three messages") {
  Pair pair;
  pair.add(kForth, 1);
  pair.run();
  CHECK(pair.committed == std::vector<std::string>{"1@30"});
  CHECK(pair.signatures == 2);  // the update's, and the one back
}

TEST_CASE("commitments: updates made while a signature is out wait for its answer, together") {
  Pair pair;
  pair.add(kForth, 1);
  pair.add(kForth, 2);
  pair.add(kForth, 3);
  pair.run();
  // The second signature leaves with the answer to the first, at 20 ms.
  CHECK(pair.committed == std::vector<std::string>{"1@30", "2@50", "3@50"});
  CHECK(pair.signatures == 4);
}

TEST_CASE("commitments: both sides may sign at once") {
  Pair pair;
  pair.add(kForth, 1);
  pair.add(kBack, 2);
  pair.run();
  CHECK(pair.committed == std::vector<std::string>{"2@40", "1@40"});
}

TEST_CASE("commitments: the timer lets updates share a signature") {
  Pair pair(std::chrono::milliseconds{50});
  pair.add(kForth, 1);
  pair.run(20);
  pair.add(kForth, 2);
  pair.run();
  CHECK(pair.committed == std::vector<std::string>{"1@80", "2@80"});
  CHECK(pair.signatures == 2);
}

TEST_CASE("commitments: a full batch does not wait for the timer") {
  Pair pair(std::chrono::milliseconds{50}, 2);
  pair.add(kForth, 1);
  pair.add(kForth, 2);
  pair.add(kForth, 3);
  pair.run();
  CHECK(pair.committed == std::vector<std::string>{"1@30", "2@30", "3@80"});
}

TEST_CASE("commitments: under load the throughput is a batch a round trip") {
  Pair pair;
  std::uint32_t made = 0;
  for (int ms = 0; ms < 1000; ++ms) {
    pair.run(ms);
    pair.add(kForth, made++);
  }
  pair.run();
  CHECK(pair.committed.size() == 1000);
  // One signature each way every 20 ms, not one an update.
  CHECK(pair.signatures < 110);
}

TEST_CASE("commitments: a closed channel forgets what was on its way") {
  Pair pair;
  pair.add(kForth, 1);
  pair.add(kBack, 2);
  CHECK(pair.commitments.close(ChannelId{0}).size() == 2);
  CHECK(pair.commitments.close(ChannelId{0}).empty());
}
