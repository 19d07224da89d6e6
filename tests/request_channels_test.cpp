#include "sim/routing/flow/request_channels.hpp"

#include "core/check.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/views/no_memory.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// A - B - C, with what A knows of it.
struct Line {
  static constexpr topo::ForwardingPolicy kPolicy{
      .fee_base = Msat{1000}, .fee_proportional = Ppm{10'000}, .htlc_minimum = Msat{500}};
  Line() {
    local = {{own, Msat{80'000}}};
    request.source = network.node("A");
    request.target = network.node("C");
  }
  LiquidityBounds room(DirectedChannel channel) const {
    return channels.room(graph.incoming().at(channel));
  }
  void begin() {
    request.local = local;
    channels.begin(request, view);
  }

  SmallNetwork network;
  DirectedChannel own = network.channel("A", "B", Msat{100'000}, kPolicy);
  DirectedChannel far = network.channel("B", "C", Msat{60'000}, kPolicy);
  ChannelGraph graph = ChannelGraph(network.topology);
  NoMemory view;
  std::vector<LocalChannel> local;
  RouteRequest request{.amount = Msat{10'000}};
  RequestChannels channels = RequestChannels(graph);
};

}  // namespace

TEST_CASE("request_channels: of own channels the balance is known, of others what the view says") {
  Line line;
  line.begin();
  CHECK(line.room(line.own).lower == Msat{80'000});
  CHECK(line.room(line.own).upper == Msat{80'000});
  CHECK(line.room(line.far).lower == Msat{0});
  CHECK(line.room(line.far).upper == Msat{60'000});
}

TEST_CASE("request_channels: an own channel that is not listed cannot send") {
  Line line;
  line.local.clear();
  line.begin();
  CHECK(line.room(line.own).upper == Msat{0});
}

TEST_CASE("request_channels: others' disabled channels are closed, and channels to avoid") {
  Line line;
  line.network.policy(line.far).is_disabled = true;
  line.network.policy(line.own).is_disabled = true;
  line.graph = ChannelGraph(line.network.topology);
  line.begin();
  CHECK(line.room(line.far).upper == Msat{0});
  CHECK(line.room(line.own).upper == Msat{80'000});
  line.channels.end();
  const std::vector<ChannelId> avoided{line.own.channel()};
  line.request.avoided = avoided;
  line.begin();
  CHECK(line.room(line.own).upper == Msat{0});
  line.channels.end();
  // Nothing of a request is left for the next one.
  line.request.avoided = {};
  line.begin();
  CHECK(line.room(line.own).upper == Msat{80'000});
}

TEST_CASE("request_channels: what is used and what is set aside count, with fees") {
  Line line;
  const std::vector<ChannelUse> used{{line.far, Msat{7'000}}};
  line.request.used = used;
  line.begin();
  CHECK(line.room(line.far).upper == Msat{53'000});
  const std::vector<DirectedChannel> path{line.own, line.far};
  line.channels.use(path, Msat{10'000});
  CHECK(line.room(line.far).upper == Msat{43'000});
  CHECK(line.room(line.own).upper == Msat{80'000 - 11'100});
  line.channels.release(path, Msat{10'000});
  CHECK(line.room(line.far).upper == Msat{53'000});
  CHECK(line.room(line.own).upper == Msat{80'000});
}

TEST_CASE("request_channels: what failed in this payment bounds or closes a channel") {
  Line line;
  const auto upper_after = [&](FailureCode code) {
    const std::vector<FailedHop> failed{{line.far, Msat{20'000}, code, SimTime{}},
                                        {line.far, Msat{30'000}, code, SimTime{}}};
    line.request.failed = failed;
    line.begin();
    const Msat upper = line.room(line.far).upper;
    line.channels.end();
    return upper;
  };
  CHECK(upper_after(FailureCode::temporary_channel_failure) == Msat{19'999});
  CHECK(upper_after(FailureCode::unknown_next_peer) == Msat{0});
  CHECK(upper_after(FailureCode::fee_insufficient) == Msat{0});
  CHECK(upper_after(FailureCode::mpp_timeout) == Msat{60'000});
  CHECK(upper_after(FailureCode::incorrect_or_unknown_payment_details) == Msat{60'000});
}

TEST_CASE("request_channels: what can be delivered fits, and one msat more does not") {
  Line line;
  line.begin();
  const std::vector<DirectedChannel> path{line.own, line.far};
  const auto check = [&] {
    const Msat most = line.channels.deliverable(path);
    CHECK(line.channels.first_unfit(path, most) == DirectedChannel{});
    CHECK(line.channels.first_unfit(path, most + Msat{1}) != DirectedChannel{});
    return most;
  };
  CHECK(check() == Msat{60'000});  // the far channel's capacity
  // Now the own channel is the narrow one: 1 % and 1 sat of fees go off.
  for (std::int64_t available = 40'000; available < 40'200; ++available) {
    line.channels.end();
    line.local = {{line.own, Msat{available}}};
    line.begin();
    check();
  }
  CHECK(line.channels.first_unfit(path, Msat{50'000}) == line.own);
  CHECK(line.channels.first_unfit(path, Msat{499}) == line.far);
  line.channels.close(line.far);
  CHECK(line.channels.deliverable(path) == Msat{0});
  CHECK_THROWS_AS(line.channels.begin(line.request, line.view), InvariantError);
}
