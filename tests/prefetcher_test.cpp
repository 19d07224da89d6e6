#include "sim/payment/prefetcher.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "tests/text_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// Fetches before every event, from an empty queue to an empty queue: what is handed out?
std::vector<EventPayload> handed_out(const std::vector<EventPayload>& scheduled,
                                     const Network& network,
                                     const AttemptTable& attempts) {
  Scheduler scheduler;
  Prefetcher prefetcher(scheduler, network, attempts);
  prefetcher.prepare();
  for (const EventPayload& event : scheduled) scheduler.schedule(SimDuration{1}, event);
  std::vector<EventPayload> events;
  while (const auto event = scheduler.next()) {
    prefetcher.prepare();
    events.push_back(event->payload);
  }
  prefetcher.prepare();
  return events;
}

bool are_equal(const std::vector<EventPayload>& a, const std::vector<EventPayload>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const EventPayload& x, const EventPayload& y) {
                      return x.subject == y.subject && x.detail == y.detail && x.kind == y.kind;
                    });
}

}  // namespace

TEST_CASE("prefetcher: all events at all hops of short and long routes stay as they are") {
  const topo::Topology topology = test::parse_network(R"(
    a 100 -- 100 b
    b 100 -- 100 c
  )");
  Network network(topology, {}, 1);
  network.set_policy(DirectedChannel::of(ChannelId{1}, 0), {.fee_base = Msat{1}});
  AttemptTable attempts;
  std::vector<EventPayload> scheduled;
  for (const std::size_t hops : {1U, 2U, 5U, 6U, 20U}) {
    const AttemptId id = attempts.open();
    Attempt& attempt = attempts[id];
    for (std::size_t hop = 0; hop < hops; ++hop) {
      const ChannelId channel{static_cast<std::uint32_t>(hop % 2)};
      attempt.route.hops.push_back({DirectedChannel::of(channel, 0), Msat{1000}, BlockDelta{80}});
    }
    attempt.plan_htlcs();
    for (std::uint32_t hop = 0; hop < hops; ++hop) {
      for (const EventKind kind : {EventKind::htlc_add, EventKind::htlc_fulfill,
                                   EventKind::htlc_fail, EventKind::htlc_removed}) {
        scheduled.push_back(EventPayload::of(kind, id.index, hop));
      }
    }
  }
  CHECK(are_equal(handed_out(scheduled, network, attempts), scheduled));
  CHECK(network.channel(ChannelId{0}).htlcs(0) == 0);
  attempts.for_each_live([](const Attempt& attempt) {
    CHECK(attempt.pending == 0);
    for (const Htlc& htlc : attempt.htlcs) CHECK(htlc.state == HtlcState::unsent);
  });
}

TEST_CASE("prefetcher: events that are of no HTLC are left alone, without any channel or attempt") {
  const Network network(topo::Topology{}, {}, 1);
  const AttemptTable attempts;
  std::vector<EventPayload> scheduled;
  constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();
  for (int i = 0; i < 5; ++i) {
    for (const EventKind kind : {EventKind::payment_arrives, EventKind::set_timeout,
                                 EventKind::block_found, EventKind::attack_stops}) {
      scheduled.push_back(EventPayload::of(kind, kNobody, 0xffffff));
    }
  }
  CHECK(are_equal(handed_out(scheduled, network, attempts), scheduled));
}
