#include "sim/report/csv_rows.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "core/csv.hpp"
#include "core/random.hpp"
#include "tests/temporary_folder.hpp"

using namespace ampsim;
using ampsim::report::CsvRows;
using ampsim::test::TemporaryFolder;

namespace {

using Row = std::vector<std::string>;

std::vector<Row> rows_in(const std::string& text) {
  const TemporaryFolder folder;
  CsvRows rows(folder.write("t.csv", text));
  std::vector<Row> all = {rows.columns()};
  while (rows.next()) {
    Row& row = all.emplace_back();
    for (std::size_t i = 0; i < rows.columns().size(); ++i) row.emplace_back(rows.cell(i));
  }
  return all;
}

std::string refusal_of(const std::string& text) {
  try {
    rows_in(text);
    return "";
  } catch (const InputError& error) {
    const std::string message = error.what();
    return message.substr(message.find("t.csv"));
  }
}

}  // namespace

TEST_CASE("csv_rows: cells are what stands between commas and quotes") {
  CHECK(rows_in("a,b\n1,2\n,\n") == std::vector<Row>{{"a", "b"}, {"1", "2"}, {"", ""}});
  CHECK(rows_in("a,b\r\n1,2\r\n") == std::vector<Row>{{"a", "b"}, {"1", "2"}});
  CHECK(rows_in("a,b\n1,2") == std::vector<Row>{{"a", "b"}, {"1", "2"}});
  CHECK(rows_in("a,b\n\"x,\"\"y\"\"\nz\",\"\"\n\"1\",2\n") ==
        std::vector<Row>{{"a", "b"}, {"x,\"y\"\nz", ""}, {"1", "2"}});
  CHECK(rows_in("a\n") == std::vector<Row>{{"a"}});
}

TEST_CASE("csv_rows: rows of any length come through blocks of any length") {
  Rng rng(7, "rows");
  std::string text = "a,b,c\n";
  std::vector<Row> expected = {{"a", "b", "c"}};
  while (text.size() < 3'000'000) {
    Row row;
    for (int i = 0; i < 3; ++i) {
      std::string cell;
      const std::uint64_t length = rng.below(rng.below(200) == 0 ? 60'000 : 30);
      for (std::uint64_t k = 0; k < length; ++k) cell += "ab,\"\n "[rng.below(6)];
      row.push_back(cell);
      text += (i > 0 ? "," : "") + csv_field(cell);
    }
    text += '\n';
    expected.push_back(row);
  }
  CHECK(rows_in(text) == expected);
}

TEST_CASE("csv_rows: what is no table is refused with its place") {
  CHECK(refusal_of("") == "t.csv: found an empty file; allowed: a CSV table");
  CHECK(refusal_of("a,b\n1,2\n\"x\ny\",2\n1\n") ==
        "t.csv:5: found 1 cells; allowed: 2, as in the header");
  const TemporaryFolder folder;
  CHECK_THROWS_AS(CsvRows(folder.path() / "none.csv"), InputError);
  CsvRows rows(folder.write("n.csv", "a,b,c\n1.5,,x\n"));
  REQUIRE(rows.next());
  CHECK(rows.number(rows.column("a")) == 1.5);
  CHECK(std::isnan(rows.number(1)));
  CHECK_THROWS_WITH_AS(
      rows.number(2),
      ((folder.path() / "n.csv").string() + ":2: c: found \"x\"; allowed: a number").c_str(),
      InputError);
  CHECK_THROWS_AS(rows.column("d"), InputError);
}
