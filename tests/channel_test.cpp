#include "sim/network/channel.hpp"

#include <vector>

#include <rapidcheck.h>

#include "tests/printing.hpp"

using namespace ampsim;
using sim::Channel;
using sim::Refusal;

namespace {
Channel small_channel() {
  static constexpr Channel::Limits kLimits{.reserve = 0.1, .max_in_flight = 0.4, .max_htlcs = 2};
  return {Msat{1000}, Msat{600}, kLimits};
}
}  // namespace

TEST_CASE("channel: an HTLC is locked, then given to the other end or given back") {
  Channel channel = small_channel();
  channel.add_htlc(0, Msat{300});
  CHECK(channel.balance(0) == Msat{300});
  CHECK(channel.in_flight(0) == Msat{300});
  SUBCASE("fulfilled") {
    channel.fulfill_htlc(0, Msat{300});
    CHECK(channel.balance(0) == Msat{300});
    CHECK(channel.balance(1) == Msat{700});
  }
  SUBCASE("failed") {
    channel.fail_htlc(0, Msat{300});
    CHECK(channel.balance(0) == Msat{600});
    CHECK(channel.balance(1) == Msat{400});
  }
  CHECK(channel.htlcs(0) == 0);
}

TEST_CASE("channel: reserve, cap and slots refuse an HTLC, and spendable says how much fits") {
  Channel channel = small_channel();
  CHECK(channel.refusal(1, Msat{301}) == Refusal::balance_too_low);
  CHECK(channel.spendable(1) == Msat{300});
  CHECK(channel.refusal(0, Msat{401}) == Refusal::in_flight_cap);
  CHECK(channel.spendable(0) == Msat{400});
  channel.add_htlc(0, Msat{1});
  channel.add_htlc(0, Msat{1});
  CHECK(channel.refusal(0, Msat{1}) == Refusal::too_many_htlcs);
  CHECK(channel.spendable(0) == Msat{0});
  CHECK_THROWS_AS(channel.add_htlc(0, Msat{1}), InvariantError);
}

TEST_CASE("channel: resolving more than was locked breaks an invariant") {
  Channel channel = small_channel();
  CHECK_THROWS_AS(channel.fulfill_htlc(0, Msat{1}), InvariantError);
  channel.add_htlc(0, Msat{10});
  CHECK_THROWS_AS(channel.fail_htlc(0, Msat{11}), InvariantError);
}

TEST_CASE("channel: what is spendable is exactly what is not refused, after any movements") {
  CHECK(rc::check([] {
    Channel channel = small_channel();
    std::vector<std::pair<unsigned, Msat>> open;
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1 << 16));
    for (const int step : steps) {
      const auto direction = static_cast<unsigned>(step % 2);
      const Msat amount{1 + (step / 4) % 450};
      RC_ASSERT((channel.refusal(direction, amount) == Refusal::none) ==
                (amount <= channel.spendable(direction)));
      if (channel.refusal(direction, amount) == Refusal::none) {
        channel.add_htlc(direction, amount);
        open.emplace_back(direction, amount);
      } else if (!open.empty()) {
        const auto [way, locked] = open.back();
        open.pop_back();
        if (step % 4 < 2) {
          channel.fulfill_htlc(way, locked);
        } else {
          channel.fail_htlc(way, locked);
        }
      }
      RC_ASSERT(channel.balance(0) + channel.balance(1) + channel.in_flight(0) +
                    channel.in_flight(1) ==
                channel.capacity());
    }
  }));
}
