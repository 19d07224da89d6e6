#include "sim/payment/invariants.hpp"

#include <memory>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/text_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// One payment of 1,000 msat from a to b, its only part on the way over the only channel.
struct OnePart {
  topo::Topology topology = test::parse_network("a 100 -- 0 b");
  Network network{topology, {}, 1};
  AttemptTable attempts;
  Sessions sessions{1};
  AttemptId id = attempts.open();

  OnePart() {
    Attempt& attempt = attempts[id];
    attempt.payment = PaymentId{0};
    attempt.route.hops = {{DirectedChannel::of(ChannelId{0}, 0), Msat{1000}, BlockDelta{80}}};
    attempt.htlcs = {{.amount = Msat{1000},
                      .channel = DirectedChannel::of(ChannelId{0}, 0),
                      .state = HtlcState::offered}};
    attempt.unresolved = 1;
    network.channel(ChannelId{0}).add_htlc(0, Msat{1000});
    sessions[0] = std::make_unique<Session>();
    sessions[0]->id = PaymentId{0};
    sessions[0]->set_total = Msat{1000};
    sessions[0]->set_in_flight = Msat{1000};
    sessions[0]->parts_in_flight = 1;
  }
  void check() const { check_invariants(network, attempts, sessions); }
};

}  // namespace

TEST_CASE("invariants: a part on its way is in order") { CHECK_NOTHROW(OnePart().check()); }

TEST_CASE("invariants: an HTLC that no attempt knows is found") {
  OnePart world;
  world.network.channel(ChannelId{0}).add_htlc(0, Msat{1});
  CHECK_THROWS_AS(world.check(), InvariantError);
}

TEST_CASE("invariants: an HTLC that was resolved in the channel alone is found") {
  OnePart world;
  world.network.channel(ChannelId{0}).fail_htlc(0, Msat{1000});
  CHECK_THROWS_AS(world.check(), InvariantError);
}

TEST_CASE("invariants: an HTLC that is not what its route says is found") {
  OnePart world;
  SUBCASE("elsewhere") { world.attempts[world.id].htlcs[0].channel = DirectedChannel{1}; }
  SUBCASE("another amount") { world.attempts[world.id].htlcs[0].amount = Msat{999}; }
  CHECK_THROWS_AS(world.check(), InvariantError);
}

TEST_CASE("invariants: a session that lost a part is found") {
  OnePart world;
  SUBCASE("in number") { world.sessions[0]->parts_in_flight = 0; }
  SUBCASE("in amount") { world.sessions[0]->set_in_flight = Msat{999}; }
  SUBCASE("in fee") { world.sessions[0]->fees_in_flight = Msat{1}; }
  CHECK_THROWS_AS(world.check(), InvariantError);
}

TEST_CASE("invariants: a set cannot have more than its total") {
  OnePart world;
  world.sessions[0]->set_settled = Msat{1};
  CHECK_THROWS_AS(world.check(), InvariantError);
}
