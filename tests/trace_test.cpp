#include "sim/measure/trace.hpp"

#include <string>
#include <vector>

#include "tests/printing.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;

namespace {

class Story final : public TraceSink {
 public:
  explicit Story(PaymentId payment) : TraceSink(payment) {}
  void tell(const TraceEvent& event) override { events.push_back(event); }
  std::vector<TraceKind> kinds() const {
    std::vector<TraceKind> result;
    for (const TraceEvent& event : events) result.push_back(event.kind);
    return result;
  }
  std::vector<TraceEvent> events;
};

}  // namespace

TEST_CASE("trace: the story of a split payment, in order") {
  World world(R"(
    alice 60 -- 0 bob
    alice 60 -- 0 bob
  )");
  world.params.payment.min_part = Msat::from_sat(1);
  Story story(PaymentId{0});
  world.hooks.trace = &story;
  world.pay("alice", "bob", 100).run();
  using enum TraceKind;
  CHECK(story.kinds() == std::vector<TraceKind>{payment_starts, htlc_add, htlc_add, part_held,
                                                set_claimed, htlc_fulfill, htlc_fulfill,
                                                payment_ends});
  CHECK(story.events.at(1).hash != story.events.at(2).hash);
}

TEST_CASE("trace: only the payment that is watched is told") {
  World world("a 100 -- 0 b");
  Story story(PaymentId{1});
  world.hooks.trace = &story;
  world.pay("a", "b", 10).pay("a", "b", 20, 5).run();
  REQUIRE(!story.events.empty());
  for (const TraceEvent& event : story.events) CHECK(event.amount == Msat::from_sat(20));
}

TEST_CASE("trace: a line of text names time, ends, part, amount and hash") {
  TraceEvent event{.at = SimTime{std::chrono::milliseconds{1500}},
                   .kind = TraceKind::htlc_add,
                   .part = 1,
                   .attempt = 2,
                   .amount = Msat{5000},
                   .hash = amp::PaymentHash{}};
  const std::string line =
      to_text(event, {.from = "alice", .to = "bob", .channel = "7"}, amp::Derivation::lnd);
  CHECK(line.find("1.500000 s  alice -> bob") != std::string::npos);
  CHECK(line.find("update_add_htlc     part 1 (attempt 2)  5000 msat  hash 000000000000...") !=
        std::string::npos);
  CHECK(line.ends_with("channel 7"));
}

TEST_CASE("trace: toy shares are decimal numbers") {
  TraceEvent event{.kind = TraceKind::part_held, .share = amp::Share{}};
  event.share->bytes[31] = std::byte{77};
  const std::string line = to_text(event, {.from = "bob"}, amp::Derivation::toy);
  CHECK(line.find("share 77") != std::string::npos);
}
