#include "core/keysend_lock.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "tests/amp_parts.hpp"
#include "tests/amp_printing.hpp"

using namespace ampsim::amp;
using ampsim::AttemptId;
using ampsim::Rng;
using ampsim::test::is_claim;
using ampsim::test::is_fail;
using ampsim::test::is_hold;
using ampsim::test::send_parts;

TEST_CASE("keysend_lock: the one part carries the preimage") {
  Rng rng(1, "keysend_lock_test");
  const SetEnds ends = open_keysend({.total = {1000}}, rng);
  const PartLock lock = ends.sender->next({0}, true);
  CHECK(hash_of(Preimage{lock.payload.share.bytes}) == lock.hash);
  const Decision decision = ends.receiver->arrive({{0}, {1000}, lock.hash, lock.payload});
  REQUIRE(is_claim(decision));
  CHECK(std::get<Claim>(decision).parts.at(0).preimage.bytes == lock.payload.share.bytes);
}

TEST_CASE("keysend_lock: a preimage that does not match is refused") {
  Rng rng(2, "keysend_lock_test");
  const SetEnds ends = open_keysend({.total = {1000}}, rng);
  PartLock lock = ends.sender->next({0}, true);
  lock.payload.share.bytes[31] ^= std::byte{1};
  CHECK(is_fail(ends.receiver->arrive({{0}, {1000}, lock.hash, lock.payload}),
                SetFailure::reconstruction));
}

TEST_CASE("keysend_lock: shares of one preimage, claimed in any order of arrival and all or none") {
  Rng rng(3, "keysend_lock_test");
  const SetEnds sender = open_mpp_keysend({.total = {4000}}, rng);
  const std::vector<ArrivedPart> parts = send_parts(*sender.sender, 4, {1000});
  std::set<Share> shares;
  for (const ArrivedPart& part : parts) {
    CHECK(part.hash == parts[0].hash);
    shares.insert(part.payload.share);
  }
  CHECK(shares.size() == 4);
  std::vector<std::size_t> order = {0, 1, 2, 3};
  do {
    const SetEnds ends = open_mpp_keysend({.total = {4000}}, rng);
    for (std::size_t i = 0; i < 3; ++i) CHECK(is_hold(ends.receiver->arrive(parts[order[i]])));
    const Decision decision = ends.receiver->arrive(parts[order[3]]);
    REQUIRE(is_claim(decision));
    CHECK(std::get<Claim>(decision).parts.size() == 4);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("keysend_lock: no three of four shares make the preimage, whatever the amounts say") {
  Rng rng(4, "keysend_lock_test");
  const SetEnds sender = open_mpp_keysend({.total = {4000}}, rng);
  const std::vector<ArrivedPart> parts = send_parts(*sender.sender, 4, {1000});
  for (std::size_t missing = 0; missing < parts.size(); ++missing) {
    const SetEnds ends = open_mpp_keysend({.total = {4000}}, rng);
    Decision decision = Hold{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
      ArrivedPart part = parts[i];
      part.amount = {1400};  // three are more than the total
      if (i != missing) decision = ends.receiver->arrive(part);
    }
    CHECK(is_fail(decision, SetFailure::reconstruction));
  }
}

TEST_CASE("keysend_lock: a part of another payment is failed alone") {
  Rng rng(5, "keysend_lock_test");
  const SetEnds first = open_mpp_keysend({.total = {2000}}, rng);
  const SetEnds second = open_mpp_keysend({.total = {2000}}, rng);
  const auto parts = send_parts(*first.sender, 2, {1000});
  auto strangers = send_parts(*second.sender, 2, {1000});
  strangers[0].attempt = {7};
  CHECK(is_hold(first.receiver->arrive(parts[0])));
  CHECK(is_fail(first.receiver->arrive(strangers[0]), SetFailure::wrong_hash));
  CHECK(is_claim(first.receiver->arrive(parts[1])));
}
