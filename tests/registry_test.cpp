#include "sim/routing/registry.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "core/check.hpp"
#include "sim/experiment/settings.hpp"
#include "tests/experiment_world.hpp"
#include "tests/printing.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

template <class Kind>
void check_names(const std::vector<Kind>& kinds) {
  std::set<std::string> names;
  for (const Kind& kind : kinds) {
    CAPTURE(kind.name);
    CHECK(names.insert(kind.name).second);
    CHECK(kind.name != "auto");
    CHECK(!kind.help.empty());
    CHECK(kind.make != nullptr);
  }
}

}  // namespace

TEST_CASE("registry: names are unique, and everything says what it is") {
  check_names(routers());
  check_names(splitters());
  check_names(liquidity_views());
}

TEST_CASE("registry: what a router chooses by itself exists, and makes sense with it") {
  for (const RouterKind& kind : routers()) {
    CAPTURE(kind.name);
    RoutingParams params;
    params.algorithm = kind.name;
    CHECK(splitter_of(params).name == kind.splitter);
    CHECK(liquidity_view_of(params).name == kind.liquidity_view);
    CHECK(refusal_of(params).key.empty());
    const bool is_counted = own_use(params) != OwnUse::none;
    CHECK(is_counted == (kind.counts_own_parts && !sees_balances(params)));
  }
}

TEST_CASE("registry: a choice of one's own replaces the router's") {
  RoutingParams params;
  params.splitter = "equal";
  params.own_parts = OwnParts::seen;
  CHECK(splitter_of(params).name == "equal");
  CHECK(own_use(params) == OwnUse::payment);
  params.own_parts = OwnParts::unseen;
  CHECK(own_use(params) == OwnUse::none);
}

TEST_CASE("registry: who sees balances is not told of parts in flight again") {
  RoutingParams params;
  params.own_parts = OwnParts::seen;
  params.liquidity_view = "balances";
  CHECK(own_use(params) == OwnUse::none);
  params.algorithm = "waterfilling";
  params.liquidity_view = "none";
  CHECK(own_use(params) == OwnUse::none);
  params.baseline.probes = false;
  CHECK(own_use(params) == OwnUse::payment);
  params.algorithm = "max_flow";
  CHECK(own_use(params) == OwnUse::none);
}

TEST_CASE("registry: a router without a flow refuses to divide, and says why") {
  RoutingParams params;
  params.splitter = "flow";
  const RoutingRefusal refusal = refusal_of(params);
  CHECK(refusal.key == "routing.splitter");
  CHECK(refusal.reason.find("no flow") != std::string::npos);
}

TEST_CASE("registry: a name is taken once") {
  CHECK_THROWS_AS(add_router({.name = "lnd", .make = routers().front().make}), InvariantError);
  CHECK_THROWS_AS(add_splitter({.name = "nothing to make"}), InvariantError);
}

TEST_CASE("registry: a router takes the place of its own name only") {
  const std::string first = routers().front().name;
  const std::size_t count = routers().size();
  RouterKind kind = routers().front();
  const std::string help = kind.help;
  kind.help = "another";
  replace_router(kind);
  CHECK(routers().front().help == "another");
  kind.help = help;
  replace_router(kind);
  CHECK(routers().size() == count);
  CHECK(routers().front().name == first);
  kind.name = "none of that name";
  CHECK_THROWS_AS(replace_router(kind), InvariantError);
}

TEST_CASE("registry: choices that are renewed are what they were where nothing was added") {
  const Setting* const setting = find_setting("routing.algorithm");
  const std::vector<std::string> before = setting->choices;
  renew_choices();
  CHECK(find_setting("routing.algorithm") == setting);
  CHECK(setting->choices == before);
}
