#include "sim/measure/confidence.hpp"

#include <cmath>
#include <limits>

#include <boost/math/distributions/students_t.hpp>

namespace ampsim::sim {

Confidence confidence(std::span<const double> values) {
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  Confidence result{.mean = kNothing, .sd = kNothing, .ci95 = kNothing};
  double sum = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++result.count;
  }
  if (result.count == 0) return result;
  const auto n = static_cast<double>(result.count);
  result.mean = sum / n;
  if (result.count == 1) return result;

  double squares = 0;
  for (const double value : values) {
    if (!std::isnan(value)) squares += (value - result.mean) * (value - result.mean);
  }
  result.sd = std::sqrt(squares / (n - 1));
  const boost::math::students_t distribution(n - 1);
  result.ci95 = boost::math::quantile(distribution, 0.975) * result.sd / std::sqrt(n);
  return result;
}

}  // namespace ampsim::sim
