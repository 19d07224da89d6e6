#include <memory>

#include "sim/routing/splitters/plan.hpp"
#include "sim/routing/splitters/splitters.hpp"

namespace ampsim::sim {
namespace {

/// The whole amount as one part.
class WholeSplitter final : public Splitter {
 public:
  PartsResult split(Router& router,
                    const RouteRequest& request,
                    const LiquidityView& view,
                    const PartLimits& /*limits*/) override {
    return as_parts(find_around(router, request, view));
  }
};

}  // namespace

SplitterKind whole_splitter_kind() {
  return {.name = "none", .help = "one part", .make = [](const RoutingMeans&, std::uint32_t) {
            return std::make_unique<WholeSplitter>();
          }};
}

}  // namespace ampsim::sim
