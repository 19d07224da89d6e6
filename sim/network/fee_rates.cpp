#include "sim/network/fee_rates.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "core/csv.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::sim {
namespace {

constexpr double kThirtyYearsS = 1e9;
constexpr double kMostSatPerVbyte = 1e6;

}  // namespace

FeeRates::FeeRates(double sat_per_vbyte) : steps_{{SimTime{}, sat_per_vbyte}} {}

FeeRates FeeRates::from_file(const std::string& file) {
  const CsvTable table(topo::text_of_file(file), file);
  table.require_columns({"at_s", "sat_per_vbyte"});
  if (table.rows() == 0) throw InputError({.file = file}, "found no row; allowed: at least one");
  FeeRates rates;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const SimTime from{from_seconds(table.number(row, "at_s", 0, kThirtyYearsS))};
    if (!rates.steps_.empty() && from <= rates.steps_.back().from) {
      throw table.bad_field(row, "at_s", "a later time than in the row before");
    }
    rates.steps_.push_back({from, table.number(row, "sat_per_vbyte", 0, kMostSatPerVbyte)});
  }
  return rates;
}

double FeeRates::sat_per_vbyte(SimTime at) const {
  const auto after = std::upper_bound(steps_.begin(), steps_.end(), at,
                                      [](SimTime t, const Step& step) { return t < step.from; });
  return after == steps_.begin() ? steps_.front().sat_per_vbyte : std::prev(after)->sat_per_vbyte;
}

Msat FeeRates::fee(std::int64_t weight, SimTime at) const {
  constexpr double kWeightPerVbyte = 4;
  return Msat::from_sat(static_cast<std::int64_t>(
      std::floor(static_cast<double>(weight) / kWeightPerVbyte * sat_per_vbyte(at))));
}

}  // namespace ampsim::sim
