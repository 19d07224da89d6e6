#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>

#include "sim/routing/routers/eclair_router.hpp"
#include "sim/routing/routers/ldk_router.hpp"
#include "sim/routing/views/scorer.hpp"
#include "tests/printing.hpp"
#include "topologies/topology.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using nlohmann::json;

// Independent vectors of LDK's and Eclair's formulas.
namespace {

/// The vectors under a name; an empty array, and a message, where the file is absent.
json vectors(const char* name) {
  std::ifstream file(AMPSIM_SOURCE_DIR "/../shared/vectors/pathfinding.json");
  if (!file) {
    MESSAGE("skipped: no pathfinding vectors beside the repository");
    return json::array();
  }
  json found = json::parse(file).at(name);
  REQUIRE(!found.empty());
  return found;
}

Msat msat(const json& value) { return Msat{std::llround(value.get<double>())}; }
bool close(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b)); }

}  // namespace

TEST_CASE("wallet_vectors: LDK's penalty of a channel about which nothing is known") {
  for (const json& v : vectors("ldk_unknown_channel")) {
    CAPTURE(v.dump());
    const Msat amount = msat(v["amt"]);
    const Msat capacity = msat(v["cap"]);
    const double p =
        ldk_success(BalanceDensity::edges, {Msat{0}, capacity}, amount, capacity, true);
    CHECK(close(p, v["p"]));
    const LdkRisk risk = unknown_risk(BalanceDensity::edges, amount, capacity);
    const double base = ldk_penalty({}, amount, Msat{0}, capacity, {});
    CHECK(close(base, v["base"]));
    const double both = ldk_penalty({}, amount, Msat{0}, capacity, risk);
    CHECK(close(both, v["base"].get<double>() + v["hist"].get<double>()));
    // The same of a view that has seen nothing.
    CHECK(close(std::pow(10, -risk.live), p * 78 / 64));
  }
}

TEST_CASE("wallet_vectors: LDK's success between two bounds") {
  for (const json& v : vectors("ldk_bounds")) {
    CAPTURE(v.dump());
    const BalanceRange range{msat(v["lo"]), msat(v["hi"])};
    const Msat capacity = msat(v["cap"]);
    CHECK(close(ldk_success(BalanceDensity::edges, range, msat(v["amt"]), capacity, true), v["p"]));
  }
}

TEST_CASE("wallet_vectors: Eclair's weight of one hop") {
  for (const json& v : vectors("eclair_weight")) {
    CAPTURE(v.dump());
    const json& in = v["inp"];
    const topo::ForwardingPolicy policy{.fee_base = msat(in[1]), .fee_proportional = {in[2]}};
    const Msat fee = policy.fee(msat(in[0]));
    CHECK(fee == msat(v["fee"]));
    const EclairParams params;
    CHECK(params.hop_cost.of(msat(in[0])) == msat(v["hop_cost"]));
    CHECK(params.failure_cost.of(msat(in[0]) + fee) == msat(v["failure_cost"]));
    const double p = 1 - in[0].get<double>() / in[4].get<double>();
    CHECK(close(p, v["p"]));
    EclairWeight weight{.amount = msat(in[0])};
    CHECK(close(weight.extend(params, 0, fee, BlockDelta{in[3]}, p), v["weight"]));
    CHECK(weight.amount == msat(v["amount"]));
  }
}
