#include "sim/workload/amounts.hpp"

#include <algorithm>
#include <cmath>

#include "core/csv.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::sim {
namespace {

constexpr double kAllBitcoinSat = 2.1e15;
constexpr std::int64_t kAllBitcoinMsat = 2'100'000'000'000'000'000;

}  // namespace

Amounts::Amounts(const Distribution& distribution, const std::string& file, std::uint64_t seed)
    : distribution_(distribution), rng_(seed, "amounts") {
  if (distribution.kind == DistributionKind::empirical) read(file);
}

void Amounts::read(const std::string& file) {
  const CsvTable table(topo::file_content(file), file);
  const bool is_in_sat = !table.has_column("amount_msat") && table.has_column("amount_sat");
  const std::string column = is_in_sat ? "amount_sat" : "amount_msat";
  table.require_columns({column});
  const bool has_weights = table.has_column("weight");
  double sum = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::int64_t count =
        table.integer(row, column, 1, is_in_sat ? kAllBitcoinMsat / 1000 : kAllBitcoinMsat);
    constexpr double kMostWeight = 1e15;
    sum += has_weights ? table.number(row, "weight", 0, kMostWeight) : 1;
    values_.push_back(is_in_sat ? Msat::from_sat(count) : Msat{count});
    sums_.push_back(sum);
  }
  if (!(sum > 0)) {
    throw InputError({.file = file}, has_weights && table.rows() > 0
                                         ? "every weight is 0; allowed: at least one above"
                                         : "found no amount; allowed: at least one row");
  }
}

Msat Amounts::next() {
  if (!values_.empty()) {
    const double at = rng_.unit() * sums_.back();
    const auto above = std::upper_bound(sums_.begin(), sums_.end(), at);
    // The product may round up to the sum itself.
    const auto last = static_cast<std::ptrdiff_t>(sums_.size()) - 1;
    return values_[static_cast<std::size_t>(std::min(above - sums_.begin(), last))];
  }
  // At least 1 sat; rounded to whole sat, as invoices are.
  const double sat = std::max(1.0, std::round(draw(distribution_, rng_)));
  return Msat::from_sat(static_cast<std::int64_t>(std::min(sat, kAllBitcoinSat)));
}

}  // namespace ampsim::sim
