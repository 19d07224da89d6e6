#include "core/og_amp_lock.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/amp_parts.hpp"
#include "tests/amp_printing.hpp"

using namespace ampsim::amp;
using ampsim::AttemptId;
using ampsim::Rng;
using ampsim::test::is_claim;
using ampsim::test::is_fail;
using ampsim::test::is_hold;
using ampsim::test::send_parts;

namespace {

ArrivedPart next_part(PartLocks& sender, std::uint32_t attempt, bool completes) {
  const PartLock lock = sender.next({attempt}, completes);
  return {{attempt}, {1000}, lock.hash, lock.payload};
}

}  // namespace

TEST_CASE("og_amp_lock: only the last part tells how many there are, none tells which it is") {
  Rng rng(1, "og_amp_lock_test");
  const SetEnds ends = open_og_amp({.total = {3000}}, rng);
  const auto parts = send_parts(*ends.sender, 3, {1000});
  CHECK(parts[0].payload.count == 0);
  CHECK(parts[1].payload.count == 0);
  CHECK(parts[2].payload.count == 3);
  Share root;
  for (const ArrivedPart& part : parts) {
    CHECK(part.payload.child_index == 0);
    CHECK(part.payload.total.count == 0);
    root = combine(Derivation::og2018, root, part.payload.share);
  }
  for (std::uint32_t i = 0; i < 3; ++i) {
    CHECK(parts[i].hash == derive_child(Derivation::og2018, root, {}, i + 1).hash);
  }
}

TEST_CASE("og_amp_lock: complete by count in every order of arrival, whatever the amounts") {
  Rng rng(2, "og_amp_lock_test");
  const SetEnds sender = open_og_amp({.total = {4000}}, rng);
  auto parts = send_parts(*sender.sender, 4, {1000});
  parts[2].amount = {1};
  std::vector<std::size_t> order = {0, 1, 2, 3};
  do {
    const SetEnds ends = open_og_amp({.total = {4000}}, rng);
    for (std::size_t i = 0; i < 3; ++i) CHECK(is_hold(ends.receiver->arrive(parts[order[i]])));
    const Decision decision = ends.receiver->arrive(parts[order[3]]);
    REQUIRE(is_claim(decision));
    CHECK(std::get<Claim>(decision).parts.size() == 4);
    CHECK(ends.receiver->is_claimed());
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("og_amp_lock: a part that replaces another has a new hash, and a new count follows") {
  Rng rng(3, "og_amp_lock_test");
  const SetEnds ends = open_og_amp({.total = {3000}}, rng);
  const ArrivedPart first = next_part(*ends.sender, 0, false);
  const ArrivedPart second = next_part(*ends.sender, 1, false);
  const ArrivedPart third = next_part(*ends.sender, 2, true);
  CHECK(third.payload.count == 3);
  CHECK(is_hold(ends.receiver->arrive(third)));

  SUBCASE("more parts: the old count is reached first, and opens nothing") {
    ends.sender->cancel({1});
    const ArrivedPart half = next_part(*ends.sender, 3, false);
    const ArrivedPart other_half = next_part(*ends.sender, 4, true);
    CHECK(other_half.payload.count == 4);
    CHECK(half.hash != second.hash);
    CHECK(is_hold(ends.receiver->arrive(first)));
    CHECK(is_hold(ends.receiver->arrive(half)));
    CHECK(is_claim(ends.receiver->arrive(other_half)));
  }
  SUBCASE("fewer parts: the old count is never reached") {
    ends.sender->cancel({0});
    ends.sender->cancel({1});
    const ArrivedPart both = next_part(*ends.sender, 3, true);
    CHECK(both.payload.count == 2);
    CHECK(is_claim(ends.receiver->arrive(both)));
  }
}

TEST_CASE("og_amp_lock: a wrong share is held until the timer fails it") {
  Rng rng(4, "og_amp_lock_test");
  const SetEnds ends = open_og_amp({.total = {2000}}, rng);
  auto parts = send_parts(*ends.sender, 2, {1000});
  parts[0].payload.share.bytes[0] ^= std::byte{1};
  CHECK(is_hold(ends.receiver->arrive(parts[0])));
  CHECK(is_hold(ends.receiver->arrive(parts[1])));
  const std::vector<AttemptId> held = ends.receiver->held();
  CHECK(held.size() == 2);
  CHECK(is_fail(ends.receiver->time_out(held), SetFailure::timed_out));
}

TEST_CASE(
    "og_amp_lock: a part of another set is failed alone, and the set of a single part opens") {
  Rng rng(5, "og_amp_lock_test");
  const SetEnds ends = open_og_amp({.total = {2000}}, rng);
  const SetEnds other = open_og_amp({.total = {1000}}, rng);
  const auto parts = send_parts(*ends.sender, 2, {1000});
  const ArrivedPart stranger = next_part(*other.sender, 9, true);
  CHECK(is_hold(ends.receiver->arrive(parts[0])));
  CHECK(is_fail(ends.receiver->arrive(stranger), SetFailure::wrong_set));
  CHECK(is_claim(other.receiver->arrive(stranger)));
  CHECK(is_claim(ends.receiver->arrive(parts[1])));
}

TEST_CASE(
    "og_amp_lock: whatever fails and is replaced, the set opens with its last part and never "
    "before") {
  CHECK(rc::check([] {
    Rng rng(*rc::gen::inRange<std::uint64_t>(0, 1'000'000), "og_amp_lock_test");
    const SetEnds ends = open_og_amp({.total = {1}}, rng);
    std::map<std::uint32_t, ArrivedPart> on_the_way;
    std::set<std::uint32_t> held;
    std::set<PaymentHash> hashes;
    std::uint32_t attempt = 0;
    bool is_used_up = false;
    bool is_claimed = false;
    for (int step = 0; step < 60 && !is_claimed; ++step) {
      const auto action = rng.below(4);
      if (!is_used_up && action <= 1) {
        is_used_up = rng.chance(0.4);
        const ArrivedPart part = next_part(*ends.sender, attempt, is_used_up);
        RC_ASSERT(hashes.insert(part.hash).second);
        on_the_way.emplace(attempt++, part);
      } else if (action == 2 && !held.empty()) {  // its timer
        const AttemptId id{*std::next(held.begin(), static_cast<long>(rng.below(held.size())))};
        RC_ASSERT(
            is_fail(ends.receiver->time_out(std::vector<AttemptId>{id}), SetFailure::timed_out));
        held.erase(id.index);
        ends.sender->cancel(id);
        is_used_up = false;
      } else if (!on_the_way.empty()) {
        const auto part =
            std::next(on_the_way.begin(), static_cast<long>(rng.below(on_the_way.size())));
        if (rng.chance(0.2)) {
          ends.sender->cancel({part->first});
          is_used_up = false;
        } else {
          is_claimed = is_claim(ends.receiver->arrive(part->second));
          held.insert(part->first);
        }
        on_the_way.erase(part);
        RC_ASSERT(is_claimed == (is_used_up && on_the_way.empty()));
      }
    }
  }));
}
