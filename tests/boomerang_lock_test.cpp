#include "core/boomerang_lock.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "core/check.hpp"
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

struct Payment {
  Payment(std::uint64_t seed,
          ReceiverBehaviour behaviour,
          std::uint32_t needed = 3,
          std::uint32_t spares = 2)
      : rng(seed, "boomerang_lock_test"),
        ends(open_boomerang({.total = Msat{1000} * needed,
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

/// 5 + 3 x + 2 x^2.
Scalar quadratic(std::uint32_t x) { return scalar_of(5 + 3 * x + 2 * x * x); }

}  // namespace

TEST_CASE("boomerang_lock: one value more than the degree gives the value at zero") {
  const std::vector<PolynomialValue> three = {
      {1, quadratic(1)}, {2, quadratic(2)}, {4, quadratic(4)}};
  CHECK(value_at_zero(three) == scalar_of(5));
  std::vector<PolynomialValue> shuffled = {three[2], three[0], three[1]};
  CHECK(value_at_zero(shuffled) == scalar_of(5));
  const std::vector<PolynomialValue> four = {
      {1, quadratic(1)}, {2, quadratic(2)}, {3, quadratic(3)}, {7, quadratic(7)}};
  CHECK(value_at_zero(four) == scalar_of(5));
  CHECK_THROWS_AS(value_at_zero(std::vector<PolynomialValue>{three[0], three[0]}),
                  ampsim::InvariantError);
}

TEST_CASE("boomerang_lock: as many values as the degree give another one") {
  // The line through (1, 10) and (2, 19) has 1 at zero.
  const std::vector<PolynomialValue> two = {{1, quadratic(1)}, {2, quadratic(2)}};
  CHECK(value_at_zero(two) == scalar_of(1));
}

TEST_CASE("boomerang_lock: an honest receiver claims the first n, and needs no others") {
  Payment payment(1, ReceiverBehaviour::honest);
  CHECK(is_hold(payment.arrive(4)));
  CHECK(is_hold(payment.arrive(0)));
  const Decision asked = payment.arrive(2);
  REQUIRE(std::holds_alternative<Ask>(asked));
  for (const ClaimedPart& part : std::get<Ask>(asked).parts) {
    CHECK(opens(LockKind::point, part.preimage, payment.parts[part.attempt.index].hash));
  }
  const auto answer = payment.ends.sender->answer(std::get<Ask>(asked));
  REQUIRE(answer.has_value());
  CHECK(answer->empty());  // the sender has learnt nothing that it could take the money back with
  CHECK(is_hold(payment.arrive(1)));
  const Decision claimed = payment.ends.receiver->hear(*answer);
  REQUIRE(is_claim(claimed));
  CHECK(std::get<Claim>(claimed).parts.size() == 3);
  CHECK(std::get<Claim>(claimed).spare == std::vector<AttemptId>{{1}});
  CHECK(is_fail(payment.arrive(3), SetFailure::not_needed));
}

TEST_CASE(
    "boomerang_lock: a greedy receiver shows what it holds, and with one too many loses all") {
  Payment payment(2, ReceiverBehaviour::greedy);
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < 4; ++i) {
    const Decision decision = payment.arrive(i);
    REQUIRE(std::holds_alternative<Ask>(decision));
    CHECK(std::get<Ask>(decision).parts.size() == 1);
    const auto answer = payment.ends.sender->answer(std::get<Ask>(decision));
    CHECK(answer.has_value() == (i >= 2));
    if (answer) answers.push_back(*answer);
  }
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].empty());
  // The fourth value gives P(0) away: the sender can show it.
  REQUIRE(answers[1].size() == 1);
  SUBCASE("the first answer finds that a fourth value is on its way") {
    CHECK(is_fail(payment.ends.receiver->hear(answers[0]), SetFailure::reversed));
  }
  SUBCASE("the answer with P(0)") {
    const Decision decision = payment.ends.receiver->hear(answers[1]);
    REQUIRE(is_fail(decision, SetFailure::reversed));
    CHECK(std::get<Fail>(decision).parts.size() == 4);
  }
  CHECK_FALSE(payment.ends.receiver->is_claimed());
  CHECK(is_fail(payment.arrive(4), SetFailure::set_closed));
}

TEST_CASE("boomerang_lock: a greedy receiver who stops in time is paid like an honest one") {
  Payment payment(3, ReceiverBehaviour::greedy);
  Decision decision = Hold{};
  for (std::size_t i = 0; i < 3; ++i)
    decision = ampsim::test::arrive(payment.ends, payment.parts[i]);
  REQUIRE(is_claim(decision));
  CHECK(std::get<Claim>(decision).parts.size() == 3);
  CHECK(is_fail(payment.arrive(3), SetFailure::not_needed));
}

TEST_CASE("boomerang_lock: values of parts that failed since do not count") {
  Payment payment(4, ReceiverBehaviour::greedy);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(is_hold(ampsim::test::arrive(payment.ends, payment.parts[i])));
  }
  CHECK(
      is_fail(payment.ends.receiver->time_out(std::vector<AttemptId>{{0}}), SetFailure::timed_out));
  payment.ends.sender->cancel({0});
  CHECK(is_hold(ampsim::test::arrive(payment.ends, payment.parts[2])));
  // What replaces the part has its place, and its point.
  const PartLock again = payment.ends.sender->next({9}, false);
  CHECK(again.hash == payment.parts[0].hash);
  const Decision decision =
      ampsim::test::arrive(payment.ends, {{9}, {1000}, again.hash, again.payload});
  CHECK(is_claim(decision));
}

TEST_CASE("boomerang_lock: a part with another's point or place is refused alone") {
  Payment payment(5, ReceiverBehaviour::honest);
  ArrivedPart wrong = payment.parts[0];
  wrong.payload.child_index = 2;
  CHECK(is_fail(payment.ends.receiver->arrive(wrong), SetFailure::wrong_hash));
  wrong.payload.child_index = 6;
  CHECK(is_fail(payment.ends.receiver->arrive(wrong), SetFailure::wrong_hash));
  CHECK(is_hold(payment.arrive(0)));
  ArrivedPart twice = payment.parts[0];
  twice.attempt = {8};
  CHECK(is_fail(payment.ends.receiver->arrive(twice), SetFailure::wrong_hash));
}

TEST_CASE("boomerang_lock: the receiver claims n parts or none, whatever arrives in which order") {
  CHECK(rc::check([](std::uint64_t seed) {
    const auto needed = *rc::gen::inRange<std::uint32_t>(1, 6);
    const auto spares = *rc::gen::inRange<std::uint32_t>(0, 5);
    const auto behaviour = *rc::gen::element(ReceiverBehaviour::honest, ReceiverBehaviour::greedy);
    const auto delay = *rc::gen::inRange<std::size_t>(0, 4);  // of an answer, in arrivals
    Payment payment(seed, behaviour, needed, spares);
    Rng order(seed, "order");
    for (std::size_t i = payment.parts.size(); i > 1; --i) {
      std::swap(payment.parts[i - 1], payment.parts[order.below(i)]);
    }
    struct Due {
      std::size_t at;
      Answer answer;
    };
    std::vector<Due> due;
    std::size_t claimed = 0;
    bool is_reversed = false;
    const auto count = [&](const Decision& decision) {
      if (is_claim(decision)) claimed += std::get<Claim>(decision).parts.size();
      is_reversed = is_reversed || is_fail(decision, SetFailure::reversed);
    };
    for (std::size_t i = 0; i < payment.parts.size() + 5; ++i) {
      for (const Due& each : due) {
        if (each.at == i) count(payment.ends.receiver->hear(each.answer));
      }
      if (i >= payment.parts.size()) continue;
      const Decision decision = payment.ends.receiver->arrive(payment.parts[i]);
      count(decision);
      if (!std::holds_alternative<Ask>(decision)) continue;
      const auto answer = payment.ends.sender->answer(std::get<Ask>(decision));
      if (answer) due.push_back({i + 1 + delay, *answer});
    }
    const bool is_too_greedy = behaviour == ReceiverBehaviour::greedy && delay > 0 && spares > 0;
    RC_ASSERT(is_reversed == is_too_greedy);
    RC_ASSERT(claimed == (is_too_greedy ? 0u : needed));
  }));
}
