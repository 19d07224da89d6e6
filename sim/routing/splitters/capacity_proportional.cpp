#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "sim/routing/path_pricing.hpp"
#include "sim/routing/splitters/plan.hpp"
#include "sim/routing/splitters/splitters.hpp"

namespace ampsim::sim {
namespace {

/// In proportion to the weights, which are not all 0; what rounding leaves goes to the first that
/// has one.
std::vector<Msat> share_out(Msat amount, const std::vector<Msat>& weights) {
  Int128 sum = 0;
  for (const Msat weight : weights) sum += weight.count;
  std::vector<Msat> amounts;
  Msat left = amount;
  for (const Msat weight : weights) {
    amounts.push_back({static_cast<std::int64_t>(Int128{amount.count} * weight.count / sum)});
    left -= amounts.back();
  }
  const auto first =
      std::find_if(weights.begin(), weights.end(), [](Msat weight) { return weight > Msat{0}; });
  amounts[static_cast<std::size_t>(first - weights.begin())] += left;
  return amounts;
}

/// Paths that share no channel, found for equal parts; then each carries a part in proportion to
/// what it could carry at most, as far as the sender knows. Parts below the minimum are not made.
/// The parts stay equal where a path does not take its share.
class CapacityProportionalSplitter final : public Splitter {
 public:
  CapacityProportionalSplitter(const RoutingMeans& means, std::uint32_t parts)
      : graph_(means.graph), equal_(edge_avoiding_splitter_kind().make(means, parts)) {}

  PartsResult split(Router& router,
                    const RouteRequest& request,
                    const LiquidityView& view,
                    const PartLimits& limits) override {
    PartsResult equal = equal_->split(router, request, view, limits);
    const auto* const routes = std::get_if<std::vector<Route>>(&equal);
    if (routes == nullptr || routes->size() < 2) return equal;
    std::vector<Msat> weights;
    for (const Route& route : *routes) {
      weights.push_back(std::max(Msat{1}, bottleneck(graph_, route, request, view)));
    }
    std::vector<Msat> amounts = share_out(request.amount, weights);
    while (true) {
      const auto least = std::min_element(amounts.begin(), amounts.end(), [](Msat a, Msat b) {
        return (a == Msat{0}) != (b == Msat{0}) ? b == Msat{0} : a < b;
      });
      if (*least == request.amount || *least >= std::max(limits.min_part, Msat{1})) break;
      weights[static_cast<std::size_t>(least - amounts.begin())] = Msat{0};
      amounts = share_out(request.amount, weights);
    }
    std::optional<std::vector<Route>> priced = price(*routes, amounts, request);
    if (priced) return std::move(*priced);
    return equal;
  }

 private:
  std::optional<std::vector<Route>> price(const std::vector<Route>& routes,
                                          const std::vector<Msat>& amounts,
                                          const RouteRequest& request) const {
    std::vector<Route> priced;
    Msat fees;
    for (std::size_t i = 0; i < routes.size(); ++i) {
      if (amounts[i] == Msat{0}) continue;
      std::vector<DirectedChannel> path;
      for (const Hop& hop : routes[i].hops) path.push_back(hop.channel);
      std::optional<Route> route = price_path(graph_, path, amounts[i], request);
      if (!route) return std::nullopt;
      fees += route->fee();
      // No two paths have a channel in common.
      for (const LocalChannel& own : request.local) {
        if (own.channel == path.front() && own.available < route->sent()) return std::nullopt;
      }
      priced.push_back(std::move(*route));
    }
    if (fees > request.fee_limit) return std::nullopt;
    return priced;
  }

  const ChannelGraph& graph_;
  std::unique_ptr<Splitter> equal_;
};

}  // namespace

SplitterKind capacity_splitter_kind() {
  return {.name = "capacity_proportional",
          .help = "like edge_avoiding, each part in proportion to what its path could carry",
          .reads_parts = true,
          .make = [](const RoutingMeans& means, std::uint32_t parts) {
            return std::make_unique<CapacityProportionalSplitter>(means, parts);
          }};
}

}  // namespace ampsim::sim
