#include "topologies/generators/quantile.hpp"

#include <algorithm>
#include <cmath>

namespace ampsim::topo {

double value_at(std::span<const Quantile> points, double share) {
  const auto above =
      std::upper_bound(points.begin() + 1, points.end() - 1, share,
                       [](double wanted, const Quantile& point) { return wanted < point.share; });
  const auto below = above - 1;
  // Exactly, not by way of the logarithm.
  if (below->value == above->value || share <= below->share) return below->value;
  const double part = (share - below->share) / (above->share - below->share);
  const double low = std::log1p(below->value);
  return std::expm1(low + std::min(part, 1.0) * (std::log1p(above->value) - low));
}

}  // namespace ampsim::topo
