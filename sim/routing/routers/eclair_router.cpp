#include "sim/routing/routers/eclair_router.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "core/random.hpp"
#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/path_capacity.hpp"
#include "sim/routing/path_pricing.hpp"
#include "sim/routing/routers/eclair_rule.hpp"
#include "sim/routing/routers/shortest_paths.hpp"

namespace ampsim::sim {
namespace {

/// Hops of any route (BOLT 4), and how many paths a part that is not divided is chosen from.
constexpr std::uint32_t kMostHops = 20;
constexpr std::size_t kRoutesOfOnePart = 3;

/// A part and how large it could be.
struct Part {
  std::vector<DirectedChannel> path;
  Msat amount;
  Msat most;
  double weight = 0;
};

template <class T>
void shuffle(Rng& rng, std::vector<T>& values, std::size_t begin) {
  for (std::size_t i = values.size(); i > begin + 1; --i) {
    std::swap(values[i - 1], values[begin + rng.below(i - begin)]);
  }
}

}  // namespace

double EclairWeight::extend(const EclairParams& params,
                            double weight,
                            Msat fee,
                            BlockDelta hop_delta,
                            double hop_probability) {
  const Msat hop_cost = params.hop_cost.of(amount);
  amount += fee;
  fees += fee;
  hop_costs += hop_cost;
  delta = delta + hop_delta;
  probability *= hop_probability;
  const auto failure = static_cast<double>(params.failure_cost.of(amount).count);
  const double risk = static_cast<double>(amount.count) * params.locked_funds_risk;
  if (params.uses_log_probability) {
    return weight + static_cast<double>((fee + hop_cost).count) + risk * hop_delta.count -
           failure * std::log(hop_probability);
  }
  return static_cast<double>((fees + hop_costs).count) + risk * delta.count + failure / probability;
}

struct EclairRouter::Finder {
  Finder(const ChannelGraph& channel_graph, const EclairParams& eclair, std::uint64_t seed)
      : graph(channel_graph),
        params(eclair),
        rule(eclair),
        search(channel_graph),
        shortest(channel_graph, search),
        rng(seed, "eclair_routes") {}

  RouteResult find(const RouteRequest& asked, const LiquidityView& believed);
  PartsResult find_flow(const RouteRequest& asked,
                        const LiquidityView& believed,
                        const PartLimits& limits);
  /// The k paths that carry the amount best, direct ones first and shuffled if asked for.
  std::vector<ScoredPath> find_paths(Msat amount, std::size_t k);
  void begin(const RouteRequest& asked, const LiquidityView& believed);
  void block_failed();
  std::uint32_t direct_channels() const;
  std::optional<std::vector<Route>> split(const std::vector<ScoredPath>& paths,
                                          Msat least,
                                          const PartLimits& limits);
  Msat most_of(const std::vector<DirectedChannel>& path);
  Msat choose(const std::vector<DirectedChannel>& path, Msat most, Msat least);
  Msat expected(const std::vector<DirectedChannel>& path, Msat most) const;
  /// The value of a part of this size, up to a constant: ln(amount P(amount)).
  double log_value(const std::vector<DirectedChannel>& path, Msat amount) const;
  void use(const std::vector<DirectedChannel>& path, Msat amount);
  std::optional<std::vector<Route>> spread(std::vector<Part>& parts, Msat left) const;
  Route finish(Route route, double weight) const;

  const ChannelGraph& graph;
  const EclairParams params;
  EclairRule rule;
  BackwardSearch<EclairRule> search;
  ShortestPaths<EclairRule> shortest;
  Rng rng;
  const RouteRequest* request = nullptr;
  const LiquidityView* view = nullptr;
  std::vector<ChannelUse> used;  ///< by the parts of the split at hand, and by those in flight
};

EclairRouter::EclairRouter(const ChannelGraph& graph,
                           const RoutingParams& params,
                           std::uint64_t seed)
    : finder_(std::make_unique<Finder>(graph, params.eclair, seed)) {}
EclairRouter::~EclairRouter() = default;

RouteResult EclairRouter::find(const RouteRequest& request, const LiquidityView& view) {
  return finder_->find(request, view);
}

PartsResult EclairRouter::find_flow(const RouteRequest& request,
                                    const LiquidityView& view,
                                    const PartLimits& limits) {
  if (limits.room() > 1) return finder_->find_flow(request, view, limits);
  RouteResult result = find(request, view);
  if (const NoRoute* reason = std::get_if<NoRoute>(&result)) return *reason;
  return std::vector<Route>{std::move(std::get<Route>(result))};
}

void EclairRouter::Finder::begin(const RouteRequest& asked, const LiquidityView& believed) {
  AMPSIM_CHECK(asked.source != asked.target, "a route from a node to itself");
  AMPSIM_CHECK(asked.amount > Msat{0}, "a route for nothing");
  request = &asked;
  view = &believed;
  const double proportional =
      std::floor(static_cast<double>(asked.amount.count) * params.max_fee_proportional);
  const Msat own_limit =
      std::max(params.max_fee_flat, Msat{static_cast<std::int64_t>(std::min(proportional, 1e18))});
  rule.fee_limit = std::min(asked.fee_limit, own_limit);
}

RouteResult EclairRouter::Finder::find(const RouteRequest& asked, const LiquidityView& believed) {
  begin(asked, believed);
  if (asked.lacks_balance()) return NoRoute::insufficient_balance;
  for (const ScoredPath& path : find_paths(asked.amount, params.shuffles ? kRoutesOfOnePart : 1)) {
    std::optional<Route> route = price_path(graph, path.channels, asked.amount, asked);
    if (route) return finish(std::move(*route), path.score);
  }
  return NoRoute::no_path;
}

PartsResult EclairRouter::Finder::find_flow(const RouteRequest& asked,
                                            const LiquidityView& believed,
                                            const PartLimits& limits) {
  begin(asked, believed);
  if (asked.lacks_balance()) return NoRoute::insufficient_balance;
  const std::uint32_t most_parts =
      std::min(std::max(params.max_parts, direct_channels()), limits.room());
  const Msat share = asked.amount / most_parts;
  const Msat least = std::min(std::max({params.min_part, limits.min_part, share}), asked.amount);
  std::vector<ScoredPath> paths = find_paths(least, most_parts);
  std::optional<std::vector<Route>> routes = split(paths, least, limits);
  if (!routes && params.shuffles) {
    // By weight the fees may be lower.
    std::stable_sort(paths.begin(), paths.end(),
                     [](const ScoredPath& a, const ScoredPath& b) { return a.score < b.score; });
    routes = split(paths, least, limits);
  }
  if (!routes) return NoRoute::no_path;
  return std::move(*routes);
}

std::uint32_t EclairRouter::Finder::direct_channels() const {
  std::uint32_t count = 0;
  for (const LocalChannel& own : request->local) {
    if (graph.head(own.channel) == request->target) ++count;
  }
  return count;
}

void EclairRouter::Finder::block_failed() {
  for (const FailedHop& failed : request->failed) {
    if (is_of_receiver(failed.code)) continue;
    const bool passes = failed.code == FailureCode::temporary_channel_failure &&
                        graph.tail(failed.channel) != request->source &&
                        request->now - failed.at >= params.exclusion;
    if (!passes) search.mark(failed.channel, hop_blocked);
  }
}

std::vector<ScoredPath> EclairRouter::Finder::find_paths(Msat amount, std::size_t k) {
  rule.begin(*request, *view, amount);
  search.begin(rule, *request, amount);
  block_failed();
  for (const ChannelUse& use : request->used) search.mark(use.channel, hop_used);
  search.aim(rule, request->target, 4'000);
  rule.max_hops = std::min(params.max_hops, kMostHops);
  std::vector<ScoredPath> paths = shortest.find(rule, request->target, k);
  search.clear_passed();
  if (paths.empty() && rule.max_hops < kMostHops) {
    rule.max_hops = kMostHops;
    paths = shortest.find(rule, request->target, k);
  }
  search.end();
  const auto indirect = std::stable_partition(
      paths.begin(), paths.end(), [](const ScoredPath& path) { return path.channels.size() == 1; });
  if (params.shuffles) {
    const auto direct = static_cast<std::size_t>(indirect - paths.begin());
    shuffle(rng, paths, direct);
    for (std::size_t i = direct; i > 1; --i) std::swap(paths[i - 1], paths[rng.below(i)]);
  }
  return paths;
}

/// What the path can still carry.
Msat EclairRouter::Finder::most_of(const std::vector<DirectedChannel>& path) {
  std::vector<Msat> limits;
  for (const DirectedChannel channel : path) {
    const AnnouncedChannel& announced = graph.incoming().at(channel);
    Msat most = announced.capacity;
    if (channel == path.front()) {
      const auto own =
          std::find_if(request->local.begin(), request->local.end(),
                       [&](const LocalChannel& local) { return local.channel == channel; });
      most = own->available;
    }
    for (const ChannelUse& use : used) {
      if (use.channel == channel) most -= use.amount;
    }
    limits.push_back(std::max(Msat{0}, std::min(most, announced.htlc_maximum)));
  }
  return largest_delivery(graph, path, limits);
}

void EclairRouter::Finder::use(const std::vector<DirectedChannel>& path, Msat amount) {
  for (std::size_t i = path.size(); i-- > 0;) {
    const auto known = std::find_if(used.begin(), used.end(),
                                    [&](const ChannelUse& use) { return use.channel == path[i]; });
    if (known != used.end()) {
      known->amount += amount;
    } else {
      used.push_back({path[i], amount});
    }
    amount += forwarding_fee(graph.incoming().at(path[i]), amount);
  }
}

double EclairRouter::Finder::log_value(const std::vector<DirectedChannel>& path,
                                       Msat amount) const {
  double value = std::log(static_cast<double>(amount.count));
  for (std::size_t i = 1; i < path.size(); ++i) {
    HopQuery query = hop_query(graph, path[i], amount, *request);
    query.used = Msat{0};
    for (const ChannelUse& use : used) {
      if (use.channel == path[i]) query.used = use.amount;
    }
    const double probability = view->probability(query);
    if (probability <= 0) return -std::numeric_limits<double>::infinity();
    value += std::log(probability);
  }
  return value;
}

/// Where the value stops rising, to a thousandth.
Msat EclairRouter::Finder::expected(const std::vector<DirectedChannel>& path, Msat most) const {
  Msat low{1};
  Msat high = most;
  while ((high - low).count > 1 + low.count / 1000) {
    const Msat middle = (low + high) / 2;
    const Msat more = middle + Msat{1 + middle.count / 10'000};
    (log_value(path, more) > log_value(path, middle) ? low : high) = middle;
  }
  return high;
}

Msat EclairRouter::Finder::choose(const std::vector<DirectedChannel>& path, Msat most, Msat least) {
  switch (params.part_amount) {
    case PartAmount::full:
      return most;
    case PartAmount::random:
      return std::max(
          Msat{static_cast<std::int64_t>(Int128{most.count} * rng.between(20, 100) / 100)}, least);
    case PartAmount::expected:
      return std::max(expected(path, most), least);
  }
  AMPSIM_UNREACHABLE("unknown rule of amounts");
}

std::optional<std::vector<Route>> EclairRouter::Finder::split(const std::vector<ScoredPath>& paths,
                                                              Msat least,
                                                              const PartLimits& limits) {
  used.assign(request->used.begin(), request->used.end());
  std::vector<Part> parts;
  Msat left = request->amount;
  // A path may give a second part where its own channel has more than one HTLC may carry.
  std::vector<ScoredPath> queue = paths;
  for (std::size_t i = 0; i < queue.size() && left > Msat{0}; ++i) {
    if (parts.size() == limits.room()) break;
    const std::vector<DirectedChannel> path = queue[i].channels;
    const Msat most = most_of(path);
    if (most < std::min(least, left)) continue;
    Msat amount = std::min({choose(path, most, least), most, left});
    const Msat rest = left - amount;
    if (rest > Msat{0} && rest < limits.min_part) {
      // No part is too small to be sent.
      amount = most >= left ? left : left - limits.min_part;
      if (amount < limits.min_part) continue;
    }
    if (!price_path(graph, path, amount, *request)) continue;  // below a minimum
    use(path, most);
    parts.push_back({path, amount, most, queue[i].score});
    left -= amount;
    queue.push_back(queue[i]);
  }
  return spread(parts, left);
}

/// What is left over, by what the paths can carry beyond their parts; and the routes, if that is
/// enough and not too dear.
std::optional<std::vector<Route>> EclairRouter::Finder::spread(std::vector<Part>& parts,
                                                               Msat left) const {
  Msat free;
  for (const Part& part : parts) free += part.most - part.amount;
  if (parts.empty() || free < left) return std::nullopt;
  if (left > Msat{0}) {
    const Msat missing = left;
    for (Part& part : parts) {
      const Int128 more = Int128{missing.count} * (part.most - part.amount).count / free.count;
      part.amount += Msat{static_cast<std::int64_t>(more)};
      left -= Msat{static_cast<std::int64_t>(more)};
    }
    for (Part& part : parts) {  // what rounding has left
      const Msat more = std::min(left, part.most - part.amount);
      part.amount += more;
      left -= more;
    }
  }
  std::vector<Route> routes;
  Msat amount;
  Msat fees;
  for (const Part& part : parts) {
    std::optional<Route> route = price_path(graph, part.path, part.amount, *request);
    if (!route) return std::nullopt;
    fees += route->fee();
    amount += route->amount();
    routes.push_back(finish(std::move(*route), part.weight));
  }
  AMPSIM_CHECK(amount == request->amount, "the parts are not what was asked for");
  if (fees > rule.fee_limit) return std::nullopt;
  return routes;
}

Route EclairRouter::Finder::finish(Route route, double weight) const {
  for (std::size_t i = 1; i < route.hops.size(); ++i) {
    const Hop& hop = route.hops[i];
    route.probability *= view->probability(hop_query(graph, hop.channel, hop.amount, *request));
  }
  route.cost = static_cast<std::int64_t>(std::min(weight, 9e18));
  return route;
}

RouterKind eclair_router_kind() {
  return {.name = "eclair",
          .help = "Eclair: the best paths for a small part, each with a part of random size",
          .splitter = "flow",
          .liquidity_view = "none",
          .has_flow = true,
          .make = [](const RoutingMeans& means) {
            return std::make_unique<EclairRouter>(means.graph, means.params, means.seed);
          }};
}

}  // namespace ampsim::sim
