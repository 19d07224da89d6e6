#include "sim/routing/routers/flash_router.hpp"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "core/check.hpp"
#include "core/random.hpp"
#include "sim/routing/flow/flow_finder.hpp"
#include "sim/routing/flow/path_parts.hpp"
#include "sim/routing/flow/residual_flow.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/routers/path_probing.hpp"
#include "sim/routing/splitters/plan.hpp"

namespace ampsim::sim {

void NineTenths::add(Msat amount) {
  if (!low_.empty() && amount > low_.top()) {
    high_.push(amount);
  } else {
    low_.push(amount);
  }
  const std::size_t wanted = (9 * (low_.size() + high_.size()) + 9) / 10;
  while (low_.size() < wanted) {
    low_.push(high_.top());
    high_.pop();
  }
  while (low_.size() > wanted) {
    high_.push(low_.top());
    low_.pop();
  }
}

std::optional<Msat> NineTenths::value() const {
  if (low_.empty()) return std::nullopt;
  return low_.top();
}

namespace {

/// What the probes of one payment have told.
class ProbedCapacities final : public ChannelCapacities {
 public:
  ProbedCapacities(const ChannelGraph& graph, const Network& balances)
      : graph_(graph), truth_(graph, balances), is_known_(2 * graph.channel_count(), 0) {}

  void begin(const RouteRequest& request) {
    truth_.begin(request);
    for (const LocalChannel& own : request.local) learn(own.channel);
  }
  void probe(std::span<const DirectedChannel> path) {
    for (const DirectedChannel channel : path) learn(channel);
  }
  void end() {
    for (const DirectedChannel channel : known_) is_known_[channel.index] = 0;
    known_.clear();
    truth_.end();
  }

  /// What is not known counts as announced while paths are searched, as nothing afterwards.
  bool is_hopeful = true;
  Msat of(DirectedChannel channel) const override {
    if (is_known_[channel.index] != 0) return truth_.of(channel);
    return is_hopeful ? graph_.incoming().at(channel).capacity : Msat{0};
  }
  std::uint32_t slots(DirectedChannel channel) const override { return truth_.slots(channel); }
  const TrueCapacities& truth() const { return truth_; }

 private:
  void learn(DirectedChannel channel) {
    if (std::exchange(is_known_[channel.index], 1) == 0) known_.push_back(channel);
  }

  const ChannelGraph& graph_;
  TrueCapacities truth_;
  std::vector<std::uint8_t> is_known_;  // by directed channel
  std::vector<DirectedChannel> known_;
};

class FlashRouter final : public Router {
 public:
  explicit FlashRouter(const RoutingMeans& means)
      : params_(means.params.baseline),
        paths_(means.graph, params_.path_choice, params_.paths),
        capacities_(means.graph, *means.balances),
        residual_(means.graph),
        flows_(means.graph),
        parts_(means.graph),
        order_(means.seed, "flash") {}

  RouteResult find(const RouteRequest& request, const LiquidityView& view) override {
    PartsResult parts = find_flow(request, view, {});
    if (const NoRoute* reason = std::get_if<NoRoute>(&parts)) return *reason;
    return std::move(std::get<std::vector<Route>>(parts).front());
  }

  PartsResult find_flow(const RouteRequest& request,
                        const LiquidityView& /*view*/,
                        const PartLimits& limits) override {
    const bool is_large = is_elephant(request);
    if (request.lacks_balance()) return NoRoute::insufficient_balance;
    capacities_.begin(request);
    auto parts = is_large ? route_elephant(request, limits) : route_mouse(request, limits);
    capacities_.end();
    if (parts) return std::move(*parts);
    return NoRoute::no_path;
  }

  RoutingMessages messages() const override { return {.probes = messages_}; }

 private:
  bool is_elephant(const RouteRequest& request) {
    if (params_.elephant_above > Msat{0}) return request.total > params_.elephant_above;
    const auto [known, is_new] = elephants_.try_emplace(request.payment.index, false);
    if (is_new) {
      known->second = request.total > seen_.value().value_or(request.total);
      seen_.add(request.total);
    }
    return known->second;
  }

  void probe(std::span<const DirectedChannel> path) {
    messages_ += probe_messages(path);
    capacities_.probe(path);
  }

  std::optional<std::vector<Route>> route_elephant(const RouteRequest& request,
                                                   const PartLimits& limits) {
    capacities_.is_hopeful = true;
    residual_.begin(request.source, request.target, request.amount, capacities_);
    Msat flow;
    for (std::uint32_t i = 0; i < params_.max_probes && flow < request.amount; ++i) {
      const auto path = residual_.find_near(Msat{1});
      if (path.empty()) break;
      probe(path);
      Msat narrowest = request.amount - flow;
      for (const DirectedChannel channel : path) {
        narrowest = std::min(narrowest, residual_.residual(channel));
      }
      if (narrowest <= Msat{0}) continue;
      residual_.push(path, narrowest);
      flow += narrowest;
    }
    residual_.end();
    capacities_.is_hopeful = false;
    return flows_.find(request, capacities_, limits, FlowFinder::Order::cheapest);
  }

  std::optional<std::vector<Route>> route_mouse(const RouteRequest& request,
                                                const PartLimits& limits) {
    std::vector<const Path*> fresh;
    parts_.begin(request, capacities_.truth());
    for (const Path& path : paths_.between(request.source, request.target)) {
      const int failures = failures_on(path, request);
      if (is_avoided(path, request) || failures > 1) continue;
      if (failures == 0) {
        fresh.push_back(&path);
        continue;
      }
      probe(path);
      const Msat rest = request.amount - parts_.amount();
      const Msat room = std::min(parts_.room(path), rest);
      if (room >= std::min(limits.min_part, rest) && room > Msat{0}) parts_.add(path, room);
    }
    const Msat rest = request.amount - parts_.amount();
    if (rest > Msat{0} && !fresh.empty()) {
      // The sender knows its own channels, and does not send over one that cannot.
      std::vector<Route> whole = over_one_of(fresh, rest, request);
      if (auto parts = with(std::move(whole), request, limits)) {
        parts_.end();
        return parts;
      }
    }
    auto parts = parts_.take(limits);
    parts_.end();
    return parts;
  }

  /// The amount over a path in random order that is not known to be too small, as one part unless
  /// the largest HTLC of a channel is below it.
  std::vector<Route> over_one_of(std::vector<const Path*> paths,
                                 Msat amount,
                                 const RouteRequest& request) {
    while (!paths.empty()) {
      const std::size_t pick = order_.below(paths.size());
      const Path& path = *paths[pick];
      std::vector<Route> routes = over(path, amount, request);
      if (!routes.empty()) return routes;
      paths.erase(paths.begin() + static_cast<std::ptrdiff_t>(pick));
    }
    return {};
  }

  /// The amount in as few HTLCs as the path takes it; none if the policies or the sender's own
  /// channel do not.
  std::vector<Route> over(const Path& path, Msat amount, const RouteRequest& request) const {
    const Msat largest = parts_.largest_part(path);
    const std::int64_t slots = parts_.free_slots(path.front());
    if (largest == Msat{0} || amount > largest * slots) return {};
    const std::int64_t count = (amount.count + largest.count - 1) / largest.count;
    std::vector<Route> routes;
    Msat sent;
    for (const Msat piece : equal_amounts(amount, static_cast<std::uint32_t>(count))) {
      std::optional<Route> route = price_path(parts_.graph(), path, piece, request);
      if (!route) return {};
      sent += route->sent();
      routes.push_back(std::move(*route));
    }
    if (parts_.left(path.front()) < sent) return {};
    return routes;
  }

  /// The probed parts and those that are sent on trust, if they may be sent together.
  std::optional<std::vector<Route>> with(std::vector<Route> whole,
                                         const RouteRequest& request,
                                         const PartLimits& limits) {
    if (whole.empty()) return std::nullopt;
    const Msat least = std::min(limits.min_part, request.amount);
    const bool is_divided = parts_.size() + whole.size() > 1;
    Msat fees = parts_.fee();
    for (const Route& route : whole) {
      if (is_divided && route.amount() < least) return std::nullopt;
      fees += route.fee();
    }
    if (parts_.size() + whole.size() > limits.room()) return std::nullopt;
    if (fees > request.fee_limit) return std::nullopt;
    for (const Route& part : parts_.routes()) whole.push_back(part);
    return whole;
  }

  BaselineParams params_;
  DisjointPaths paths_;
  ProbedCapacities capacities_;
  ResidualFlow residual_;
  FlowFinder flows_;
  PathParts parts_;
  Rng order_;
  NineTenths seen_;
  std::unordered_map<std::uint32_t, bool> elephants_;  // by payment; only looked up
  std::uint64_t messages_ = 0;
};

}  // namespace

RouterKind flash_router_kind() {
  return {.name = "flash",
          .help = "Flash: probes for large payments, tries known paths for small ones",
          .splitter = "flow",
          .has_flow = true,
          .sees_balances = true,
          .sends_messages = true,
          .counts_own_parts = false,
          .refuses = [](std::string_view view, std::string_view /*splitter*/) -> std::string {
            return view == "none" ? "" : "it probes, and believes nothing";
          },
          .make = [](const RoutingMeans& means) -> std::unique_ptr<Router> {
            AMPSIM_CHECK(means.balances != nullptr, "probes without balances");
            return std::make_unique<FlashRouter>(means);
          }};
}

}  // namespace ampsim::sim
