#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/distribution.hpp"
#include "core/random.hpp"
#include "core/units.hpp"

/// How much is paid: a distribution of core/distribution.hpp, rounded to whole sat, at least 1; or,
/// `empirical`, one of the amounts of a file. That is a CSV with a column `amount_msat` or
/// `amount_sat`, so that a payments.csv can be used, and, if need be, a column `weight`: how often
/// the amount occurs in proportion to the others, any number from 0 on; without it all rows count
/// alike.
///
/// Tested by tests/amounts_test.cpp.
namespace ampsim::sim {

class Amounts {
 public:
  /// `file` is read where the distribution is `empirical`. Stream `amounts` of the seed. Errors:
  /// InputError for a file that cannot be used.
  Amounts(const Distribution& distribution, const std::string& file, std::uint64_t seed);
  Msat next();

 private:
  void read(const std::string& file);

  Distribution distribution_;
  Rng rng_;
  std::vector<Msat> values_;
  std::vector<double> sums_;  ///< of the weights up to each value
};

}  // namespace ampsim::sim
