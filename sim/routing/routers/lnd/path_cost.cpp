#include "sim/routing/routers/lnd/path_cost.hpp"

namespace ampsim::sim {

double attempt_cost(const RoutingParams& params, Msat amount) {
  const Msat cost = params.attempt_cost + amount * params.attempt_cost_proportional;
  const double preference = params.time_preference * 0.9;  // keeps away from the poles at -1 and 1
  return static_cast<double>(cost.count) * (1 / (0.5 - preference / 2) - 1);
}

}  // namespace ampsim::sim
