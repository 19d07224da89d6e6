#pragma once

#include <cstddef>
#include <span>

/// What the replicates of a point say together.
///
/// Tested by tests/summary_test.cpp.
namespace ampsim::sim {

/// NaN where there is nothing to say: no value at all, or a spread of one value.
struct Confidence {
  std::size_t count = 0;  ///< values that were not NaN
  double mean = 0;
  double sd = 0;    ///< of the sample: divided by n - 1
  double ci95 = 0;  ///< half width: t(0.975, n - 1) * sd / sqrt(n), Student's t
};

/// NaN values are left out, as pandas does.
Confidence confidence(std::span<const double> values);

}  // namespace ampsim::sim
