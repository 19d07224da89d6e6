#include <memory>
#include <variant>

#include "sim/routing/splitters/plan.hpp"
#include "sim/routing/splitters/splitters.hpp"

namespace ampsim::sim {
namespace {

/// k equal parts over paths that have no channel in common, nor with parts in flight (O'Connor
/// 2020); fewer, and larger, where there are not so many such paths.
class EdgeAvoidingSplitter final : public Splitter {
 public:
  explicit EdgeAvoidingSplitter(std::uint32_t parts) : parts_(parts) {}
  PartsResult split(Router& router,
                    const RouteRequest& request,
                    const LiquidityView& view,
                    const PartLimits& limits) override {
    PartsResult result = NoRoute::no_path;
    for (std::uint32_t parts = parts_of(request, limits, parts_); parts > 0; --parts) {
      result = plan_parts(router, view, Plan(request, limits, true),
                          equal_amounts(request.amount, parts));
      const NoRoute* reason = std::get_if<NoRoute>(&result);
      if (reason == nullptr || *reason == NoRoute::insufficient_balance) break;
    }
    return result;
  }

 private:
  std::uint32_t parts_;
};

}  // namespace

SplitterKind edge_avoiding_splitter_kind() {
  return {.name = "edge_avoiding",
          .help = "payment.parts equal parts, or fewer, that share no channel",
          .reads_parts = true,
          .make = [](const RoutingMeans&, std::uint32_t parts) {
            return std::make_unique<EdgeAvoidingSplitter>(parts);
          }};
}

}  // namespace ampsim::sim
