#include "core/distribution.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/check.hpp"

namespace ampsim {
namespace {

struct Quantile {
  double share;
  double rtt_ms;
};
constexpr std::array kLightningRoundTrips = {
    Quantile{0.00, 0.44},  Quantile{0.05, 9.0},   Quantile{0.10, 13.2},  Quantile{0.25, 36.2},
    Quantile{0.50, 90.3},  Quantile{0.75, 107.1}, Quantile{0.90, 137.5}, Quantile{0.95, 222.0},
    Quantile{0.99, 276.0}, Quantile{1.00, 846.0}};

double draw_lightning_ms(Rng& rng) {
  const double share = rng.unit();
  const auto* const above =
      std::find_if(kLightningRoundTrips.begin() + 1, kLightningRoundTrips.end() - 1,
                   [share](const Quantile& q) { return share < q.share; });
  const auto* const below = above - 1;
  const double part = (share - below->share) / (above->share - below->share);
  return 0.5 * (below->rtt_ms + part * (above->rtt_ms - below->rtt_ms));
}

}  // namespace

double draw(const Distribution& distribution, Rng& rng) {
  switch (distribution.kind) {
    case DistributionKind::constant:
      return distribution.mean;
    case DistributionKind::uniform:
      return distribution.minimum + rng.unit() * (distribution.maximum - distribution.minimum);
    case DistributionKind::exponential:
      return rng.exponential(distribution.mean);
    case DistributionKind::normal:
      return std::max(0.0, rng.normal(distribution.mean, distribution.deviation));
    case DistributionKind::lognormal: {
      // E[exp(N(mu, s))] = exp(mu + s^2/2), so this mu gives the wanted mean.
      const double mu = std::log(distribution.mean) - 0.5 * distribution.sigma * distribution.sigma;
      return std::exp(rng.normal(mu, distribution.sigma));
    }
    case DistributionKind::pareto: {
      // The inverse of P(X > x); 1 - unit() is above 0.
      const double least = distribution.mean * (distribution.shape - 1) / distribution.shape;
      return least * std::pow(1 - rng.unit(), -1 / distribution.shape);
    }
    case DistributionKind::lightning:
      return draw_lightning_ms(rng);
    case DistributionKind::empirical:
      break;
  }
  AMPSIM_UNREACHABLE("unknown distribution");
}

std::string_view name_of(DistributionKind kind) {
  switch (kind) {
    case DistributionKind::constant:
      return "constant";
    case DistributionKind::uniform:
      return "uniform";
    case DistributionKind::exponential:
      return "exponential";
    case DistributionKind::normal:
      return "normal";
    case DistributionKind::lognormal:
      return "lognormal";
    case DistributionKind::pareto:
      return "pareto";
    case DistributionKind::lightning:
      return "lightning";
    case DistributionKind::empirical:
      return "empirical";
  }
  AMPSIM_UNREACHABLE("unknown distribution");
}

}  // namespace ampsim
