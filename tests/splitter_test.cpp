#include "sim/routing/splitter.hpp"

#include <vector>

#include "sim/routing/liquidity_view.hpp"
#include "tests/printing.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// Has a path for amounts up to `largest` and notes what it is asked.
class CapRouter final : public Router {
 public:
  explicit CapRouter(Msat largest) : largest_(largest) {}
  RouteResult find(const RouteRequest& request, const LiquidityView&) override {
    asked.push_back(request.amount);
    if (request.amount > largest_) return refusal;
    return Route{.hops = {{DirectedChannel{0}, request.amount, request.final_cltv_delta}}};
  }
  std::vector<Msat> asked;
  NoRoute refusal = NoRoute::no_path;

 private:
  Msat largest_;
};

RouteResult find(CapRouter& router, Msat amount, const SplitLimits& limits) {
  const ChannelGraph no_channels{topo::Topology{}};
  return find_part(router, {.amount = amount}, LiquidityView(no_channels), limits);
}

}  // namespace

TEST_CASE("splitter: a whole amount that has a path is not split, however small") {
  CapRouter router(Msat{1'000});
  const RouteResult result = find(router, Msat{7}, {.min_part = Msat{100}, .max_parts = 16});
  CHECK(std::get<Route>(result).sent() == Msat{7});
}

TEST_CASE("splitter: halves until there is a path, in whole msat") {
  CapRouter router(Msat{300});
  const RouteResult result = find(router, Msat{1001}, {.min_part = Msat{100}, .max_parts = 16});
  CHECK(std::get<Route>(result).sent() == Msat{250});
  CHECK(router.asked == std::vector<Msat>{Msat{1001}, Msat{500}, Msat{250}});
}

TEST_CASE("splitter: makes no part below the minimum") {
  CapRouter router(Msat{99});
  const SplitLimits limits{.min_part = Msat{125}, .max_parts = 16};
  CHECK(std::get<NoRoute>(find(router, Msat{1000}, limits)) == NoRoute::no_path);
  CHECK(router.asked.back() == Msat{125});
}

TEST_CASE("splitter: ends at nothing where there is no minimum") {
  CapRouter router(Msat{0});
  CHECK(std::holds_alternative<NoRoute>(find(router, Msat{5}, {.max_parts = 16})));
  CHECK(router.asked == std::vector<Msat>{Msat{5}, Msat{2}, Msat{1}});
}

TEST_CASE("splitter: the last part that may fly is not split") {
  const SplitLimits last{.min_part = Msat{1}, .parts_in_flight = 15, .max_parts = 16};
  CapRouter router(Msat{300});
  CHECK(std::holds_alternative<NoRoute>(find(router, Msat{1000}, last)));
  CHECK(router.asked.size() == 1);
  const SplitLimits last_but_one{.min_part = Msat{1}, .parts_in_flight = 14, .max_parts = 16};
  CHECK(std::holds_alternative<Route>(find(router, Msat{1000}, last_but_one)));
}

TEST_CASE("splitter: nothing is split for a scheme that does not split") {
  CapRouter router(Msat{300});
  CHECK(std::holds_alternative<NoRoute>(
      find(router, Msat{1000}, {.is_enabled = false, .max_parts = 16})));
}

TEST_CASE("splitter: splitting does not make up for a lack of balance") {
  CapRouter router(Msat{300});
  router.refusal = NoRoute::insufficient_balance;
  const SplitLimits limits{.min_part = Msat{1}, .max_parts = 16};
  CHECK(std::get<NoRoute>(find(router, Msat{1000}, limits)) == NoRoute::insufficient_balance);
  CHECK(router.asked.size() == 1);
}
