#include "sim/routing/routers/waterfilling_router.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "core/check.hpp"
#include "sim/routing/flow/path_parts.hpp"
#include "sim/routing/routers/path_probing.hpp"

namespace ampsim::sim {

std::vector<Msat> fill_level(const std::vector<Msat>& rooms, Msat amount) {
  std::vector<std::size_t> order(rooms.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rooms[a] > rooms[b]; });
  Msat sum;
  for (std::size_t used = 1; used <= order.size(); ++used) {
    sum += rooms[order[used - 1]];
    const Msat next = used < order.size() ? rooms[order[used]] : Msat{0};
    const auto count = static_cast<std::int64_t>(used);
    if (sum - amount < next * count) continue;
    const Msat level = (sum - amount) / count;
    const std::int64_t lower = (sum - amount).count % count;  // of so many 1 msat more is left
    std::vector<Msat> amounts(rooms.size());
    for (std::size_t i = 0; i < used; ++i) {
      const Msat left = level + Msat{static_cast<std::int64_t>(i) < lower ? 1 : 0};
      amounts[order[i]] = rooms[order[i]] - left;
    }
    return amounts;
  }
  return {};
}

namespace {

class WaterfillingRouter final : public Router {
 public:
  explicit WaterfillingRouter(const RoutingMeans& means)
      : graph_(means.graph),
        paths_(means.graph, means.params.baseline.path_choice, means.params.baseline.paths),
        parts_(means.graph) {
    if (means.balances != nullptr) probed_.emplace(means.graph, *means.balances);
  }

  RouteResult find(const RouteRequest& request, const LiquidityView& view) override {
    if (request.lacks_balance()) return NoRoute::insufficient_balance;
    begin(request, view, true);
    RouteResult result = NoRoute::no_path;
    const auto widest = std::max_element(rooms_.begin(), rooms_.end());
    if (widest != rooms_.end() && *widest >= request.amount) {
      parts_.add(*open_[static_cast<std::size_t>(widest - rooms_.begin())], request.amount);
      if (auto parts = parts_.take({})) result = std::move(parts->front());
    }
    end();
    return result;
  }

  PartsResult find_flow(const RouteRequest& request,
                        const LiquidityView& view,
                        const PartLimits& limits) override {
    if (request.lacks_balance()) return NoRoute::insufficient_balance;
    begin(request, view, false);
    PartsResult result = NoRoute::no_path;
    const std::vector<Msat> amounts = fill_level(rooms_, request.amount);
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      if (amounts[i] > Msat{0}) parts_.add(*open_[i], amounts[i]);
    }
    if (auto parts = parts_.take(limits)) result = std::move(*parts);
    end();
    return result;
  }

  RoutingMessages messages() const override { return {.probes = messages_}; }

 private:
  /// Looks at all paths that the payment may use.
  void begin(const RouteRequest& request, const LiquidityView& view, bool is_one_part) {
    if (probed_) {
      probed_->begin(request);
      parts_.begin(request, *probed_);
    } else {
      believed_.emplace(graph_, request, view);
      parts_.begin(request, *believed_);
    }
    for (const Path& path : paths_.between(request.source, request.target)) {
      if (is_avoided(path, request) || failures_on(path, request) > 0) continue;
      open_.push_back(&path);
      rooms_.push_back(is_one_part ? parts_.room_for_one(path) : parts_.room(path));
      if (probed_) messages_ += probe_messages(path);
    }
  }
  void end() {
    parts_.end();
    if (probed_) probed_->end();
    believed_.reset();
    open_.clear();
    rooms_.clear();
  }

  const ChannelGraph& graph_;
  DisjointPaths paths_;
  PathParts parts_;
  std::optional<TrueCapacities> probed_;  ///< none: it believes
  std::uint64_t messages_ = 0;
  // Of the request at hand.
  std::optional<BelievedCapacities> believed_;
  std::vector<const Path*> open_;
  std::vector<Msat> rooms_;
};

}  // namespace

RouterKind waterfilling_router_kind() {
  return {.name = "waterfilling",
          .help = "Spider: levels what some paths have left, by probes or as believed",
          .splitter = "flow",
          .has_flow = true,
          .sees_balances = true,
          .sees_by_probes = true,
          .sends_messages = true,
          .make = [](const RoutingMeans& means) -> std::unique_ptr<Router> {
            AMPSIM_CHECK(!means.params.baseline.probes || means.balances != nullptr,
                         "probes without balances");
            return std::make_unique<WaterfillingRouter>(means);
          }};
}

}  // namespace ampsim::sim
