#pragma once

#include <span>

/// Distributions as tables of their quantile function, the inverse of the cumulative one.
///
/// Tested by tests/lightning_test.cpp.
namespace ampsim::topo {

/// A point of a quantile function: `share` of the values are below `value`.
struct Quantile {
  double share;  ///< from 0 at the first point to 1 at the last
  double value;  ///< 0 or more; two points with the same one are a step: a value that is common
};

/// The value at `share`, in [0, 1]. Between two points log(1 + value) is linear, since the values
/// of interest span many powers of ten. Cost: O(log points).
double value_at(std::span<const Quantile> points, double share);

}  // namespace ampsim::topo
