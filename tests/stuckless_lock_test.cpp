#include "core/stuckless_lock.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/amp_parts.hpp"
#include "tests/amp_printing.hpp"

using namespace ampsim::amp;
using ampsim::AttemptId;
using ampsim::Msat;
using ampsim::Rng;
using ampsim::test::is_claim;
using ampsim::test::is_fail;
using ampsim::test::is_hold;
using ampsim::test::send_parts;

namespace {

/// n = 3 parts of 1,000 msat, u = 2 spares.
struct Payment {
  explicit Payment(std::uint64_t seed,
                   ReceiverBehaviour behaviour = ReceiverBehaviour::honest,
                   std::uint32_t needed = 3,
                   std::uint32_t spares = 2)
      : rng(seed, "stuckless_lock_test"),
        ends(open_stuckless({.total = Msat{1000} * needed,
                             .behaviour = behaviour,
                             .parts = needed,
                             .spares = spares},
                            rng)),
        parts(send_parts(*ends.sender, needed + spares, {1000})) {}

  Decision arrive(std::size_t part) { return ends.receiver->arrive(parts[part]); }
  Rng rng;
  SetEnds ends;
  std::vector<ArrivedPart> parts;
};

std::vector<AttemptId> attempts_of(const std::vector<ClaimedPart>& parts) {
  std::vector<AttemptId> attempts;
  attempts.reserve(parts.size());
  for (const ClaimedPart& part : parts) attempts.push_back(part.attempt);
  return attempts;
}

}  // namespace

TEST_CASE("stuckless_lock: the receiver asks when the parts reach the total, whichever they are") {
  Payment payment(1);
  CHECK(is_hold(payment.arrive(4)));
  CHECK(is_hold(payment.arrive(1)));
  const Decision asked = payment.arrive(3);
  REQUIRE(std::holds_alternative<Ask>(asked));
  CHECK(attempts_of(std::get<Ask>(asked).parts) == std::vector<AttemptId>{{4}, {1}, {3}});
  // Parts 0 and 2 never come: nobody waits for them.
  const auto answer = payment.ends.sender->answer(std::get<Ask>(asked));
  REQUIRE(answer.has_value());
  const Decision claimed = payment.ends.receiver->hear(*answer);
  REQUIRE(is_claim(claimed));
  CHECK(attempts_of(std::get<Claim>(claimed).parts) == std::vector<AttemptId>{{4}, {1}, {3}});
  for (const ClaimedPart& part : std::get<Claim>(claimed).parts) {
    CHECK(opens(LockKind::point, part.preimage, payment.parts[part.attempt.index].hash));
  }
  CHECK(payment.ends.receiver->is_claimed());
}

TEST_CASE("stuckless_lock: what is held beyond the total is failed back with the claim") {
  Payment payment(2);
  Decision decision = Hold{};
  for (std::size_t i = 0; i < 3; ++i) decision = payment.arrive(i);
  const auto answer = payment.ends.sender->answer(std::get<Ask>(decision));
  CHECK(is_hold(payment.arrive(3)));  // comes while the sender is asked
  const Decision claimed = payment.ends.receiver->hear(*answer);
  REQUIRE(is_claim(claimed));
  CHECK(std::get<Claim>(claimed).spare == std::vector<AttemptId>{{3}});
  CHECK(is_fail(payment.arrive(4), SetFailure::not_needed));
  CHECK(payment.ends.receiver->held().empty());
}

TEST_CASE("stuckless_lock: nothing opens before the sender's word, to a greedy receiver neither") {
  Payment payment(3, ReceiverBehaviour::greedy);
  for (std::size_t i = 0; i < 2; ++i) CHECK(is_hold(payment.arrive(i)));
  CHECK(std::holds_alternative<Ask>(payment.arrive(2)));
  CHECK(is_hold(payment.arrive(3)));
}

TEST_CASE("stuckless_lock: secrets of fewer parts than the total claim nothing") {
  Payment payment(4);
  for (std::size_t i = 0; i < 2; ++i) CHECK(is_hold(payment.arrive(i)));
  const Decision asked = payment.arrive(2);
  auto answer = payment.ends.sender->answer(std::get<Ask>(asked));
  answer->pop_back();
  CHECK(is_fail(payment.ends.receiver->hear(*answer), SetFailure::reconstruction));
  CHECK_FALSE(payment.ends.receiver->is_claimed());
}

TEST_CASE("stuckless_lock: the secret of one part opens no other") {
  Payment payment(5);
  for (std::size_t i = 0; i < 2; ++i) CHECK(is_hold(payment.arrive(i)));
  const Decision asked = payment.arrive(2);
  auto answer = payment.ends.sender->answer(std::get<Ask>(asked));
  std::swap((*answer)[0].preimage, (*answer)[1].preimage);
  CHECK(is_fail(payment.ends.receiver->hear(*answer), SetFailure::reconstruction));
}

TEST_CASE("stuckless_lock: no part times out between question and answer, and all do before") {
  Payment payment(6);
  CHECK(is_hold(payment.arrive(0)));
  CHECK(
      is_fail(payment.ends.receiver->time_out(std::vector<AttemptId>{{0}}), SetFailure::timed_out));
  for (std::size_t i = 1; i < 3; ++i) CHECK(is_hold(payment.arrive(i)));
  const Decision asked = payment.arrive(3);
  REQUIRE(std::holds_alternative<Ask>(asked));
  CHECK(is_hold(payment.ends.receiver->time_out(payment.ends.receiver->held())));
  CHECK(is_claim(payment.ends.receiver->hear(*payment.ends.sender->answer(std::get<Ask>(asked)))));
}

TEST_CASE("stuckless_lock: an answer to nothing changes nothing") {
  Payment payment(7);
  CHECK(is_hold(payment.arrive(0)));
  CHECK(is_hold(payment.ends.receiver->hear({})));
  CHECK(payment.ends.receiver->held().size() == 1);
}

TEST_CASE("stuckless_lock: in any order of arrival the first parts that suffice are claimed") {
  CHECK(rc::check([](std::uint64_t seed) {
    const auto needed = *rc::gen::inRange<std::uint32_t>(1, 6);
    const auto spares = *rc::gen::inRange<std::uint32_t>(0, 5);
    Payment payment(seed, ReceiverBehaviour::honest, needed, spares);
    Rng order(seed, "order");
    for (std::size_t i = payment.parts.size(); i > 1; --i) {
      std::swap(payment.parts[i - 1], payment.parts[order.below(i)]);
    }
    std::size_t claimed = 0;
    std::size_t refused = 0;
    for (const ArrivedPart& part : payment.parts) {
      const Decision decision = ampsim::test::arrive(payment.ends, part);
      if (is_claim(decision)) claimed += std::get<Claim>(decision).parts.size();
      if (is_fail(decision, SetFailure::not_needed)) ++refused;
    }
    RC_ASSERT(claimed == needed);
    RC_ASSERT(refused == spares);
  }));
}
