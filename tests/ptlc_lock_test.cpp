#include "core/ptlc_lock.hpp"

#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "core/point.hpp"
#include "tests/amp_parts.hpp"
#include "tests/amp_printing.hpp"

using namespace ampsim::amp;
using ampsim::AttemptId;
using ampsim::Rng;
using ampsim::test::is_claim;
using ampsim::test::is_fail;
using ampsim::test::is_hold;

namespace {

constexpr std::uint32_t kParts = 3;

/// A set that was paid: its locks, what opened them, and r_1, r_2, ...
struct Paid {
  std::vector<PartLock> locks;
  std::vector<Preimage> secrets;
  std::vector<Scalar> children;
};

Paid pay(std::uint64_t seed) {
  Rng rng(seed, "ptlc_lock_test");
  const SetEnds ends = open_ptlc({.total = {3000}}, rng);
  Paid paid;
  std::vector<ShareAndIndex> shares;
  for (std::uint32_t i = 0; i < kParts; ++i) {
    paid.locks.push_back(ends.sender->next({i}, i + 1 == kParts));
    const PartLock& lock = paid.locks.back();
    shares.push_back({lock.payload.share, lock.payload.child_index});
    const Decision decision = ends.receiver->arrive({{i}, {1000}, lock.hash, lock.payload});
    CHECK(is_claim(decision) == (i + 1 == kParts));
    if (!is_claim(decision)) continue;
    for (const ClaimedPart& part : std::get<Claim>(decision).parts) {
      paid.secrets.push_back(part.preimage);
    }
  }
  for (const Child& child : reconstruct_children(Derivation::lnd, shares)) {
    paid.children.push_back(scalar_of(child.preimage.bytes));
  }
  return paid;
}

}  // namespace

TEST_CASE("ptlc_lock: the receiver's secret opens a part, and no hash preimage does") {
  const Paid paid = pay(1);
  REQUIRE(paid.secrets.size() == kParts);
  for (std::size_t i = 0; i < kParts; ++i) {
    CHECK(paid.locks[i].kind == LockKind::point);
    CHECK(paid.locks[i].is_opened_by(paid.secrets[i]));
    CHECK_FALSE(paid.locks[i].is_opened_by(paid.secrets[(i + 1) % kParts]));
    CHECK_FALSE(paid.locks[i].is_opened_by({}));
    CHECK_FALSE(opens(LockKind::hash, paid.secrets[i], paid.locks[i].hash));
  }
}

TEST_CASE("ptlc_lock: any claim tells the sender the invoice's scalar, which it did not know") {
  const Paid paid = pay(2);
  // pp = secret_i - r_i for every i, so secret_i + r_j == secret_j + r_i.
  for (std::size_t i = 1; i < kParts; ++i) {
    CHECK(add(Scalar{paid.secrets[i].bytes}, paid.children[0]) ==
          add(Scalar{paid.secrets[0].bytes}, paid.children[i]));
    // The sender's own r_i does not open the part.
    CHECK_FALSE(paid.locks[i].is_opened_by(Preimage{paid.children[i].bytes}));
  }
}

TEST_CASE("ptlc_lock: no two hops of no two parts have a common lock, and each hop's opens it") {
  const Paid paid = pay(3);
  std::set<PaymentHash> seen;
  constexpr std::size_t kHops = 6;
  for (std::size_t part = 0; part < kParts; ++part) {
    const PartLock& lock = paid.locks[part];
    for (std::size_t hops = 0; hops < kHops; ++hops) {
      const PaymentHash at_hop = lock_at(lock, hops);
      const Preimage secret = preimage_at(lock, paid.secrets[part], hops);
      CHECK(seen.insert(at_hop).second);
      CHECK(opens(LockKind::point, secret, at_hop));
      // Two colluders: what opens the lock of one is of no use at the other.
      CHECK_FALSE(opens(LockKind::point, secret, lock_at(lock, hops + 1)));
    }
    CHECK(lock_at(lock, 0) == lock.hash);
  }
  CHECK(seen.size() == kHops * kParts);
}

TEST_CASE("ptlc_lock: hash locks are the same at every hop") {
  Rng rng(4, "ptlc_lock_test");
  const SetEnds ends = find_scheme("amp")->open({.total = {1}}, rng);
  const PartLock lock = ends.sender->next({0}, true);
  const Preimage preimage{{std::byte{1}}};
  CHECK(lock_at(lock, 5) == lock.hash);
  CHECK(preimage_at(lock, preimage, 5) == preimage);
}

TEST_CASE("ptlc_lock: another invoice's parts do not open, and the invoice's amount is asked for") {
  Rng rng(5, "ptlc_lock_test");
  const SetEnds first = open_ptlc({.total = {1000}}, rng);
  const SetEnds second = open_ptlc({.total = {1000}}, rng);
  const PartLock lock = first.sender->next({0}, true);
  CHECK(is_fail(second.receiver->arrive({{0}, {1000}, lock.hash, lock.payload}),
                SetFailure::reconstruction));
  PartPayload stingy = lock.payload;
  stingy.total = {999};
  CHECK(
      is_fail(first.receiver->arrive({{1}, {999}, lock.hash, stingy}), SetFailure::total_too_low));
}
