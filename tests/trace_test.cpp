#include "sim/measure/trace.hpp"

#include <string>
#include <vector>

#include "sim/engine/scheduler.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/forwarder.hpp"
#include "sim/payment/htlc_flow.hpp"
#include "tests/printing.hpp"
#include "tests/text_network.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;
using namespace std::chrono_literals;

namespace {

class Story final : public TraceSink {
 public:
  explicit Story(PaymentId payment = PaymentId{0}) : TraceSink(payment) {}
  void tell(const TraceEvent& event) override { events.push_back(event); }
  std::vector<std::string_view> kinds() const {
    std::vector<std::string_view> result;
    for (const TraceEvent& event : events) result.push_back(name_of(event.kind));
    return result;
  }
  std::vector<TraceEvent> of(TraceKind kind) const {
    std::vector<TraceEvent> result;
    for (const TraceEvent& event : events) {
      if (event.kind == kind) result.push_back(event);
    }
    return result;
  }
  std::vector<TraceEvent> events;
};

/// Two ways from alice to dave, of which the cheap one has no money beyond its first channel.
World with_an_empty_way() {
  return World(R"(
    alice 1000 -- 0   bob
    bob   0 -- 1000   dave
    alice 1000 -- 0   carol
    carol 1000 -- 0   dave   base=1000
  )");
}

}  // namespace

TEST_CASE("trace: the story of a split payment, in order") {
  World world(R"(
    alice 60 -- 0 bob
    alice 60 -- 0 bob
  )");
  world.params.payment.min_part = Msat::from_sat(1);
  Story story;
  world.hooks.trace = &story;
  world.pay("alice", "bob", 100).run();
  CHECK(story.kinds() == std::vector<std::string_view>{
                             "payment_starts", "part_sent", "htlc_add", "part_sent", "htlc_add",
                             "htlc_committed", "part_arrived", "part_held", "timer_started",
                             "htlc_committed", "part_arrived", "set_claimed", "htlc_fulfill",
                             "htlc_fulfill", "part_settled", "part_settled", "payment_ends",
                             "htlc_removed", "htlc_removed"});
  const auto adds = story.of(TraceKind::htlc_add);
  CHECK(adds.at(0).hash != adds.at(1).hash);
}

TEST_CASE("trace: the shares that the sender makes are those that arrive, and they add up") {
  World world(R"(
    alice 60 -- 0 bob
    alice 60 -- 0 bob
  )");
  world.params.payment.min_part = Msat::from_sat(1);
  Story story;
  world.hooks.trace = &story;
  world.pay("alice", "bob", 100).run();
  const auto sent = story.of(TraceKind::part_sent);
  const auto arrived = story.of(TraceKind::part_arrived);
  REQUIRE(sent.size() == 2);
  REQUIRE(arrived.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    REQUIRE(sent[i].share.has_value());
    CHECK(sent[i].share == arrived[i].share);
    CHECK(sent[i].set_id == arrived[i].set_id);
    CHECK(sent[i].child_index == arrived[i].child_index);
    CHECK(sent[i].hash == arrived[i].hash);
  }
  const auto root = story.of(TraceKind::set_claimed).at(0).root;
  REQUIRE(root.has_value());
  CHECK(*root == amp::combine(amp::Derivation::lnd, *sent[0].share, *sent[1].share));
  for (const TraceEvent& settled : story.of(TraceKind::part_settled)) {
    CHECK(amp::hash_of(*settled.preimage) == *settled.hash);
  }
}

TEST_CASE("trace: only the payment that is watched is told") {
  World world("a 100 -- 0 b");
  Story story(PaymentId{1});
  world.hooks.trace = &story;
  world.pay("a", "b", 10).pay("a", "b", 20, 5).run();
  REQUIRE(!story.events.empty());
  for (const TraceEvent& event : story.events) CHECK(event.amount == Msat::from_sat(20));
}

TEST_CASE("trace: messages arrive when the channel's delay says") {
  World world("a 100 -- 0 b");
  Story story;
  world.hooks.trace = &story;
  world.pay("a", "b", 10).run();
  const auto at = [&](TraceKind kind) { return story.of(kind).at(0).at.time_since_epoch(); };
  CHECK(at(TraceKind::htlc_add) == 0ms);
  CHECK(at(TraceKind::htlc_committed) == 30ms);
  CHECK(at(TraceKind::htlc_fulfill) == 30ms);
  CHECK(at(TraceKind::part_settled) == 40ms);
  CHECK(at(TraceKind::htlc_removed) == 60ms);
}

TEST_CASE("trace: a refusal names its node, channel and reason, and a retry follows it") {
  World world = with_an_empty_way();
  Story story;
  world.hooks.trace = &story;
  world.pay("alice", "dave", 100).run();
  const auto refused = story.of(TraceKind::htlc_refused);
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].from == world.node("bob"));
  CHECK(refused[0].channel == world.channel(1));
  CHECK(refused[0].note == "temporary_channel_failure (balance_too_low)");

  const auto failed = story.of(TraceKind::part_failed);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].from == world.node("alice"));
  CHECK(failed[0].channel == world.channel(1));
  CHECK(failed[0].note == "temporary_channel_failure");

  const auto sent = story.of(TraceKind::part_sent);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].part == sent[1].part);
  CHECK(sent[1].attempt == 1U);
  CHECK(sent[1].at == failed[0].at);
  CHECK(sent[1].route == std::vector{world.channel(2), world.channel(3)});
  CHECK(sent[1].fee == Msat{1000});
  CHECK(sent[1].expiry == story.of(TraceKind::htlc_add).at(1).expiry);
  CHECK(story.of(TraceKind::payment_ends).at(0).note == "succeeded");
}

TEST_CASE("trace: a sender that runs out of attempts says so") {
  World world = with_an_empty_way();
  world.params.payment.max_attempts = 1;
  Story story;
  world.hooks.trace = &story;
  world.pay("alice", "dave", 100).run();
  const auto stopped = story.of(TraceKind::sending_stopped);
  REQUIRE(stopped.size() == 1);
  CHECK(stopped[0].note == "attempts_exhausted");
}

TEST_CASE("trace: a timer that starts says when it rings, and rings then") {
  // The second way has room for a part as far as carol only.
  World world(R"(
    alice 60 -- 0   bob
    alice 60 -- 0   carol
    carol 0  -- 60  bob
  )");
  world.params.payment.min_part = Msat::from_sat(50);
  world.params.receiver.timeout = 2s;
  Story story;
  world.hooks.trace = &story;
  world.pay("alice", "bob", 100).run();
  const auto started = story.of(TraceKind::timer_started);
  const auto rang = story.of(TraceKind::part_timed_out);
  REQUIRE(started.size() == 1);
  REQUIRE(rang.size() == 1);
  CHECK(started[0].from == world.node("bob"));
  CHECK(started[0].at == story.of(TraceKind::part_held).at(0).at);
  CHECK(started[0].due == started[0].at + 2s);
  CHECK(rang[0].at == *started[0].due);
}

TEST_CASE("trace: question and answer of a scheme that needs the sender's word are told") {
  for (const char* scheme : {"stuckless", "boomerang"}) {
    World world("alice 100 -- 0 bob");
    world.params.payment.scheme = scheme;
    world.params.payment.parts = 2;
    world.params.payment.min_part = Msat{1};
    Story story;
    world.hooks.trace = &story;
    world.pay("alice", "bob", 50).run();
    const auto asked = story.of(TraceKind::sender_asked);
    const auto told = story.of(TraceKind::receiver_told);
    const auto claimed = story.of(TraceKind::set_claimed);
    REQUIRE(asked.size() == 1);
    REQUIRE(told.size() == 1);
    REQUIRE(claimed.size() == 1);
    CHECK(asked[0].to == world.node("alice"));
    CHECK(asked[0].note == "2 parts");
    CHECK(told[0].to == world.node("bob"));
    CHECK(told[0].at == asked[0].at + std::chrono::milliseconds{10});
    CHECK(claimed[0].at == told[0].at + std::chrono::milliseconds{10});
  }
}

TEST_CASE("trace: a refusal says which number was missed") {
  // Routes that no router would make: what they offer is below what the policy asks.
  const auto note = [](const std::string& policy, Hop incoming, Hop outgoing) {
    const topo::Topology topology =
        test::parse_network("alice 1000 -- 0 bob\n bob 1000 -- 0 carol " + policy);
    Network network(topology, World("a 1 -- 0 b").params.network, 1);
    Scheduler scheduler;
    AttemptTable attempts;
    Metrics metrics(RecordParams{});
    Story story;
    HtlcFlow flow({}, scheduler, network, attempts, metrics, {.trace = &story});
    const AttemptId id = attempts.open();
    incoming.channel = DirectedChannel::of(ChannelId{0}, 0);
    outgoing.channel = DirectedChannel::of(ChannelId{1}, 0);
    attempts[id].payment = PaymentId{0};
    attempts[id].route.hops = {incoming, outgoing};
    attempts[id].plan_htlcs();
    flow.offer(id, 0);
    const BlockClock blocks({}, 1);
    Forwarder(network, blocks, attempts, flow).forward(id, 0);
    const auto refused = story.of(TraceKind::htlc_refused);
    return refused.empty() ? "" : refused[0].note;
  };
  const auto hop = [](std::int64_t msat, std::int32_t blocks) {
    return Hop{.amount = Msat{msat}, .expiry = BlockDelta{blocks}};
  };
  CHECK(note("base=1000 delta=40", hop(51'000, 120), hop(50'000, 80)) == "");
  CHECK(note("base=1000", hop(50'005, 120), hop(50'000, 80)) ==
        "fee_insufficient (5 msat of 1000)");
  CHECK(note("min=60000", hop(50'000, 120), hop(50'000, 80)) ==
        "amount_below_minimum (minimum 60000 msat)");
  CHECK(note("max=40", hop(50'000, 120), hop(50'000, 80)) ==
        "temporary_channel_failure (maximum 40000 msat)");
  CHECK(note("off=0", hop(50'000, 120), hop(50'000, 80)) == "channel_disabled");
  CHECK(note("delta=40", hop(50'000, 100), hop(50'000, 80)) ==
        "incorrect_cltv_expiry (20 blocks of 40)");
}
