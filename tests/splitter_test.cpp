#include <algorithm>
#include <vector>

#include "sim/routing/splitters/splitters.hpp"
#include "sim/routing/views/no_memory.hpp"
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

/// The first part, as lnd's splitter has it.
RouteResult find_part(Router& router, const RouteRequest& request, const PartLimits& limits) {
  const ChannelGraph no_channels{topo::Topology{}};
  const RoutingParams params;
  const auto splitter = halving_splitter_kind().make({no_channels, params}, 1);
  PartsResult result = splitter->split(router, request, NoMemory(), limits);
  if (const NoRoute* reason = std::get_if<NoRoute>(&result)) return *reason;
  CHECK(std::get<std::vector<Route>>(result).size() == 1);
  return std::get<std::vector<Route>>(result).front();
}

RouteResult find(CapRouter& router, Msat amount, const PartLimits& limits) {
  return find_part(router, {.amount = amount}, limits);
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
  const PartLimits limits{.min_part = Msat{125}, .max_parts = 16};
  CHECK(std::get<NoRoute>(find(router, Msat{1000}, limits)) == NoRoute::no_path);
  CHECK(router.asked.back() == Msat{125});
}

TEST_CASE("splitter: ends at nothing where there is no minimum") {
  CapRouter router(Msat{0});
  CHECK(std::holds_alternative<NoRoute>(find(router, Msat{5}, {.max_parts = 16})));
  CHECK(router.asked == std::vector<Msat>{Msat{5}, Msat{2}, Msat{1}});
}

TEST_CASE("splitter: the last part that may fly is not split") {
  const PartLimits last{.min_part = Msat{1}, .parts_in_flight = 15, .max_parts = 16};
  CapRouter router(Msat{300});
  CHECK(std::holds_alternative<NoRoute>(find(router, Msat{1000}, last)));
  CHECK(router.asked.size() == 1);
  const PartLimits last_but_one{.min_part = Msat{1}, .parts_in_flight = 14, .max_parts = 16};
  CHECK(std::holds_alternative<Route>(find(router, Msat{1000}, last_but_one)));
}

TEST_CASE("splitter: splitting does not make up for a lack of balance") {
  CapRouter router(Msat{300});
  router.refusal = NoRoute::insufficient_balance;
  const PartLimits limits{.min_part = Msat{1}, .max_parts = 16};
  CHECK(std::get<NoRoute>(find(router, Msat{1000}, limits)) == NoRoute::insufficient_balance);
  CHECK(router.asked.size() == 1);
}

TEST_CASE("splitter: random parts are 20 to 100 % of the half that has a path") {
  Rng sizes(1, "sizes");
  const PartLimits limits{.min_part = Msat{100}, .max_parts = 16, .sizes = &sizes};
  Msat least = Msat::max();
  Msat most;
  for (int i = 0; i < 1000; ++i) {
    CapRouter router(Msat{3000});
    const RouteResult result = find(router, Msat{10'000}, limits);
    least = std::min(least, std::get<Route>(result).sent());
    most = std::max(most, std::get<Route>(result).sent());
  }
  CHECK(least >= Msat{500});
  CHECK(least <= Msat{510});
  CHECK(most <= Msat{2500});
  CHECK(most >= Msat{2490});
}

TEST_CASE("splitter: a random part is no smaller than the minimum, and a whole is not cut") {
  Rng sizes(2, "sizes");
  const PartLimits limits{.min_part = Msat{2000}, .max_parts = 16, .sizes = &sizes};
  for (int i = 0; i < 100; ++i) {
    CapRouter router(Msat{3000});
    CHECK(std::get<Route>(find(router, Msat{10'000}, limits)).sent() >= Msat{2000});
    CHECK(std::get<Route>(find(router, Msat{3000}, limits)).sent() == Msat{3000});
  }
}

TEST_CASE("splitter: channels to avoid are a wish, for each size by itself") {
  // Around the avoided channels there is a path up to 300, through them up to 600.
  class AvoidingRouter final : public Router {
   public:
    RouteResult find(const RouteRequest& request, const LiquidityView&) override {
      if (request.amount > Msat{request.avoided.empty() ? 600 : 300}) return NoRoute::no_path;
      const DirectedChannel channel{request.avoided.empty() ? 0U : 2U};
      return Route{.hops = {{channel, request.amount, request.final_cltv_delta}}};
    }
  };
  AvoidingRouter router;
  const std::vector<ChannelId> avoided{ChannelId{0}};
  const auto part_of = [&](Msat amount) {
    const RouteResult result = find_part(router, {.amount = amount, .avoided = avoided},
                                         {.min_part = Msat{1}, .max_parts = 16});
    return std::get<Route>(result).hops.front();
  };
  CHECK(part_of(Msat{250}).channel == DirectedChannel{2});
  CHECK(part_of(Msat{500}).channel == DirectedChannel{0});
  CHECK(part_of(Msat{500}).amount == Msat{500});
  CHECK(part_of(Msat{1000}).amount == Msat{500});
}
