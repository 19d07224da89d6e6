#include "core/shard_tracker.hpp"

#include <cstdint>
#include <set>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "core/check.hpp"
#include "tests/amp_printing.hpp"

using namespace ampsim::amp;
using ampsim::Rng;

namespace {

Share sum_of(const ShardTracker& tracker) {
  Share sum = tracker.sharer().current();
  for (const Share& share : tracker.live_shares()) {
    sum = combine(tracker.sharer().derivation(), sum, share);
  }
  return sum;
}

}  // namespace

TEST_CASE("shard_tracker: the completing shard takes the rest of the root") {
  for (const Derivation derivation : kDerivations) {
    Rng rng(1, "shard_tracker_test");
    ShardTracker tracker(derivation, rng);
    tracker.new_shard({0}, false);
    tracker.new_shard({1}, false);
    CHECK_FALSE(tracker.sharer().current().is_zero());
    tracker.new_shard({2}, true);
    CHECK(tracker.sharer().current().is_zero());
    CHECK(tracker.live_shares().size() == 3);
  }
}

TEST_CASE("shard_tracker: set id, root, left share and index are drawn in this order") {
  for (const Derivation derivation : kDerivations) {
    Rng rng(8, "shard_tracker_test");
    Rng same(8, "shard_tracker_test");
    ShardTracker tracker(derivation, rng);
    SetId set_id;
    same.fill(set_id.bytes);
    CHECK(tracker.set_id() == set_id);
    CHECK(tracker.sharer().root() == random_root(derivation, same));
    const Child child = tracker.new_shard({0}, false);
    CHECK(child.share == random_share(derivation, same));
    if (derivation == Derivation::lnd) CHECK(child.index == same.bits() >> 32U);
  }
}

TEST_CASE("shard_tracker: the receiver derives what the sender derived") {
  for (const Derivation derivation : kDerivations) {
    Rng rng(2, "shard_tracker_test");
    ShardTracker tracker(derivation, rng);
    std::vector<Child> sent;
    std::vector<ShareAndIndex> arrived;
    for (std::uint32_t i = 0; i < 5; ++i) {
      sent.push_back(tracker.new_shard({i}, i == 4));
      arrived.push_back({sent.back().share, sent.back().index});
    }
    const std::vector<Child> derived = reconstruct_children(derivation, arrived);
    for (std::size_t i = 0; i < sent.size(); ++i) {
      CHECK(derived[i].preimage == sent[i].preimage);
      CHECK(derived[i].hash == sent[i].hash);
    }
  }
}

TEST_CASE("shard_tracker: indexes count from 1 and never repeat for og2018 and toy") {
  for (const Derivation derivation : {Derivation::og2018, Derivation::toy}) {
    Rng rng(3, "shard_tracker_test");
    ShardTracker tracker(derivation, rng);
    CHECK(tracker.new_shard({0}, false).index == 1);
    CHECK(tracker.new_shard({1}, false).index == 2);
    tracker.cancel({1});
    CHECK(tracker.new_shard({2}, false).index == 3);
  }
}

TEST_CASE("shard_tracker: lnd's indexes are random numbers of 32 bits") {
  Rng rng(4, "shard_tracker_test");
  ShardTracker tracker(Derivation::lnd, rng);
  std::set<std::uint32_t> seen;
  std::uint32_t all_bits = 0;
  for (std::uint32_t i = 0; i < 50; ++i) {
    const std::uint32_t index = tracker.new_shard({i}, false).index;
    seen.insert(index);
    all_bits |= index;
  }
  CHECK(seen.size() == 50);
  CHECK(all_bits == 0xffff'ffff);
}

TEST_CASE("shard_tracker: a retried part has a hash that was never seen before") {
  for (const Derivation derivation : kDerivations) {
    Rng rng(5, "shard_tracker_test");
    ShardTracker tracker(derivation, rng);
    std::set<PaymentHash> hashes;
    for (std::uint32_t i = 0; i < 40; ++i) {
      hashes.insert(tracker.new_shard({i}, true).hash);
      tracker.cancel({i});
    }
    CHECK(hashes.size() == 40);
  }
}

TEST_CASE("shard_tracker: misuse is a bug, not a result") {
  Rng rng(6, "shard_tracker_test");
  ShardTracker tracker(Derivation::lnd, rng);
  tracker.new_shard({0}, true);
  CHECK_THROWS_AS(tracker.new_shard({1}, false), ampsim::InvariantError);
  CHECK_THROWS_AS(tracker.new_shard({0}, true), ampsim::InvariantError);
  CHECK_THROWS_AS(tracker.cancel({7}), ampsim::InvariantError);
  const Share root{{std::byte{1}}};
  CHECK_THROWS_AS(ShardTracker(Derivation::lnd, SetId{}, root, rng), ampsim::InvariantError);
}

TEST_CASE("shard_tracker: the root stands after any interleaving of new and cancel") {
  const bool holds = rc::check("root invariant", [](std::uint64_t seed) {
    const Derivation derivation = *rc::gen::elementOf(kDerivations);
    Rng rng(seed, "shard_tracker_test");
    ShardTracker tracker(derivation, rng);
    const Share root = tracker.sharer().root();
    std::vector<std::uint32_t> live;
    const auto steps =
        *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>());
    for (std::uint32_t attempt = 0; attempt < steps.size(); ++attempt) {
      const std::uint8_t step = steps[attempt];
      if (step % 3 == 0 && !live.empty()) {
        const auto victim = live.begin() + step % static_cast<std::ptrdiff_t>(live.size());
        tracker.cancel({*victim});
        live.erase(victim);
      } else {
        // Nothing but a completing shard is possible where the rest is zero.
        const bool completes = step % 3 == 1 || tracker.sharer().current().is_zero();
        tracker.new_shard({attempt}, completes);
        live.push_back(attempt);
      }
      RC_ASSERT(sum_of(tracker) == root);
      RC_ASSERT(tracker.live_shares().size() == live.size());
    }
  });
  CHECK(holds);
}
