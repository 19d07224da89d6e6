#include <memory>

#include "sim/routing/splitters/plan.hpp"
#include "sim/routing/splitters/splitters.hpp"

namespace ampsim::sim {
namespace {

/// k equal parts, all found before the first one is sent; a part that fails is sent again as it is.
class EqualSplitter final : public Splitter {
 public:
  explicit EqualSplitter(std::uint32_t parts) : parts_(parts) {}
  PartsResult split(Router& router,
                    const RouteRequest& request,
                    const LiquidityView& view,
                    const PartLimits& limits) override {
    return plan_parts(router, view, Plan(request, limits, false),
                      equal_amounts(request.amount, parts_of(request, limits, parts_)));
  }

 private:
  std::uint32_t parts_;
};

}  // namespace

SplitterKind equal_splitter_kind() {
  return {.name = "equal",
          .help = "payment.parts equal parts",
          .reads_parts = true,
          .make = [](const RoutingMeans&, std::uint32_t parts) {
            return std::make_unique<EqualSplitter>(parts);
          }};
}

}  // namespace ampsim::sim
