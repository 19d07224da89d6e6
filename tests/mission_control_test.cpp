#include <string>
#include <vector>

#include "core/check.hpp"
#include "sim/routing/views/apriori.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// A - B - C - D; routes run from A to D and lose 1 sat a hop.
class Line {
 public:
  Line() : graph_(make()), view(graph_, params_) {
    for (std::uint32_t hop = 0; hop < 3; ++hop) {
      route.hops.push_back({DirectedChannel::of({hop}, 0), amount(hop), BlockDelta{80}});
    }
  }

  static Msat amount(std::uint32_t hop) { return Msat{100'002'000 - 1000 * std::int64_t{hop}}; }
  void fail(std::size_t erring_node, FailureCode code) {
    view.report_failure(route, erring_node, code, now);
  }
  /// "success/failure" of a pair in msat, as "AB"; "-" for what never happened.
  std::string known(const char* pair) const {
    const NodeResults* results = view.find({static_cast<std::uint32_t>(pair[0] - 'A')});
    const PairResult* result =
        results == nullptr ? nullptr : results->find({static_cast<std::uint32_t>(pair[1] - 'A')});
    if (result == nullptr) return "unknown";
    return std::to_string(result->success.count) + "/" +
           (result->failure_time == PairResult::kNever ? "-"
                                                       : std::to_string(result->failure.count));
  }

 private:
  static topo::Topology make() {
    SmallNetwork network;
    for (const char* ends : {"AB", "BC", "CD"}) {
      network.channel({ends[0]}, {ends[1]}, Msat::from_sat(1'000'000), {});
    }
    return network.topology;
  }
  ChannelGraph graph_;
  RoutingParams params_;

 public:
  Apriori view;
  Route route;
  SimTime now{std::chrono::hours{1}};
};

constexpr const char* kAb = "100002000/-";  // the first hop's amount got through
constexpr const char* kBc = "100001000/-";
constexpr const char* kCd = "100000000/-";
constexpr const char* kDead = "0/0";  // fails whatever the amount is

}  // namespace

TEST_CASE("mission_control: a success counts for every pair of the route, one way") {
  Line line;
  CHECK(line.view.nodes().empty());
  line.view.report_success(line.route, line.now);
  CHECK(line.known("AB") == kAb);
  CHECK(line.known("BC") == kBc);
  CHECK(line.known("CD") == kCd);
  CHECK(line.known("BA") == "unknown");
}

TEST_CASE("mission_control: a receiver that holds or refuses the part was reached") {
  for (const FailureCode code :
       {FailureCode::mpp_timeout, FailureCode::incorrect_or_unknown_payment_details}) {
    Line line;
    line.fail(3, code);
    CHECK(line.known("AB") == kAb);
    CHECK(line.known("CD") == kCd);
  }
}

TEST_CASE("mission_control: a lack of balance is learnt for this amount and this direction") {
  Line line;
  line.fail(2, FailureCode::temporary_channel_failure);  // C could not add the HTLC to D
  CHECK(line.known("AB") == kAb);
  CHECK(line.known("BC") == kBc);
  CHECK(line.known("CD") == "0/100000000");
  CHECK(line.known("DC") == "unknown");
}

TEST_CASE("mission_control: a missing peer fails its pair both ways, and nobody else gains") {
  for (const FailureCode code :
       {FailureCode::unknown_next_peer, FailureCode::permanent_channel_failure}) {
    Line line;
    line.fail(1, code);
    CHECK(line.known("BC") == kDead);
    CHECK(line.known("CB") == kDead);
    CHECK(line.known("AB") == "unknown");
  }
}

TEST_CASE("mission_control: a policy failure has a second chance once a minute") {
  Line line;
  line.fail(2, FailureCode::fee_insufficient);
  CHECK(line.view.nodes().empty());
  SUBCASE("within the minute the pair before the complaining node is blamed") {
    line.now += std::chrono::seconds{60};
    line.fail(2, FailureCode::incorrect_cltv_expiry);
    CHECK(line.known("BC") == kDead);
    CHECK(line.known("CB") == kDead);
    CHECK(line.known("AB") == kAb);
    CHECK(line.known("CD") == "unknown");
  }
  SUBCASE("after it there is another chance") {
    line.now += std::chrono::seconds{60} + SimDuration{1};
    line.fail(2, FailureCode::amount_below_minimum);
    CHECK(line.view.nodes().empty());
  }
  SUBCASE("chances belong to pairs") {
    line.fail(1, FailureCode::fee_insufficient);
    CHECK(line.view.nodes().empty());
    line.fail(1, FailureCode::fee_insufficient);  // the first node: nobody else to blame
    CHECK(line.known("AB") == kDead);
    CHECK(line.known("BA") == kDead);
    CHECK(line.known("BC") == kDead);
  }
}

TEST_CASE("mission_control: a disabled channel has its chance, then its pair fails") {
  Line line;
  line.fail(2, FailureCode::channel_disabled);
  CHECK(line.view.nodes().empty());
  line.fail(2, FailureCode::channel_disabled);
  CHECK(line.known("CD") == kDead);
  CHECK(line.known("DC") == kDead);
  CHECK(line.known("BC") == kBc);
}

TEST_CASE("mission_control: for a late HTLC all pairs up to the complaining node pay") {
  Line line;
  line.fail(2, FailureCode::expiry_too_soon);
  CHECK(line.known("AB") == kDead);
  CHECK(line.known("BC") == kDead);
  CHECK(line.known("CD") == "unknown");
}

TEST_CASE("mission_control: a failing node fails all that is known of it") {
  Line line;
  line.view.report_success(line.route, line.now);
  line.fail(2, FailureCode::expiry_too_far);
  CHECK(line.known("AB") == kAb);
  CHECK(line.known("BC") == kDead);
  CHECK(line.known("CB") == kDead);
  CHECK(line.known("CD") == kDead);
  CHECK(line.known("DC") == kDead);

  Line last;
  last.fail(3, FailureCode::unknown_next_peer);  // nonsense from a receiver
  CHECK(last.known("CD") == kDead);
  CHECK(last.known("BC") == kBc);
}

TEST_CASE("mission_control: a node in trouble fails with all its pairs") {
  for (const FailureCode code :
       {FailureCode::temporary_node_failure, FailureCode::permanent_node_failure,
        FailureCode::required_node_feature_missing, FailureCode::required_channel_feature_missing,
        FailureCode::invalid_onion_payload, FailureCode::invalid_onion_blinding}) {
    CAPTURE(name_of(code));
    Line line;
    line.fail(1, code);  // B
    for (const char* pair : {"AB", "BA", "BC", "CB"}) CHECK(line.known(pair) == kDead);
    CHECK(line.known("CD") == "unknown");
  }
}

TEST_CASE("mission_control: a payload that a node cannot read has passed the nodes before it") {
  Line line;
  line.fail(2, FailureCode::invalid_onion_payload);
  CHECK(line.known("AB") == kAb);
  CHECK(line.known("BC") == kDead);
  CHECK(line.known("CD") == kDead);
}

TEST_CASE("mission_control: what the next node makes of an onion is told by the one before it") {
  for (const FailureCode code : {FailureCode::invalid_onion_version,
                                 FailureCode::invalid_onion_hmac, FailureCode::invalid_onion_key}) {
    CAPTURE(name_of(code));
    Line line;
    line.fail(1, code);
    CHECK(line.known("BC") == kDead);
    CHECK(line.known("CB") == kDead);
    CHECK(line.known("AB") == "unknown");
  }
}

TEST_CASE("mission_control: a receiver that got another HTLC than was sent blames the last pair") {
  for (const FailureCode code :
       {FailureCode::final_incorrect_cltv_expiry, FailureCode::final_incorrect_htlc_amount}) {
    CAPTURE(name_of(code));
    Line line;
    line.fail(3, code);
    CHECK(line.known("AB") == kAb);
    CHECK(line.known("BC") == kBc);
    CHECK(line.known("CD") == kDead);
    CHECK(line.known("DC") == kDead);
  }
}

TEST_CASE("mission_control: an unreadable failure fails every pair, the sender's own too") {
  Line line;
  line.fail(2, FailureCode::unreadable);
  for (const char* pair : {"AB", "BA", "BC", "CB", "CD", "DC"}) CHECK(line.known(pair) == kDead);
}

TEST_CASE("mission_control: the sender learns nothing from its own channels") {
  Line line;
  line.fail(0, FailureCode::temporary_channel_failure);
  CHECK(line.view.nodes().empty());
}

TEST_CASE("mission_control: success and failure push each other aside") {
  Line line;
  line.fail(2, FailureCode::temporary_channel_failure);
  line.view.report_success(line.route, line.now);
  CHECK(line.known("CD") == "100000000/100000001");
  line.route.hops[2].amount = Msat{40'000};
  line.view.report_success(line.route, line.now);  // a smaller one teaches nothing new
  CHECK(line.known("CD") == "100000000/100000001");
  line.fail(2, FailureCode::temporary_channel_failure);
  CHECK(line.known("CD") == "39999/40000");
}

TEST_CASE("mission_control: a larger failure counts only a minute after a smaller one") {
  Line line;
  line.route.hops[2].amount = Msat{40'000};
  line.fail(2, FailureCode::temporary_channel_failure);
  line.route.hops[2].amount = Msat{70'000};
  line.now += std::chrono::seconds{59};
  line.fail(2, FailureCode::temporary_channel_failure);
  CHECK(line.known("CD") == "0/40000");
  line.now += std::chrono::seconds{1};
  line.fail(2, FailureCode::temporary_channel_failure);
  CHECK(line.known("CD") == "0/70000");
}

TEST_CASE("mission_control: a failure from beyond the route is a bug") {
  Line line;
  CHECK_THROWS_AS(line.fail(4, FailureCode::mpp_timeout), InvariantError);
  CHECK_THROWS_AS(line.fail(1, FailureCode::none), InvariantError);
}
