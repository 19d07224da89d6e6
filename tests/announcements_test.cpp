#include "sim/network/announcements.hpp"

#include <limits>

#include <rapidcheck.h>

#include "core/check.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// As most channels of the public network are.
Announcement ordinary() {
  return {.channel = {7},
          .capacity = Msat::from_sat(5'000'000),
          .policy = {.fee_base = Msat{1000},
                     .fee_proportional = Ppm{250},
                     .cltv_expiry_delta = BlockDelta{80},
                     .htlc_minimum = Msat{1},
                     .htlc_maximum = Msat::from_sat(4'950'000)}};
}

/// Whether it needs the second table; it must come back as it was.
bool is_wide(const Announcement& announcement) {
  Announcements announcements;
  announcements.add(ordinary());
  announcements.add(announcement);
  CHECK(announcements.size() == 2);
  CHECK(announcements[0] == ordinary());
  CHECK(announcements[1] == announcement);
  CHECK(announcements.channel(1) == announcement.channel);
  CHECK(announcements.capacity(1) == announcement.capacity);
  return announcements.wide() > 0;
}

}  // namespace

TEST_CASE("announcements: the largest values that fit, and those after them") {
  CHECK_FALSE(is_wide(ordinary()));
  struct Bound {
    std::int64_t most;
    std::int64_t step;
    void (*set)(Announcement&, std::int64_t);
  };
  const std::int64_t sat_32 = std::int64_t{1000} * std::numeric_limits<std::uint32_t>::max();
  const Bound bounds[] = {
      {sat_32, 1, [](Announcement& a, std::int64_t v) { a.capacity = {v}; }},
      {(1LL << 42) - 1, 1, [](Announcement& a, std::int64_t v) { a.policy.htlc_maximum = {v}; }},
      {(1 << 27) - 1, 1, [](Announcement& a, std::int64_t v) { a.policy.htlc_minimum = {v}; }},
      {(1 << 24) - 1, 1, [](Announcement& a, std::int64_t v) { a.policy.fee_base = {v}; }},
      {(1 << 22) - 1, 1,
       [](Announcement& a, std::int64_t v) {
         a.policy.fee_proportional = {static_cast<std::uint32_t>(v)};
       }},
      {(1 << 11) - 1, 1,
       [](Announcement& a, std::int64_t v) {
         a.policy.cltv_expiry_delta = {static_cast<std::int32_t>(v)};
       }},
  };
  for (const Bound& bound : bounds) {
    Announcement announcement = ordinary();
    bound.set(announcement, bound.most);
    CHECK_FALSE(is_wide(announcement));
    bound.set(announcement, bound.most + bound.step);
    CHECK(is_wide(announcement));
  }
}

TEST_CASE("announcements: any values come back as they were") {
  CHECK(rc::check([](bool is_disabled, std::uint32_t channel) {
    Announcement a = ordinary();
    a.channel = {channel};
    a.policy.is_disabled = is_disabled;
    // Each of any length.
    const auto any = [](int bits) {
      return static_cast<std::int64_t>(
          *rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << bits));
    };
    a.capacity = {any(*rc::gen::inRange(1, 63))};
    a.policy.htlc_maximum = {any(*rc::gen::inRange(1, 63))};
    a.policy.htlc_minimum = {any(*rc::gen::inRange(1, 63))};
    a.policy.fee_base = {any(*rc::gen::inRange(1, 63))};
    a.policy.fee_proportional = {static_cast<std::uint32_t>(any(32))};
    a.policy.cltv_expiry_delta = {static_cast<std::int32_t>(any(31))};
    Announcements announcements;
    for (int i = 0; i < 3; ++i) announcements.add(a);
    for (std::uint32_t i = 0; i < 3; ++i) RC_ASSERT(announcements[i] == a);
  }));
}

TEST_CASE("announcements: a channel that lacks its policy or capacity is a bug") {
  SmallNetwork network;
  const DirectedChannel channel = network.channel("A", "B", Msat{5000}, {});
  CHECK(announcement_of(network.topology, channel).capacity == Msat{5000});
  SUBCASE("policy") { network.topology.channels[0].policy[0].reset(); }
  SUBCASE("capacity") { network.topology.channels[0].capacity.reset(); }
  CHECK_THROWS_AS(announcement_of(network.topology, channel), InvariantError);
}
