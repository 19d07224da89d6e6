#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/experiment/choices.hpp"

/// Keys of [sweep] whose values are taken together, sample by sample or point by point, instead of
/// in all combinations:
///
///   sampling = "latin_hypercube"                                   or "random"
///   samples = 50
///   "workload.rate_per_s" = { min = 1, max = 100, scale = "log" }   or scale = "linear", the
///   default "routing.algorithm" = { choices = ["lnd", "eclair"] }
///
///   points = [ { "payment.max_parts" = 1, "payment.scheme" = "mpp" }, { ... } ]
///
/// Keys with a plain list beside them are crossed with the samples or points.
///
/// A sampled value is the quantile of a uniform (or log-uniform) distribution over the range, both
/// ends included for integers, at a number u from [0, 1): independent ones (`random`), or one from
/// each of `samples` equal strata, in an order that is random and different for each key
/// (`latin_hypercube`; McKay, Beckman and Conover, Technometrics 21, 1979). Each key has a stream
/// of its own from the experiment's seed, `sweep KEY`: another key, or another order of keys,
/// leaves its values as they are. Numbers are rounded to six digits.
///
/// Tested by tests/sampling_test.cpp.
namespace ampsim::sim {

class JointSweep {
 public:
  /// Whether the entry is one of the above; then its key is among `swept`, without values yet.
  /// Errors: InputError at the entry's place.
  bool take(const Entry& entry, std::vector<Chosen>& swept);
  /// Gives all keys that were taken their values. `seed` is an integer. Errors: InputError.
  SweepPlan fill(std::vector<Chosen>& swept, const Value& seed) const;

 private:
  /// What is sampled: one of its parts is there at least.
  struct Range {
    const Setting* setting = nullptr;
    const Entry* first = nullptr;
    const Entry* min = nullptr;
    const Entry* max = nullptr;
    const Entry* scale = nullptr;
    const Entry* choices = nullptr;
  };
  struct Cell {
    const Entry* entry = nullptr;
    const Setting* setting = nullptr;
  };
  using PointCells = std::vector<Cell>;

  bool take_part(const Entry& entry, const std::string& key, std::vector<Chosen>& swept);
  void take_cell(const Entry& entry, const std::string& rest, std::vector<Chosen>& swept);
  void refuse_idle() const;
  void fill_points(std::vector<Chosen>& swept) const;
  static void fill_range(const Range& range,
                         const SweepPlan& plan,
                         const Value& seed,
                         Chosen& chosen);

  const Entry* sampling_ = nullptr;
  const Entry* samples_ = nullptr;
  std::vector<Range> ranges_;
  std::vector<PointCells> points_;
};

}  // namespace ampsim::sim
