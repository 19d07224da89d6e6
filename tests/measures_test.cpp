#include "sim/measure/measures.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "sim/measure/metrics.hpp"
#include "tests/experiment_world.hpp"
#include "tests/guide_page.hpp"

using namespace ampsim::sim;

namespace {

/// The second cell of the rows of the tables of measures in docs/results.md, by the first.
std::map<std::string, std::string> documented() {
  std::map<std::string, std::string> definitions;
  bool is_below = false;
  const std::string page = content_of(std::filesystem::path(AMPSIM_SOURCE_DIR) / "docs/results.md");
  for (const std::string& line : ampsim::test::lines_of(page)) {
    if (line.starts_with("## ")) is_below = line.starts_with("## Measures");
    if (!is_below || !line.starts_with("| `")) continue;
    const std::size_t name_end = line.find('`', 3);
    const std::size_t start = line.find("| ", name_end) + 2;
    definitions[line.substr(3, name_end - 3)] = line.substr(start, line.rfind(" |") - start);
  }
  return definitions;
}

}  // namespace

TEST_CASE("measures: reports define them as docs/results.md does") {
  std::map<std::string, std::string> rows = documented();
  CHECK(rows.size() > 60);
  for (const MeasureDefinition& measure : measure_definitions()) {
    CAPTURE(measure.name);
    const auto row = rows.find(std::string(measure.name));
    REQUIRE_MESSAGE(row != rows.end(), "docs/results.md has no row for it");
    CHECK(row->second == measure.definition);
    rows.erase(row);
  }
  for (const auto& [name, definition] : rows) {
    FAIL_CHECK(name << " is missing in sim/measure/measures.cpp");
  }
}

TEST_CASE("measures: every one has a name of its own and a title and its group stands together") {
  std::set<std::string_view> names;
  std::set<std::string_view> titles;
  std::set<std::string_view> groups;
  std::string_view group;
  for (const MeasureDefinition& measure : measure_definitions()) {
    CAPTURE(measure.name);
    CHECK(names.insert(measure.name).second);
    CHECK(titles.insert(measure.title).second);
    if (measure.group == group) continue;
    group = measure.group;
    CHECK(groups.insert(group).second);
  }
}

TEST_CASE("measures: units are those at the ends of names") {
  for (const MeasureDefinition& measure : measure_definitions()) {
    CAPTURE(measure.name);
    const std::string_view name = measure.name;
    if (name.ends_with("_msat")) CHECK(measure.unit == MeasureUnit::msat);
    if (name.ends_with("_msat_s")) CHECK(measure.unit == MeasureUnit::msat_s);
    if (name.ends_with("_ms")) CHECK(measure.unit == MeasureUnit::ms);
    if (name.ends_with("_rate") || name.ends_with("_share")) {
      CHECK(measure.unit == MeasureUnit::share);
    }
  }
  CHECK(unit_name(MeasureUnit::msat_s) == "msat_s");
  CHECK(find_measure("success_rate")->title == "Success rate");
  CHECK(find_measure("success") == nullptr);
}

TEST_CASE("measures: counts of a run are counts or amounts here") {
  for (const Measure& measure : Metrics(RecordParams{}).measures({})) {
    CAPTURE(measure.name);
    const MeasureDefinition* definition = find_measure(measure.name);
    REQUIRE(definition != nullptr);
    const bool is_integer = std::holds_alternative<std::int64_t>(measure.value);
    const bool is_count =
        definition->unit == MeasureUnit::count || definition->unit == MeasureUnit::msat;
    CHECK(is_integer == is_count);
  }
}
