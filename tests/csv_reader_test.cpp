#include "core/csv_reader.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/check.hpp"

using ampsim::CsvTable;
using ampsim::InputError;

namespace {
std::string message_of(const std::string& text, const std::string& column) {
  try {
    const CsvTable table(text, "t.csv");
    static_cast<void>(table.integer(0, column, 0, 100));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}
}  // namespace

TEST_CASE("csv_reader: columns are found by name, quotes and line ends as RFC 4180 has them") {
  const CsvTable table("b,a\r\n1,\"x, \"\"y\"\"\nz\"\n\n2,w\n", "t.csv");
  CHECK(table.rows() == 2);
  CHECK(table.text(0, "a") == "x, \"y\"\nz");
  CHECK(table.integer(1, "b", 0, 9) == 2);
  CHECK(table.line(0) == 2);
  CHECK(table.line(1) == 5);
  CHECK(table.has("a"));
  CHECK_FALSE(table.has("c"));
}

TEST_CASE("csv_reader: bad input names file, line and column") {
  CHECK(message_of("a\n101\n", "a") ==
        "t.csv:2: a: found \"101\"; allowed: a whole number from 0 to 100");
  CHECK(message_of("a\n1x\n", "a").starts_with("t.csv:2: a: found \"1x\""));
  CHECK(message_of("a\n1\n", "b") == "t.csv:1: no column \"b\"; found: a");
  CHECK(message_of("a,b\n1\n", "a") == "t.csv:2: found 1 fields; the header has 2");
  CHECK(message_of("a\n\"1\n", "a") == "t.csv:2: a quote is not closed");
  CHECK(message_of("", "a") == "t.csv: is empty; a header line is needed");
}

TEST_CASE("csv_reader: a missing file and a folder are input errors") {
  CHECK_THROWS_AS(ampsim::read_text_file("/nonexistent/file.csv"), InputError);
  CHECK_THROWS_AS(ampsim::read_text_file("/"), InputError);
}
