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
}
