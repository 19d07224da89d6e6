#include "core/random.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "sim/routing/splitters/plan.hpp"
#include "sim/routing/splitters/splitters.hpp"

namespace ampsim::sim {
namespace {

/// A random number of parts, at most k, of random sizes: the amount beyond the minimum of each is
/// cut at uniform places. Stream `splitter` of the seed.
class RandomSplitter final : public Splitter {
 public:
  RandomSplitter(std::uint64_t seed, std::uint32_t parts) : rng_(seed, "splitter"), parts_(parts) {}
  PartsResult split(Router& router,
                    const RouteRequest& request,
                    const LiquidityView& view,
                    const PartLimits& limits) override {
    return plan_parts(router, view, Plan(request, limits, false), amounts(request, limits));
  }

 private:
  std::vector<Msat> amounts(const RouteRequest& request, const PartLimits& limits) {
    const std::uint32_t most = parts_of(request, limits, parts_);
    const auto parts = static_cast<std::uint32_t>(rng_.between(1, most));
    // parts_of looks at the whole: here each part may be smaller by what rounding took.
    const Msat least = std::min(std::max(limits.min_part, Msat{1}), request.amount / parts);
    const Msat beyond = request.amount - least * parts;
    std::vector<Msat> cuts = {Msat{0}, beyond};
    for (std::uint32_t i = 1; i < parts; ++i) cuts.push_back({rng_.between(0, beyond.count)});
    std::sort(cuts.begin(), cuts.end());
    std::vector<Msat> amounts;
    for (std::uint32_t i = 0; i < parts; ++i) amounts.push_back(least + cuts[i + 1] - cuts[i]);
    return amounts;
  }

  Rng rng_;
  std::uint32_t parts_;
};

}  // namespace

SplitterKind random_splitter_kind() {
  return {.name = "random",
          .help = "up to payment.parts parts of random sizes",
          .reads_parts = true,
          .make = [](const RoutingMeans& means, std::uint32_t parts) {
            return std::make_unique<RandomSplitter>(means.seed, parts);
          }};
}

}  // namespace ampsim::sim
