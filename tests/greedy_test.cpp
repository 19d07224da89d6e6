/// A receiver that claims whatever it can as soon as it can (core/htlc_set.hpp), under every
/// scheme: the same code tries, and the hashes decide.

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "core/htlc_set.hpp"
#include "core/share.hpp"
#include "tests/amp_parts.hpp"
#include "tests/amp_printing.hpp"
#include "tests/printing.hpp"

using namespace ampsim::amp;
using ampsim::AttemptId;
using ampsim::Msat;
using ampsim::Rng;
using ampsim::test::is_claim;
using ampsim::test::is_fail;
using ampsim::test::is_hold;
using ampsim::test::send_parts;

namespace {

SetEnds open_greedy(std::string_view scheme, Msat total, Rng& rng) {
  return find_scheme(scheme)->open({.total = total, .behaviour = ReceiverBehaviour::greedy}, rng);
}

std::size_t claimed_count(const Decision& decision) {
  const auto* const claim = std::get_if<Claim>(&decision);
  return claim == nullptr ? 0 : claim->parts.size();
}

}  // namespace

TEST_CASE("greedy: every part of mpp is claimed as it comes, each once") {
  Rng rng(1, "greedy_test");
  const SetEnds ends = open_greedy("mpp", {3000}, rng);
  const auto parts = send_parts(*ends.sender, 3, {1000});
  for (const ArrivedPart& part : parts) {
    CHECK_FALSE(ends.receiver->is_claimed());
    const Decision decision = ends.receiver->arrive(part);
    REQUIRE(claimed_count(decision) == 1);
    CHECK(std::get<Claim>(decision).parts[0].attempt == part.attempt);
    CHECK(ends.receiver->held().empty());
  }
  CHECK(ends.receiver->is_claimed());
  ArrivedPart late = parts[0];
  late.attempt = {9};
  CHECK(is_fail(ends.receiver->arrive(late), SetFailure::set_closed));
}

TEST_CASE("greedy: an honest receiver of mpp holds what a greedy one claims") {
  Rng rng(2, "greedy_test");
  const SetEnds ends = find_scheme("mpp")->open({.total = {3000}}, rng);
  CHECK(is_hold(ends.receiver->arrive(send_parts(*ends.sender, 3, {1000})[0])));
}

TEST_CASE("greedy: where parts need all shares, nothing is claimed before the last one is there") {
  for (const char* scheme : {"amp", "og_amp", "mpp_keysend", "ptlc"}) {
    CAPTURE(scheme);
    Rng rng(3, "greedy_test");
    const SetEnds ends = open_greedy(scheme, {4000}, rng);
    const auto parts = send_parts(*ends.sender, 4, {1000});
    for (std::size_t i = 0; i < 3; ++i) CHECK(is_hold(ends.receiver->arrive(parts[i])));
    CHECK(claimed_count(ends.receiver->arrive(parts[3])) == 4);
    CHECK(ends.receiver->is_claimed());
  }
}

TEST_CASE("greedy: it claims what it can open even if the sender broke the rules") {
  Rng rng(4, "greedy_test");
  const SetEnds ends = open_greedy("mpp", {1000}, rng);
  const PartLock lock = ends.sender->next({0}, false);
  PartPayload stingy = lock.payload;
  stingy.total = {500};
  CHECK(is_claim(ends.receiver->arrive({{0}, {500}, lock.hash, stingy})));
}

TEST_CASE("greedy: schemes of shares stay all or none, whatever arrives or times out") {
  CHECK(rc::check([] {
    Rng rng(*rc::gen::inRange<std::uint64_t>(0, 1'000'000), "greedy_test");
    const std::string scheme =
        *rc::gen::element<std::string>("amp", "og_amp", "mpp_keysend", "ptlc");
    const auto count = *rc::gen::inRange<std::uint32_t>(2, 6);
    const SetEnds ends = open_greedy(scheme, Msat{1000} * count, rng);
    auto parts = send_parts(*ends.sender, count, {1000});
    for (ArrivedPart& part : parts) part.amount = {rng.between(1, 9000)};
    for (std::uint32_t step = 0; step < 3 * count; ++step) {
      const ArrivedPart& part = parts[rng.below(count)];
      if (rng.chance(0.2)) {
        static_cast<void>(ends.receiver->time_out(std::vector<AttemptId>{part.attempt}));
        continue;
      }
      const Decision decision = ends.receiver->arrive(part);
      if (is_claim(decision)) {
        RC_ASSERT(claimed_count(decision) == count);
        return;
      }
      if (!is_hold(decision)) return;  // the amounts were reached too early
    }
  }));
}
