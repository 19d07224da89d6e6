#pragma once

#include <string_view>

#include "core/random.hpp"

/// Distributions as an experiment file names them: for amounts (in sat), capacities (in sat) and
/// latencies (in ms). The unit is the caller's.
///
/// Tested by tests/distribution_test.cpp.
namespace ampsim {

enum class DistributionKind {
  constant,
  uniform,
  exponential,
  normal,
  lognormal,
  pareto,
  lightning,
  empirical,  ///< values of a file, which their owner reads and draws (sim/workload/amounts.hpp)
};

struct Distribution {
  DistributionKind kind = DistributionKind::constant;
  /// The mean of the distribution itself (for lognormal not that of the logarithm), > 0.
  /// `lightning` has its own.
  double mean = 0;
  /// lognormal: standard deviation of the logarithm, >= 0.
  double sigma = 0;
  /// normal: standard deviation, > 0.
  double deviation = 0;
  /// pareto: exponent of the tail, P(X > x) = (least / x)^shape, > 1 so that there is a mean; least
  /// = mean (shape - 1) / shape.
  double shape = 0;
  /// uniform: the bounds.
  double minimum = 0;
  double maximum = 0;
};

/// One value; never negative: `normal` is cut off at 0. Not for `empirical`.
///
/// `lightning` is the one-way delay between two Lightning nodes in ms: half the measured round
/// trip, by the quantiles of 1,448 pings to public nodes (Sivaraman et al., Spider, NSDI 2020,
/// public data), linear in between: 0.44, 9.0, 13.2, 36.2, 90.3, 107.1, 137.5, 222, 276, 846 ms at
/// 0, 5, 10, 25, 50, 75, 90, 95, 99 and 100 %.
double draw(const Distribution& distribution, Rng& rng);

std::string_view name_of(DistributionKind kind);

}  // namespace ampsim
