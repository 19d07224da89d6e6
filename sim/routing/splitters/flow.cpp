#include <memory>
#include <variant>

#include "sim/routing/splitters/splitters.hpp"

namespace ampsim::sim {
namespace {

/// The router divides; through channels to avoid where there is no flow around them.
class FlowSplitter final : public Splitter {
 public:
  PartsResult split(Router& router,
                    const RouteRequest& request,
                    const LiquidityView& view,
                    const PartLimits& limits) override {
    PartsResult result = router.find_flow(request, view, limits);
    const NoRoute* reason = std::get_if<NoRoute>(&result);
    const bool has_no_path = reason != nullptr && *reason == NoRoute::no_path;
    if (request.avoided.empty() || !has_no_path) return result;
    RouteRequest through = request;
    through.avoided = {};
    return router.find_flow(through, view, limits);
  }
};

}  // namespace

SplitterKind flow_splitter_kind() {
  return {
      .name = "flow",
      .help = "as the router's own flow divides it",
      .make = [](const RoutingMeans&, std::uint32_t) { return std::make_unique<FlowSplitter>(); }};
}

}  // namespace ampsim::sim
