#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// What the measures of runs.csv mean, in words for people: the one place from which report.html,
/// the figures of `ampsim report --format` and docs/results.md have titles, units and definitions.
///
/// A measure that is not here is shown by its name: a program with routers of its own may have
/// some.
///
/// Tested by tests/measures_test.cpp.
namespace ampsim::sim {

enum class MeasureUnit : std::uint8_t {
  count,   ///< of payments, parts, HTLCs, ...
  share,   ///< from 0 to 1 in tables, shown in per cent
  number,  ///< a mean or a ratio
  msat,
  sat,
  ppm,
  ms,
  msat_s,  ///< amount × time
};

struct MeasureDefinition {
  std::string_view name;   ///< the column of runs.csv
  std::string_view title;  ///< "Success rate"
  std::string_view group;  ///< under which it is listed, "Cost and time"
  MeasureUnit unit = MeasureUnit::count;
  /// One line, names of columns and keys in backticks.
  std::string_view definition;
};

/// Those of a group stand together.
std::span<const MeasureDefinition> measure_definitions();

/// nullptr if there is none of that name.
const MeasureDefinition* find_measure(std::string_view name);

/// "count", "share", ..., as the enumerators are called.
std::string_view unit_name(MeasureUnit unit);

}  // namespace ampsim::sim
