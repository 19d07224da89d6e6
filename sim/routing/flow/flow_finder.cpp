#include "sim/routing/flow/flow_finder.hpp"

#include <algorithm>
#include <utility>

namespace ampsim::sim {
namespace {

/// What the parts leave.
class LeftCapacities final : public ChannelCapacities {
 public:
  explicit LeftCapacities(const PathParts& parts) : parts_(parts) {}
  Msat of(DirectedChannel channel) const override { return parts_.left(channel); }
  std::uint32_t slots(DirectedChannel channel) const override { return parts_.free_slots(channel); }

 private:
  const PathParts& parts_;
};

/// amount / (amount + fee limit) of each channel: then a part whose fees are in proportion fits.
class NarrowCapacities final : public ChannelCapacities {
 public:
  NarrowCapacities(const ChannelCapacities& whole, const RouteRequest& request)
      : whole_(whole),
        amount_(request.amount.count),
        with_fees_(amount_ + request.fee_limit.count) {}
  Msat of(DirectedChannel channel) const override {
    return {static_cast<std::int64_t>(whole_.of(channel).count * amount_ / with_fees_)};
  }
  std::uint32_t slots(DirectedChannel channel) const override { return whole_.slots(channel); }

 private:
  const ChannelCapacities& whole_;
  Int128 amount_;
  Int128 with_fees_;
};

}  // namespace

FlowFinder::FlowFinder(const ChannelGraph& graph) : flow_(graph), parts_(graph) {}

bool FlowFinder::has_flow(const RouteRequest& request, const ChannelCapacities& capacities) {
  flow_.begin(request.source, request.target, request.amount, capacities);
  const bool has_all = flow_.add_near(request.amount) == request.amount;
  flow_.end();
  return has_all;
}

std::vector<DirectedChannel> FlowFinder::path_for_whole(const RouteRequest& request,
                                                        const ChannelCapacities& capacities) {
  flow_.begin(request.source, request.target, request.amount, capacities);
  const auto path = flow_.find_near(request.amount);
  flow_.end();
  return {path.begin(), path.end()};
}

std::optional<std::vector<Route>> FlowFinder::find_through(const RouteRequest& request,
                                                           const ChannelCapacities& capacities,
                                                           const PartLimits& limits,
                                                           Order order) {
  constexpr int kRounds = 4;
  const LeftCapacities left(parts_);
  for (int round = 0; round < kRounds && parts_.amount() < request.amount; ++round) {
    const Msat rest = request.amount - parts_.amount();
    const bool is_first = round == 0;
    flow_.begin(request.source, request.target, rest,
                is_first ? capacities : static_cast<const ChannelCapacities&>(left));
    const Msat flow = order == Order::near ? flow_.add_near(rest) : flow_.add_cheapest(rest);
    const std::vector<FlowPath> paths = flow_.take_paths();
    flow_.end();
    if (flow < rest && is_first) break;
    Msat added;
    for (const FlowPath& path : paths) added += parts_.add(path.channels, path.amount);
    // Paths beside those that fees have filled may have room.
    for (const FlowPath& path : paths) {
      const Msat missing = request.amount - parts_.amount();
      if (missing > Msat{0}) added += parts_.add(path.channels, missing);
    }
    if (added == Msat{0}) break;
  }
  return parts_.take(limits);
}

std::optional<std::vector<Route>> FlowFinder::find(const RouteRequest& request,
                                                   const ChannelCapacities& capacities,
                                                   const PartLimits& limits,
                                                   Order order) {
  parts_.begin(request, capacities);
  auto routes = find_through(request, capacities, limits, order);
  parts_.end();
  if (routes || request.fee_limit <= Msat{0}) return routes;
  parts_.begin(request, capacities);
  routes = find_through(request, NarrowCapacities(capacities, request), limits, order);
  parts_.end();
  return routes;
}

}  // namespace ampsim::sim
