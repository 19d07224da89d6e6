#include "tests/pathfinding_vectors.hpp"

#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/routers/lnd/path_cost.hpp"
#include "sim/routing/views/apriori.hpp"
#include "sim/routing/views/bimodal.hpp"
#include "tests/printing.hpp"
#include "topologies/topology.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using nlohmann::json;

// Independent vectors of lnd's formulas. Equality is to a few units in the last place: exp and pow
// are not exactly rounded by every library.
namespace {

constexpr double kClose = 1e-14;

json vectors(const char* name) { return pathfinding_vectors(name); }

Msat msat(const json& value) { return Msat{std::llround(value.get<double>())}; }
SimDuration hours(const json& value) { return from_seconds(3600 * value.get<double>()); }
bool close(double a, double b) { return std::abs(a - b) <= kClose * std::max(1.0, std::abs(b)); }

constexpr SimTime kNow{std::chrono::hours{100}};

}  // namespace

TEST_CASE("pathfinding_vectors: the weight of an edge") {
  for (const json& v : vectors("lnd_edge_weight")) {
    CAPTURE(v.dump());
    CHECK(edge_weight(msat(v["locked_msat"]), msat(v["fee_msat"]), BlockDelta{v["timelock"]}) ==
          v["weight"].get<std::int64_t>());
  }
}

TEST_CASE("pathfinding_vectors: the distance of a path") {
  for (const json& v : vectors("lnd_dist")) {
    CAPTURE(v.dump());
    CHECK(distance(v["weight"], v["attempt_cost"], v["prob"]) == v["dist"].get<std::int64_t>());
  }
}

TEST_CASE("pathfinding_vectors: the cost of an attempt") {
  for (const json& v : vectors("lnd_attempt_cost")) {
    CAPTURE(v.dump());
    RoutingParams params;
    params.time_preference = v["time_pref"];
    CHECK(close(attempt_cost(params, msat(v["amt_msat"])), v["cost"]));
  }
}

TEST_CASE("pathfinding_vectors: the capacity factor") {
  for (const json& v : vectors("lnd_capacity_factor")) {
    CAPTURE(v.dump());
    const Msat capacity = Msat::from_sat(100'000'000);
    const double amount = v["ratio"].get<double>() * static_cast<double>(capacity.count);
    CHECK(close(capacity_factor(Msat{std::llround(amount)}, capacity), v["factor"]));
  }
}

TEST_CASE("pathfinding_vectors: the probability of a node") {
  for (const json& v : vectors("lnd_apriori_node")) {
    CAPTURE(v.dump());
    NodeResults results;
    for (const json& result : v["results"]) {
      PairResult pair{.to = {static_cast<std::uint32_t>(results.pairs.size())}};
      if (result[0] == "S") {
        pair.success = msat(result[1]);
        pair.success_time = kNow - hours(result[2]);
      } else {
        pair.failure = msat(result[1]);
        pair.failure_time = kNow - hours(result[2]);
      }
      results.pairs.push_back(pair);
    }
    const double p = node_probability({}, &results, msat(v["amt"]), msat(v["cap"]), kNow);
    CHECK(close(p, v["p"]));
    if (results.pairs.empty()) {
      CHECK(node_probability({}, nullptr, msat(v["amt"]), msat(v["cap"]), kNow) == p);
    }
  }
}

TEST_CASE("pathfinding_vectors: the probability of a pair recovers after a failure") {
  for (const json& v : vectors("lnd_apriori_pair_after_failure")) {
    CAPTURE(v.dump());
    const PairResult pair{.to = {1}, .failure = Msat{5}, .failure_time = kNow - hours(v["age_h"])};
    CHECK(close(probability_after({}, &pair, v["node_prob"], Msat{5}, kNow), v["p"]));
    CHECK(probability_after({}, &pair, v["node_prob"], Msat{4}, kNow) == v["node_prob"]);
  }
}

TEST_CASE("pathfinding_vectors: the bimodal probability of a pair") {
  for (const json& v : vectors("lnd_bimodal")) {
    CAPTURE(v.dump());
    const Msat failure = v["fail"].is_null() ? msat(v["cap"]) : msat(v["fail"]);
    CHECK(close(bimodal_probability(BimodalParams{}.scale, msat(v["cap"]), msat(v["succ"]), failure,
                                    msat(v["amt"])),
                v["p"]));
  }
}

TEST_CASE("pathfinding_vectors: the bimodal probabilities that lnd expects") {
  for (const json& v : vectors("lnd_bimodal_upstream_expected")) {
    CAPTURE(v.dump());
    const Msat failure = v["fail"].is_null() ? msat(v["cap"]) : msat(v["fail"]);
    const double p = bimodal_probability(msat(v["scale"]), msat(v["cap"]), msat(v["succ"]), failure,
                                         msat(v["amt"]));
    CHECK(std::abs(p - v["expected"].get<double>()) <= v["tolerance"].get<double>());
    CHECK(close(p, v["ours"]));
  }
}

TEST_CASE("pathfinding_vectors: the fee of forwarding") {
  for (const json& v : vectors("fee_forward")) {
    CAPTURE(v.dump());
    const topo::ForwardingPolicy policy{.fee_base = msat(v["base"]),
                                        .fee_proportional = {v["ppm"]}};
    CHECK(policy.fee(msat(v["amt"])) == msat(v["fee"]));
    CHECK(forwarding_fee(policy.fee_base, policy.fee_proportional, msat(v["amt"])) ==
          msat(v["fee"]));
  }
}

TEST_CASE("apriori: the shortcut of the capacity factor changes no bit") {
  const Msat capacity = Msat::from_sat(1'000'000);
  const auto c = static_cast<double>(capacity.count);
  for (std::int64_t amount = 0; amount <= capacity.count / 5; amount += 99'991) {
    CAPTURE(amount);
    const double a = static_cast<double>(amount);
    CHECK(capacity_factor(Msat{amount}, capacity) ==
          1 - 0.5 / (1 + std::exp(-(a - 0.9999 * c) / (0.025 * c))));
  }
  CHECK(capacity_factor(capacity + Msat{1}, capacity) == 0);
}

TEST_CASE("apriori: an own channel counts failures of any amount, and nothing else") {
  NodeResults results;
  results.pairs = {
      {.to = {3}, .success = Msat{100}, .success_time = kNow},
      {.to = {5}, .failure = Msat{1'000'000}, .failure_time = kNow - std::chrono::hours{1}}};
  CHECK(local_pair_probability({}, nullptr, {3}, kNow) == 0.95);
  CHECK(local_pair_probability({}, &results, {3}, kNow) == 0.95);
  CHECK(local_pair_probability({}, &results, {4}, kNow) == 0.95);
  CHECK(local_pair_probability({}, &results, {5}, kNow) == doctest::Approx(0.475));
}

TEST_CASE("apriori: amounts of all bitcoin do not overflow") {
  const Msat all = Msat::from_sat(2'100'000'000'000'000);
  CHECK(edge_weight(all, Msat{0}, BlockDelta{2016}) == 63'504'000'000'000);
  CHECK(forwarding_fee(Msat{7}, Ppm{1'000'000}, all) == all + Msat{7});
  CHECK(distance(1, 1e300, 0.5) == 9'000'000'000'000'000'000);
}
