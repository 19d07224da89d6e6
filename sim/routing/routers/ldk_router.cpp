#include "sim/routing/routers/ldk_router.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "sim/routing/path_capacity.hpp"
#include "sim/routing/path_pricing.hpp"
#include "sim/routing/routers/ldk_rule.hpp"

namespace ampsim::sim {
namespace {

double of(const LdkPenalty& penalty, double amount_in_units) {
  return static_cast<double>(penalty.constant.count) +
         static_cast<double>(penalty.of_amount.count) * amount_in_units;
}

/// A path of the collection and what it carries.
struct Found {
  std::vector<DirectedChannel> path;
  Msat penalty;
  Route route;

  Msat value() const { return route.amount(); }
  Msat cost() const { return route.fee() + penalty; }
};

/// By cost for an msat, the dearest first.
bool is_dearer(const Found& a, const Found& b) {
  return Int128{a.cost().count} * b.value().count > Int128{b.cost().count} * a.value().count;
}

/// Paths go, the dearest first, as long as the others have the amount; returns what those have too
/// much.
Msat drop_dearest(std::vector<Found>& paths, Msat surplus) {
  std::stable_sort(paths.begin(), paths.end(), is_dearer);
  std::size_t left = paths.size();
  std::erase_if(paths, [&](const Found& found) {
    if (left == 1 || found.value() > surplus) return false;
    surplus -= found.value();
    --left;
    return true;
  });
  return surplus;
}

}  // namespace

double ldk_penalty(
    const LdkParams& params, Msat amount, Msat htlc_maximum, Msat capacity, const LdkRisk& risk) {
  const auto a = static_cast<double>(amount.count);
  constexpr double kBaseUnit = 1 << 30;
  constexpr double kUnit = 1 << 20;
  double penalty = of(params.base, a / kBaseUnit) + risk.history * of(params.history, a / kUnit) +
                   risk.live * of(params.live, a / kUnit);
  if (htlc_maximum >= capacity / 2) penalty += static_cast<double>(params.anti_probing.count);
  if (risk.is_impossible) penalty += static_cast<double>(params.impossible.count);
  return penalty;
}

/// The paths of one request.
struct LdkRouter::Collection {
  Collection(const ChannelGraph& channel_graph, const LdkParams& ldk)
      : graph(channel_graph), params(ldk), rule(channel_graph, ldk), search(channel_graph) {}

  PartsResult find(const RouteRequest& asked,
                   const LiquidityView& believed,
                   const PartLimits& limits,
                   std::uint32_t most_parts);
  void begin(Msat least);
  /// Until the paths have `wanted`, or there are no more.
  Msat collect(Msat wanted);
  /// The path at most at the amount asked for, with what it takes taken off; none if it does not
  /// bear what it can carry.
  std::optional<Found> use_path();
  void block(DirectedChannel channel) {
    search.mark(channel, hop_blocked);
    search.mark(channel.reversed(), hop_blocked);
  }
  std::optional<Route> price(const std::vector<DirectedChannel>& path, Msat amount) const;
  bool trim(Msat surplus, Msat min_part);
  void merge_equal();
  PartsResult result() const;

  const ChannelGraph& graph;
  const LdkParams params;
  LdkRule rule;
  BackwardSearch<LdkRule> search;
  const RouteRequest* request = nullptr;
  const LiquidityView* view = nullptr;
  std::vector<Found> paths;
  std::vector<DirectedChannel> path;  // scratch
  std::vector<Msat> carried;          // likewise
};

LdkRouter::LdkRouter(const ChannelGraph& graph, const RoutingParams& params)
    : collection_(std::make_unique<Collection>(graph, params.ldk)) {}
LdkRouter::~LdkRouter() = default;

RouteResult LdkRouter::find(const RouteRequest& request, const LiquidityView& view) {
  PartsResult result = collection_->find(request, view, {}, 1);
  if (const NoRoute* reason = std::get_if<NoRoute>(&result)) return *reason;
  return std::move(std::get<std::vector<Route>>(result).front());
}

PartsResult LdkRouter::find_flow(const RouteRequest& request,
                                 const LiquidityView& view,
                                 const PartLimits& limits) {
  const std::uint32_t most_parts = std::min(collection_->params.max_paths, limits.room());
  return collection_->find(request, view, limits, most_parts);
}

PartsResult LdkRouter::Collection::find(const RouteRequest& asked,
                                        const LiquidityView& believed,
                                        const PartLimits& limits,
                                        std::uint32_t most_parts) {
  AMPSIM_CHECK(asked.source != asked.target, "a route from a node to itself");
  AMPSIM_CHECK(asked.amount > Msat{0}, "a route for nothing");
  if (asked.lacks_balance()) return NoRoute::insufficient_balance;

  request = &asked;
  view = &believed;
  paths.clear();
  const bool may_split = most_parts > 1;
  Msat least = (asked.amount + Msat{most_parts - 1}) / most_parts;
  least = std::max(least, std::min(limits.min_part, asked.amount));
  begin(least);
  const Msat collected = collect(may_split ? asked.amount * kProvision : asked.amount);
  search.end();
  if (collected < asked.amount) return NoRoute::no_path;
  const Msat surplus = drop_dearest(paths, collected - asked.amount);
  if (!trim(surplus, limits.min_part)) return NoRoute::no_path;
  merge_equal();
  return result();
}

void LdkRouter::Collection::begin(Msat least) {
  rule.begin(*request, *view, least);
  search.begin(rule, *request, least);
  for (const FailedHop& failed : request->failed) {
    if (!is_of_receiver(failed.code)) block(failed.channel);
  }
  for (const ChannelUse& use : request->used) search.mark(use.channel, hop_used);
  if (const auto* const scorer = dynamic_cast<const Scorer*>(view)) {
    for (const ChannelId channel : scorer->met()) {
      search.mark(DirectedChannel::of(channel, 0), hop_met);
      search.mark(DirectedChannel::of(channel, 1), hop_met);
    }
  }
  search.aim(rule, request->target, 1'000);
}

Msat LdkRouter::Collection::collect(Msat wanted) {
  Msat collected;
  // A path that does not bear what it can carry loses a channel: rare, and no reason to go on long.
  int useless_left = 20;
  while (collected < wanted) {
    const bool is_found =
        search.run(rule, request->target, rule.start(), {}, std::numeric_limits<double>::max());
    if (!is_found && rule.saturation == 0) break;
    if (!is_found) {
      rule.saturation = 0;
      continue;
    }
    std::optional<Found> found = use_path();
    if (!found) {
      if (--useless_left == 0) break;
      continue;
    }
    collected += found->value();
    paths.push_back(std::move(*found));
    if (paths.size() == 1 && collected == request->amount) break;
  }
  return collected;
}

std::optional<Found> LdkRouter::Collection::use_path() {
  path.clear();
  search.append_path(request->target, path);
  carried.clear();
  for (const DirectedChannel channel : path) {
    const AnnouncedChannel& announced = graph.incoming().at(channel);
    carried.push_back(channel == path.front()
                          ? std::min(search.available(channel), announced.htlc_maximum)
                          : rule.usable(announced, rule.use_of(channel)));
  }
  const Msat most = largest_delivery(graph, path, carried);
  const Msat amount = std::min(most, request->amount);
  const DirectedChannel middle = path[path.size() / 2];
  std::optional<Route> route = price(path, amount);
  // Otherwise the same path would be found again.
  if (most > amount || !route) block(middle);
  if (!route) return std::nullopt;
  for (const Hop& hop : route->hops) {
    if (hop.channel == path.front()) {
      search.take(rule, hop.channel, hop.amount);
    } else {
      rule.plan(hop.channel, hop.amount);
      search.mark(hop.channel, hop_used);
    }
  }
  return Found{path, search.found().penalty, std::move(*route)};
}

std::optional<Route> LdkRouter::Collection::price(const std::vector<DirectedChannel>& channels,
                                                  Msat amount) const {
  if (amount <= Msat{0}) return std::nullopt;
  return price_path(graph, channels, amount, *request);
}

/// Takes what is too much off the paths, down to the smallest part.
bool LdkRouter::Collection::trim(Msat surplus, Msat min_part) {
  if (surplus == Msat{0}) return true;
  const auto rates = [&](const Found& found) {
    std::uint64_t sum = 0;
    for (const DirectedChannel channel : found.path) {
      sum += graph.incoming().at(channel).fee_proportional.millionths;
    }
    return sum;
  };
  std::stable_sort(paths.begin(), paths.end(), [&](const Found& a, const Found& b) {
    return rates(a) != rates(b) ? rates(a) < rates(b) : a.cost() > b.cost();
  });
  const Msat least = std::max(min_part, Msat{1});
  for (Found& found : paths) {
    const Msat cut = std::min(surplus, std::max(Msat{0}, found.value() - least));
    std::optional<Route> smaller = price(found.path, found.value() - cut);
    if (!smaller) continue;  // below a minimum
    found.route = std::move(*smaller);
    surplus -= cut;
  }
  return surplus == Msat{0};
}

void LdkRouter::Collection::merge_equal() {
  for (std::size_t i = 0; i < paths.size(); ++i) {
    for (std::size_t j = i + 1; j < paths.size();) {
      std::optional<Route> both;
      if (paths[j].path == paths[i].path) {
        both = price(paths[i].path, paths[i].value() + paths[j].value());
      }
      if (!both) {
        ++j;
        continue;
      }
      paths[i].route = std::move(*both);
      paths[i].penalty += paths[j].penalty;
      paths.erase(paths.begin() + static_cast<std::ptrdiff_t>(j));
    }
  }
}

PartsResult LdkRouter::Collection::result() const {
  std::vector<Route> routes;
  Msat amount;
  Msat fees;
  for (const Found& found : paths) {
    routes.push_back(found.route);
    Route& route = routes.back();
    route.cost = found.cost().count;
    for (std::size_t i = 1; i < route.hops.size(); ++i) {
      const Hop& hop = route.hops[i];
      route.probability *= view->probability(hop_query(graph, hop.channel, hop.amount, *request));
    }
    amount += route.amount();
    fees += route.fee();
  }
  AMPSIM_CHECK(amount == request->amount, "the parts are not what was asked for");
  if (fees > request->fee_limit) return NoRoute::no_path;
  return routes;
}

RouterKind ldk_router_kind() {
  return {.name = "ldk",
          .help = "LDK: fees and penalties for an msat, several paths at once",
          .splitter = "flow",
          .liquidity_view = "scorer",
          .has_flow = true,
          .counts_own_payments = true,
          .make = [](const RoutingMeans& means) {
            return std::make_unique<LdkRouter>(means.graph, means.params);
          }};
}

}  // namespace ampsim::sim
