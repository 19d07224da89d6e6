#include "sim/experiment/shard.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "core/check.hpp"

using namespace ampsim;
using namespace ampsim::sim;

TEST_CASE("shard: every run belongs to exactly one and all have as many but for one") {
  for (const std::size_t points : {1U, 2U, 3U, 7U, 12U, 100U}) {
    for (const std::uint32_t replicates : {1U, 2U, 5U, 10U}) {
      const auto runs = static_cast<std::uint32_t>(points * replicates);
      for (const std::uint32_t count : {1U, 2U, 3U, 4U, 9U, 64U, runs}) {
        if (count > runs) continue;
        CAPTURE(points);
        CAPTURE(replicates);
        CAPTURE(count);
        std::vector<int> owners(runs);
        std::set<std::size_t> sizes;
        for (std::uint32_t index = 1; index <= count; ++index) {
          const ShardPlan plan(points, replicates, Shard{index, count});
          std::size_t size = 0;
          for (std::size_t run = 0; run < runs; ++run) {
            if (!plan.has(run)) continue;
            ++owners[run];
            ++size;
          }
          REQUIRE(plan.run_count() == size);
          sizes.insert(size);
        }
        REQUIRE(std::all_of(owners.begin(), owners.end(), [](int n) { return n == 1; }));
        REQUIRE(*sizes.rbegin() - *sizes.begin() <= 1);
      }
    }
  }
}

TEST_CASE("shard: without one all runs are there") {
  const ShardPlan plan(4, 5, std::nullopt);
  CHECK(plan.run_count() == 20);
  for (std::size_t run = 0; run < 20; ++run) CHECK(plan.has(run));
}

TEST_CASE("shard: few replicates each and points from all over the sweep") {
  constexpr std::size_t kPoints = 100;
  constexpr std::uint32_t kReplicates = 8;
  for (const std::uint32_t count : {4U, 32U}) {
    for (std::uint32_t index = 1; index <= count; ++index) {
      const ShardPlan plan(kPoints, kReplicates, Shard{index, count});
      std::set<std::size_t> replicates;
      std::size_t in_first_half = 0;
      for (std::size_t run = 0; run < kPoints * kReplicates; ++run) {
        if (!plan.has(run)) continue;
        replicates.insert(run % kReplicates);
        if (run / kReplicates < kPoints / 2) ++in_first_half;
      }
      CHECK(replicates.size() <= std::max<std::size_t>(1, kReplicates / count));
      // Half of them, but for three.
      CHECK(in_first_half * 2 + 6 >= plan.run_count());
      CHECK(in_first_half * 2 <= plan.run_count() + 6);
    }
  }
}

TEST_CASE("shard: is written as it is read") {
  CHECK(shard_of_text("3/4") == Shard{3, 4});
  CHECK(to_text(Shard{3, 4}) == "3/4");
  CHECK(to_text(std::nullopt).empty());
  for (const char* text : {"", "3", "3/", "/4", "0/4", "5/4", "3/4 ", " 3/4", "+3/4", "3/4/5"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(shard_of_text(text), InputError);
  }
}

TEST_CASE("shard: more of them than runs are refused") {
  CHECK_THROWS_WITH_AS(ShardPlan(2, 3, Shard{1, 7}),
                       "--shard: found 7 shards; allowed: up to 6, the number of runs", InputError);
}
