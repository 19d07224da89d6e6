// lnd's integrated routing tests (routing/integrated_routing_test.go): whole payments over small
// networks by router, splitter and mission control together, with as many attempts and with the
// same parts as lnd makes.
#include <string>
#include <variant>
#include <vector>

#include "sim/routing/registry.hpp"
#include "sim/routing/routers/lnd_router.hpp"
#include "sim/routing/splitters/splitters.hpp"
#include "sim/routing/views/apriori.hpp"
#include "tests/printing.hpp"
#include "tests/small_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

struct Attempt {
  Route route;
  bool arrived;
};

/// Payments from `source` to `target`: balances are half of the capacities at first; parts that
/// arrive stay, and are known to have arrived at once.
class Payments {
 public:
  Payments() {
    params.hop_probability = 0.6;
    params.apriori_weight = 0.5;
    params.penalty_half_life = std::chrono::minutes{30};
    params.attempt_cost = Msat{1000};
    params.attempt_cost_proportional = Ppm{0};
    params.min_probability = 0.01;
  }

  /// Forwarding costs nothing; `fee` is for HTLCs from the second node to the first.
  void channel(const std::string& to, const std::string& from, Msat capacity, Msat fee = {}) {
    const DirectedChannel channel = network.channel(to, from, capacity, {});
    network.policy(channel.reversed()).fee_base = fee;
    balances.resize(channel.index + 2, capacity / 2);
  }

  /// Whether it was paid; the attempts are in `attempts`.
  bool pay(Msat amount, std::uint32_t max_parts) {
    const ChannelGraph graph(network.topology);
    const RoutingMeans means{graph, params};
    LndRouter router(graph, params);
    Apriori view(graph, params);
    const auto splitter = halving_splitter_kind().make(means, 1);
    const NodeId source = network.node("source");
    attempts.clear();
    std::uint32_t parts = 0;
    SimTime now{};
    for (Msat rest = amount; rest > Msat{0};) {
      std::vector<LocalChannel> local = network.local(source);
      for (LocalChannel& own : local) own.available = balances[own.channel.index];
      const RouteRequest request{.source = source,
                                 .target = network.node("target"),
                                 .amount = rest,
                                 .total = amount,
                                 .fee_limit = Msat::from_sat(1'000'000),
                                 .cltv_limit = BlockDelta{2016},
                                 .final_cltv_delta = BlockDelta{40},
                                 .now = now += std::chrono::milliseconds{1},
                                 .local = local};
      PartsResult result = splitter->split(
          router, request, view,
          {.min_part = Msat::from_sat(5000), .parts_in_flight = parts, .max_parts = max_parts});
      if (std::holds_alternative<NoRoute>(result)) return false;
      const Route& route = std::get<std::vector<Route>>(result).front();
      const std::size_t reached = send(route);
      attempts.push_back({route, reached == route.hops.size()});
      if (attempts.back().arrived) {
        view.report_success(route, now);
        rest -= route.amount();
        ++parts;
      } else {
        view.report_failure(route, reached, FailureCode::temporary_channel_failure, now);
      }
    }
    return true;
  }

  /// "35000 over B, 35000 over C": the parts that arrived, in order, by the node before the target.
  std::string arrived() const {
    std::string list;
    for (const Attempt& attempt : attempts) {
      if (!attempt.arrived) continue;
      const NodeId via = network.topology.source(attempt.route.hops.back().channel);
      if (!list.empty()) list += ", ";
      list += std::to_string(attempt.route.amount().count / 1000) + " over " +
              network.topology.nodes[via.index].name;
    }
    return list;
  }

  SmallNetwork network;
  RoutingParams params;
  std::vector<Msat> balances;  ///< by directed channel
  std::vector<Attempt> attempts;

 private:
  /// How many hops carried it; all, or the HTLC is gone without a trace.
  std::size_t send(const Route& route) {
    for (std::size_t i = 0; i < route.hops.size(); ++i) {
      if (balances[route.hops[i].channel.index] < route.hops[i].amount) return i;
    }
    for (const Hop& hop : route.hops) {
      balances[hop.channel.index] -= hop.amount;
      balances[hop.channel.reversed().index] += hop.amount;
    }
    return route.hops.size();
  }
};

void one_path(Payments& p) {
  p.channel("source", "B", Msat::from_sat(200'000));
  p.channel("target", "B", Msat::from_sat(100'000));
}

void two_paths(Payments& p, Msat out, Msat in) {
  for (const char* via : {"B", "C"}) {
    p.channel("source", via, out);
    p.channel("target", via, in);
  }
}

/// A dear way, and a free one whose ten branches all fail.
Payments with_empty_branches() {
  Payments p;
  constexpr Msat kCapacity = Msat::from_sat(100'000);
  p.channel("source", "dear", kCapacity);
  p.channel("target", "dear", kCapacity, Msat{10'000});
  p.channel("source", "hub", kCapacity);
  for (int i = 0; i < 10; ++i) {
    const std::string branch = "branch" + std::to_string(i);
    p.channel("target", branch, kCapacity);
    p.channel(branch, "hub", kCapacity);
    p.balances.back() = Msat{0};  // of the hub
  }
  return p;
}

}  // namespace

TEST_CASE("lnd_payments: a node's failures speak against its other channels") {
  Payments p = with_empty_branches();
  REQUIRE(p.pay(Msat{100'000}, 1));
  CHECK(p.attempts.size() == 5);
  CHECK(p.arrived() == "100 over dear");
}

TEST_CASE("lnd_payments: with the prior alone every channel of a bad node is tried") {
  Payments p = with_empty_branches();
  p.params.apriori_weight = 1;
  REQUIRE(p.pay(Msat{100'000}, 1));
  CHECK(p.attempts.size() == 11);
}

TEST_CASE("lnd_payments: a payment that no path carries is halved") {
  Payments p;
  two_paths(p, Msat::from_sat(200'000), Msat::from_sat(100'000));
  REQUIRE(p.pay(Msat::from_sat(70'000), 1000));
  // The whole over both, half over one, the other half over the same (which has 15 000 sat left),
  // and over the other.
  CHECK(p.attempts.size() == 5);
  CHECK(p.arrived() == "35000 over B, 35000 over C");
}

TEST_CASE("lnd_payments: one part is tried over both paths, and then no more") {
  Payments p;
  two_paths(p, Msat::from_sat(200'000), Msat::from_sat(100'000));
  CHECK_FALSE(p.pay(Msat::from_sat(70'000), 1));
  CHECK(p.attempts.size() == 2);
  CHECK(p.arrived().empty());
}

TEST_CASE("lnd_payments: parts probe the one path there is for what it has left") {
  Payments p;
  one_path(p);
  CHECK_FALSE(p.pay(Msat::from_sat(70'000), 1000));
  CHECK(p.attempts.size() == 7);
  CHECK(p.arrived() == "35000 over B, 8750 over B");
}

TEST_CASE("lnd_payments: nothing is tried where the balances together do not suffice") {
  Payments p;
  two_paths(p, Msat::from_sat(100'000), Msat::from_sat(500'000));
  CHECK_FALSE(p.pay(Msat::from_sat(300'000), 10));
  CHECK(p.attempts.empty());
}
