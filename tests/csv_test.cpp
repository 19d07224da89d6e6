<<<<<<< HEAD
#include "core/csv.hpp"

#include <string>

#include <doctest/doctest.h>

using ampsim::csv_field;
using ampsim::CsvTable;
using ampsim::InputError;

namespace {

std::string error_of(const std::string& text) {
  try {
    static_cast<void>(CsvTable(text, "x.csv"));
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("csv: columns are found by name, rows in order") {
  const CsvTable table("b,a\n1,2\n3,4\n", "x.csv");
  CHECK(table.rows() == 2);
  CHECK(table.at(0, "a") == "2");
  CHECK(table.at(1, "b") == "3");
  CHECK(table.has_column("a"));
  CHECK_FALSE(table.has_column("c"));
}

TEST_CASE("csv: quoted fields hold commas, quotes and line ends") {
  const CsvTable table("a,b\n\"x, \"\"y\"\"\n\",2\n\"\",\n", "x.csv");
  REQUIRE(table.rows() == 2);
  CHECK(table.at(0, "a") == "x, \"y\"\n");
  CHECK(table.at(0, "b") == "2");
  CHECK(table.at(1, "a").empty());
  CHECK(table.at(1, "b").empty());
}

TEST_CASE("csv: CRLF, empty lines, a byte order mark and a missing last line end are accepted") {
  const CsvTable table("\xef\xbb\xbf\r\na,b\r\n\r\n1,2\r\n\n3,4", "x.csv");
  REQUIRE(table.rows() == 2);
  CHECK(table.at(0, "b") == "2");
  CHECK(table.at(1, "b") == "4");
}

TEST_CASE("csv: what is written is read again") {
  for (const std::string text : {"plain", "", "a,b", "say \"no\"", "two\nlines", "cr\r", "\""}) {
    CAPTURE(text);
    const CsvTable table("a,b\n" + csv_field(text) + ",x\n", "x.csv");
    CHECK(table.at(0, "a") == text);
  }
  CHECK(csv_field("plain") == "plain");
}

TEST_CASE("csv: errors name file and line") {
  CHECK(error_of("") == "x.csv: found no header");
  CHECK(error_of("\n\n") == "x.csv: found no header");
  CHECK(error_of("a,a\n") == "x.csv:1: a: found this column twice");
  CHECK(error_of("a,b\n1,2\n3\n") ==
        "x.csv:3: found 1 fields; allowed: 2, as many as the header has");
  CHECK(error_of("a,b\n1,\"2\n3,4\n") == "x.csv:2: found a quote that is never closed");
  CHECK(error_of("a,b\n\"1\"x,2\n") == "x.csv:2: found text after a closing quote");
  CHECK(error_of("a,b\n1\"x,2\n") == "x.csv:2: found a quote inside a plain field");
  // A quoted line end counts.
  CHECK(error_of("a\n\"1\n2\"\n3,4\n") ==
        "x.csv:4: found 2 fields; allowed: 1, as many as the header has");
}

TEST_CASE("csv: a missing column and a bad field are errors of the reader's caller") {
  const CsvTable table("a,b\n1,2\n", "x.csv");
  CHECK_NOTHROW(table.require_columns({"b", "a"}));
  CHECK_THROWS_WITH_AS(table.require_columns({"a", "c"}),
                       "x.csv:1: c: found no such column; the header has a,b", InputError);
  CHECK(std::string(table.bad_field(0, "b", "3 or 4").what()) ==
        "x.csv:2: b: found \"2\"; allowed: 3 or 4");
=======
#include "sim/measure/csv.hpp"

#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace ampsim;
using namespace ampsim::sim;

TEST_CASE("csv: cells are quoted only where RFC 4180 asks for it") {
  std::string text;
  CsvWriter row(text);
  row.cell("plain").cell("a,b").cell("say \"hi\"").cell("two\nlines").cell("").end_row();
  row.cell(std::int64_t{-7}).cell(Msat{1500}).cell(0.1).empty().end_row();
  CHECK(text == "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\n-7,1500,0.1,\n");
}

TEST_CASE("csv: what is written is read back") {
  const std::vector<std::string> cells = {"a,b", "\"", "", "x\ny", "z", ""};
  std::string text;
  CsvWriter row(text);
  for (int i = 0; i < 2; ++i) {
    for (const std::string& cell : cells) row.cell(cell);
    row.end_row();
  }
  std::string_view rest = text;
  CHECK(take_row(rest) == cells);
  CHECK(take_row(rest) == cells);
  CHECK(rest.empty());
}

TEST_CASE("csv: numbers are as short as they can be and read back the same") {
  CHECK(shortest(1.0) == "1");
  CHECK(shortest(0.1 + 0.2) == "0.30000000000000004");
  CHECK(shortest(1e300) == "1e+300");
  CHECK(shortest(std::numeric_limits<double>::quiet_NaN()).empty());
}

TEST_CASE("csv: milliseconds keep every nanosecond") {
  CHECK(milliseconds(SimDuration{0}) == "0");
  CHECK(milliseconds(SimDuration{1}) == "0.000001");
  CHECK(milliseconds(SimDuration{1'500'000}) == "1.5");
  CHECK(milliseconds(SimDuration{9'007'199'254'740'993}) == "9007199254.740993");
  CHECK(milliseconds(SimDuration{-250'000}) == "-0.25");
>>>>>>> exp
}
